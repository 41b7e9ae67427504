"""The formats that can be imported: how each is told by its content, and who reads it.

A new format is a module beside seed_text.py and a line here. The order matters: the first that
recognises the bytes reads them, and the seed form, which any text may be, comes last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from articles.parsing.decode import convert_to_utf8
from articles.parsing.draft import Draft, RejectedError
from articles.parsing.exchange import is_exchange, read_exchange
from articles.parsing.seed_text import read_seed

#: How much of a file is looked at to tell its format, in bytes.
HEAD_BYTES = 4096
UNSUPPORTED_FORMATS = (
    (re.compile(rb"\s*(?:<!--.*?-->\s*)?(?:<!doctype html|<html\b)", re.IGNORECASE | re.DOTALL), "an HTML page"),
    (re.compile(rb"\s*<\?xml|\s*<(?:rss|feed|nitf|newsItem|newsMessage)\b", re.IGNORECASE), "an XML document"),
    (
        # A headline may begin with a bracket and a quotation mark too; after a JSON text's first string stands a colon
        # or a comma, or the list holds a list or an object.
        re.compile(rb'\s*(?:\[\s*[\[{]|[\[{]\s*"[^"\n]{0,200}"\s*(?:[:,]|\]\s*$)|[\[{]\s*[\]}]\s*$)'),
        "a JSON document of another form than export_articles writes",
    ),
)


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, whether the first bytes are of it, and its reader."""

    name: str
    matches: Callable[[bytes], bool]
    read: Callable[[bytes], Iterator[Draft | RejectedError]]


def _reject_unsupported(data: bytes) -> Iterator[Draft | RejectedError]:
    kind = next((name for pattern, name in UNSUPPORTED_FORMATS if pattern.match(_head_as_utf8(data))), "of a kind")
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
    """Who reads these bytes."""
    head = _head_as_utf8(data)
    return next((format.read for format in FORMATS.values() if format.matches(head)), _reject_unsupported)


def _head_as_utf8(data: bytes) -> bytes:
    """The first bytes, in UTF-8 whatever encoding they are in."""
    return convert_to_utf8(data[:HEAD_BYTES])
