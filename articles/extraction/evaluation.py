"""Measure extraction on PolNeAR with the scorer that comes with the corpus.

python -m articles.extraction.evaluation table POLNEAR               the table of `make score`
python -m articles.extraction.evaluation predictions POLNEAR/dev/text   one JSON line per article, for score.py
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from articles.extraction import Proposal, extract
from articles.extraction.assemble import assemble_proposals
from articles.extraction.attribution.attributions import find_by_rules
from articles.extraction.document import Document

Claims = list[dict[str, Any]]
#: Label of each row, and its value in the result of score.py.
TABLE_ROWS: tuple[tuple[str, Callable[[dict[str, Any]], float]], ...] = (
    ("whole", lambda score: score["whole"]["F1"]),
    ("  precision", lambda score: score["whole"]["P"]),
    ("  recall", lambda score: score["whole"]["R"]),
    ("  direct", lambda score: score["whole_by_type"]["direct"]["F1"]),
    ("  mixed", lambda score: score["whole_by_type"]["mixed"]["F1"]),
    ("  indirect", lambda score: score["whole_by_type"]["indirect"]["F1"]),
    ("exact source", lambda score: score["exact"]["source"]["F1"]),
    ("exact cue", lambda score: score["exact"]["cue"]["F1"]),
    ("exact content", lambda score: score["exact"]["content"]["F1"]),
    ("exact, all three", lambda score: score["exact"]["all"]["F1"]),
)


def predict_shipped(text: str) -> Claims:
    """Return all proposals of the shipped extractor, reporting or not."""
    return [_to_scorer_format(proposal) for proposal in extract(text, language="en").proposals]


def predict_by_rules(text: str) -> Claims:
    """Return the proposals of the rules alone (the first extractor)."""
    document = Document(text, None)
    return [_to_scorer_format(proposal) for proposal in assemble_proposals(document, find_by_rules(document))[0]]


def _to_scorer_format(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as the scorer reads it.

    The corpus marks one level: in "X said Y had said …", everything after X's cue. `last_hop_content` holds the same.
    """
    parts = {"source": proposal.source, "cue": proposal.cue, "content": proposal.last_hop_content}
    return {part: [list(span) for span in spans] for part, spans in parts.items()} | {
        "confidence": proposal.confidence
    }


def read_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each article.

    Newlines are not translated: offsets must match the files.
    """
    for path in sorted(folder.glob("*.txt")):
        yield path.stem, path.read_bytes().decode("utf-8")


def prediction_lines(folder: Path) -> Iterator[str]:
    """Yield one JSON line per article, as score.py reads it."""
    for name, text in read_texts(folder):
        yield json.dumps({"file": name, "claims": predict_shipped(text)})


def format_table(polnear: Path, part: str = "dev") -> str:
    """Return a table with the shipped extractor, human annotators and the rules.

    Each is measured on all attributions and on reporting attributions.
    """
    module = _load_scorer(polnear)
    articles = list(read_texts(polnear / part / "text"))
    heads = ("shipped", "people", "rules alone")
    lines = [
        f"PolNeAR {part}: {len(articles)} articles; F1 in per cent unless stated otherwise",
        f"{'':18s}{'all':^36s}{'reporting':^36s}",
        f"{'':18s}" + "".join(f"{head:>12s}" for head in heads * 2),
    ]
    # Human agreement is measured on the training articles that several annotators marked.
    training = polnear / "train"
    predictions = [{name: predict(text) for name, text in articles} for predict in (predict_shipped, predict_by_rules)]
    gold = str(polnear / part)
    scores = [
        [
            module.evaluate(gold, predictions[0], reporting=reporting),
            module.evaluate(str(training), human=True, reporting=reporting) if training.is_dir() else None,
            module.evaluate(gold, predictions[1], reporting=reporting),
        ]
        for reporting in (False, True)
    ]
    for label, value in TABLE_ROWS:
        cells = ["–" if score is None else f"{100 * value(score):.1f}" for row in scores for score in row]
        lines.append(f"{label:18s}" + "".join(f"{cell:>12s}" for cell in cells))
    return "\n".join(lines)


def _load_scorer(polnear: Path) -> ModuleType:
    """Import score.py from the corpus folder. Raise FileNotFoundError if missing."""
    path = polnear / "score.py"
    spec = importlib.util.spec_from_file_location("polnear_score", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    match sys.argv[1:]:
        case ["table", polnear, *part]:
            sys.stdout.write(format_table(Path(polnear), *part) + "\n")
        case ["predictions", folder]:
            sys.stdout.writelines(f"{line}\n" for line in prediction_lines(Path(folder)))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
