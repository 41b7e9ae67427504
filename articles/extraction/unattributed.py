"""What in a text wants a speaker, whether or not anything attributes it: its quotations, and its figures."""

from __future__ import annotations

from collections.abc import Sequence

from articles.extraction.details.quantities import find_quantities
from articles.extraction.document import Document
from articles.extraction.proposal import ProposedQuantity, Span


def find_quotations(text: str) -> list[Span]:
    """The quotations of a text in order, without their marks. One that goes on in the next paragraph is several."""
    return [quote.inner for quote in Document(text).quotes]


def find_unquoted_quantities(text: str) -> list[tuple[ProposedQuantity, Span]]:
    """The figures of a text that stand outside of quotations, in order, each with the sentence it stands in.

    English only, as all that reads figures is. Dates, times, ages and ordinals are no figures.
    """
    document = Document(text)
    found: list[tuple[ProposedQuantity, Span]] = []
    for sentence in document.sentences:
        span = Span(sentence.start, sentence.end)
        outside = _subtract_spans(span, [Span(quote.start, quote.end) for quote in document.quotes])
        found += ((figure, span) for figure in find_quantities(document, outside))
    return found


def _subtract_spans(span: Span, holes: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of a span without the holes."""
    left, at = [], span.start
    for hole in holes:
        if hole.end <= at or hole.start >= span.end:
            continue
        if hole.start > at:
            left.append(Span(at, hole.start))
        at = max(at, hole.end)
    if at < span.end:
        left.append(Span(at, span.end))
    return tuple(left)
