"""Build training examples: windows with labels and links, varied in each epoch."""

from __future__ import annotations

import random
from dataclasses import dataclass

from articles.extraction.tagger.windows import PADDING_FEATURE, WINDOW_PIECES, build_windows
from articles.extraction.tagger.wordpiece import END_PIECE, START_PIECE, WordPieces
from articles.extraction.training.corpus import ROLES, Article, MarkedAttribution

IGNORED_LABEL = -100
# Share of readings with quotation marks in another style, and with some of them removed.
RESTYLE_PROBABILITY, LOST_MARK_PROBABILITY = 0.3, 0.1
QUOTE_STYLES = (("“", "”"), ('"', '"'), ("''", "''"), ("«", "»"))
MASKED_SHARE = 0.04  # share of pieces hidden behind [MASK]


@dataclass(frozen=True, slots=True)
class Example:
    """One window between its two marks. Indexes count pieces; [CLS] is 0."""

    pieces: list[int]
    features: list[int]
    labels: list[int]
    links: list[tuple[int, list[int], list[int]]]  # cue, source pieces, content pieces


def vary_quotation_marks(
    text: str, marked: list[MarkedAttribution], rng: random.Random
) -> tuple[str, list[MarkedAttribution]]:
    """Return the text with other or missing quotation marks, and adjusted spans."""
    edits: dict[int, str] = {}
    is_open = False
    style = rng.choice(QUOTE_STYLES) if rng.random() < RESTYLE_PROBABILITY else None
    positions = [offset for offset, char in enumerate(text) if char in '"“”\n']
    marks = [offset for offset in positions if text[offset] != "\n"]
    if style:
        for offset in positions:
            if text[offset] == "\n":
                is_open = False
                continue
            opening = text[offset] == "“" or (text[offset] == '"' and not is_open)
            edits[offset] = style[0] if opening else style[1]
            is_open = opening
    if marks and rng.random() < LOST_MARK_PROBABILITY:
        for offset in rng.sample(marks, k=min(len(marks), 2)):
            edits[offset] = ""
    if not edits:
        return text, marked
    new_offsets = [0] * (len(text) + 1)
    parts: list[str] = []
    length = 0
    for offset, char in enumerate(text):
        new_offsets[offset] = length
        part = edits.get(offset, char)
        parts.append(part)
        length += len(part)
    new_offsets[len(text)] = length
    return "".join(parts), [
        {
            role: [(new_offsets[a], new_offsets[b]) for a, b in spans if new_offsets[a] < new_offsets[b]]
            for role, spans in attribution.items()
        }
        for attribution in marked
    ]


def build_examples(
    text: str, marked: list[MarkedAttribution], vocabulary: WordPieces, limit: int = WINDOW_PIECES
) -> list[Example]:
    """Return the windows of one article with one annotator's labels and links."""
    first, last = vocabulary.piece_id(START_PIECE), vocabulary.piece_id(END_PIECE)
    result = []
    for window in build_windows(text, vocabulary, limit):
        offsets = window.offsets
        size = len(offsets)
        piece_labels = [0] * size
        links: list[tuple[int, list[int], list[int]]] = []
        window_start, window_end = offsets[0][0], offsets[-1][1]
        for attribution in marked:
            pieces_by_role: dict[str, list[int]] = {role: [] for role in ROLES}
            for number, role in enumerate(ROLES):
                for start, stop in attribution[role]:
                    if stop <= window_start or start >= window_end:
                        continue
                    inside = [i for i, (a, b) in enumerate(offsets) if b > a and start <= a < stop]
                    pieces_by_role[role].extend(inside)
                    for order, index in enumerate(inside):
                        piece_labels[index] = 2 * number + (1 if order == 0 else 2)
            if pieces_by_role["cue"]:
                links.append(
                    (
                        pieces_by_role["cue"][0] + 1,
                        [i + 1 for i in pieces_by_role["source"]],
                        [i + 1 for i in pieces_by_role["content"]],
                    )
                )
        labels = [IGNORED_LABEL] * size
        before = 0
        for index in window.words:
            label = piece_labels[index]
            if label and label % 2 == 0 and before not in (label, label - 1):
                label -= 1  # annotations overlapped: the rest begins a new span here
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
    """Return one reading of all articles, in random order."""
    result: list[Example] = []
    for article in articles:
        text, marked = vary_quotation_marks(article.text, rng.choice(article.annotations), rng)
        limit = WINDOW_PIECES if rng.random() < 0.7 else rng.randint(WINDOW_PIECES // 2, WINDOW_PIECES)
        result.extend(build_examples(text, marked, vocabulary, limit))
    rng.shuffle(result)
    return result


def build_batches(examples: list[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Return batches of examples with similar length, in random order."""
    group_size = size * 20
    groups = [
        sorted(examples[i : i + group_size], key=lambda e: len(e.pieces)) for i in range(0, len(examples), group_size)
    ]
    result = [group[i : i + size] for group in groups for i in range(0, len(group), size)]
    rng.shuffle(result)
    return result
