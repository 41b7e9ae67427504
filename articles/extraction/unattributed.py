"""Find quotations and quantities that need a speaker, whether attributed or not."""

from __future__ import annotations

from collections.abc import Sequence

from articles.extraction.details.quantities import find_quantities
from articles.extraction.document import Document
from articles.extraction.proposal import ProposedQuantity, Span


def find_quotations(text: str) -> list[Span]:
    """Return the quotations of a text in order, without their marks.

    A quotation that continues in the next paragraph gives several spans.
    """
    return [quote.inner for quote in Document(text).quotes]


def find_unquoted_quantities(text: str) -> list[tuple[ProposedQuantity, Span]]:
    """Return the quantities outside of quotations in order, each with its sentence.

    English only. Dates, times, ages and ordinals are not quantities.
    """
    document = Document(text)
    found: list[tuple[ProposedQuantity, Span]] = []
    for sentence in document.sentences:
        span = Span(sentence.start, sentence.end)
        outside = _subtract_spans(span, [Span(quote.start, quote.end) for quote in document.quotes])
        found += ((quantity, span) for quantity in find_quantities(document, outside))
    return found


def _subtract_spans(span: Span, holes: Sequence[Span]) -> tuple[Span, ...]:
    """Return the parts of a span that no hole covers."""
    parts, position = [], span.start
    for hole in holes:
        if hole.end <= position or hole.start >= span.end:
            continue
        if hole.start > position:
            parts.append(Span(position, hole.start))
        position = max(position, hole.end)
    if position < span.end:
        parts.append(Span(position, span.end))
    return tuple(parts)
