"""What a walk yields, and how much of it is read: files, files in archives, lines of long exchange files."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from articles.parsing import LIMIT
from articles.parsing.draft import Rejected

#: So many bytes tell an archive or an exchange file.
HEAD = 4096
#: In a folder or an archive these are not stories: hidden files, and whatever explains the folder.
SKIPPED = re.compile(r"\.|(?:readme|license|licence|changelog)(?:\.(?:md|txt|rst))?$|thumbs\.db$", re.IGNORECASE)
TOO_LARGE = f"It is larger than {LIMIT:,} bytes, the limit for an article."
NAME_LENGTH = 1000  # code points of a path or member that are kept
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a file in an archive, or a line of a long exchange file."""

    path: str
    member: str
    read: Callable[[], bytes]  # raises Rejected: too large, or no longer readable


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is no readable file, and why."""

    path: str
    member: str
    code: str
    detail: str


Entry = Found | Unreadable


def limited(stream: IO[bytes]) -> bytes:
    """All of a stream, never more than LIMIT bytes in memory. Raises Rejected for a longer one."""
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise Rejected("too-large", TOO_LARGE)
    return data


def lines(
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
        line = start.readline(LIMIT + 1)
        if line.endswith(b"\n") or len(line) > LIMIT:
            return line
        more = stream.readline(LIMIT + 1 - len(line))
        spend(len(more))
        return line + more

    while line := read():
        number += 1
        name = f"{prefix}line {number}"
        if len(line) > LIMIT:
            while line and not line.endswith(b"\n"):
                line = read()
            detail = f"The line is longer than {LIMIT:,} bytes, the limit for an article."
            yield Unreadable(path, name, "too-large", detail)
        elif line.strip():
            yield held(path, name, line)


def held(path: str, member: str, data: bytes) -> Found:
    """Bytes that are read already: a stream cannot be gone back in."""
    return Found(path, member, lambda: data)


def skipped(name: str) -> bool:
    """Is a file of this name, in a folder, no story?"""
    return SKIPPED.match(name) is not None


def shown(name: Path | str) -> str:
    """A path or a member's name as it can be printed and stored: what is no text in it is escaped."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace") if isinstance(name, Path) else name
    text = UNPRINTABLE.sub(lambda char: char[0].encode("unicode_escape", "surrogatepass").decode(), text)
    return text if len(text) <= NAME_LENGTH else f"{text[: NAME_LENGTH - 1]}…"
