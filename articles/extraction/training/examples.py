"""Training examples: windows with their labels and links, varied a little each time they are read."""

from __future__ import annotations

import random
from dataclasses import dataclass

from articles.extraction.tagger.windows import PADDING_FEATURE, WINDOW_PIECES, build_windows
from articles.extraction.tagger.wordpiece import END_PIECE, START_PIECE, WordPieces
from articles.extraction.training.corpus import ROLES, Article, MarkedAttribution

IGNORED_LABEL = -100
# How often an article is read with its quotation marks in another style, and with one of them lost.
RESTYLE_PROBABILITY, LOST_MARK_PROBABILITY = 0.3, 0.1
QUOTE_STYLES = (("“", "”"), ('"', '"'), ("''", "''"), ("«", "»"))
MASKED_SHARE = 0.04  # share of pieces hidden behind [MASK]


@dataclass(frozen=True, slots=True)
class Example:
    """One window between its two marks; indexes count pieces, [CLS] being 0."""

    pieces: list[int]
    features: list[int]
    labels: list[int]
    links: list[tuple[int, list[int], list[int]]]  # cue, source pieces, content pieces


def vary_quotation_marks(
    text: str, marked: list[MarkedAttribution], rng: random.Random
) -> tuple[str, list[MarkedAttribution]]:
    """The text with its quotation marks in another style, or one of them lost, and the spans moved along."""
    edits: dict[int, str] = {}
    open_now = False
    style = rng.choice(QUOTE_STYLES) if rng.random() < RESTYLE_PROBABILITY else None
    positions = [at for at, letter in enumerate(text) if letter in '"“”\n']
    marks = [at for at in positions if text[at] != "\n"]
    if style:
        for at in positions:
            if text[at] == "\n":
                open_now = False
                continue
            opening = text[at] == "“" or (text[at] == '"' and not open_now)
            edits[at] = style[0] if opening else style[1]
            open_now = opening
    if marks and rng.random() < LOST_MARK_PROBABILITY:
        for at in rng.sample(marks, k=min(len(marks), 2)):
            edits[at] = ""
    if not edits:
        return text, marked
    moved = [0] * (len(text) + 1)
    parts: list[str] = []
    length = 0
    for at, letter in enumerate(text):
        moved[at] = length
        part = edits.get(at, letter)
        parts.append(part)
        length += len(part)
    moved[len(text)] = length
    return "".join(parts), [
        {role: [(moved[a], moved[b]) for a, b in found if moved[a] < moved[b]] for role, found in one.items()}
        for one in marked
    ]


def build_examples(
    text: str, marked: list[MarkedAttribution], vocabulary: WordPieces, limit: int = WINDOW_PIECES
) -> list[Example]:
    """The windows of one article with what an annotator marked."""
    first, last = vocabulary.piece_id(START_PIECE), vocabulary.piece_id(END_PIECE)
    result = []
    for window in build_windows(text, vocabulary, limit):
        offsets = window.offsets
        size = len(offsets)
        raw = [0] * size
        links: list[tuple[int, list[int], list[int]]] = []
        begin, end = offsets[0][0], offsets[-1][1]
        for one in marked:
            found: dict[str, list[int]] = {role: [] for role in ROLES}
            for number, role in enumerate(ROLES):
                for start, stop in one[role]:
                    if stop <= begin or start >= end:
                        continue
                    inside = [i for i, (a, b) in enumerate(offsets) if b > a and start <= a < stop]
                    found[role].extend(inside)
                    for order, index in enumerate(inside):
                        raw[index] = 2 * number + (1 if order == 0 else 2)
            if found["cue"]:
                links.append(
                    (found["cue"][0] + 1, [i + 1 for i in found["source"]], [i + 1 for i in found["content"]])
                )
        labels = [IGNORED_LABEL] * size
        before = 0
        for index in window.words:
            label = raw[index]
            if label and label % 2 == 0 and before not in (label, label - 1):
                label -= 1  # annotators overlapped: what is left begins here
            labels[index] = before = label
        result.append(
            Example(
                [first, *window.pieces, last],
                [PADDING_FEATURE, *window.features, PADDING_FEATURE],
                [IGNORED_LABEL, *labels, IGNORED_LABEL],
                links,
            )
        )
    return result


def build_epoch(articles: list[Article], vocabulary: WordPieces, rng: random.Random) -> list[Example]:
    """One reading of all articles, in random order."""
    result: list[Example] = []
    for article in articles:
        text, marked = vary_quotation_marks(article.text, rng.choice(article.annotations), rng)
        limit = WINDOW_PIECES if rng.random() < 0.7 else rng.randint(WINDOW_PIECES // 2, WINDOW_PIECES)
        result.extend(build_examples(text, marked, vocabulary, limit))
    rng.shuffle(result)
    return result


def build_batches(found: list[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Examples of like length together, batches in random order."""
    stretch = size * 20
    groups = [sorted(found[i : i + stretch], key=lambda e: len(e.pieces)) for i in range(0, len(found), stretch)]
    result = [group[i : i + size] for group in groups for i in range(0, len(group), size)]
    rng.shuffle(result)
    return result
