"""Measure imports and pages on this machine and print tables (`make bench`).

Each measurement runs in a new process, with the site's settings but without its `.env`, and with
SQLite in a temporary folder. So no measurement changes the next.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks import corpus

ARTICLE_COUNTS = (1_000, 10_000)
JOB_COUNTS = (1, 2)
#: Articles for the measurement of the stages.
STAGE_ARTICLE_COUNT = 300
REQUESTS_PER_PAGE = 100


def main() -> None:
    options = _parse_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # removes the temporary folder
    with tempfile.TemporaryDirectory(prefix="on-the-record-bench-", dir=options.folder) as temporary:
        folder = Path(temporary)
        corpora = {size: _write_corpus(folder / f"corpus-{size}", size) for size in options.sizes}
        _measure_stages(corpora[options.sizes[0]], folder)
        databases = _measure_imports(corpora, options.jobs, folder)
        _measure_pages(databases, options.requests, folder)
    sys.stdout.flush()
    # It uses another database, so it needs a new process.
    sys.exit(subprocess.run([sys.executable, "-m", "tests.benchmarks.reading"], check=False).returncode)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench BENCH='…'", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=ARTICLE_COUNTS, metavar="N", help="stories (1000 10000)"
    )
    parser.add_argument("--jobs", type=int, nargs="+", default=JOB_COUNTS, metavar="N", help="worker processes (1 2)")
    parser.add_argument("--requests", type=int, default=REQUESTS_PER_PAGE, metavar="N", help="for each page (100)")
    parser.add_argument("--folder", metavar="PATH", help="folder for the temporary files")
    return parser.parse_args()


def _write_corpus(folder: Path, size: int) -> Path:
    started = time.perf_counter()
    total_bytes = sum(path.stat().st_size for path in corpus.write_corpus(folder, size))
    _print_line(f"Wrote {size:,} stories, {total_bytes / 1e6:.0f} MB, in {time.perf_counter() - started:.0f} s.")
    return folder


def _measure_stages(corpus_folder: Path, folder: Path) -> None:
    result: dict[str, float] = _run_part("stages", folder / "stages", corpus_folder, STAGE_ARTICLE_COUNT)
    _print_table(
        f"Stages, one process ({result['articles']:,.0f} stories of {result['words']:.0f} words, "
        f"{result['claims']:.1f} claims each; peak memory {result['memory']:.0f} MB)",
        ("stage", "articles/s"),
        [
            ("parsing", f"{result['parsing']:,.0f}"),
            ("extraction", f"{result['extraction']:,.1f}"),
            ("extraction, of 700 words each", f"{result['of_700_words']:,.1f}"),
        ],
    )


def _measure_imports(corpora: dict[int, Path], jobs: Sequence[int], folder: Path) -> dict[int, Path]:
    """Import each corpus with each number of jobs.

    Return the last database of each size.
    """
    rows, databases = [], {}
    for size, files in corpora.items():
        for count in jobs:
            database = databases[size] = folder / f"{size}-{count}.sqlite3"
            result = _run_part("load", database, files, count)
            rows.append(
                (
                    f"{size:,}",
                    f"{count}",
                    f"{result['whole']:,.0f}",
                    f"{result['preparing']:,.0f}",
                    f"{result['writing']:,.0f}",
                    f"{result['own']:,.0f}",
                    f"{result['writer']:,.0f}",
                    f"{result['worker']:,.0f}" if count > 1 else "-",
                    f"{result['database']:,.0f}",
                    f"{result['claims']:,.0f}",
                )
            )
    _print_table(
        "Import into an empty database with import_seeds --publish --accept --jobs N. Articles/s: in total; parsing "
        "and\nextraction in one worker; writing. Peak memory in MB: of the writing process without and with mapped "
        "files;\nof the largest worker. Size of the database in MB. Number of claims.",
        ("articles", "jobs", "total", "prepare", "write", "private", "mapped", "worker", "database", "claims"),
        rows,
    )
    return databases


def _measure_pages(databases: dict[int, Path], requests: int, folder: Path) -> None:
    results: dict[int, dict[str, dict[str, float]]] = {
        size: _run_part("pages", database, requests) for size, database in databases.items()
    }
    header = ["page"]
    for size in databases:
        header += [f"queries at {size:,}", "p50 ms", "p99 ms"]
    smallest, largest = min(databases), max(databases)
    if smallest < largest:
        header.append("p50 growth")
    rows = []
    for page in next(iter(results.values())):
        row = [page]
        for pages in results.values():
            row += [f"{pages[page]['queries']:.0f}", f"{pages[page]['p50']:.1f}", f"{pages[page]['p99']:.1f}"]
        if smallest < largest:
            row.append(f"x {results[largest][page]['p50'] / results[smallest][page]['p50']:.1f}")
        rows.append(row)
    _print_table(f"Pages without an HTTP cache: {requests} requests each, one at a time, in one process", header, rows)


def _run_part(part: str, database: Path, *arguments: object) -> Any:
    """Run a part in a new process. Return the JSON that it prints."""
    print(f"  ... {part} {database.stem}", file=sys.stderr, flush=True)
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ} | {
        "ENV_FILE": "",
        "HTTPS": "false",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": f"sqlite:///{database}",
        "DATA_DIR": str(database.parent),
    }
    command = [sys.executable, "-m", f"tests.benchmarks.{part}", *map(str, arguments)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def _print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    _print_line(f"\n{title}\n")
    for row in (header, ["-" * width for width in widths], *rows):
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        _print_line("  " + "  ".join([row[0].ljust(widths[0]), *cells[1:]]))


def _print_line(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
