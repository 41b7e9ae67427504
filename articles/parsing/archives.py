"""Archives -> the files in them, read as streams; nothing is ever unpacked to a name that an archive chose."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, cast

from articles.parsing import LIMIT
from articles.parsing.draft import Rejected
from articles.parsing.entries import HEAD, TOO_LARGE, Entry, Unreadable, held, lines, shown, skipped
from articles.parsing.exchange import is_exchange

#: An archive may unpack to so many times its own size (text shrinks to a tenth at most), and this much more.
EXPANSION = 200
EXPANSION_SLACK = 50_000_000  # bytes
#: Members of an archive beyond this many are left out.
MEMBERS = 5_000_000
#: What the standard library raises on archives that are damaged or made to do damage.
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    struct.error,
    NotImplementedError,  # a way of compressing that Python lacks
    ValueError,
    OverflowError,
    RuntimeError,
    IndexError,
    KeyError,
    AttributeError,
    MemoryError,
)

Opener = Callable[[str, IO[bytes], int], Iterator[Entry]]


def opener(head: bytes) -> Opener | None:
    """How to open what begins with these bytes; None if it is no archive."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        # Office documents are ZIP archives too; they are no archives of stories.
        return None if b"[Content_Types].xml" in head or b"mimetypeapplication/" in head else _zip
    if head[257:262] == b"ustar":
        return _tar
    if head.startswith(b"\x1f\x8b"):
        return _gzip
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return _bzip2
    if head.startswith(b"\xfd7zXZ\x00"):
        return _xz
    return None


def unpack(path: str, stream: IO[bytes], size: int, kind: Opener) -> Iterator[Entry]:
    """An archive's files, in its own order; one that breaks off says so once. `size` is its own, in bytes."""
    try:
        yield from kind(path, stream, size)
    except Rejected as rejected:
        yield Unreadable(path, "", rejected.code, rejected.detail)
    except (*BROKEN, OSError) as error:
        detail = f"The archive is damaged, and was read as far as it goes: {_why(error)}."
        yield Unreadable(path, "", "archive-broken", detail)


class _Budget:
    """How much an archive may still unpack to."""

    def __init__(self, size: int) -> None:
        self._left = size * EXPANSION + EXPANSION_SLACK
        self._members = MEMBERS

    def spend(self, size: int) -> None:
        """Raises Rejected when it is used up."""
        self._left -= size
        if self._left < 0:
            self._refuse("unpacks to far more than archives of text do")

    def member(self) -> None:
        self._members -= 1
        if self._members < 0:
            self._refuse(f"has more than {MEMBERS:,} files in it")

    def _refuse(self, why: str) -> None:
        raise Rejected("archive-bomb", f"The archive {why}; the rest was left out.")


def _zip(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    budget = _Budget(size)
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            budget.member()
            name = shown(info.filename)
            if info.is_dir() or _passed_over(info.filename):
                continue
            if info.flag_bits & 1:
                yield Unreadable(path, name, "archive-encrypted", "It needs a password; unpack it first.")
                continue
            try:
                with archive.open(info) as member:
                    yield from _member(path, name, member, budget)
            except Rejected:
                raise
            except (*BROKEN, OSError) as error:
                yield Unreadable(path, name, "archive-broken", f"It cannot be unpacked: {_why(error)}.")


def _tar(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    budget = _Budget(size)
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            budget.member()
            # Whatever is left of a member is read too, to get to the next one.
            budget.spend(info.size if info.isreg() else 0)
            name = shown(info.name)
            if info.isdir() or _passed_over(info.name):
                pass
            elif not info.isreg():
                detail = "It is a link or a device in the archive, not a file."
                yield Unreadable(path, name, "not-a-file", detail)
            elif (member := archive.extractfile(info)) is not None:
                with member:
                    yield from _member(path, name, member, _Budget(info.size))
            archive.members = []  # type: ignore[attr-defined]  # else it keeps all, for looking back


def _gzip(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    with gzip.GzipFile(fileobj=stream) as inner:
        yield from _compressed(path, inner, size)


def _bzip2(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    with bz2.BZ2File(stream) as inner:
        yield from _compressed(path, inner, size)


def _xz(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    with lzma.LZMAFile(stream) as inner:
        yield from _compressed(path, inner, size)


def _compressed(path: str, inner: io.BufferedIOBase, size: int) -> Iterator[Entry]:
    """One compressed stream: an archive of many files, or a single one."""
    buffered = io.BufferedReader(cast("io.RawIOBase", inner), HEAD * 16)
    if buffered.peek(HEAD)[257:262] == b"ustar":
        yield from _tar(path, buffered, size)
    else:
        yield from _member(path, "", buffered, _Budget(size))


def _member(path: str, name: str, member: IO[bytes], budget: _Budget) -> Iterator[Entry]:
    """One file of an archive, read now; a long exchange file line by line."""
    data = member.read(LIMIT + 1)
    budget.spend(len(data))
    if len(data) <= LIMIT:
        yield held(path, name, data)
    elif is_exchange(data[:HEAD]):
        yield from lines(path, name, member, begun=data, spend=budget.spend)
    else:
        yield Unreadable(path, name, "too-large", TOO_LARGE)


def _passed_over(name: str) -> bool:
    """Hidden, or what a Mac adds to an archive, or what explains it."""
    *folders, last = name.rsplit("/")
    return (
        skipped(last)
        or any(folder.startswith(".") and folder.strip(".") for folder in folders)
        or (folders[:1] == ["__MACOSX"])
    )


def _why(error: BaseException) -> str:
    return str(error).rstrip(".") or type(error).__name__
