"""Bytes -> drafts. Pure: no Django, no database, no files but in `files`.

`read` is the whole of it; `formats` lists what can be read, `draft` what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator

from articles.parsing.draft import Draft, DraftWarning, RejectedError
from articles.parsing.formats import FORMATS, detect_reader

__all__ = ["FORMATS", "MAX_ARTICLE_BYTES", "Draft", "DraftWarning", "RejectedError", "read_articles"]

#: An article's file may have this many bytes.
MAX_ARTICLE_BYTES = 5_000_000


def read_articles(data: bytes, *, format: str | None = None) -> Iterator[Draft | RejectedError]:
    """Every article in the bytes of one file, in order; a Rejected for one that is none.

    `format` is a name of FORMATS; without it the content tells. Never raises, whatever the bytes,
    but KeyError for a format that there is not.
    """
    reader = FORMATS[format].read if format else None
    if len(data) > MAX_ARTICLE_BYTES:
        yield RejectedError(
            "too-large", f"The file has {len(data):,} bytes; an article may have {MAX_ARTICLE_BYTES:,}."
        )
    elif not data.strip():
        yield RejectedError("empty", "There is nothing in the file.")
    else:
        yield from (reader or detect_reader(data))(data)
