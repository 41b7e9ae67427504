"""Quotations: curly, straight, ''...'', single; running on into the next paragraph; with marks missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from articles.extraction.proposal import Span

DOUBLE_MARK = re.compile(r"[“”„‟«»\"＂]|''|``|’’|‘‘")
#: Marks that only ever open, and what closes each.
CLOSING_MARKS = {"“": '”"', "„": '“”"', "«": "»", "``": "''", "‘‘": "’’", "''": "''", '"': '"”', "＂": "＂"}
#: An unclosed quotation that nothing goes on with ends with its sentence, and at the latest after so much.
MAX_UNCLOSED_CHARS = 600
SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")
#: Single marks at the outer level: ‘curly’, or 'straight' ones that no letter touches from outside.
SINGLE_QUOTATION = re.compile(
    r"‘(?P<curly>[^‘\n]{2,2000}?)’(?![^\W_])|(?<![\w'])'(?P<straight>(?=[^\W_])[^'\n]{2,1000}?(?:'[^\W_][^'\n]{0,1000}?){0,20})"
    r"(?:(?<=[,.!?…])|(?<=[^\Ws\s]))'(?![\w'])"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: code points, [start, end) with its marks."""

    start: int
    end: int
    inner: Span  # without the marks
    is_closed: bool  # False: no closing mark was found in its paragraph
    is_continued: bool = False  # the next paragraph opens anew, so the same speaker goes on


def find_quotes(text: str, paragraphs: Sequence[Span]) -> list[Quote]:
    """The quotations of a text, in order, not overlapping. A stray mark costs its own paragraph alone."""
    quotes: list[Quote] = []
    for number, paragraph in enumerate(paragraphs):
        following = paragraphs[number + 1].start if number + 1 < len(paragraphs) else None
        found = _find_double_quotes(text, paragraph, following)
        quotes += sorted((*found, *_find_single_quotes(text, paragraph, found)), key=lambda quote: quote.start)
    return [quote for quote in quotes if quote.inner.start < quote.inner.end]


def _find_double_quotes(text: str, paragraph: Span, following: int | None) -> list[Quote]:
    """The quotations of a paragraph in double marks; `following` is where the next paragraph begins, if one does."""
    quotes: list[Quote] = []
    opened: re.Match[str] | None = None
    for mark in DOUBLE_MARK.finditer(text, paragraph.start, paragraph.end):
        if opened is None:
            if _opens(text, mark, paragraph):
                opened = mark
        elif _closes(text, mark, paragraph, opened[0]):
            quotes.append(Quote(opened.start(), mark.end(), Span(opened.end(), mark.start()), is_closed=True))
            opened = None
        elif _opens(text, mark, paragraph) and mark[0] == opened[0]:
            # Opened twice without closing: the closing mark of the first one is missing.
            quotes += _unclosed_quotes(text, opened, mark.start())
            opened = mark
    if opened is not None and following is not None and text.startswith(opened[0], following):
        inner = Span(opened.end(), paragraph.end)
        quotes.append(Quote(opened.start(), paragraph.end, inner, is_closed=False, is_continued=True))
    elif opened is not None:
        quotes += _unclosed_quotes(text, opened, paragraph.end)
    return quotes


def _unclosed_quotes(text: str, opened: re.Match[str], limit: int) -> list[Quote]:
    """A quotation whose closing mark is missing: to the end of its sentence."""
    farthest = min(limit, opened.end() + MAX_UNCLOSED_CHARS)
    end = SENTENCE_END.search(text, opened.end(), farthest)
    stop = end.end() if end else farthest
    return [Quote(opened.start(), stop, Span(opened.end(), stop), is_closed=False)] if stop > opened.end() else []


def _opens(text: str, mark: re.Match[str], paragraph: Span) -> bool:
    if mark[0] in ("“", "„", "«", "``", "‘‘"):
        return True
    if mark[0] in ("”", "»", "‟", "’’"):
        return False
    before = text[mark.start() - 1] if mark.start() > paragraph.start else " "
    after = text[mark.end()] if mark.end() < paragraph.end else " "
    return (before.isspace() or before in "([{—–-:/‘'…") and not after.isspace()


def _closes(text: str, mark: re.Match[str], paragraph: Span, opening: str) -> bool:
    if mark[0] not in CLOSING_MARKS.get(opening, ""):
        return False
    if mark[0] in ("”", "»", "’’", "“"):
        return True
    before = text[mark.start() - 1]
    return not before.isspace() or not _opens(text, mark, paragraph)


def _find_single_quotes(text: str, paragraph: Span, double: Sequence[Quote]) -> list[Quote]:
    """Quotations in single marks outside of those in double ones. Apostrophes are told by their letters."""
    if "‘" not in text[paragraph.start : paragraph.end] and "'" not in text[paragraph.start : paragraph.end]:
        return []
    quotes = []
    gaps = [paragraph.start, *(edge for quote in double for edge in (quote.start, quote.end)), paragraph.end]
    for start, end in zip(gaps[::2], gaps[1::2], strict=True):
        for match in SINGLE_QUOTATION.finditer(text, start, end):
            inner = Span(*match.span(match.lastgroup or "curly"))
            quotes.append(Quote(match.start(), match.end(), inner, is_closed=True))
    return quotes
