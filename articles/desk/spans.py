"""Where a claim stands: a new one from selected words, a claim anchored anew, one split in two, two joined."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from articles.claims.carry_over import keep_order
from articles.desk.claim_fields import clean
from articles.desk.context import Work
from articles.errors import RefusedError
from articles.extraction.assemble import form_of
from articles.extraction.details.quantities import quantities
from articles.extraction.document import Document
from articles.extraction.proposal import ProposedQuantity, Span
from articles.models import Anchor, Claim, Hop, Quantity

#: Pieces that one selection may have: one a block, and nobody selects so many.
PIECES = 50
State, Part = Anchor.State, Anchor.Part


def spans_of(work: Work, given: object) -> list[Span]:
    """Selected places, code points of the latest text, [start, end), in order and joined where they meet.

    Raises RefusedError for places beyond the text, for blank ones, and where the text is not what was selected in.
    """
    text = work.text()
    if not isinstance(given, list) or not 0 < len(given) <= PIECES:
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
    return _merged(spans)


def make(work: Work, given: object) -> Claim:
    """A new claim of selected words: its form and its figures are read from them, who said it is not."""
    spans = spans_of(work, given)
    document = Document(work.text())
    claim = Claim(
        article=work.article,
        order=spans[0].start,
        statement=_statement(work.text(), spans),
        form=form_of(document, spans),
    )
    claim.save()
    work.made(claim)
    anchor(work, claim, spans)
    _save_figures(claim, quantities(document, tuple(spans)))
    return claim


def move(work: Work, claim: Claim, given: object, part: str) -> None:
    """Let a part of a claim stand at selected words. Its statement stays; its form follows the words."""
    if part not in Part.values:
        raise RefusedError("invalid", _("A claim has no such part."))
    spans = spans_of(work, given)
    anchor(work, claim, spans, part)
    if part == Part.CONTENT:
        claim.form = form_of(Document(work.text()), spans)
        claim.save(update_fields=["form"])
    elif part == Part.CUE:
        claim.cue = _statement(work.text(), spans)
        clean(claim, ["cue"], {})
        claim.save(update_fields=["cue"])
    else:
        _set_mention(work, claim, spans)


def split(work: Work, claim: Claim, given: object) -> Claim:
    """The selected part of a claim's words becomes a claim of its own, said by the same; the rest stays."""
    chosen = spans_of(work, given)
    standing = _standing(work, claim)
    taken = [Span(max(a.start, b.start), min(a.end, b.end)) for a in standing for b in chosen]
    taken = [span for span in taken if span.start < span.end]
    left = _trimmed(work.text(), _without(standing, taken))
    if not taken or not left:
        raise RefusedError("not-a-part", _("Select a part of this claim's words, and leave a part of them."))
    document = Document(work.text())
    made = Claim.objects.create(
        article=work.article,
        order=taken[0].start,
        statement=_statement(work.text(), taken),
        form=form_of(document, taken),
        modality=claim.modality,
        cue=claim.cue,
        stated_from=claim.stated_from,
        stated_to=claim.stated_to,
        stated_words=claim.stated_words,
        reporting=claim.reporting,
    )
    work.made(made)
    _copy_hops(claim, made)
    anchor(work, made, taken)
    for part in (Part.CUE, Part.SOURCE):
        if spans := _standing(work, claim, part):
            anchor(work, made, spans, part)
    anchor(work, claim, left)
    claim.statement, claim.form = _statement(work.text(), left), form_of(document, left)
    claim.save(update_fields=["statement", "form"])
    here = _normal(_statement(work.text(), left))
    for row in claim.quantities.all():
        if _normal(row.raw) not in here:
            row.claim = made
            row.save(update_fields=["claim"])
    return made


def join(work: Work, claim: Claim, other: Claim) -> None:
    """Add another claim's words and figures to a claim. The other is left to be rejected by the caller."""
    work.text_marked_anew = True
    first, second = sorted((claim, other), key=lambda one: (one.order, one.pk))
    spans = _merged(sorted([*_standing(work, claim), *_standing(work, other)]))
    claim.statement = f"{first.statement.rstrip()} {second.statement.lstrip()}"
    if spans and work.article.latest is not None:
        anchor(work, claim, spans)
        claim.form = form_of(Document(work.article.latest.text), spans)
    claim.save(update_fields=["statement", "form"])
    known = {_normal(row.raw) for row in claim.quantities.all()}
    last = len(known)
    for row in other.quantities.all():
        if _normal(row.raw) not in known:
            row.pk, row.claim, row.order, row._state.adding = None, claim, last, True
            row.save()
            last += 1


def anchor(work: Work, claim: Claim, spans: Sequence[Span], part: str = Part.CONTENT) -> None:
    """Let a part of a claim stand at these places of the latest text; and of what readers see, where it is another
    text and every piece stands in it once.
    """
    work.text_marked_anew = True
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
    keep_order(claim)


def _standing(work: Work, claim: Claim, part: str = Part.CONTENT) -> list[Span]:
    rows = claim.anchors.filter(revision=work.article.latest, part=part).exclude(state=State.LOST)
    return [Span(row.start, row.end) for row in rows.order_by("start")]


def _statement(text: str, spans: Sequence[Span]) -> str:
    """The words at these places as one line, without the quotation marks around the whole."""
    words = " ".join(" ".join(text[start:end].split()) for start, end in spans)
    bare = re.sub(r"^[“\"«„](.+?)[”\"»“],?$", r"\1", words)
    return bare if not re.search(r"[“”\"«»„]", bare) else words


def _set_mention(work: Work, claim: Claim, spans: Sequence[Span]) -> None:
    """The words that name the speaker are those of the last hop."""
    last = claim.hops.order_by("position").last()
    if last is not None:
        last.mention = _statement(work.text(), spans)
        clean(last, ["mention"], {})
        last.save(update_fields=["mention"])


def _copy_hops(claim: Claim, made: Claim) -> None:
    rows = list(claim.hops.order_by("position"))
    for row in rows:
        row.pk, row.claim, row._state.adding = None, made, True
    Hop.objects.bulk_create(rows)


def _save_figures(claim: Claim, found: Sequence[ProposedQuantity]) -> None:
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


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged


def _without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    left = list(spans)
    for start, end in taken:
        left = [
            piece
            for span in left
            for piece in (Span(span.start, min(span.end, start)), Span(max(span.start, end), span.end))
            if piece.start < piece.end
        ]
    return left


def _trimmed(text: str, spans: Sequence[Span]) -> list[Span]:
    """Places without the white space at their ends; one that has no letter or number in it is none."""
    kept = []
    for start, end in spans:
        words = text[start:end]
        if any(character.isalnum() for character in words):
            kept.append(Span(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())))
    return kept


def _normal(words: str) -> str:
    return " ".join(words.casefold().split())
