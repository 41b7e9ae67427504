"""Bytes -> drafts. Pure: no Django, no database, no files but in `files`.

`read` is the whole of it; `formats` lists what can be read, `draft` what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator

from articles.parsing.draft import Draft, Rejected, Warning
from articles.parsing.formats import FORMATS, sniff

__all__ = ["FORMATS", "LIMIT", "Draft", "Rejected", "Warning", "read"]

#: An article's file may have this many bytes.
LIMIT = 5_000_000


def read(data: bytes, *, format: str | None = None) -> Iterator[Draft | Rejected]:
    """Every article in the bytes of one file, in order; a Rejected for one that is none.

    `format` is a name of FORMATS; without it the content tells. Never raises, whatever the bytes,
    but KeyError for a format that there is not.
    """
    reader = FORMATS[format].read if format else None
    if len(data) > LIMIT:
        yield Rejected("too-large", f"The file has {len(data):,} bytes; an article may have {LIMIT:,}.")
    elif not data.strip():
        yield Rejected("empty", "There is nothing in the file.")
    else:
        yield from (reader or sniff(data))(data)
