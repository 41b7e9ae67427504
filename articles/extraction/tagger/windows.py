"""Split a text into the windows that the network reads.

A window holds word pieces, their offsets, and features that the encoder cannot see. The encoder knows lower-case
words only, so `Window.features` encodes case, quotation marks and paragraph starts as one small number per piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from articles.extraction.proposal import Span
from articles.extraction.tagger.wordpiece import OTHER, WordPieces

# Pieces in a window, without the two marks ([CLS], [SEP]) that the encoder needs around it.
WINDOW_PIECES = 254
# A longer paragraph, in code points, is split between words.
MAX_RUN_CHARS = 4_000

OUTSIDE, INSIDE, MARK, UNCLOSED = range(4)
# feature = (case * 4 + quotation) * 2 + (1 at the first piece of a paragraph)
PADDING_FEATURE = (OTHER + 1) * 8
FEATURE_COUNT = 41

_QUOTATION_MARK = re.compile("``|''|[\"“”‟„«»]")
_OPENING = frozenset({"“", "``", "«", "„", "‟"})
_CLOSING = frozenset({"”", "»"})
_NON_SPACE = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=\S)")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*(?=\n)")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class TaggedAttribution:
    """One attribution found by the tagger. Spans are code points, half-open, in order."""

    source: tuple[Span, ...]  # empty if no source is named
    cue: tuple[Span, ...]
    content: tuple[Span, ...]  # never empty
    confidence: float  # calibrated probability that an annotator marked the same, in [0, 1]
    reporting: bool  # False: a thought, a feeling or an intention


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive paragraphs that the network reads together.

    `offsets` are code points of the whole text, half-open, one pair per piece. `words` are the indexes of the pieces
    that begin a word; only those are labelled.
    """

    pieces: list[int]
    offsets: list[tuple[int, int]]
    features: list[int]
    words: list[int]


def _opens(text: str, match: re.Match[str], is_open: bool) -> bool:
    """Return whether a mark opens a quotation.

    For straight marks, only the spaces around them tell.
    """
    mark = match.group()
    if mark in _OPENING:
        return True
    if mark in _CLOSING:
        return False
    before = text[match.start() - 1 : match.start()] if match.start() else " "
    after = text[match.end() : match.end() + 1] or " "
    if is_open and before.isspace() and not after.isspace():
        return True  # a closing mark is missing: a new quotation begins
    return not is_open


def quotation_state(text: str, runs: list[tuple[int, int]]) -> bytearray:
    """Return for each code point: OUTSIDE, INSIDE, MARK or UNCLOSED.

    UNCLOSED means after an opening mark that is never closed. A quotation ends with its paragraph (`runs`), so that
    one stray mark affects one paragraph only.
    """
    state = bytearray(len(text))
    for run_start, run_end in runs:
        quote_start: int | None = None
        marks: list[tuple[int, int]] = []
        for match in _QUOTATION_MARK.finditer(text, run_start, run_end):
            start, end = match.span()
            marks.append((start, end))
            if _opens(text, match, quote_start is not None):
                quote_start = end
            elif quote_start is not None:
                state[quote_start:start] = bytes([INSIDE]) * (start - quote_start)
                quote_start = None
        if quote_start is not None:
            state[quote_start:run_end] = bytes([UNCLOSED]) * (run_end - quote_start)
        for start, end in marks:
            state[start:end] = bytes([MARK]) * (end - start)
    return state


def _line_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs. Every line is one, except in hard-wrapped blocks."""
    starts = [0, *(match.end() for match in _EMPTY_LINE.finditer(text))]
    for start, end in pairwise([*starts, len(text)]):
        lines = [match.span() for match in _LINE.finditer(text, start, end) if not match.group().isspace()]
        if any(text[a:b].lstrip()[:1].islower() for a, b in lines[1:]):
            yield lines[0][0], lines[-1][1]  # a line that begins in lower case: the block is hard-wrapped
        else:
            yield from lines


def paragraph_ranges(text: str) -> list[tuple[int, int]]:
    """Return the ranges of the paragraphs; very long ones are split.

    Offsets are code points, half-open.
    """
    result = []
    for first, end in _line_ranges(text):
        start = first
        while end - start > MAX_RUN_CHARS:
            cut = text.rfind(" ", start + 1, start + MAX_RUN_CHARS) + 1 or start + MAX_RUN_CHARS
            result.append((start, cut))
            start = cut
        if not text[start:end].isspace():
            result.append((start, end))
    return result


@dataclass(frozen=True, slots=True)
class _Block:
    pieces: list[int]
    offsets: list[tuple[int, int]]
    features: list[int]
    begins: list[bool]

    def part(self, start: int, end: int) -> _Block:
        return _Block(
            self.pieces[start:end], self.offsets[start:end], self.features[start:end], self.begins[start:end]
        )


def _build_block(text: str, paragraph: tuple[int, int], pieces: WordPieces, state: bytearray) -> _Block:
    block = _Block([], [], [], [])
    for match in _NON_SPACE.finditer(text, *paragraph):
        word_start = match.start()
        split = pieces.split(match.group())
        block.pieces.extend(split.piece_ids)
        block.begins.extend(split.begins)
        for (start, end), case in zip(split.offsets, split.cases, strict=True):
            block.offsets.append((word_start + start, word_start + end))
            block.features.append((case * 4 + state[word_start + start]) * 2)
    if block.features:
        block.features[0] += 1
    return block


def _split_block(text: str, block: _Block, limit: int) -> Iterator[_Block]:
    """Yield a block in parts that fit a window, split at sentence ends if possible."""
    start = 0
    while len(block.pieces) - start > limit:
        last = start + limit
        low, high = block.offsets[start][0], block.offsets[last][0]
        ends = [match.end() for match in _SENTENCE_END.finditer(text, low, high)]
        cut = last
        if ends and ends[-1] > low + (high - low) // 2:
            cut = next(i for i in range(start + 1, last + 1) if block.offsets[i][0] >= ends[-1] or i == last)
        else:
            while cut > start + 1 and not block.begins[cut]:
                cut -= 1
            if cut == start + 1:
                cut = last
        yield block.part(start, cut)
        start = cut
    yield block.part(start, len(block.pieces))


def build_windows(text: str, pieces: WordPieces, limit: int = WINDOW_PIECES) -> list[Window]:
    """Return the text as windows of whole paragraphs, as full as possible, in order.

    `limit` is the maximum number of pieces in a window.
    """
    paragraphs = paragraph_ranges(text)
    quotation_states = quotation_state(text, paragraphs)
    result: list[Window] = []
    current = _Block([], [], [], [])

    def close() -> None:
        nonlocal current
        if current.pieces:
            words = [i for i, begins in enumerate(current.begins) if begins]
            result.append(Window(current.pieces, current.offsets, current.features, words))
        current = _Block([], [], [], [])

    for paragraph in paragraphs:
        for block in _split_block(text, _build_block(text, paragraph, pieces, quotation_states), limit):
            if len(current.pieces) + len(block.pieces) > limit:
                close()
            current.pieces.extend(block.pieces)
            current.offsets.extend(block.offsets)
            current.features.extend(block.features)
            current.begins.extend(block.begins)
    close()
    return result
