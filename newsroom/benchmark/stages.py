"""How fast copy is parsed, and how fast claims are found in it: one process, no database, no Django.

`python -m newsroom.benchmark.stages FOLDER COUNT` prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice
from pathlib import Path

from articles import importing
from articles.extraction import extract
from articles.importing import Draft
from articles.preparing import publication_day


def measure(folder: Path, count: int) -> dict[str, float]:
    """Articles a second for each stage, over the first `count` files, read beforehand."""
    files = [path.read_bytes() for path in islice(sorted(folder.rglob("*.txt")), count)]
    list(importing.read(files[0]))  # what is loaded on first use is no part of the rate
    began = time.perf_counter()
    drafts = [draft for data in files for draft in importing.read(data) if isinstance(draft, Draft)]
    parsing = time.perf_counter() - began
    extract(drafts[0].text)
    began = time.perf_counter()
    claims = sum(len(extract(draft.text, published=publication_day(draft.published)).proposals) for draft in drafts)
    extracting = time.perf_counter() - began
    return {
        "articles": len(drafts),
        "words": sum(len(draft.text.split()) for draft in drafts) / len(drafts),
        "claims": claims / len(drafts),
        "parsing": len(drafts) / parsing,
        "extraction": len(drafts) / extracting,
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
