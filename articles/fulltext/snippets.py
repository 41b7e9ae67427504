"""What of a text a result shows, cut into pieces: those that were asked for and those between. Pure.

Pieces, not markup: a template escapes each and marks the ones it is told to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from articles.fulltext.normalize import WordSpan, word_spans
from articles.fulltext.query import Query, Term

#: How long a snippet is, in code points, and how much of it stands before its first find.
SNIPPET_CHARS, CHARS_BEFORE_MATCH = 260, 70
#: What may stand between two finds that are shown as one.
JOINING_CHARS = (" ", "-", "\u2010", "\u2011", "\u00a0")


@dataclass(frozen=True, slots=True)
class SnippetPiece:
    """Some words, and whether they were asked for."""

    text: str
    is_match: bool = False


def highlight_text(text: str, query: Query) -> list[SnippetPiece]:
    """A whole text in pieces."""
    return _split_pieces(text, 0, len(text), _find_spans(list(word_spans(text)), query))


def build_snippet(text: str, query: Query) -> list[SnippetPiece]:
    """The part of a text that has most of what was asked for, in pieces; its beginning where nothing is found."""
    spans = _find_spans(list(word_spans(text)), query)
    start, end = _best_window(text, spans)
    pieces = _split_pieces(text, start, end, [span for span in spans if start <= span[0] and span[1] <= end])
    before = [SnippetPiece("… ")] if start > 0 else []
    return [*before, *pieces, *([SnippetPiece(" …")] if end < len(text) else [])]


def _find_spans(words: Sequence[WordSpan], query: Query) -> list[tuple[int, int, Term]]:
    """(start, end, term) of everything found, in order; what overlaps an earlier find is left out."""
    singles: dict[str, Term] = {}
    runs: list[Term] = []
    for term in query.terms:
        if alternatives := term.alternatives:
            singles.update(dict.fromkeys(alternatives, term))
        else:
            runs.append(term)
    found = []
    for at, place in enumerate(words):
        if single := singles.get(place.word):
            found.append((place.start, place.end, single))
        found += [
            (place.start, words[at + len(run.words) - 1].end, run) for run in runs if _is_phrase_at(run, words, at)
        ]
    kept: list[tuple[int, int, Term]] = []
    for span in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _is_phrase_at(run: Term, words: Sequence[WordSpan], at: int) -> bool:
    if at + len(run.words) > len(words):
        return False
    *before, last = run.words
    if any(words[at + number].word != word for number, word in enumerate(before)):
        return False
    here = words[at + len(before)].word
    return here.startswith(last) if run.is_prefix else here == last


def _best_window(text: str, spans: Sequence[tuple[int, int, Term]]) -> tuple[int, int]:
    """Where the best part begins and ends: most different terms, then most finds, then the earliest."""
    if len(text) <= SNIPPET_CHARS:
        return 0, len(text)
    best, place = (0, 0), 0
    last = 0
    for first, (start, _, _) in enumerate(spans):
        last = max(last, first)
        while last + 1 < len(spans) and spans[last + 1][1] <= start + SNIPPET_CHARS - CHARS_BEFORE_MATCH:
            last += 1
        inside = spans[first : last + 1]
        worth = (len({term for *_, term in inside}), len(inside))
        if worth > best:
            best, place = worth, start
    start = _word_start(text, max(place - CHARS_BEFORE_MATCH, 0)) if place > CHARS_BEFORE_MATCH else 0
    return start, _word_end(text, min(start + SNIPPET_CHARS, len(text)))


def _word_start(text: str, at: int) -> int:
    """The beginning of a paragraph, a sentence or a word at or soon after a place."""
    for mark in ("\n\n", ". "):
        found = text.find(mark, at, at + CHARS_BEFORE_MATCH - 10)
        if found != -1:
            return found + 2
    space = text.find(" ", at, at + CHARS_BEFORE_MATCH - 10)
    return space + 1 if space != -1 else at


def _word_end(text: str, at: int) -> int:
    if at == len(text):
        return at
    space = text.rfind(" ", at - CHARS_BEFORE_MATCH, at)
    return space if space != -1 else at


def _split_pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int, Term]]) -> list[SnippetPiece]:
    pieces: list[SnippetPiece] = []
    at = start
    for begin, stop, _ in spans:
        if pieces and text[at:begin] in JOINING_CHARS:  # found side by side: one piece
            pieces[-1] = SnippetPiece(pieces[-1].text + text[at:stop], is_match=True)
        else:
            if begin > at:
                pieces.append(SnippetPiece(text[at:begin]))
            pieces.append(SnippetPiece(text[begin:stop], is_match=True))
        at = stop
    if at < end:
        pieces.append(SnippetPiece(text[at:end]))
    return pieces
