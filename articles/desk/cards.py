"""The data that the review desk shows: cards, and the text with marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from articles.claims.filing import suggest_ledgers
from articles.desk.snapshots import snapshot_version, take_snapshot, with_parts
from articles.display.formatting import describe_bounds
from articles.models import Anchor, Article, Claim, Hop, Ledger, Quantity
from articles.text.body import Mark, marked_blocks
from articles.text.numbers import plain_decimal
from sources.models import Source

#: A card or a block, as the desk's scripts read it.
Data = dict[str, Any]
#: Ledgers to choose from at the desk. A newsroom that has more can add figures on the page of the ledger.
MAX_LEDGERS = 500
MAX_SHORT_STATEMENT_CHARS = 60


def build_cards(article: Article, claims: Sequence[int] | None = None) -> list[Data]:
    """Return the cards of claims in the order of the text. Seven queries.

    `claims` limits them to some of the article's claims.
    """
    rows = with_parts(article.claims.all())
    if claims is not None:
        rows = rows.filter(pk__in=claims)
    ledgers = list(Ledger.objects.order_by("name")[:MAX_LEDGERS])
    return [build_card(claim, article, ledgers) for claim in rows.order_by("order", "id")]


def build_card(claim: Claim, article: Article, ledgers: Sequence[Ledger] = ()) -> Data:
    """Return all that a card shows of a claim that was read `with_parts`.

    Offsets are code points of the latest revision. `ledgers` are those that can be suggested for its figures.
    """
    claim.article = article
    anchors = [
        anchor
        for anchor in claim.anchors.all()
        if anchor.revision_id == article.latest_id and anchor.part == Anchor.Part.CONTENT
    ]
    found_anchors = [anchor for anchor in anchors if anchor.state != Anchor.State.LOST]
    return {
        "id": claim.pk,
        "version": snapshot_version(take_snapshot(claim)),
        "order": claim.order,
        "statement": claim.statement,
        "form": claim.form,
        "modality": claim.modality,
        "cue": claim.cue,
        "stated_from": claim.stated_from.isoformat() if claim.stated_from else "",
        "stated_to": claim.stated_to.isoformat() if claim.stated_to else "",
        "stated_words": claim.stated_words,
        "review": claim.review,
        "how": claim.reviewed_how,
        "reviewed_by": claim.reviewed_by.get_username() if claim.reviewed_by else "",
        "reviewed_at": claim.reviewed_at.isoformat() if claim.reviewed_at else "",
        "extractor": claim.extractor,
        "confidence": claim.confidence,
        "reporting": claim.reporting,
        "hops": [_hop_data(hop) for hop in sorted(claim.hops.all(), key=lambda hop: hop.position)],
        "figures": [
            _quantity_data(quantity, claim, ledgers)
            for quantity in sorted(claim.quantities.all(), key=lambda quantity: (quantity.order, quantity.pk))
        ],
        "spans": [[anchor.start, anchor.end] for anchor in sorted(found_anchors, key=lambda anchor: anchor.start)],
        "lost": len(found_anchors) < len(anchors) or not anchors,
    }


def build_text_blocks(article: Article) -> list[Data]:
    """Return the latest text in blocks with marked claims. Two queries.

    A block has its HTML and its offsets. The key of a mark is "c" and the claim's id. Marks of overlapping
    claims are nested or split.
    """
    if article.latest is None:
        return []
    length = len(article.latest.text)
    anchors = (
        Anchor.objects.filter(revision=article.latest, claim__article=article, part=Anchor.Part.CONTENT)
        .exclude(state=Anchor.State.LOST)
        .filter(end__lte=length)
        .order_by("start", "-end", "claim_id")
    )
    marks = [Mark(f"c{anchor.claim_id}", anchor.start, anchor.end, "claim") for anchor in anchors]
    return [
        {"html": block.html, "start": block.start, "end": block.end}
        for block in marked_blocks(article.latest.body, marks)
    ]


def source_data(source: Source) -> Data:
    return {"id": source.pk, "name": source.name, "kind": source.kind, "kind_name": source.get_kind_display()}


def _hop_data(hop: Hop) -> Data:
    return {
        "source": source_data(hop.source) if hop.source else None,
        "unnamed": hop.unnamed,
        "mention": hop.mention,
        "verb": hop.verb,
        "explicit": hop.explicit,
        "organisation": source_data(hop.organisation) if hop.organisation else None,
    }


def _quantity_data(quantity: Quantity, claim: Claim, ledgers: Sequence[Ledger]) -> Data:
    quantity.claim = claim  # suggest_ledgers compares the subject of its article
    return {
        "id": quantity.pk,
        "raw": quantity.raw,
        "counts": quantity.counts,
        "unit": quantity.unit,
        "lower": "" if quantity.lower is None else str(plain_decimal(quantity.lower)),
        "upper": "" if quantity.upper is None else str(plain_decimal(quantity.upper)),
        "bounds": describe_bounds(quantity),
        "lower_inclusive": quantity.lower_inclusive,
        "upper_inclusive": quantity.upper_inclusive,
        "approximate": quantity.approximate,
        "ledger": quantity.ledger_id,
        "suggested": [ledger.pk for ledger in suggest_ledgers(quantity, ledgers)],
    }


def shorten_statement(statement: str) -> str:
    """Return a statement in quotation marks, short enough for a sentence."""
    text = " ".join(statement.split())
    if len(text) > MAX_SHORT_STATEMENT_CHARS:
        text = text[: MAX_SHORT_STATEMENT_CHARS - 1].rstrip() + "…"
    return _("“%s”") % text
