"""Quotations: curly, straight, ''...'', running on into the next paragraph, and with marks missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from articles.extraction.proposal import Span

MARK = re.compile(r"[“”„‟«»\"＂]|''|``|‘|’")
OPENING = "“„«``‘"
CLOSING = "”»’"
#: An unclosed quotation that nothing goes on with ends with its sentence, and at the latest here.
UNCLOSED = 600
SENTENCE = re.compile(r"[.!?…](?=\s|$)")
#: Single marks quote only when they enclose at least so many words: ‘no’ is a word that somebody used.
SINGLE_WORDS = 2


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation, code points, [start, end) with its marks."""

    start: int
    end: int
    inner: Span  # without the marks
    closed: bool  # False: no closing mark was found in its paragraph
    goes_on: bool = False  # the next paragraph opens anew: the same speaker goes on


def find_quotes(text: str, paragraphs: Sequence[Span]) -> list[Quote]:
    """The quotations of a text, in order, not overlapping. A stray mark costs its own paragraph alone."""
    quotes: list[Quote] = []
    for number, paragraph in enumerate(paragraphs):
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        opens_next = (following is not None and text[following.start] in '“"„«＂') or (
            following is not None and text.startswith("''", following.start)
        )
        quotes += _in_paragraph(text, paragraph, opens_next)
    return quotes


def _in_paragraph(text: str, paragraph: Span, opens_next: bool) -> list[Quote]:
    quotes: list[Quote] = []
    opened: re.Match[str] | None = None
    for mark in MARK.finditer(text, paragraph.start, paragraph.end):
        kind = mark[0]
        if kind in ("‘", "’"):
            continue
        if opened is None:
            if _opens(text, mark, paragraph):
                opened = mark
        elif _closes(text, mark, paragraph, opened[0]):
            quotes.append(Quote(opened.start(), mark.end(), Span(opened.end(), mark.start()), closed=True))
            opened = None
        elif _opens(text, mark, paragraph) and kind != "''":
            # Opened twice without closing: the first mark was stray or its closing is missing.
            quotes += _unclosed(text, opened, mark.start())
            opened = mark
    if opened is not None:
        if opens_next:
            inner = Span(opened.end(), paragraph.end)
            quotes.append(Quote(opened.start(), paragraph.end, inner, closed=False, goes_on=True))
        else:
            quotes += _unclosed(text, opened, paragraph.end)
    if not quotes:
        quotes = _single(text, paragraph)
    return [quote for quote in quotes if quote.inner.start < quote.inner.end]


def _unclosed(text: str, opened: re.Match[str], limit: int) -> list[Quote]:
    """A quotation whose closing mark is missing: to the end of its sentence."""
    end = SENTENCE.search(text, opened.end(), min(limit, opened.end() + UNCLOSED))
    stop = end.end() if end else min(limit, opened.end() + UNCLOSED)
    return [Quote(opened.start(), stop, Span(opened.end(), stop), closed=False)] if stop > opened.end() else []


def _opens(text: str, mark: re.Match[str], paragraph: Span) -> bool:
    if mark[0] in ("“", "„", "«", "``"):
        return True
    if mark[0] in ("”", "»", "‟"):
        return False
    before = text[mark.start() - 1] if mark.start() > paragraph.start else " "
    after = text[mark.end()] if mark.end() < paragraph.end else " "
    return (before.isspace() or before in "([{—–-:/‘'") and not after.isspace()


def _closes(text: str, mark: re.Match[str], paragraph: Span, opening: str) -> bool:
    if opening in ("“", "„"):
        return mark[0] in ("”", "“" if opening == "„" else "”", '"')
    if opening == "«":
        return mark[0] == "»"
    if opening in ("``", "''"):
        return mark[0] == "''"
    if mark[0] in ("“", "„", "«", "``", "''"):
        return False
    before = text[mark.start() - 1]
    return not before.isspace() or not _opens(text, mark, paragraph)


def _single(text: str, paragraph: Span) -> list[Quote]:
    """‘British’ quotations, where a paragraph has no double marks. Apostrophes are told by their letters."""
    quotes = []
    at = paragraph.start
    while (start := text.find("‘", at, paragraph.end)) != -1:
        end = start + 1
        while (end := text.find("’", end, paragraph.end)) != -1:
            if end + 1 >= paragraph.end or not text[end + 1].isalnum():
                break
            end += 1
        if end == -1:
            break
        if len(text[start + 1 : end].split()) >= SINGLE_WORDS:
            quotes.append(Quote(start, end + 1, Span(start + 1, end), closed=True))
        at = end + 1
    return quotes
