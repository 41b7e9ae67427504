"""Where a picture's sizes for pages stand: their names follow from the picture's own. Pure.

Beside images/0f….jpg stand images/0f…-640.webp and images/0f…-640.jpg, and so on for every width that it is made in.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

#: Pixels across: phones at one to three device pixels a CSS pixel, the column, the front page's lead, large screens.
WIDTHS = (320, 640, 960, 1280, 1920)
#: The best first. Every browser that cannot show WebP shows JPEG.
FORMATS = ("webp", "jpg")
TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}

#: What `new_name` gives, with what a storage adds where the name is taken. What was kept before has no sizes.
_DEVELOPED = re.compile(r"(?P<stem>(?:.*/)?[0-9a-f]{32}(?:_[A-Za-z0-9]{7})?)\.(?:jpg|png)")
_RENDITION = re.compile(r"(?P<stem>(?:.*/)?[0-9a-f]{32}(?:_[A-Za-z0-9]{7})?)-(?P<width>[0-9]+)\.(?:webp|jpg)")


def new_name(suffix: str) -> str:
    """A file name that nobody guesses, whatever they know of the picture: 128 random bits.

    A name that followed from the content would tell whoever holds an agency's picture that it is kept here,
    perhaps for a story that is not out.
    """
    return f"{secrets.token_hex(16)}.{suffix}"


def widths(width: int) -> tuple[int, ...]:
    """The widths in which a picture so wide is made: never wider than it is."""
    narrower = tuple(each for each in WIDTHS if each < width)
    return narrower if width > WIDTHS[-1] else (*narrower, width)


def rendition(name: str, width: int, suffix: str) -> str | None:
    """The name of one size of the picture with that name; None for one that sizes are not made of."""
    found = _DEVELOPED.fullmatch(name)
    return f"{found['stem']}-{width}.{suffix}" if found else None


def renditions(name: str, width: int | None) -> Iterator[str]:
    """The names of all sizes of a picture so wide."""
    for each in widths(width) if width else ():
        for suffix in FORMATS:
            if found := rendition(name, each, suffix):
                yield found


def pictures_of(name: str) -> tuple[str, ...]:
    """The pictures that a file may belong to: the one it is, or those that it would be a size of."""
    found = _RENDITION.fullmatch(name)
    return (name, f"{found['stem']}.jpg", f"{found['stem']}.png") if found else (name,)


def is_developed(name: str) -> bool:
    """Whether a file's name is that of a picture that was developed here, and so has sizes."""
    return bool(_DEVELOPED.fullmatch(name))


def is_made_by_us(name: str) -> bool:
    """Whether a file's name is that of a developed picture or of a size of one: what it holds never changes."""
    return bool(_DEVELOPED.fullmatch(name) or _RENDITION.fullmatch(name))
