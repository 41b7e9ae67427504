"""Paths -> the files under them, in a fixed order: folders walked, archives read as streams.

Nothing is ever unpacked to a name that an archive chose. What cannot be read is an Unreadable with a
code, and the walk goes on.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from articles.importing import LIMIT
from articles.importing.draft import Rejected
from articles.importing.exchange import is_exchange

#: In a folder these are not stories: hidden files, and whatever explains the folder.
SKIPPED = ("readme", "license", "changelog")
#: An archive may unpack to so many times its own size (text shrinks to a tenth at most), and this much more.
EXPANSION = 200
EXPANSION_SLACK = 50_000_000  # bytes
#: A file of the exchange form beyond an article's size is read in pieces of about this many bytes.
PIECE = 1_000_000
HEAD = 4096
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a file in an archive, or some lines of a long exchange file."""

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


def walk(paths: Iterable[Path]) -> Iterator[Entry]:
    """Every file under the paths, folders in the order of their names."""
    for path in paths:
        yield from _walk(path, named=True, above=())


def _walk(path: Path, *, named: bool, above: tuple[tuple[int, int], ...]) -> Iterator[Entry]:
    shown = str(path)
    try:
        status = path.stat()
    except FileNotFoundError:
        detail = f"A symbolic link leads nowhere: {shown}." if path.is_symlink() else f"There is no {shown}."
        yield Unreadable(shown, "", "not-found", detail)
        return
    except (OSError, RuntimeError) as error:
        loop = isinstance(error, RuntimeError) or error.errno == 40  # ELOOP
        code = "symlink-loop" if loop else "unreadable"
        why = "It is a symbolic link that leads back to itself." if loop else f"It cannot be opened: {error}."
        yield Unreadable(shown, "", code, why)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(path, (status.st_dev, status.st_ino), above)
    elif not stat.S_ISREG(status.st_mode):
        yield Unreadable(shown, "", "not-a-file", "It is a device, a pipe or a socket, not a regular file.")
    elif named or not _skipped(path.name):
        yield from _file(path, status.st_size)


def _folder(path: Path, identity: tuple[int, int], above: tuple[tuple[int, int], ...]) -> Iterator[Entry]:
    if identity in above:
        yield Unreadable(str(path), "", "symlink-loop", "This folder leads back to one above it; it was left out.")
        return
    try:
        names = sorted(os.listdir(path))
    except OSError as error:
        yield Unreadable(str(path), "", "unreadable", f"The folder cannot be opened: {error.strerror}.")
        return
    for name in names:
        if not name.startswith("."):
            yield from _walk(path / name, named=False, above=(*above, identity))


def _skipped(name: str) -> bool:
    return name.casefold().startswith(SKIPPED) or name.startswith(".")


def _file(path: Path, size: int) -> Iterator[Entry]:
    shown = str(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            kind = _archive(head)
            if kind is not None:
                stream.seek(0)
                yield from _guarded(shown, kind(shown, stream, size))
                return
            if size > LIMIT and is_exchange(head):
                stream.seek(0)
                yield from _lines(shown, "", stream)
                return
    except OSError as error:
        yield Unreadable(shown, "", "unreadable", f"It cannot be opened: {error.strerror or error}.")
        return
    yield Found(shown, "", lambda: _read_file(path))


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return _limited(stream)
    except OSError as error:
        raise Rejected("unreadable", f"It cannot be opened: {error.strerror or error}.") from error


def _limited(stream: IO[bytes]) -> bytes:
    """At most LIMIT bytes, never more in memory."""
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise Rejected("too-large", f"It is larger than {LIMIT:,} bytes, the limit for an article.")
    return data


def _lines(path: str, member: str, stream: IO[bytes]) -> Iterator[Entry]:
    """A long exchange file in pieces of whole lines, named by their numbers."""
    first, number, piece, size = 1, 0, [], 0
    prefix = f"{member}:" if member else ""
    for line in iter(lambda: stream.readline(LIMIT + 1), b""):
        number += 1
        if len(line) > LIMIT:
            detail = f"Line {number} is longer than {LIMIT:,} bytes, the limit for an article; the rest was left."
            yield Unreadable(path, f"{prefix}line {number}", "too-large", detail)
            return
        piece.append(line)
        size += len(line)
        if size >= PIECE:
            yield _held(path, f"{prefix}lines {first}-{number}", b"".join(piece))
            first, piece, size = number + 1, [], 0
    if piece:
        yield _held(path, f"{prefix}lines {first}-{number}", b"".join(piece))


def _held(path: str, member: str, data: bytes) -> Found:
    return Found(path, member, lambda: data)


# --- Archives ---------------------------------------------------------------------------------

Opener = Callable[[str, IO[bytes], int], Iterator[Entry]]


def _archive(head: bytes) -> Opener | None:
    if head.startswith(b"PK\x03\x04"):
        # Office documents are ZIP archives too; they are no archives of stories.
        return None if b"[Content_Types].xml" in head or b"mimetypeapplication/" in head else _zip
    if head[257:262] == b"ustar":
        return _tar
    if head.startswith(b"\x1f\x8b"):
        return _compressed(gzip.open)
    if head.startswith(b"BZh"):
        return _compressed(bz2.open)
    if head.startswith(b"\xfd7zXZ\x00"):
        return _compressed(lzma.open)
    return None


def _guarded(path: str, entries: Iterator[Entry]) -> Iterator[Entry]:
    """An archive's entries; one that breaks off says so once."""
    try:
        yield from entries
    except Rejected as rejected:
        yield Unreadable(path, "", rejected.code, rejected.detail)
    except (*BROKEN, OSError) as error:
        yield Unreadable(
            path, "", "archive-broken", f"The archive is damaged, and was read as far as it goes: {error}"
        )


class _Budget:
    """How much an archive may still unpack to."""

    def __init__(self, size: int) -> None:
        self._left = size * EXPANSION + EXPANSION_SLACK

    def spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise Rejected(
                "archive-bomb", "The archive unpacks to far more than a text archive does; the rest was left out."
            )


def _zip(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    budget = _Budget(size)
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            name = info.filename
            if info.is_dir() or _skipped(name.rsplit("/", 1)[-1]) or name.startswith("__MACOSX/"):
                continue
            if info.flag_bits & 1:
                yield Unreadable(path, name, "archive-encrypted", "It needs a password; unpack it first.")
                continue
            try:
                with archive.open(info) as member:
                    entries = list(_member(path, name, member, budget, info.file_size))
            except (*BROKEN, OSError) as error:
                yield Unreadable(path, name, "archive-broken", f"It cannot be unpacked: {error}")
                continue
            yield from entries


def _compressed(opener: Callable[[IO[bytes]], IO[bytes]]) -> Opener:
    def entries(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
        with opener(stream) as inner:
            buffered = io.BufferedReader(inner, HEAD * 16)  # type: ignore[arg-type,type-var]
            head = buffered.peek(HEAD)[:HEAD]
            if head[257:262] == b"ustar":
                yield from _tar(path, buffered, size)
            elif is_exchange(head):
                yield from _lines(path, "", buffered)
            else:
                yield from _member(path, "", buffered, _Budget(size), None)

    return entries


def _tar(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    budget = _Budget(size)
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            name = info.name
            if info.isdir() or _skipped(name.rsplit("/", 1)[-1]):
                continue
            if not info.isreg():
                yield Unreadable(path, name, "not-a-file", "It is a link or a device in the archive, not a file.")
                continue
            budget.spend(min(info.size, LIMIT))
            member = archive.extractfile(info)
            if member is not None:
                with member:
                    yield from _member(path, name, member, budget, info.size)


def _member(path: str, name: str, member: IO[bytes], budget: _Budget, size: int | None) -> Iterator[Entry]:
    """One file of an archive, read now: an archive that streams cannot be gone back in."""
    try:
        data = _limited(member)
    except Rejected as rejected:
        yield Unreadable(path, name, rejected.code, rejected.detail)
        return
    budget.spend(len(data))
    yield _held(path, name, data)
