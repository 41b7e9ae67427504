"""Paths -> the files under them, in a fixed order: folders walked, archives handed to `archives`.

In a folder, hidden files and whatever explains the folder (README, LICENSE, CHANGELOG) are passed
over; a path that is named is always taken. What cannot be read is an Unreadable with a code, and
the walk goes on.
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
    """Every file under the paths: paths as they are given, folders in the order of their names.

    With `name` the one path is called by that name, as if it had been given so.
    """
    for path in paths:
        real = printable_name(path)
        for entry in _walk_path(path, named=True, above=(), seen=set()):
            called = name is not None and name != path and entry.path.startswith(real)
            yield replace(entry, path=f"{printable_name(name)}{entry.path[len(real) :]}") if name and called else entry


def number_repeated_names(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Number the member of each entry whose path and member came before: "(2)", or "name (2)" in an archive.

    Numbers follow from the order, so that a run that is resumed finds the same ones. It keeps a hash of each name.
    """
    seen: set[int] = set()
    repeats: dict[int, int] = {}
    for entry in entries:
        member = entry.member[-MAX_NAME_CHARS:]
        first = key = hash((entry.path, member))
        while key in seen:
            repeats[first] = number = repeats.get(first, 1) + 1
            member = f"{entry.member} ({number})".strip()[-MAX_NAME_CHARS:]
            key = hash((entry.path, member))
        seen.add(key)
        yield entry if key == first else replace(entry, member=member)


def _walk_path(
    path: Path, *, named: bool, above: tuple[FolderIdentity, ...], seen: set[FolderIdentity]
) -> Iterator[Entry]:
    try:
        status = path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        yield _describe_stat_failure(path, error)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _walk_folder(path, (status.st_dev, status.st_ino), above, seen)
    elif not stat.S_ISREG(status.st_mode):
        yield UnreadableFile(
            printable_name(path), "", "not-a-file", "It is a device, a pipe or a socket, not a regular file."
        )
    elif named or not is_skipped_name(path.name):
        yield from _file_entries(path, status.st_size)


def _describe_stat_failure(path: Path, error: Exception) -> UnreadableFile:
    name = printable_name(path)
    if isinstance(error, RuntimeError) or (isinstance(error, OSError) and error.errno == errno.ELOOP):
        return UnreadableFile(name, "", "symlink-loop", "It is a symbolic link that leads back to itself.")
    if isinstance(error, FileNotFoundError):
        lost = f"A symbolic link leads nowhere: {name}." if path.is_symlink() else f"There is nothing at {name}."
        return UnreadableFile(name, "", "not-found", lost)
    return _describe_open_failure(path, error)


def _describe_open_failure(path: Path, error: Exception) -> UnreadableFile:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableFile(printable_name(path), "", "unreadable", f"It cannot be opened: {why}.")


def _walk_folder(
    path: Path, identity: FolderIdentity, above: tuple[FolderIdentity, ...], seen: set[FolderIdentity]
) -> Iterator[Entry]:
    if identity in above:
        detail = "This folder is a link to one that it lies in; it was left out."
        yield UnreadableFile(printable_name(path), "", "symlink-loop", detail)
        return
    if identity in seen:
        return  # a second link to a folder that was walked already: its files are in
    seen.add(identity)
    try:
        names = sorted(os.listdir(path))  # noqa: PTH208 - names alone, a million Paths would be dear
    except OSError as error:
        yield _describe_open_failure(path, error)
        return
    for name in names:
        if not name.startswith("."):
            yield from _walk_path(path / name, named=False, above=(*above, identity), seen=seen)


def _file_entries(path: Path, size: int) -> Iterator[Entry]:
    """An archive's or a long exchange file's entries, or the file itself, to be read when its turn comes."""
    name = printable_name(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            kind = find_archive_reader(head)
            long_exchange = size > MAX_ARTICLE_BYTES and is_exchange(head)
            if kind is not None or long_exchange:
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
