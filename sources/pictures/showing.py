"""A stored picture as a page shows it: its sizes as the HTML Standard's srcset has them, and where to look when it is cut."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.storage import default_storage

from sources.pictures.renditions import is_developed, rendition, widths

#: Steps of the focal point, in percent: newsroom/static/newsroom/image_focus.css has a class for each.
STEP = 5
#: Pixels across of the one picture for whoever takes a single one: search engines, feeds, other newsrooms.
SINGLE = 1280


@dataclass(frozen=True, slots=True)
class Size:
    """One file of a picture."""

    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture's files for a page. `webp` and `jpeg` are srcsets, empty where no sizes were made."""

    src: str
    webp: str
    jpeg: str
    width: int | None
    height: int | None
    focus: str  # class names


def shown(name: str, width: int | None, height: int | None, x: float = 0.5, y: float = 0.5) -> Shown:
    """The picture stored under that name, so wide and high in pixels, with its focal point from 0 to 1. No query."""
    return Shown(
        src=single(name, width, height, 640).url,
        webp=_srcset(name, width, "webp"),
        jpeg=_srcset(name, width, "jpg"),
        width=width,
        height=height,
        focus=f"focus-x-{_step(x)} focus-y-{_step(y)}",
    )


def sizes(name: str, width: int | None, height: int | None) -> list[Size]:
    """Every size of it as JPEG, the smallest first; of a picture that was kept as it came, that file alone."""
    if not width or not height or not is_developed(name):
        return [Size(default_storage.url(name), width, height)]
    named = ((rendition(name, each, "jpg") or name, each) for each in widths(width))
    return [Size(default_storage.url(file), each, max(1, round(height * each / width))) for file, each in named]


def single(name: str, width: int | None, height: int | None, most: int = SINGLE) -> Size:
    """One JPEG of it, the largest that is at most so wide; of a picture that was kept as it came, that file."""
    found = sizes(name, width, height)
    return ([size for size in found if size.width and size.width <= most] or found)[-1]


def _srcset(name: str, width: int | None, suffix: str) -> str:
    """HTML Standard, 4.8.4.2.1: every size of one format with its width."""
    if not width or not is_developed(name):
        return ""
    named = ((rendition(name, each, suffix) or "", each) for each in widths(width))
    return ", ".join(f"{default_storage.url(size)} {each}w" for size, each in named)


def _step(part: float) -> int:
    """A part of the side as the nearest step, in percent."""
    return STEP * round(100 * min(max(part, 0.0), 1.0) / STEP)
