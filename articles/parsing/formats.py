"""List the import formats: how each is recognised, and its reader.

To add a format, add a module next to seed_text.py and an entry to FORMATS. The order matters: the first format that
matches reads the file. The seed format matches any text, so it comes last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from articles.parsing.decode import convert_to_utf8
from articles.parsing.draft import Draft, RejectedError
from articles.parsing.exchange import is_exchange, read_exchange
from articles.parsing.seed_text import read_seed

#: First bytes by which a format is recognised.
HEAD_BYTES = 4096
UNSUPPORTED_FORMATS = (
    (re.compile(rb"\s*(?:<!--.*?-->\s*)?(?:<!doctype html|<html\b)", re.IGNORECASE | re.DOTALL), "an HTML page"),
    (re.compile(rb"\s*<\?xml|\s*<(?:rss|feed|nitf|newsItem|newsMessage)\b", re.IGNORECASE), "an XML document"),
    (
        # A headline may also begin with a bracket and a quotation mark. In JSON, the first string is followed by a
        # colon or a comma, or the list contains a list or an object.
        re.compile(rb'\s*(?:\[\s*[\[{]|[\[{]\s*"[^"\n]{0,200}"\s*(?:[:,]|\]\s*$)|[\[{]\s*[\]}]\s*$)'),
        "a JSON document in another format than export_articles writes",
    ),
)


@dataclass(frozen=True, slots=True)
class Format:
    """An import format: name, test for the first bytes, reader."""

    name: str
    matches: Callable[[bytes], bool]
    read: Callable[[bytes], Iterator[Draft | RejectedError]]


def _reject_unsupported(data: bytes) -> Iterator[Draft | RejectedError]:
    head = _head_as_utf8(data)
    kind = next((name for pattern, name in UNSUPPORTED_FORMATS if pattern.match(head)), "in an unknown format")
    yield RejectedError(
        "format-not-supported", f"The file is {kind}, which cannot be imported yet. Save the story as plain text."
    )


def _is_unsupported(head: bytes) -> bool:
    return any(pattern.match(head) for pattern, _ in UNSUPPORTED_FORMATS)


FORMATS = {
    format.name: format
    for format in (
        Format("exchange", is_exchange, read_exchange),
        Format("seed", lambda head: not _is_unsupported(head), read_seed),
    )
}


def detect_reader(data: bytes) -> Callable[[bytes], Iterator[Draft | RejectedError]]:
    """Return the reader for a file with these bytes."""
    head = _head_as_utf8(data)
    return next((format.read for format in FORMATS.values() if format.matches(head)), _reject_unsupported)


def _head_as_utf8(data: bytes) -> bytes:
    """Return the first bytes as UTF-8, whatever their encoding."""
    return convert_to_utf8(data[:HEAD_BYTES])
