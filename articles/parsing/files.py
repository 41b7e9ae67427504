"""Find the files under paths, in a fixed order. Archives are read by `archives`.

In a folder, hidden files and files that explain the folder (README, LICENSE, CHANGELOG) are skipped. A path that is
given explicitly is always used. What cannot be read becomes an UnreadableFile with a code, and the walk continues.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from articles.parsing import MAX_ARTICLE_BYTES
from articles.parsing.archives import find_archive_reader, read_archive
from articles.parsing.draft import RejectedError
from articles.parsing.entries import (
    HEAD_BYTES,
    MAX_NAME_CHARS,
    Entry,
    FoundFile,
    UnreadableFile,
    is_skipped_name,
    printable_name,
    read_exchange_lines,
    read_limited,
)
from articles.parsing.exchange import is_exchange

__all__ = ["Entry", "FoundFile", "UnreadableFile", "number_repeated_names", "walk_paths"]

#: Device and inode: the same for every path that leads to the same folder.
FolderIdentity = tuple[int, int]


def walk_paths(paths: Iterable[Path], *, name: Path | None = None) -> Iterator[Entry]:
    """Yield every file under the paths, folders sorted by name.

    Paths keep the given order. With `name`, the single path is reported under that name.
    """
    for path in paths:
        actual_name = printable_name(path)
        for entry in _walk_path(path, is_explicit=True, ancestors=(), seen=set()):
            is_renamed = name is not None and name != path and entry.path.startswith(actual_name)
            yield (
                replace(entry, path=f"{printable_name(name)}{entry.path[len(actual_name) :]}")
                if name and is_renamed
                else entry
            )


def number_repeated_names(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Number entries with a path and member that occurred before.

    The member becomes "(2)", or "name (2)" in an archive. Numbers depend on the order only, so that a resumed run
    assigns the same ones. Memory: one hash per name.
    """
    seen: set[int] = set()
    repeats: dict[int, int] = {}
    for entry in entries:
        member = entry.member[-MAX_NAME_CHARS:]
        first_key = key = hash((entry.path, member))
        while key in seen:
            repeats[first_key] = number = repeats.get(first_key, 1) + 1
            member = f"{entry.member} ({number})".strip()[-MAX_NAME_CHARS:]
            key = hash((entry.path, member))
        seen.add(key)
        yield entry if key == first_key else replace(entry, member=member)


def _walk_path(
    path: Path, *, is_explicit: bool, ancestors: tuple[FolderIdentity, ...], seen: set[FolderIdentity]
) -> Iterator[Entry]:
    try:
        status = path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        yield _describe_stat_failure(path, error)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _walk_folder(path, (status.st_dev, status.st_ino), ancestors, seen)
    elif not stat.S_ISREG(status.st_mode):
        yield UnreadableFile(
            printable_name(path), "", "not-a-file", "This is a device, a pipe or a socket, not a regular file."
        )
    elif is_explicit or not is_skipped_name(path.name):
        yield from _file_entries(path, status.st_size)


def _describe_stat_failure(path: Path, error: Exception) -> UnreadableFile:
    name = printable_name(path)
    if isinstance(error, RuntimeError) or (isinstance(error, OSError) and error.errno == errno.ELOOP):
        return UnreadableFile(name, "", "symlink-loop", "This symbolic link points back to itself.")
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            detail = f"The target of the symbolic link {name} does not exist."
        else:
            detail = f"{name} does not exist."
        return UnreadableFile(name, "", "not-found", detail)
    return _describe_open_failure(path, error)


def _describe_open_failure(path: Path, error: Exception) -> UnreadableFile:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableFile(printable_name(path), "", "unreadable", f"The file cannot be opened: {reason}.")


def _walk_folder(
    path: Path, identity: FolderIdentity, ancestors: tuple[FolderIdentity, ...], seen: set[FolderIdentity]
) -> Iterator[Entry]:
    if identity in ancestors:
        detail = "This folder is a link to a folder that contains it. It was skipped."
        yield UnreadableFile(printable_name(path), "", "symlink-loop", detail)
        return
    if identity in seen:
        return  # another link to a folder that was already walked
    seen.add(identity)
    try:
        names = sorted(os.listdir(path))  # noqa: PTH208 - only names: a million Path objects would need much memory
    except OSError as error:
        yield _describe_open_failure(path, error)
        return
    for name in names:
        if not name.startswith("."):
            yield from _walk_path(path / name, is_explicit=False, ancestors=(*ancestors, identity), seen=seen)


def _file_entries(path: Path, size: int) -> Iterator[Entry]:
    """Yield the file, or the entries of an archive or a long exchange file.

    A plain file is read later, by its entry.
    """
    name = printable_name(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            kind = find_archive_reader(head)
            is_long_exchange = size > MAX_ARTICLE_BYTES and is_exchange(head)
            if kind is not None or is_long_exchange:
                stream.seek(0)
                yield from read_archive(name, stream, size, kind) if kind else read_exchange_lines(name, "", stream)
                return
    except OSError as error:
        yield _describe_open_failure(path, error)
        return
    yield FoundFile(name, "", lambda: _read_file(path))


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return read_limited(stream)
    except OSError as error:
        raise RejectedError("unreadable", _describe_open_failure(path, error).detail) from error
