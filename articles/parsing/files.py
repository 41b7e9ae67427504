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

from articles.parsing import LIMIT
from articles.parsing.archives import opener, unpack
from articles.parsing.draft import Rejected
from articles.parsing.entries import HEAD, NAME_LENGTH, Entry, Found, Unreadable, limited, lines, shown, skipped
from articles.parsing.exchange import is_exchange

__all__ = ["Entry", "Found", "Unreadable", "tell_apart", "walk"]

#: Device and inode: the same for every path that leads to the same folder.
Identity = tuple[int, int]


def walk(paths: Iterable[Path], *, name: Path | None = None) -> Iterator[Entry]:
    """Every file under the paths: paths as they are given, folders in the order of their names.

    With `name` the one path is called by that name, as if it had been given so.
    """
    for path in paths:
        real = shown(path)
        for entry in _walk(path, named=True, above=(), seen=set()):
            called = name is not None and name != path and entry.path.startswith(real)
            yield replace(entry, path=f"{shown(name)}{entry.path[len(real) :]}") if name and called else entry


def tell_apart(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Number the member of each entry whose path and member came before: "(2)", or "name (2)" in an archive.

    Numbers follow from the order, so that a run that is resumed finds the same ones. It keeps a hash of each name.
    """
    seen: set[int] = set()
    repeats: dict[int, int] = {}
    for entry in entries:
        member = entry.member[-NAME_LENGTH:]
        first = key = hash((entry.path, member))
        while key in seen:
            repeats[first] = number = repeats.get(first, 1) + 1
            member = f"{entry.member} ({number})".strip()[-NAME_LENGTH:]
            key = hash((entry.path, member))
        seen.add(key)
        yield entry if key == first else replace(entry, member=member)


def _walk(path: Path, *, named: bool, above: tuple[Identity, ...], seen: set[Identity]) -> Iterator[Entry]:
    try:
        status = path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        yield _unreachable(path, error)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(path, (status.st_dev, status.st_ino), above, seen)
    elif not stat.S_ISREG(status.st_mode):
        yield Unreadable(shown(path), "", "not-a-file", "It is a device, a pipe or a socket, not a regular file.")
    elif named or not skipped(path.name):
        yield from _file(path, status.st_size)


def _unreachable(path: Path, error: Exception) -> Unreadable:
    name = shown(path)
    if isinstance(error, RuntimeError) or (isinstance(error, OSError) and error.errno == errno.ELOOP):
        return Unreadable(name, "", "symlink-loop", "It is a symbolic link that leads back to itself.")
    if isinstance(error, FileNotFoundError):
        lost = f"A symbolic link leads nowhere: {name}." if path.is_symlink() else f"There is nothing at {name}."
        return Unreadable(name, "", "not-found", lost)
    return _unreadable(path, error)


def _unreadable(path: Path, error: Exception) -> Unreadable:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Unreadable(shown(path), "", "unreadable", f"It cannot be opened: {why}.")


def _folder(path: Path, identity: Identity, above: tuple[Identity, ...], seen: set[Identity]) -> Iterator[Entry]:
    if identity in above:
        detail = "This folder is a link to one that it lies in; it was left out."
        yield Unreadable(shown(path), "", "symlink-loop", detail)
        return
    if identity in seen:
        return  # a second link to a folder that was walked already: its files are in
    seen.add(identity)
    try:
        names = sorted(os.listdir(path))  # noqa: PTH208 - names alone, a million Paths would be dear
    except OSError as error:
        yield _unreadable(path, error)
        return
    for name in names:
        if not name.startswith("."):
            yield from _walk(path / name, named=False, above=(*above, identity), seen=seen)


def _file(path: Path, size: int) -> Iterator[Entry]:
    """An archive's or a long exchange file's entries, or the file itself, to be read when its turn comes."""
    name = shown(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            kind = opener(head)
            long_exchange = size > LIMIT and is_exchange(head)
            if kind is not None or long_exchange:
                stream.seek(0)
                yield from unpack(name, stream, size, kind) if kind else lines(name, "", stream)
                return
    except OSError as error:
        yield _unreadable(path, error)
        return
    yield Found(name, "", lambda: _read(path))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return limited(stream)
    except OSError as error:
        raise Rejected("unreadable", _unreadable(path, error).detail) from error
