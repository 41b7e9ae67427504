"""PolNeAR as it is published: articles and the attributions annotators marked in them (brat standoff)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ROLES = ("source", "cue", "content")
SpanPairs = list[tuple[int, int]]
MarkedAttribution = dict[str, SpanPairs]  # role -> its spans, code points, half-open


@dataclass(frozen=True, slots=True)
class Article:
    """One article and, for each annotator who read it (by the alphabet), what they marked."""

    name: str
    text: str
    annotations: list[list[MarkedAttribution]]


def read_text(path: Path) -> str:
    """The file as it is: no newline is translated, so that offsets hold."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def read_annotations(path: Path) -> list[MarkedAttribution]:
    """The attributions of one .ann file."""
    spans: dict[str, SpanPairs] = {}
    events: list[list[list[str]]] = []
    for line in read_text(path).split("\n"):
        parts = line.split("\t")
        if len(parts) < 2:
            continue
        if re.fullmatch(r"T\d+", parts[0]):
            pieces = [piece.split() for piece in parts[1].split(" ", 1)[1].split(";")]
            spans[parts[0]] = [(int(a), int(b)) for a, b in pieces]
        elif re.fullmatch(r"E\d+", parts[0]):
            events.append([word.split(":") for word in parts[1].split()])
    result = []
    for event in events:
        marked: MarkedAttribution = {role: [] for role in ROLES}
        for key, value in event:
            role = re.sub(r"\d+$", "", key).lower()
            if role in marked:
                marked[role].extend(spans.get(value, []))
        if any(marked.values()):
            result.append({role: sorted(found) for role, found in marked.items()})
    return result


def load_corpus(folder: Path) -> list[Article]:
    """Every article of one part (a folder with text/ and attributions/), by name."""
    files: defaultdict[str, list[Path]] = defaultdict(list)
    for path in sorted((folder / "attributions").glob("*.ann")):
        files[re.sub(r"_[0-9a-f]{4}\.ann$", "", path.name)].append(path)
    return [
        Article(name, read_text(folder / "text" / f"{name}.txt"), [read_annotations(path) for path in paths])
        for name, paths in sorted(files.items())
    ]


def load_reviewed(path: Path) -> list[Article]:
    """Articles that editors have judged, as `manage.py export_articles --training` writes them.

    Only those judged to the last claim are marked text; what was rejected is left unmarked, which tells as much.
    """
    articles = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not row["complete"] or not row["language"].startswith("en"):
                continue
            marked = [
                {role: sorted((start, end) for start, end in claim[role]) for role in ROLES}
                for claim in row["claims"]
                if claim["verdict"] in ("accepted", "edited")
            ]
            articles.append(Article(row["id"], row["text"], [marked]))
    return articles


def split_held_out(articles: list[Article], every: int = 20) -> tuple[list[Article], list[Article]]:
    """(for training, kept aside for decoding and calibration): every twentieth article is kept aside."""
    kept = [article for index, article in enumerate(articles) if index % every == every // 2]
    rest = [article for index, article in enumerate(articles) if index % every != every // 2]
    return rest, kept
