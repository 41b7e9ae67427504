"""Create, move, split and join claims by selected text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from articles.claims.carry_over import update_claim_order
from articles.desk.claim_fields import validate_row
from articles.desk.context import ActionContext
from articles.errors import RefusedError
from articles.extraction.assemble import detect_form
from articles.extraction.details.quantities import find_quantities
from articles.extraction.document import Document
from articles.extraction.proposal import ProposedQuantity, Span
from articles.models import Anchor, Claim, Hop, Quantity

#: Spans that one selection may have: a browser sends one for each block.
MAX_SPANS = 50
State, Part = Anchor.State, Anchor.Part


def parse_spans(context: ActionContext, spans_data: object) -> list[Span]:
    """Return selected spans in order, stripped; adjacent spans are merged.

    Offsets are code points of the latest text, [start, end). Raises RefusedError if a span is outside the text, if only
    spaces are selected, or if the text has changed.
    """
    text = context.get_text()
    if not isinstance(spans_data, list) or not 0 < len(spans_data) <= MAX_SPANS:
        raise RefusedError("no-selection", _("Select some text first."))
    spans = []
    for pair in spans_data:
        is_pair = isinstance(pair, list) and len(pair) == 2 and all(type(offset) is int for offset in pair)
        if not is_pair or not 0 <= pair[0] < pair[1] <= len(text):
            raise RefusedError("no-selection", _("The selection is not in the story's text."))
        span = _strip_span(text, *pair)
        if span.start < span.end:
            spans.append(span)
    if not spans:
        raise RefusedError("no-selection", _("Select some text first."))
    return _merge_spans(spans)


def create_claim(context: ActionContext, spans_data: object) -> Claim:
    """Create a claim of the selected text, with its form and figures, no speaker."""
    spans = parse_spans(context, spans_data)
    document = Document(context.get_text())
    claim = Claim(
        article=context.article,
        order=spans[0].start,
        statement=_build_statement(context.get_text(), spans),
        form=detect_form(document, spans),
    )
    claim.save()
    context.add_created_claim(claim)
    set_anchors(context, claim, spans)
    _save_quantities(claim, find_quantities(document, tuple(spans)))
    return claim


def move_part(context: ActionContext, claim: Claim, spans_data: object, part: str) -> None:
    """Move a part of a claim to the selected text.

    The statement does not change. The form, the cue or the mention does.
    """
    if part not in Part.values:
        raise RefusedError("invalid", _("A claim has no such part."))
    spans = parse_spans(context, spans_data)
    set_anchors(context, claim, spans, part)
    if part == Part.CONTENT:
        claim.form = detect_form(Document(context.get_text()), spans)
        claim.save(update_fields=["form"])
    elif part == Part.CUE:
        claim.cue = _build_statement(context.get_text(), spans)
        validate_row(claim, ["cue"], {})
        claim.save(update_fields=["cue"])
    else:
        _set_mention(context, claim, spans)


def split_claim(context: ActionContext, claim: Claim, spans_data: object) -> Claim:
    """Make the selected part of a claim a new claim with the same speakers.

    Figures go with their text.
    """
    selected = parse_spans(context, spans_data)
    current = _current_spans(context, claim)
    taken = [Span(max(a.start, b.start), min(a.end, b.end)) for a in current for b in selected]
    taken = [span for span in taken if span.start < span.end]
    remaining = _trim_spans(context.get_text(), _subtract_spans(current, taken))
    if not taken or not remaining:
        raise RefusedError("not-a-part", _("Select a part of this claim, not all of it."))
    document = Document(context.get_text())
    new_claim = Claim.objects.create(
        article=context.article,
        order=taken[0].start,
        statement=_build_statement(context.get_text(), taken),
        form=detect_form(document, taken),
        modality=claim.modality,
        cue=claim.cue,
        stated_from=claim.stated_from,
        stated_to=claim.stated_to,
        stated_words=claim.stated_words,
        reporting=claim.reporting,
    )
    context.add_created_claim(new_claim)
    _copy_hops(claim, new_claim)
    set_anchors(context, new_claim, taken)
    for part in (Part.CUE, Part.SOURCE):
        if spans := _current_spans(context, claim, part):
            set_anchors(context, new_claim, spans, part)
    set_anchors(context, claim, remaining)
    claim.statement, claim.form = _build_statement(context.get_text(), remaining), detect_form(document, remaining)
    claim.save(update_fields=["statement", "form"])
    remaining_text = _normalize_text(_build_statement(context.get_text(), remaining))
    for quantity in claim.quantities.all():
        if _normalize_text(quantity.raw) not in remaining_text:
            quantity.claim = new_claim
            quantity.save(update_fields=["claim"])
    return new_claim


def join_claims(context: ActionContext, claim: Claim, other: Claim) -> None:
    """Add another claim's text and figures. The caller rejects the other claim."""
    context.has_changed_marks = True
    first, second = sorted((claim, other), key=lambda joined: (joined.order, joined.pk))
    spans = _merge_spans(sorted([*_current_spans(context, claim), *_current_spans(context, other)]))
    claim.statement = f"{first.statement.rstrip()} {second.statement.lstrip()}"
    if spans and context.article.latest is not None:
        set_anchors(context, claim, spans)
        claim.form = detect_form(Document(context.article.latest.text), spans)
    claim.save(update_fields=["statement", "form"])
    existing = {_normalize_text(quantity.raw) for quantity in claim.quantities.all()}
    order = len(existing)
    for quantity in other.quantities.all():
        if _normalize_text(quantity.raw) not in existing:
            quantity.pk, quantity.claim, quantity.order, quantity._state.adding = None, claim, order, True
            quantity.save()
            order += 1


def set_anchors(context: ActionContext, claim: Claim, spans: Sequence[Span], part: str = Part.CONTENT) -> None:
    """Anchor a part of a claim at these spans of the latest text.

    If readers see another revision and each span's text occurs in it once, the part is anchored there too.
    """
    context.has_changed_marks = True
    article, text = context.article, context.article.latest.text if context.article.latest else ""
    claim.anchors.filter(revision=article.latest, part=part).delete()
    rows = [Anchor(claim=claim, revision=article.latest, part=part, start=s, end=e) for s, e in spans]
    live = article.live
    if live is not None and live != article.latest:
        starts = [live.text.find(text[s:e]) for s, e in spans]
        is_unique = all(
            at != -1 and live.text.find(text[s:e], at + 1) == -1 for at, (s, e) in zip(starts, spans, strict=True)
        )
        if is_unique:
            claim.anchors.filter(revision=live, part=part).delete()
            rows += [
                Anchor(claim=claim, revision=live, part=part, start=at, end=at + e - s)
                for at, (s, e) in zip(starts, spans, strict=True)
            ]
    Anchor.objects.bulk_create(rows)
    update_claim_order(claim)


def _current_spans(context: ActionContext, claim: Claim, part: str = Part.CONTENT) -> list[Span]:
    rows = claim.anchors.filter(revision=context.article.latest, part=part).exclude(state=State.LOST)
    return [Span(row.start, row.end) for row in rows.order_by("start")]


def _build_statement(text: str, spans: Sequence[Span]) -> str:
    """Return the spans' text on one line, without surrounding quotation marks."""
    statement = " ".join(" ".join(text[start:end].split()) for start, end in spans)
    bare = re.sub(r"^[“\"«„](.+?)[”\"»“],?$", r"\1", statement)
    return bare if not re.search(r"[“”\"«»„]", bare) else statement


def _set_mention(context: ActionContext, claim: Claim, spans: Sequence[Span]) -> None:
    """Set the mention of the last hop, the speaker whom the story quotes."""
    hop = claim.hops.order_by("position").last()
    if hop is not None:
        hop.mention = _build_statement(context.get_text(), spans)
        validate_row(hop, ["mention"], {})
        hop.save(update_fields=["mention"])


def _copy_hops(claim: Claim, new_claim: Claim) -> None:
    hops = list(claim.hops.order_by("position"))
    for hop in hops:
        hop.pk, hop.claim, hop._state.adding = None, new_claim, True
    Hop.objects.bulk_create(hops)


def _save_quantities(claim: Claim, proposed: Sequence[ProposedQuantity]) -> None:
    for order, figure in enumerate(proposed):
        quantity = Quantity(
            claim=claim,
            order=order,
            raw=figure.raw,
            counts=figure.counts,
            unit=figure.unit,
            lower=figure.lower,
            upper=figure.upper,
            lower_inclusive=figure.lower_inclusive,
            upper_inclusive=figure.upper_inclusive,
            approximate=figure.approximate,
        )
        quantity.save()


def _merge_spans(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged


def _subtract_spans(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    remaining = list(spans)
    for start, end in taken:
        remaining = [
            piece
            for span in remaining
            for piece in (Span(span.start, min(span.end, start)), Span(max(span.start, end), span.end))
            if piece.start < piece.end
        ]
    return remaining


def _trim_spans(text: str, spans: Sequence[Span]) -> list[Span]:
    """Strip the spaces around each span; drop spans without a letter or digit."""
    return [
        _strip_span(text, start, end)
        for start, end in spans
        if any(character.isalnum() for character in text[start:end])
    ]


def _strip_span(text: str, start: int, end: int) -> Span:
    selected = text[start:end]
    return Span(start + len(selected) - len(selected.lstrip()), end - len(selected) + len(selected.rstrip()))


def _normalize_text(text: str) -> str:
    return " ".join(text.casefold().split())
