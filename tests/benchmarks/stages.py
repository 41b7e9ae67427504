"""Measure parsing and extraction in one process, without a database.

The measure is processor time, so that other programs on the machine matter less.

`python -m tests.benchmarks.stages FOLDER COUNT` prints one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from itertools import islice
from pathlib import Path

from articles import parsing
from articles.extraction import extract
from articles.extraction.details.dates import publication_day
from articles.extraction.language import detect_language
from articles.parsing import Draft

WARM_UP_ARTICLES = 3
#: Long enough for language detection, which then loads its model.
GERMAN_TEXT = "Die Brücke bleibt bis Montag geschlossen, teilte der Rat der Stadt am Abend nach der Sitzung mit. " * 2


def measure_stages(folder: Path, count: int) -> dict[str, float]:
    """Return articles a second for each stage, of `count` files, and peak MB."""
    files = [path.read_bytes() for path in islice(sorted(folder.rglob("*.txt")), count)]
    list(parsing.read_articles(files[0]))  # warm up
    started = time.process_time()
    drafts = [draft for data in files for draft in parsing.read_articles(data) if isinstance(draft, Draft)]
    parsing_seconds = time.process_time() - started
    detect_language(GERMAN_TEXT)
    for draft in drafts[:WARM_UP_ARTICLES]:
        extract(draft.text)
    started = time.process_time()
    claims = sum(len(extract(draft.text, published=publication_day(draft.published)).proposals) for draft in drafts)
    extraction_seconds = time.process_time() - started
    words = sum(len(draft.text.split()) for draft in drafts)
    return {
        "articles": len(drafts),
        "words": words / len(drafts),
        "of_700_words": words / 700 / extraction_seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "claims": claims / len(drafts),
        "parsing": len(drafts) / parsing_seconds,
        "extraction": len(drafts) / extraction_seconds,
    }


if __name__ == "__main__":
    print(json.dumps(measure_stages(Path(sys.argv[1]), int(sys.argv[2]))))
