"""Entries of a walk: files, files in archives, lines of long exchange files."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from articles.parsing import MAX_ARTICLE_BYTES
from articles.parsing.draft import RejectedError

#: First bytes by which an archive or an exchange file is recognised.
HEAD_BYTES = 4096
#: Names that are skipped in folders and archives: hidden files, and files that explain the folder.
SKIPPED_NAME = re.compile(r"\.|(?:readme|license|licence|changelog)(?:\.(?:md|txt|rst))?$|thumbs\.db$", re.IGNORECASE)
TOO_LARGE_DETAIL = f"The file is larger than {MAX_ARTICLE_BYTES:,} bytes, the limit for an article."
MAX_NAME_CHARS = 1000  # of a path or member name; longer ones are cut
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, a file in an archive, or a line of a long exchange file."""

    path: str
    member: str
    read: Callable[[], bytes]  # raises RejectedError: too large, or no longer readable


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """Something that cannot be read as a file, and why."""

    path: str
    member: str
    code: str
    detail: str


Entry = FoundFile | UnreadableFile


def read_limited(stream: IO[bytes]) -> bytes:
    """Return all bytes of a stream.

    Raise RejectedError above MAX_ARTICLE_BYTES. Never hold more than that in memory.
    """
    data = stream.read(MAX_ARTICLE_BYTES + 1)
    if len(data) > MAX_ARTICLE_BYTES:
        raise RejectedError("too-large", TOO_LARGE_DETAIL)
    return data


def read_exchange_lines(
    path: str,
    member: str,
    stream: IO[bytes],
    *,
    begun: bytes = b"",
    spend: Callable[[int], None] = lambda size: None,
) -> Iterator[Entry]:
    """Yield a long exchange file line by line; members are named by line number.

    `begun` holds the bytes already read from the stream. `spend` is called with the size of every further read.
    """
    prefix = f"{member}:" if member else ""
    number = 0
    buffer = io.BytesIO(begun)

    def read() -> bytes:
        line = buffer.readline(MAX_ARTICLE_BYTES + 1)
        if line.endswith(b"\n") or len(line) > MAX_ARTICLE_BYTES:
            return line
        rest = stream.readline(MAX_ARTICLE_BYTES + 1 - len(line))
        spend(len(rest))
        return line + rest

    while line := read():
        number += 1
        name = f"{prefix}line {number}"
        if len(line) > MAX_ARTICLE_BYTES:
            while line and not line.endswith(b"\n"):
                line = read()
            detail = f"The line is longer than {MAX_ARTICLE_BYTES:,} bytes, the limit for an article."
            yield UnreadableFile(path, name, "too-large", detail)
        elif line.strip():
            yield file_from_bytes(path, name, line)


def file_from_bytes(path: str, member: str, data: bytes) -> FoundFile:
    """Return an entry for bytes that are already read, as a stream cannot be rewound."""
    return FoundFile(path, member, lambda: data)


def is_skipped_name(name: str) -> bool:
    """Return whether a file of this name in a folder is not an article."""
    return SKIPPED_NAME.match(name) is not None


def printable_name(name: Path | str) -> str:
    """Return a path or member name that can be printed and stored.

    Undecodable bytes and control characters are escaped.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace") if isinstance(name, Path) else name
    text = UNPRINTABLE.sub(lambda char: char[0].encode("unicode_escape", "surrogatepass").decode(), text)
    return text if len(text) <= MAX_NAME_CHARS else f"{text[: MAX_NAME_CHARS - 1]}…"
