"""Highlight the words of a query in a text, and choose the snippet to show. Pure.

The result is a list of pieces, not HTML: the template escapes and marks them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from articles.fulltext.normalize import WordSpan, word_spans
from articles.fulltext.query import Query, Term

#: Length of a snippet and of the part before its first match, in code points.
SNIPPET_CHARS, CHARS_BEFORE_MATCH = 260, 70
#: Characters between two matches that are highlighted as one.
JOINING_CHARS = (" ", "-", "\u2010", "\u2011", "\u00a0")


@dataclass(frozen=True, slots=True)
class SnippetPiece:
    """A part of a text, and whether it matches the query."""

    text: str
    is_match: bool = False


def highlight_text(text: str, query: Query) -> list[SnippetPiece]:
    """Return a whole text in pieces."""
    return _split_pieces(text, 0, len(text), _find_spans(list(word_spans(text)), query))


def build_snippet(text: str, query: Query) -> list[SnippetPiece]:
    """Return the part of a text with most matches, in pieces; its start if none."""
    spans = _find_spans(list(word_spans(text)), query)
    start, end = _best_window(text, spans)
    pieces = _split_pieces(text, start, end, [span for span in spans if start <= span[0] and span[1] <= end])
    before = [SnippetPiece("… ")] if start > 0 else []
    return [*before, *pieces, *([SnippetPiece(" …")] if end < len(text) else [])]


def _find_spans(words: Sequence[WordSpan], query: Query) -> list[tuple[int, int, Term]]:
    """Return (start, end, term) of all matches, in order, without overlaps."""
    singles: dict[str, Term] = {}
    phrases: list[Term] = []
    for term in query.terms:
        if alternatives := term.alternatives:
            singles.update(dict.fromkeys(alternatives, term))
        else:
            phrases.append(term)
    found = []
    for position, span in enumerate(words):
        if single := singles.get(span.word):
            found.append((span.start, span.end, single))
        found += [
            (span.start, words[position + len(phrase.words) - 1].end, phrase)
            for phrase in phrases
            if _is_phrase_at(phrase, words, position)
        ]
    separate: list[tuple[int, int, Term]] = []
    for match in sorted(found, key=lambda match: (match[0], -match[1])):
        if not separate or match[0] >= separate[-1][1]:
            separate.append(match)
    return separate


def _is_phrase_at(phrase: Term, words: Sequence[WordSpan], position: int) -> bool:
    if position + len(phrase.words) > len(words):
        return False
    *before, last = phrase.words
    if any(words[position + number].word != word for number, word in enumerate(before)):
        return False
    last_word = words[position + len(before)].word
    return last_word.startswith(last) if phrase.is_prefix else last_word == last


def _best_window(text: str, spans: Sequence[tuple[int, int, Term]]) -> tuple[int, int]:
    """Return start and end of the part with most terms, then most matches, then first."""
    if len(text) <= SNIPPET_CHARS:
        return 0, len(text)
    best, best_start, last = (0, 0), 0, 0
    for first, (start, _, _) in enumerate(spans):
        last = max(last, first)
        while last + 1 < len(spans) and spans[last + 1][1] <= start + SNIPPET_CHARS - CHARS_BEFORE_MATCH:
            last += 1
        inside = spans[first : last + 1]
        score = (len({term for *_, term in inside}), len(inside))
        if score > best:
            best, best_start = score, start
    start = _word_start(text, best_start - CHARS_BEFORE_MATCH) if best_start > CHARS_BEFORE_MATCH else 0
    return start, _word_end(text, min(start + SNIPPET_CHARS, len(text)))


def _word_start(text: str, position: int) -> int:
    """Return the start of a paragraph, sentence or word at or soon after a position."""
    for mark in ("\n\n", ". "):
        found = text.find(mark, position, position + CHARS_BEFORE_MATCH - 10)
        if found != -1:
            return found + 2
    space = text.find(" ", position, position + CHARS_BEFORE_MATCH - 10)
    return space + 1 if space != -1 else position


def _word_end(text: str, position: int) -> int:
    if position == len(text):
        return position
    space = text.rfind(" ", position - CHARS_BEFORE_MATCH, position)
    return space if space != -1 else position


def _split_pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int, Term]]) -> list[SnippetPiece]:
    pieces: list[SnippetPiece] = []
    position = start
    for begin, stop, _ in spans:
        if pieces and text[position:begin] in JOINING_CHARS:
            pieces[-1] = SnippetPiece(pieces[-1].text + text[position:stop], is_match=True)
        else:
            if begin > position:
                pieces.append(SnippetPiece(text[position:begin]))
            pieces.append(SnippetPiece(text[begin:stop], is_match=True))
        position = stop
    if position < end:
        pieces.append(SnippetPiece(text[position:end]))
    return pieces
