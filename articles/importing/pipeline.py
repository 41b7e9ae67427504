"""Files -> batches of prepared articles -> the database, with as many worker processes as asked for.

Reading and writing stay in this process; parsing and extraction go to the workers, which know no
database. Everything goes through in the order of the walk, and only a bounded number of files is
held at once, so that a million files need no more memory than a thousand.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice

from articles.db import statistics
from articles.importing.prepare import Prepared, leave_with, prepare_batch
from articles.importing.store import Incoming, Intake, keep, settled
from articles.models import ImportItem
from articles.parsing import Rejected
from articles.parsing.files import Found, Unreadable
from articles.text.digests import digest

logger = logging.getLogger("articles.parsing")

#: Files handed to a worker, and stored, at a time: large enough that a transaction's cost is spread
#: out, small enough that a kill loses little work and 5 MB files do not fill the memory.
BATCH_FILES = 64
BATCH_BYTES = 8_000_000
#: Articles of one file stored at a time, for a file that holds very many (JSON Lines).
BATCH_ARTICLES = 256
#: The database looks at its own tables after so many files, and again after so many times as many.
LOOK_AT, LOOK_AGAIN = 1_000, 4
#: Batches under way for each worker, so that none waits for the writer.
AHEAD = 2

Outcome = ImportItem.Outcome


@dataclass(slots=True)
class Clock:
    """Seconds spent in each stage, to say where the time goes."""

    reading: float = 0.0
    preparing: float = 0.0  # in the workers, summed over them
    writing: float = 0.0


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    member: str
    data: bytes | None
    digest: str | None
    rejected: Rejected | None


@dataclass(frozen=True, slots=True)
class _Batch:
    files: Sequence[_File]
    known: dict[str, list[ImportItem]] = field(default_factory=dict)  # digests that need no second look


def load(
    found: Iterable[Found | Unreadable],
    intake: Intake,
    *,
    jobs: int = 1,
    format: str | None = None,
    clock: Clock | None = None,
    on_items: Callable[[list[ImportItem]], None] | None = None,
) -> None:
    """Take in everything `found`, in order. `on_items` hears of each batch once it is stored.

    Without a run (`Intake.run` is None) nothing is written and `on_items` hears what would be.
    """
    clock = clock or Clock()
    stored, look_at = 0, LOOK_AT

    def tell(items: list[ImportItem]) -> None:
        nonlocal stored, look_at
        stored += len(items)
        if stored >= look_at and intake.run is not None:
            statistics.after_adding(stored)
            look_at *= LOOK_AGAIN
        if on_items is not None:
            on_items(items)

    with _workers(jobs) as workers:
        under_way: deque[tuple[_Batch, Future[tuple[list[list[Prepared]], float]] | None]] = deque()
        for batch in _batches(found, clock, keeping=intake.run is not None):
            unread = [file.data for file in batch.files if file.data is not None and file.digest not in batch.known]
            under_way.append((batch, workers.submit(unread, format) if unread else None))
            while len(under_way) > AHEAD * jobs:
                _store(*under_way.popleft(), intake, workers, format, clock, tell)
        while under_way:
            _store(*under_way.popleft(), intake, workers, format, clock, tell)


def _batches(found: Iterable[Found | Unreadable], clock: Clock, *, keeping: bool) -> Iterator[_Batch]:
    """Read files and group them; their bytes are kept, and known ones told apart, before they go on."""
    walk = iter(found)
    while True:
        began = time.perf_counter()
        files, size = [], 0
        for entry in islice(walk, BATCH_FILES):
            file = _read(entry)
            files.append(file)
            size += len(file.data or b"")
            if size >= BATCH_BYTES:
                break
        clock.reading += time.perf_counter() - began
        if not files:
            return
        began = time.perf_counter()
        if keeping:
            keep([file.data for file in files if file.data is not None])
        known = settled({file.digest for file in files if file.digest})
        clock.writing += time.perf_counter() - began
        yield _Batch(files, known)


def _read(entry: Found | Unreadable) -> _File:
    if isinstance(entry, Unreadable):
        return _File(entry.path, entry.member, None, None, Rejected(entry.code, entry.detail))
    try:
        data = entry.read()
    except Rejected as rejected:
        return _File(entry.path, entry.member, None, None, rejected)
    return _File(entry.path, entry.member, data, digest(data), None)


def _store(
    batch: _Batch,
    future: Future[tuple[list[list[Prepared]], float]] | None,
    intake: Intake,
    workers: _Workers,
    format: str | None,
    clock: Clock,
    tell: Callable[[list[ImportItem]], None],
) -> None:
    prepared: Iterator[list[Prepared]] = iter(())
    if future is not None:
        unread = [file.data for file in batch.files if file.data is not None and file.digest not in batch.known]
        results, seconds = workers.result(future, unread, format)
        clock.preparing += seconds
        prepared = iter(results)
    began = time.perf_counter()
    incoming: list[Incoming] = []
    for file in batch.files:
        if file.rejected is not None:
            incoming.append(Incoming(file.path, file.member, None, [Prepared(0, file.rejected)]))
        elif file.digest in batch.known:
            incoming.append(Incoming(file.path, file.member, file.digest, (), known=batch.known[file.digest]))
        else:
            incoming += _pieces(file, next(prepared))
    for group in _groups(incoming):
        items = intake.take(group) if intake.run is not None else intake.rehearse(group)
        tell(items)
    clock.writing += time.perf_counter() - began


def _pieces(file: _File, prepared: list[Prepared]) -> Iterator[Incoming]:
    """One file's articles, in as many pieces as transactions should not grow beyond."""
    for start in range(0, max(len(prepared), 1), BATCH_ARTICLES):
        piece = prepared[start : start + BATCH_ARTICLES]
        complete = start + BATCH_ARTICLES >= len(prepared)
        yield Incoming(file.path, file.member, file.digest, piece, complete=complete)


def _groups(incoming: Sequence[Incoming]) -> Iterator[list[Incoming]]:
    """Pieces together up to a transaction's size."""
    group: list[Incoming] = []
    articles = 0
    for piece in incoming:
        if group and articles + len(piece.prepared) > BATCH_ARTICLES:
            yield group
            group, articles = [], 0
        group.append(piece)
        articles += len(piece.prepared)
    if group:
        yield group


class _Workers:
    """A pool of processes, or this process itself; survives a worker that dies over a file."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: Executor | None = None

    def __enter__(self) -> _Workers:
        if self._jobs > 1:
            self._pool = _pool(self._jobs)
        return self

    def __exit__(self, *exc: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=exc[0] is None, cancel_futures=True)

    def submit(self, files: list[bytes], format: str | None) -> Future[tuple[list[list[Prepared]], float]]:
        if self._pool is not None:
            try:
                return self._pool.submit(prepare_batch, files, format)
            except BrokenProcessPool:
                self._renew()
                return self._pool.submit(prepare_batch, files, format)
        future: Future[tuple[list[list[Prepared]], float]] = Future()
        future.set_result(prepare_batch(files, format))
        return future

    def result(
        self, future: Future[tuple[list[list[Prepared]], float]], files: list[bytes], format: str | None
    ) -> tuple[list[list[Prepared]], float]:
        """A batch's result. If its worker died, its files are tried one by one, each in a fresh process."""
        try:
            return future.result()
        except BrokenProcessPool:
            self._renew()
        results, seconds = [], 0.0
        for data in files:
            try:
                with _pool(1) as alone:
                    prepared, spent = alone.submit(prepare_batch, [data], format).result()
                results.append(prepared[0])
                seconds += spent
            except BrokenProcessPool:
                logger.exception("A worker died of the file with the SHA-256 %s.", digest(data))
                detail = "The process that read this file died of it, perhaps for want of memory. The bytes are kept."
                results.append([Prepared(0, Rejected("worker-died", detail))])
        return results, seconds

    def _renew(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = _pool(self._jobs)


def _workers(jobs: int) -> _Workers:
    return _Workers(max(jobs, 1))


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Not fork: this process has open database connections, which a child must not share.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=leave_with, initargs=(os.getpid(),))
