"""What a walk yields, and how much of it is read: files, files in archives, lines of long exchange files."""

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

#: So many bytes tell an archive or an exchange file.
HEAD_BYTES = 4096
#: In a folder or an archive these are not stories: hidden files, and whatever explains the folder.
SKIPPED_NAME = re.compile(r"\.|(?:readme|license|licence|changelog)(?:\.(?:md|txt|rst))?$|thumbs\.db$", re.IGNORECASE)
TOO_LARGE_DETAIL = f"It is larger than {MAX_ARTICLE_BYTES:,} bytes, the limit for an article."
MAX_NAME_CHARS = 1000  # code points of a path or member that are kept
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, or a file in an archive, or a line of a long exchange file."""

    path: str
    member: str
    read: Callable[[], bytes]  # raises Rejected: too large, or no longer readable


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """Something that is no readable file, and why."""

    path: str
    member: str
    code: str
    detail: str


Entry = FoundFile | UnreadableFile


def read_limited(stream: IO[bytes]) -> bytes:
    """All of a stream, never more than LIMIT bytes in memory. Raises Rejected for a longer one."""
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
    """A long exchange file line by line, as members named by their numbers.

    `begun` is what was read of the stream already; `spend` hears of every byte that is read here.
    """
    prefix = f"{member}:" if member else ""
    number = 0
    start = io.BytesIO(begun)

    def read() -> bytes:
        line = start.readline(MAX_ARTICLE_BYTES + 1)
        if line.endswith(b"\n") or len(line) > MAX_ARTICLE_BYTES:
            return line
        more = stream.readline(MAX_ARTICLE_BYTES + 1 - len(line))
        spend(len(more))
        return line + more

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
    """Bytes that are read already: a stream cannot be gone back in."""
    return FoundFile(path, member, lambda: data)


def is_skipped_name(name: str) -> bool:
    """Is a file of this name, in a folder, no story?"""
    return SKIPPED_NAME.match(name) is not None


def printable_name(name: Path | str) -> str:
    """A path or a member's name as it can be printed and stored: what is no text in it is escaped."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace") if isinstance(name, Path) else name
    text = UNPRINTABLE.sub(lambda char: char[0].encode("unicode_escape", "surrogatepass").decode(), text)
    return text if len(text) <= MAX_NAME_CHARS else f"{text[: MAX_NAME_CHARS - 1]}…"
