"""Import files in batches, with worker processes.

This process reads files and writes to the database. The workers parse files and find claims, without a database. Files
keep their order. Only a bounded number of files is in memory at once, so a million files need no more than a thousand.
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

from django.utils.translation import gettext as _

from articles.db import statistics
from articles.importing.prepare import PreparedArticle, exit_with_parent, prepare_files
from articles.importing.store import Importer, IncomingFile, find_finished_items, store_originals
from articles.models import ImportItem
from articles.parsing import RejectedError
from articles.parsing.files import FoundFile, UnreadableFile
from articles.text.digests import sha256_hex

logger = logging.getLogger("articles.importing")

#: Files given to a worker, and stored, at a time. Large enough to spread the cost of a transaction, small enough that
#: a kill loses little work and 5 MB files do not fill the memory.
MAX_BATCH_FILES = 64
MAX_BATCH_BYTES = 8_000_000
#: Articles of one file stored at a time, for files with very many (JSON Lines).
MAX_BATCH_ARTICLES = 256
#: Planner statistics are updated after this many articles, then each time their number has grown by this factor.
FIRST_ANALYZE_ITEMS, ANALYZE_INTERVAL_FACTOR = 1_000, 4
#: Batches in progress for each worker, so that none waits for the writer.
MAX_QUEUED_BATCHES_PER_WORKER = 2

Outcome = ImportItem.Outcome


@dataclass(slots=True)
class StageTimes:
    """Seconds spent in each stage."""

    reading: float = 0.0
    preparing: float = 0.0  # in the workers, summed over them
    writing: float = 0.0


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    member: str
    data: bytes | None
    digest: str | None
    rejected: RejectedError | None


@dataclass(frozen=True, slots=True)
class _Batch:
    files: Sequence[_File]
    #: Digest of a file that was imported before -> its items
    existing_items: dict[str, list[ImportItem]] = field(default_factory=dict)


def import_files(
    found: Iterable[FoundFile | UnreadableFile],
    importer: Importer,
    *,
    jobs: int = 1,
    format: str | None = None,
    clock: StageTimes | None = None,
    on_items: Callable[[list[ImportItem]], None] | None = None,
) -> None:
    """Import all files, in order. Call `on_items` with each stored batch.

    In a dry run (`importer.run` is None) nothing is written, and `on_items` gets what would be.
    """
    clock = clock or StageTimes()
    stored, next_analyze = 0, FIRST_ANALYZE_ITEMS

    def report(items: list[ImportItem]) -> None:
        nonlocal stored, next_analyze
        stored += len(items)
        if stored >= next_analyze and importer.run is not None:
            statistics.analyze_after_adding(stored)
            next_analyze *= ANALYZE_INTERVAL_FACTOR
        if on_items is not None:
            on_items(items)

    with _create_worker_pool(jobs) as workers:
        queue: deque[tuple[_Batch, Future[tuple[list[list[PreparedArticle]], float]] | None]] = deque()
        for batch in _read_batches(found, clock, store=importer.run is not None):
            unread = [
                file.data for file in batch.files if file.data is not None and file.digest not in batch.existing_items
            ]
            queue.append((batch, workers.submit(unread, format) if unread else None))
            while len(queue) > MAX_QUEUED_BATCHES_PER_WORKER * jobs:
                _store_batch(*queue.popleft(), importer, workers, format, clock, report)
        while queue:
            _store_batch(*queue.popleft(), importer, workers, format, clock, report)


def _read_batches(found: Iterable[FoundFile | UnreadableFile], clock: StageTimes, *, store: bool) -> Iterator[_Batch]:
    """Read files in batches, store their bytes, and look up those imported before."""
    entries = iter(found)
    while True:
        began = time.perf_counter()
        files, size = [], 0
        for entry in islice(entries, MAX_BATCH_FILES):
            file = _read_file(entry)
            files.append(file)
            size += len(file.data or b"")
            if size >= MAX_BATCH_BYTES:
                break
        clock.reading += time.perf_counter() - began
        if not files:
            return
        began = time.perf_counter()
        if store:
            store_originals([file.data for file in files if file.data is not None])
        existing_items = find_finished_items({file.digest for file in files if file.digest})
        clock.writing += time.perf_counter() - began
        yield _Batch(files, existing_items)


def _read_file(entry: FoundFile | UnreadableFile) -> _File:
    if isinstance(entry, UnreadableFile):
        return _File(entry.path, entry.member, None, None, RejectedError(entry.code, entry.detail))
    try:
        data = entry.read()
    except RejectedError as rejected:
        return _File(entry.path, entry.member, None, None, rejected)
    return _File(entry.path, entry.member, data, sha256_hex(data), None)


def _store_batch(
    batch: _Batch,
    future: Future[tuple[list[list[PreparedArticle]], float]] | None,
    importer: Importer,
    workers: _WorkerPool,
    format: str | None,
    clock: StageTimes,
    report: Callable[[list[ImportItem]], None],
) -> None:
    prepared: Iterator[list[PreparedArticle]] = iter(())
    if future is not None:
        unread = [
            file.data for file in batch.files if file.data is not None and file.digest not in batch.existing_items
        ]
        results, seconds = workers.result(future, unread, format)
        clock.preparing += seconds
        prepared = iter(results)
    began = time.perf_counter()
    incoming: list[IncomingFile] = []
    for file in batch.files:
        if file.rejected is not None:
            incoming.append(IncomingFile(file.path, file.member, None, [PreparedArticle(0, file.rejected)]))
        elif file.digest in batch.existing_items:
            incoming.append(
                IncomingFile(file.path, file.member, file.digest, (), existing_items=batch.existing_items[file.digest])
            )
        else:
            incoming += _split_file(file, next(prepared))
    for group in _group_by_size(incoming):
        items = importer.store_batch(group) if importer.run is not None else importer.dry_run(group)
        report(items)
    clock.writing += time.perf_counter() - began


def _split_file(file: _File, prepared: list[PreparedArticle]) -> Iterator[IncomingFile]:
    """Split the articles of a long file into parts of a transaction's size."""
    for start in range(0, max(len(prepared), 1), MAX_BATCH_ARTICLES):
        part = prepared[start : start + MAX_BATCH_ARTICLES]
        is_last = start + MAX_BATCH_ARTICLES >= len(prepared)
        yield IncomingFile(file.path, file.member, file.digest, part, is_last_part=is_last)


def _group_by_size(incoming: Sequence[IncomingFile]) -> Iterator[list[IncomingFile]]:
    """Group files and parts of files up to a transaction's size."""
    group: list[IncomingFile] = []
    articles = 0
    for part in incoming:
        if group and articles + len(part.prepared) > MAX_BATCH_ARTICLES:
            yield group
            group, articles = [], 0
        group.append(part)
        articles += len(part.prepared)
    if group:
        yield group


class _WorkerPool:
    """A pool of processes, or this process itself. It survives the death of a worker."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: Executor | None = None

    def __enter__(self) -> _WorkerPool:
        if self._jobs > 1:
            self._pool = _create_process_pool(self._jobs)
        return self

    def __exit__(self, *exc: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=exc[0] is None, cancel_futures=True)

    def submit(self, files: list[bytes], format: str | None) -> Future[tuple[list[list[PreparedArticle]], float]]:
        if self._pool is not None:
            try:
                return self._pool.submit(prepare_files, files, format)
            except BrokenProcessPool:
                self._restart_pool()
                return self._pool.submit(prepare_files, files, format)
        future: Future[tuple[list[list[PreparedArticle]], float]] = Future()
        future.set_result(prepare_files(files, format))
        return future

    def result(
        self, future: Future[tuple[list[list[PreparedArticle]], float]], files: list[bytes], format: str | None
    ) -> tuple[list[list[PreparedArticle]], float]:
        """Return a batch's result.

        If its worker died, try its files one by one, each in a new process.
        """
        try:
            return future.result()
        except BrokenProcessPool:
            self._restart_pool()
        results, seconds = [], 0.0
        for data in files:
            try:
                with _create_process_pool(1) as pool:
                    prepared, spent = pool.submit(prepare_files, [data], format).result()
                results.append(prepared[0])
                seconds += spent
            except BrokenProcessPool:
                logger.exception("A worker died reading the file with the SHA-256 %s.", sha256_hex(data))
                detail = _(
                    "The process that read this file died, perhaps because memory ran out. The file itself is stored."
                )
                results.append([PreparedArticle(0, RejectedError("worker-died", detail))])
        return results, seconds

    def _restart_pool(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = _create_process_pool(self._jobs)


def _create_worker_pool(jobs: int) -> _WorkerPool:
    return _WorkerPool(max(jobs, 1))


def _create_process_pool(jobs: int) -> ProcessPoolExecutor:
    # Not fork: children must not share this process's database connections.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=exit_with_parent, initargs=(os.getpid(),))
