"""Find quotations: curly, straight, ''...'' or single marks, also unclosed ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from articles.extraction.proposal import Span

DOUBLE_MARK = re.compile(r"[“”„‟«»\"＂]|''|``|’’|‘‘")
#: Opening marks, and the marks that close each.
CLOSING_MARKS = {"“": '”"', "„": '“”"', "«": "»", "``": "''", "‘‘": "’’", "''": "''", '"': '"”', "＂": "＂"}
#: An unclosed quotation ends with its sentence, and after this many code points at the latest.
MAX_UNCLOSED_CHARS = 600
SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")
#: Single marks at the outer level: ‘curly’, or 'straight' ones without a letter outside of them.
SINGLE_QUOTATION = re.compile(
    r"‘(?P<curly>[^‘\n]{2,2000}?)’(?![^\W_])|(?<![\w'])'(?P<straight>(?=[^\W_])[^'\n]{2,1000}?(?:'[^\W_][^'\n]{0,1000}?){0,20})"
    r"(?:(?<=[,.!?…])|(?<=[^\Ws\s]))'(?![\w'])"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation. `start` and `end` include its marks; code points, half-open."""

    start: int
    end: int
    inner: Span  # without the marks
    is_closed: bool  # False: its paragraph has no closing mark
    is_continued: bool = False  # the next paragraph opens again, so the same speaker continues


def find_quotes(text: str, paragraphs: Sequence[Span]) -> list[Quote]:
    """Return the quotations of a text, in order, not overlapping.

    A stray mark affects only its own paragraph.
    """
    quotes: list[Quote] = []
    for number, paragraph in enumerate(paragraphs):
        following = paragraphs[number + 1].start if number + 1 < len(paragraphs) else None
        double = _find_double_quotes(text, paragraph, following)
        quotes += sorted((*double, *_find_single_quotes(text, paragraph, double)), key=lambda quote: quote.start)
    return [quote for quote in quotes if quote.inner.start < quote.inner.end]


def _find_double_quotes(text: str, paragraph: Span, following: int | None) -> list[Quote]:
    """Return the quotations of a paragraph in double marks.

    `following` is the start of the next paragraph, if there is one.
    """
    quotes: list[Quote] = []
    opening: re.Match[str] | None = None
    for mark in DOUBLE_MARK.finditer(text, paragraph.start, paragraph.end):
        if opening is None:
            if _opens(text, mark, paragraph):
                opening = mark
        elif _closes(text, mark, paragraph, opening[0]):
            quotes.append(Quote(opening.start(), mark.end(), Span(opening.end(), mark.start()), is_closed=True))
            opening = None
        elif _opens(text, mark, paragraph) and mark[0] == opening[0]:
            # Two opening marks in a row: the closing mark of the first quotation is missing.
            quotes += _unclosed_quotes(text, opening, mark.start())
            opening = mark
    if opening is not None and following is not None and text.startswith(opening[0], following):
        inner = Span(opening.end(), paragraph.end)
        quotes.append(Quote(opening.start(), paragraph.end, inner, is_closed=False, is_continued=True))
    elif opening is not None:
        quotes += _unclosed_quotes(text, opening, paragraph.end)
    return quotes


def _unclosed_quotes(text: str, opening: re.Match[str], limit: int) -> list[Quote]:
    """Return a quotation without a closing mark, up to the end of its sentence."""
    latest = min(limit, opening.end() + MAX_UNCLOSED_CHARS)
    end = SENTENCE_END.search(text, opening.end(), latest)
    stop = end.end() if end else latest
    return [Quote(opening.start(), stop, Span(opening.end(), stop), is_closed=False)] if stop > opening.end() else []


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
    """Return the quotations in single marks outside of those in double marks.

    Apostrophes are recognised by the letters around them.
    """
    if "‘" not in text[paragraph.start : paragraph.end] and "'" not in text[paragraph.start : paragraph.end]:
        return []
    quotes = []
    gaps = [paragraph.start, *(edge for quote in double for edge in (quote.start, quote.end)), paragraph.end]
    for start, end in zip(gaps[::2], gaps[1::2], strict=True):
        for match in SINGLE_QUOTATION.finditer(text, start, end):
            inner = Span(*match.span(match.lastgroup or "curly"))
            quotes.append(Quote(match.start(), match.end(), inner, is_closed=True))
    return quotes
