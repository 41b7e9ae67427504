"""Names of renditions: an image in other sizes, for pages. Without Django.

The renditions of images/0f….jpg are images/0f…-640.webp, images/0f…-640.jpg, and the same for each other width.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

#: In pixels: for phones with one to three device pixels a CSS pixel, the text column, the home page, large screens.
RENDITION_WIDTHS = (320, 640, 960, 1280, 1920)
#: The best first. Browsers without WebP show JPEG.
RENDITION_FORMATS = ("webp", "jpg")
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}

#: A name of `random_file_name`, with the suffix that a storage adds if it is taken. Other images have no renditions.
_PROCESSED_NAME = re.compile(r"(?P<stem>(?:.*/)?[0-9a-f]{32}(?:_[A-Za-z0-9]{7})?)\.(?:jpg|png)")
_RENDITION_NAME = re.compile(r"(?P<stem>(?:.*/)?[0-9a-f]{32}(?:_[A-Za-z0-9]{7})?)-(?P<width>[0-9]+)\.(?:webp|jpg)")


def random_file_name(suffix: str) -> str:
    """Return a random file name of 128 bits.

    A name made from the content would show anybody who has the same image that it is stored here, perhaps for an
    unpublished story.
    """
    return f"{secrets.token_hex(16)}.{suffix}"


def rendition_widths(width: int) -> tuple[int, ...]:
    """Return the widths of the renditions of an image with this width. None is wider."""
    narrower = tuple(step for step in RENDITION_WIDTHS if step < width)
    return narrower if width > RENDITION_WIDTHS[-1] else (*narrower, width)


def rendition_name(name: str, width: int, suffix: str) -> str | None:
    """Return the name of a rendition, or None if the image has no renditions."""
    match = _PROCESSED_NAME.fullmatch(name)
    return f"{match['stem']}-{width}.{suffix}" if match else None


def rendition_names(name: str, width: int | None) -> Iterator[str]:
    """Yield the names of all renditions of an image with this width."""
    for rendition_width in rendition_widths(width) if width else ():
        for suffix in RENDITION_FORMATS:
            if rendition := rendition_name(name, rendition_width, suffix):
                yield rendition


def possible_image_names(name: str) -> tuple[str, ...]:
    """Return the names of the images that a file may belong to.

    It is an image itself, or a rendition of one.
    """
    match = _RENDITION_NAME.fullmatch(name)
    return (name, f"{match['stem']}.jpg", f"{match['stem']}.png") if match else (name,)


def is_processed_name(name: str) -> bool:
    """Return whether this is the name of a processed image, which has renditions."""
    return bool(_PROCESSED_NAME.fullmatch(name))


def is_immutable_name(name: str) -> bool:
    """Return whether this is a processed image or a rendition, which never change."""
    return bool(_PROCESSED_NAME.fullmatch(name) or _RENDITION_NAME.fullmatch(name))
