"""What a page needs to show a stored image: srcset attributes and the focal point."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.storage import default_storage

from sources.images.renditions import is_processed_name, rendition_name, rendition_widths

#: image_focus.css has a class for each step of the focal point.
FOCUS_STEP_PERCENT = 5
#: For those who take one file only: search engines, feeds, other newsrooms.
MAX_SINGLE_WIDTH_PIXELS = 1280


@dataclass(frozen=True, slots=True)
class ImageFile:
    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class PageImage:
    """An image on a page."""

    src: str
    webp: str  # srcset; empty without renditions
    jpeg: str  # srcset; empty without renditions
    width: int | None
    height: int | None
    focus: str  # CSS classes


def build_page_image(name: str, width: int | None, height: int | None, x: float = 0.5, y: float = 0.5) -> PageImage:
    """Return a stored image for a page. Size in pixels, focal point from 0 to 1.

    No query.
    """
    return PageImage(
        src=choose_jpeg(name, width, height, 640).url,
        webp=_srcset(name, width, "webp"),
        jpeg=_srcset(name, width, "jpg"),
        width=width,
        height=height,
        focus=f"focus-x-{_focus_step(x)} focus-y-{_focus_step(y)}",
    )


def list_jpegs(name: str, width: int | None, height: int | None) -> list[ImageFile]:
    """Return the JPEG renditions, smallest first, or the image itself if it has none."""
    if not width or not height or not is_processed_name(name):
        return [ImageFile(default_storage.url(name), width, height)]
    files = ((rendition_name(name, step, "jpg") or name, step) for step in rendition_widths(width))
    return [ImageFile(default_storage.url(file), step, max(1, round(height * step / width))) for file, step in files]


def choose_jpeg(
    name: str, width: int | None, height: int | None, max_width: int = MAX_SINGLE_WIDTH_PIXELS
) -> ImageFile:
    """Return the largest JPEG rendition that is not too wide.

    An image without renditions is returned itself.
    """
    files = list_jpegs(name, width, height)
    return ([file for file in files if file.width and file.width <= max_width] or files)[-1]


def _srcset(name: str, width: int | None, suffix: str) -> str:
    """Return a srcset attribute of one format (HTML Standard, 4.8.4.2.1)."""
    if not width or not is_processed_name(name):
        return ""
    files = ((rendition_name(name, step, suffix) or "", step) for step in rendition_widths(width))
    return ", ".join(f"{default_storage.url(file)} {step}w" for file, step in files)


def _focus_step(position: float) -> int:
    """Return the nearest step in percent for a position from 0 to 1."""
    return FOCUS_STEP_PERCENT * round(100 * min(max(position, 0.0), 1.0) / FOCUS_STEP_PERCENT)
