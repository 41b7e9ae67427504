"""Where a claim stands: a new one from selected words, a claim anchored anew, one split in two, two joined."""

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

#: Pieces that one selection may have: one a block, and nobody selects so many.
MAX_SPANS = 50
State, Part = Anchor.State, Anchor.Part


def parse_spans(work: ActionContext, given: object) -> list[Span]:
    """Selected places, code points of the latest text, [start, end), in order and joined where they meet.

    Raises RefusedError for places beyond the text, for blank ones, and where the text is not what was selected in.
    """
    text = work.get_text()
    if not isinstance(given, list) or not 0 < len(given) <= MAX_SPANS:
        raise RefusedError("no-selection", _("Select the words in the text first."))
    spans = []
    for pair in given:
        inside = isinstance(pair, list) and len(pair) == 2 and all(type(offset) is int for offset in pair)
        if not inside or not 0 <= pair[0] < pair[1] <= len(text):
            raise RefusedError("no-selection", _("This selection is not in the text."))
        start, end = pair
        words = text[start:end]
        start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
        if start < end:
            spans.append(Span(start, end))
    if not spans:
        raise RefusedError("no-selection", _("Select the words in the text first."))
    return _merge_spans(spans)


def create_claim(work: ActionContext, given: object) -> Claim:
    """A new claim of selected words: its form and its figures are read from them, who said it is not."""
    spans = parse_spans(work, given)
    document = Document(work.get_text())
    claim = Claim(
        article=work.article,
        order=spans[0].start,
        statement=_build_statement(work.get_text(), spans),
        form=detect_form(document, spans),
    )
    claim.save()
    work.add_created_claim(claim)
    set_anchors(work, claim, spans)
    _save_quantities(claim, find_quantities(document, tuple(spans)))
    return claim


def move_part(work: ActionContext, claim: Claim, given: object, part: str) -> None:
    """Let a part of a claim stand at selected words. Its statement stays; its form follows the words."""
    if part not in Part.values:
        raise RefusedError("invalid", _("A claim has no such part."))
    spans = parse_spans(work, given)
    set_anchors(work, claim, spans, part)
    if part == Part.CONTENT:
        claim.form = detect_form(Document(work.get_text()), spans)
        claim.save(update_fields=["form"])
    elif part == Part.CUE:
        claim.cue = _build_statement(work.get_text(), spans)
        validate_row(claim, ["cue"], {})
        claim.save(update_fields=["cue"])
    else:
        _set_mention(work, claim, spans)


def split_claim(work: ActionContext, claim: Claim, given: object) -> Claim:
    """The selected part of a claim's words becomes a claim of its own, said by the same; the rest stays."""
    chosen = parse_spans(work, given)
    standing = _current_spans(work, claim)
    taken = [Span(max(a.start, b.start), min(a.end, b.end)) for a in standing for b in chosen]
    taken = [span for span in taken if span.start < span.end]
    left = _trim_spans(work.get_text(), _subtract_spans(standing, taken))
    if not taken or not left:
        raise RefusedError("not-a-part", _("Select a part of this claim's words, and leave a part of them."))
    document = Document(work.get_text())
    made = Claim.objects.create(
        article=work.article,
        order=taken[0].start,
        statement=_build_statement(work.get_text(), taken),
        form=detect_form(document, taken),
        modality=claim.modality,
        cue=claim.cue,
        stated_from=claim.stated_from,
        stated_to=claim.stated_to,
        stated_words=claim.stated_words,
        reporting=claim.reporting,
    )
    work.add_created_claim(made)
    _copy_hops(claim, made)
    set_anchors(work, made, taken)
    for part in (Part.CUE, Part.SOURCE):
        if spans := _current_spans(work, claim, part):
            set_anchors(work, made, spans, part)
    set_anchors(work, claim, left)
    claim.statement, claim.form = _build_statement(work.get_text(), left), detect_form(document, left)
    claim.save(update_fields=["statement", "form"])
    here = _normalize_text(_build_statement(work.get_text(), left))
    for row in claim.quantities.all():
        if _normalize_text(row.raw) not in here:
            row.claim = made
            row.save(update_fields=["claim"])
    return made


def join_claims(work: ActionContext, claim: Claim, other: Claim) -> None:
    """Add another claim's words and figures to a claim. The other is left to be rejected by the caller.

    Raises RefusedError where words of one of them are lost: the joined statement would say what the text does not.
    """
    lost = Anchor.objects.filter(claim__in=(claim, other), revision=work.article.latest, part=Part.CONTENT)
    if lost.filter(state=State.LOST).exists():
        raise RefusedError(
            "lost",
            _("Not joined: words of one of these claims are not in the text any more. Select their new place first."),
        )
    work.has_changed_marks = True
    first, second = sorted((claim, other), key=lambda one: (one.order, one.pk))
    spans = _merge_spans(sorted([*_current_spans(work, claim), *_current_spans(work, other)]))
    claim.statement = f"{first.statement.rstrip()} {second.statement.lstrip()}"
    if spans and work.article.latest is not None:
        set_anchors(work, claim, spans)
        claim.form = detect_form(Document(work.article.latest.text), spans)
    claim.save(update_fields=["statement", "form"])
    known = {_normalize_text(row.raw) for row in claim.quantities.all()}
    last = len(known)
    for row in other.quantities.all():
        if _normalize_text(row.raw) not in known:
            row.pk, row.claim, row.order, row._state.adding = None, claim, last, True
            row.save()
            last += 1


def set_anchors(work: ActionContext, claim: Claim, spans: Sequence[Span], part: str = Part.CONTENT) -> None:
    """Let a part of a claim stand at these places of the latest text; and of what readers see, where it is another
    text and every piece stands in it once.
    """
    work.has_changed_marks = True
    article, text = work.article, work.article.latest.text if work.article.latest else ""
    claim.anchors.filter(revision=article.latest, part=part).delete()
    rows = [Anchor(claim=claim, revision=article.latest, part=part, start=s, end=e) for s, e in spans]
    live = article.live
    if live is not None and live != article.latest:
        starts = [live.text.find(text[s:e]) for s, e in spans]
        once = all(
            at != -1 and live.text.find(text[s:e], at + 1) == -1 for at, (s, e) in zip(starts, spans, strict=True)
        )
        if once:
            claim.anchors.filter(revision=live, part=part).delete()
            rows += [
                Anchor(claim=claim, revision=live, part=part, start=at, end=at + e - s)
                for at, (s, e) in zip(starts, spans, strict=True)
            ]
    Anchor.objects.bulk_create(rows)
    update_claim_order(claim)


def _current_spans(work: ActionContext, claim: Claim, part: str = Part.CONTENT) -> list[Span]:
    rows = claim.anchors.filter(revision=work.article.latest, part=part).exclude(state=State.LOST)
    return [Span(row.start, row.end) for row in rows.order_by("start")]


def _build_statement(text: str, spans: Sequence[Span]) -> str:
    """The words at these places as one line, without the quotation marks around the whole."""
    words = " ".join(" ".join(text[start:end].split()) for start, end in spans)
    bare = re.sub(r"^[“\"«„](.+?)[”\"»“],?$", r"\1", words)
    return bare if not re.search(r"[“”\"«»„]", bare) else words


def _set_mention(work: ActionContext, claim: Claim, spans: Sequence[Span]) -> None:
    """The words that name the speaker are those of the last hop."""
    last = claim.hops.order_by("position").last()
    if last is not None:
        last.mention = _build_statement(work.get_text(), spans)
        validate_row(last, ["mention"], {})
        last.save(update_fields=["mention"])


def _copy_hops(claim: Claim, made: Claim) -> None:
    rows = list(claim.hops.order_by("position"))
    for row in rows:
        row.pk, row.claim, row._state.adding = None, made, True
    Hop.objects.bulk_create(rows)


def _save_quantities(claim: Claim, found: Sequence[ProposedQuantity]) -> None:
    for order, figure in enumerate(found):
        row = Quantity(
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
        row.save()


def _merge_spans(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged


def _subtract_spans(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    left = list(spans)
    for start, end in taken:
        left = [
            piece
            for span in left
            for piece in (Span(span.start, min(span.end, start)), Span(max(span.start, end), span.end))
            if piece.start < piece.end
        ]
    return left


def _trim_spans(text: str, spans: Sequence[Span]) -> list[Span]:
    """Places without the white space at their ends; one that has no letter or number in it is none."""
    kept = []
    for start, end in spans:
        words = text[start:end]
        if any(character.isalnum() for character in words):
            kept.append(Span(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())))
    return kept


def _normalize_text(words: str) -> str:
    return " ".join(words.casefold().split())
