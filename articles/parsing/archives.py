"""Read the files in archives as streams. Nothing is unpacked to disk."""

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

from articles.parsing import MAX_ARTICLE_BYTES
from articles.parsing.draft import RejectedError
from articles.parsing.entries import (
    HEAD_BYTES,
    TOO_LARGE_DETAIL,
    Entry,
    UnreadableFile,
    file_from_bytes,
    is_skipped_name,
    printable_name,
    read_exchange_lines,
)
from articles.parsing.exchange import is_exchange

#: An archive may unpack to this many times its own size (text shrinks to a tenth at most), plus the slack.
MAX_EXPANSION_FACTOR = 200
EXPANSION_SLACK_BYTES = 50_000_000
#: Further members are skipped.
MAX_ARCHIVE_MEMBERS = 5_000_000
#: Exceptions that the standard library raises for damaged or malicious archives.
DAMAGED_ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    struct.error,
    NotImplementedError,  # an unsupported compression method
    ValueError,
    OverflowError,
    RuntimeError,
    IndexError,
    KeyError,
    AttributeError,
    MemoryError,
)

ArchiveReader = Callable[[str, IO[bytes], int], Iterator[Entry]]


def find_archive_reader(head: bytes) -> ArchiveReader | None:
    """Return the reader for an archive that begins with `head`; None for other files."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        # Office documents are ZIP archives too, but they do not contain articles as files.
        return None if b"[Content_Types].xml" in head or b"mimetypeapplication/" in head else _read_zip
    if head[257:262] == b"ustar":
        return _read_tar
    if head.startswith(b"\x1f\x8b"):
        return _read_gzip
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return _read_bzip2
    if head.startswith(b"\xfd7zXZ\x00"):
        return _read_xz
    return None


def read_archive(path: str, stream: IO[bytes], size: int, reader: ArchiveReader) -> Iterator[Entry]:
    """Yield the files of an archive, in its own order.

    A damaged archive ends with one UnreadableFile. `size` is the archive's own size in bytes.
    """
    try:
        yield from reader(path, stream, size)
    except RejectedError as rejected:
        yield UnreadableFile(path, "", rejected.code, rejected.detail)
    except (*DAMAGED_ARCHIVE_ERRORS, OSError) as error:
        detail = f"The archive is damaged. It was read up to the damage: {_error_reason(error)}."
        yield UnreadableFile(path, "", "archive-broken", detail)


class _UnpackBudget:
    """How many bytes and members may still be unpacked from an archive."""

    def __init__(self, size: int) -> None:
        self._left = size * MAX_EXPANSION_FACTOR + EXPANSION_SLACK_BYTES
        self._members = MAX_ARCHIVE_MEMBERS

    def spend_bytes(self, size: int) -> None:
        """Subtract bytes. Raise RejectedError if the budget is exceeded."""
        self._left -= size
        if self._left < 0:
            self._refuse("unpacks to far more data than an archive of text should")

    def spend_member(self) -> None:
        self._members -= 1
        if self._members < 0:
            self._refuse(f"contains more than {MAX_ARCHIVE_MEMBERS:,} files")

    def _refuse(self, reason: str) -> None:
        raise RejectedError("archive-bomb", f"The archive {reason}. The rest was skipped.")


def _read_zip(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    budget = _UnpackBudget(size)
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            budget.spend_member()
            name = printable_name(info.filename)
            if info.is_dir() or _is_skipped_member(info.filename):
                continue
            if info.flag_bits & 1:
                yield UnreadableFile(path, name, "archive-encrypted", "The file needs a password. Unpack it first.")
                continue
            try:
                with archive.open(info) as member:
                    yield from _read_member(path, name, member, budget)
            except RejectedError:
                raise
            except (*DAMAGED_ARCHIVE_ERRORS, OSError) as error:
                yield UnreadableFile(
                    path, name, "archive-broken", f"The file cannot be unpacked: {_error_reason(error)}."
                )


def _read_tar(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    budget = _UnpackBudget(size)
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for info in archive:
            budget.spend_member()
            # tarfile reads every member to its end to get to the next one, so the whole size counts.
            budget.spend_bytes(info.size if info.isreg() else 0)
            name = printable_name(info.name)
            if info.isdir() or _is_skipped_member(info.name):
                pass
            elif not info.isreg():
                detail = "This is a link or a device in the archive, not a regular file."
                yield UnreadableFile(path, name, "not-a-file", detail)
            elif (member := archive.extractfile(info)) is not None:
                with member:
                    yield from _read_member(path, name, member, _UnpackBudget(info.size))
            archive.members = []  # type: ignore[attr-defined]  # otherwise tarfile keeps all members in memory


def _read_gzip(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    with gzip.GzipFile(fileobj=stream) as inner:
        yield from _read_compressed(path, inner, size)


def _read_bzip2(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    with bz2.BZ2File(stream) as inner:
        yield from _read_compressed(path, inner, size)


def _read_xz(path: str, stream: IO[bytes], size: int) -> Iterator[Entry]:
    with lzma.LZMAFile(stream) as inner:
        yield from _read_compressed(path, inner, size)


def _read_compressed(path: str, inner: io.BufferedIOBase, size: int) -> Iterator[Entry]:
    """Yield the files of a compressed stream: a tar archive, or a single file."""
    buffered = io.BufferedReader(cast("io.RawIOBase", inner), HEAD_BYTES * 16)
    if buffered.peek(HEAD_BYTES)[257:262] == b"ustar":
        yield from _read_tar(path, buffered, size)
    else:
        yield from _read_member(path, "", buffered, _UnpackBudget(size))


def _read_member(path: str, name: str, member: IO[bytes], budget: _UnpackBudget) -> Iterator[Entry]:
    """Yield one file of an archive; a long exchange file gives one entry per line."""
    data = member.read(MAX_ARTICLE_BYTES + 1)
    budget.spend_bytes(len(data))
    if len(data) <= MAX_ARTICLE_BYTES:
        yield file_from_bytes(path, name, data)
    elif is_exchange(data[:HEAD_BYTES]):
        yield from read_exchange_lines(path, name, member, begun=data, spend=budget.spend_bytes)
    else:
        yield UnreadableFile(path, name, "too-large", TOO_LARGE_DETAIL)


def _is_skipped_member(name: str) -> bool:
    """Return whether a member is hidden, added by macOS, or explains the archive."""
    *folders, last = name.rsplit("/")
    return (
        is_skipped_name(last)
        or any(folder.startswith(".") and folder.strip(".") for folder in folders)
        or (folders[:1] == ["__MACOSX"])
    )


def _error_reason(error: BaseException) -> str:
    return str(error).rstrip(".") or type(error).__name__
