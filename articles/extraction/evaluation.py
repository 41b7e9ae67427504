"""Predictions for a corpus of marked articles, in the form that PolNeAR's scorer reads.

`python -m articles.extraction.evaluation POLNEAR/dev/text > predictions.jsonl`
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from articles.extraction import extract


def predictions(folder: Path) -> Iterator[str]:
    """A JSON line a text: offsets are code points of the file as it is. Every proposal, reporting or not."""
    for path in sorted(folder.glob("*.txt")):
        claims = [
            {
                "source": [list(span) for span in proposal.source],
                "cue": [list(span) for span in proposal.cue],
                "content": [list(span) for span in proposal.content],
                "confidence": proposal.confidence,
            }
            for proposal in extract(path.read_text(encoding="utf-8")).proposals
        ]
        yield json.dumps({"file": path.stem, "claims": claims})


if __name__ == "__main__":
    for line in predictions(Path(sys.argv[1])):
        sys.stdout.write(line + "\n")
