"""Measure an import, as `import_seeds --publish --accept --jobs N` does it.

`python -m tests.benchmarks.load FOLDER JOBS` prints one JSON object. It imports into the database of
DATABASE_URL, which must be empty.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from collections import Counter
from pathlib import Path

import django


def measure_import(folder: Path, jobs: int) -> dict[str, float]:
    """Return articles a second, memory in MB and the size of the database in MB."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from articles.importing import runs
    from articles.importing.pipeline import StageTimes, import_files
    from articles.importing.store import Importer, ImportOptions
    from articles.models import Claim, ImportItem
    from articles.parsing.files import walk_paths

    call_command("migrate", verbosity=0)
    run = runs.start_run({"benchmark": str(folder)}, by=None)
    clock, outcomes = StageTimes(), Counter[str]()
    private_mb = 0.0

    def count_items(items: list[ImportItem]) -> None:
        nonlocal private_mb
        outcomes.update(item.outcome for item in items)
        private_mb = max(private_mb, private_memory_mb())

    started = time.perf_counter()
    import_files(
        walk_paths([folder]),
        Importer(run, ImportOptions(publish=True, min_accept_confidence=0.0)),
        jobs=jobs,
        clock=clock,
        on_items=count_items,
    )
    seconds = time.perf_counter() - started
    writer, worker = peak_memory_mb(resource.RUSAGE_SELF), peak_memory_mb(resource.RUSAGE_CHILDREN)
    runs.finish_run(run)
    imported = outcomes[ImportItem.Outcome.IMPORTED] + outcomes[ImportItem.Outcome.WARNED]
    if imported != outcomes.total():
        raise SystemExit(f"Not every story was imported: {dict(outcomes)}")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = Path(connection.settings_dict["NAME"]).stat().st_size
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0]
    return {
        "articles": imported,
        "claims": Claim.objects.count(),
        "whole": imported / seconds,
        "preparing": imported / clock.preparing,
        "writing": imported / clock.writing,
        "own": private_mb or writer,
        "writer": writer,
        "worker": worker,
        "database": size / 1e6,
    }


def private_memory_mb() -> float:
    """Return this process's memory in MB without mapped files; 0 if it is not known.

    SQLite maps up to 256 MB of its database. The system can take that memory back at any time.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    match = re.search(r"^RssAnon:\s+(\d+) kB", status.read_text(), re.MULTILINE)
    return int(match[1]) * 1024 / 1e6 if match else 0.0


def peak_memory_mb(who: int) -> float:
    """Return the peak memory in MB of this process, or of the largest child process."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return resource.getrusage(who).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    print(json.dumps(measure_import(Path(sys.argv[1]), int(sys.argv[2]))))
