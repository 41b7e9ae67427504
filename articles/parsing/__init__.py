"""Parse bytes into drafts.

Pure: no Django and no database; only `files` opens files. `read_articles` is the entry point, `formats` lists the
supported formats, and `draft` defines the result.
"""

from __future__ import annotations

from collections.abc import Iterator

from articles.parsing.draft import Draft, DraftWarning, RejectedError
from articles.parsing.formats import FORMATS, detect_reader

__all__ = ["FORMATS", "MAX_ARTICLE_BYTES", "Draft", "DraftWarning", "RejectedError", "read_articles"]

#: Limit for the file of one article.
MAX_ARTICLE_BYTES = 5_000_000


def read_articles(data: bytes, *, format: str | None = None) -> Iterator[Draft | RejectedError]:
    """Yield each article in the bytes of a file: a Draft, or a RejectedError.

    `format` is a key of FORMATS; None: detect it from the content. Raise KeyError for an unknown format, and nothing
    else, whatever the bytes.
    """
    reader = FORMATS[format].read if format else None
    if len(data) > MAX_ARTICLE_BYTES:
        yield RejectedError(
            "too-large", f"The file has {len(data):,} bytes. The limit for an article is {MAX_ARTICLE_BYTES:,}."
        )
    elif not data.strip():
        yield RejectedError("empty", "The file is empty.")
    else:
        yield from (reader or detect_reader(data))(data)
