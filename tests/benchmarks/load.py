"""Measure a whole import, as `import_seeds --publish --accept --jobs N` does it.

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
    own = 0.0

    def note(items: list[ImportItem]) -> None:
        nonlocal own
        outcomes.update(item.outcome for item in items)
        own = max(own, private_memory_mb())

    began = time.perf_counter()
    import_files(
        walk_paths([folder]),
        Importer(run, ImportOptions(publish=True, min_accept_confidence=0.0)),
        jobs=jobs,
        clock=clock,
        on_items=note,
    )
    seconds = time.perf_counter() - began
    writer, worker = peak_memory_mb(resource.RUSAGE_SELF), peak_memory_mb(resource.RUSAGE_CHILDREN)
    runs.finish_run(run)
    taken = outcomes[ImportItem.Outcome.IMPORTED] + outcomes[ImportItem.Outcome.WARNED]
    if taken != outcomes.total():
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
        "articles": taken,
        "claims": Claim.objects.count(),
        "whole": taken / seconds,
        "preparing": taken / clock.preparing,
        "writing": taken / clock.writing,
        "own": own or writer,
        "writer": writer,
        "worker": worker,
        "database": size / 1e6,
    }


def private_memory_mb() -> float:
    """Return this process's memory in MB without mapped files; 0 if the system does not tell.

    SQLite maps up to 256 MB of its database. The system can take that memory back at any time.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    held = re.search(r"^RssAnon:\s+(\d+) kB", status.read_text(), re.MULTILINE)
    return int(held[1]) * 1024 / 1e6 if held else 0.0


def peak_memory_mb(who: int) -> float:
    """Return the peak memory in MB of this process, or of the largest child process."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return resource.getrusage(who).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    print(json.dumps(measure_import(Path(sys.argv[1]), int(sys.argv[2]))))
