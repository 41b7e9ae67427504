"""A stored picture as a page shows it: its sizes as the HTML Standard's srcset has them, and where to look when it is cut."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.storage import default_storage

from sources.images.renditions import is_processed_name, rendition_name, rendition_widths

#: Steps of the focal point, in percent: newsroom/static/newsroom/image_focus.css has a class for each.
FOCUS_STEP_PERCENT = 5
#: Pixels across of the one picture for whoever takes a single one: search engines, feeds, other newsrooms.
MAX_SINGLE_WIDTH_PIXELS = 1280


@dataclass(frozen=True, slots=True)
class ImageFile:
    """One file of a picture."""

    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class PageImage:
    """A picture's files for a page. `webp` and `jpeg` are srcsets, empty where no sizes were made."""

    src: str
    webp: str
    jpeg: str
    width: int | None
    height: int | None
    focus: str  # class names


def build_page_image(name: str, width: int | None, height: int | None, x: float = 0.5, y: float = 0.5) -> PageImage:
    """The picture stored under that name, so wide and high in pixels, with its focal point from 0 to 1. No query."""
    return PageImage(
        src=choose_jpeg(name, width, height, 640).url,
        webp=_srcset(name, width, "webp"),
        jpeg=_srcset(name, width, "jpg"),
        width=width,
        height=height,
        focus=f"focus-x-{_focus_step(x)} focus-y-{_focus_step(y)}",
    )


def list_jpegs(name: str, width: int | None, height: int | None) -> list[ImageFile]:
    """Every size of it as JPEG, the smallest first; of a picture that was kept as it came, that file alone."""
    if not width or not height or not is_processed_name(name):
        return [ImageFile(default_storage.url(name), width, height)]
    named = ((rendition_name(name, each, "jpg") or name, each) for each in rendition_widths(width))
    return [ImageFile(default_storage.url(file), each, max(1, round(height * each / width))) for file, each in named]


def choose_jpeg(name: str, width: int | None, height: int | None, most: int = MAX_SINGLE_WIDTH_PIXELS) -> ImageFile:
    """One JPEG of it, the largest that is at most so wide; of a picture that was kept as it came, that file."""
    found = list_jpegs(name, width, height)
    return ([size for size in found if size.width and size.width <= most] or found)[-1]


def _srcset(name: str, width: int | None, suffix: str) -> str:
    """HTML Standard, 4.8.4.2.1: every size of one format with its width."""
    if not width or not is_processed_name(name):
        return ""
    named = ((rendition_name(name, each, suffix) or "", each) for each in rendition_widths(width))
    return ", ".join(f"{default_storage.url(size)} {each}w" for size, each in named)


def _focus_step(part: float) -> int:
    """A part of the side as the nearest step, in percent."""
    return FOCUS_STEP_PERCENT * round(100 * min(max(part, 0.0), 1.0) / FOCUS_STEP_PERCENT)
