"""Read PolNeAR: articles with marked attributions (brat standoff format)."""

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
    """An article with the attributions that each annotator marked.

    `annotations` has one list per annotator, in the order of the file names.
    """

    name: str
    text: str
    annotations: list[list[MarkedAttribution]]


def read_text(path: Path) -> str:
    """Return the text of a file without newline translation, so that offsets hold."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def read_annotations(path: Path) -> list[MarkedAttribution]:
    """Return the attributions of an .ann file."""
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
    """Return the articles of one part of the corpus, by name.

    `folder` contains text/ and attributions/.
    """
    files: defaultdict[str, list[Path]] = defaultdict(list)
    for path in sorted((folder / "attributions").glob("*.ann")):
        files[re.sub(r"_[0-9a-f]{4}\.ann$", "", path.name)].append(path)
    return [
        Article(name, read_text(folder / "text" / f"{name}.txt"), [read_annotations(path) for path in paths])
        for name, paths in sorted(files.items())
    ]


def load_reviewed(path: Path) -> list[Article]:
    """Return reviewed articles from a file of `manage.py export_articles --training`.

    Only completely reviewed articles are used. Rejected claims stay unmarked, which is information too.
    """
    articles = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not row["complete"] or not row["language"].startswith("en"):
                continue
            attributions = [
                {role: sorted((start, end) for start, end in claim[role]) for role in ROLES}
                for claim in row["claims"]
                if claim["verdict"] in ("accepted", "edited")
            ]
            articles.append(Article(row["id"], row["text"], [attributions]))
    return articles


def split_held_out(articles: list[Article], every: int = 20) -> tuple[list[Article], list[Article]]:
    """Return (articles to train on, articles held out for decoding and calibration).

    Every twentieth article is held out.
    """
    held_out = [article for index, article in enumerate(articles) if index % every == every // 2]
    training = [article for index, article in enumerate(articles) if index % every != every // 2]
    return training, held_out
