"""Where a picture's sizes for pages stand: their names follow from the picture's own. Pure.

Beside images/0f….jpg stand images/0f…-640.webp and images/0f…-640.jpg, and so on for every width that it is made in.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

#: Pixels across: phones at one to three device pixels a CSS pixel, the column, the front page's lead, large screens.
RENDITION_WIDTHS = (320, 640, 960, 1280, 1920)
#: The best first. Every browser that cannot show WebP shows JPEG.
RENDITION_FORMATS = ("webp", "jpg")
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}

#: What `new_name` gives, with what a storage adds where the name is taken. What was kept before has no sizes.
_PROCESSED_NAME = re.compile(r"(?P<stem>(?:.*/)?[0-9a-f]{32}(?:_[A-Za-z0-9]{7})?)\.(?:jpg|png)")
_RENDITION_NAME = re.compile(r"(?P<stem>(?:.*/)?[0-9a-f]{32}(?:_[A-Za-z0-9]{7})?)-(?P<width>[0-9]+)\.(?:webp|jpg)")


def random_file_name(suffix: str) -> str:
    """A file name that nobody guesses, whatever they know of the picture: 128 random bits.

    A name that followed from the content would tell whoever holds an agency's picture that it is kept here,
    perhaps for a story that is not out.
    """
    return f"{secrets.token_hex(16)}.{suffix}"


def rendition_widths(width: int) -> tuple[int, ...]:
    """The widths in which a picture so wide is made: never wider than it is."""
    narrower = tuple(each for each in RENDITION_WIDTHS if each < width)
    return narrower if width > RENDITION_WIDTHS[-1] else (*narrower, width)


def rendition_name(name: str, width: int, suffix: str) -> str | None:
    """The name of one size of the picture with that name; None for one that sizes are not made of."""
    found = _PROCESSED_NAME.fullmatch(name)
    return f"{found['stem']}-{width}.{suffix}" if found else None


def rendition_names(name: str, width: int | None) -> Iterator[str]:
    """The names of all sizes of a picture so wide."""
    for each in rendition_widths(width) if width else ():
        for suffix in RENDITION_FORMATS:
            if found := rendition_name(name, each, suffix):
                yield found


def possible_image_names(name: str) -> tuple[str, ...]:
    """The pictures that a file may belong to: the one it is, or those that it would be a size of."""
    found = _RENDITION_NAME.fullmatch(name)
    return (name, f"{found['stem']}.jpg", f"{found['stem']}.png") if found else (name,)


def is_processed_name(name: str) -> bool:
    """Whether a file's name is that of a picture that was developed here, and so has sizes."""
    return bool(_PROCESSED_NAME.fullmatch(name))


def is_immutable_name(name: str) -> bool:
    """Whether a file's name is that of a developed picture or of a size of one: what it holds never changes."""
    return bool(_PROCESSED_NAME.fullmatch(name) or _RENDITION_NAME.fullmatch(name))
