"""What the desk shows: a card a claim, and the story's text with every claim marked in place."""

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

#: A card or a block as plain data, as the desk's scripts read it.
Data = dict[str, Any]
#: Ledgers to choose from at the desk; a house with more files at the ledger's own page.
MAX_LEDGERS = 500


def build_cards(article: Article, claims: Sequence[int] | None = None) -> list[Data]:
    """Cards of a story's claims, or of these of them, in the order of the text: six queries."""
    rows = with_parts(article.claims.all())
    if claims is not None:
        rows = rows.filter(pk__in=claims)
    known = list(Ledger.objects.order_by("name")[:MAX_LEDGERS])
    return [build_card(claim, article, known) for claim in rows.order_by("order", "id")]


def build_card(claim: Claim, article: Article, known: Sequence[Ledger] = ()) -> Data:
    """All that a card shows of a claim that came `with_parts`. Offsets are code points of the latest revision.

    `known` are the ledgers that its figures may belong under.
    """
    claim.article = article
    here = [anchor for anchor in claim.anchors.all() if anchor.revision_id == article.latest_id]
    content = sorted((a for a in here if a.part == Anchor.Part.CONTENT), key=lambda anchor: anchor.start)
    standing = [anchor for anchor in content if anchor.state != Anchor.State.LOST]
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
            _quantity_data(row, claim, known)
            for row in sorted(claim.quantities.all(), key=lambda row: (row.order, row.pk))
        ],
        "spans": [[anchor.start, anchor.end] for anchor in standing],
        "lost": len(standing) < len(content) or not content,
    }


def build_text_blocks(article: Article) -> list[Data]:
    """The latest text in blocks, each with its HTML and where it stands; every standing claim is marked. Two queries.

    A mark's key is "c" and the claim's id; overlapping claims' marks nest or are written in pieces.
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


def _quantity_data(row: Quantity, claim: Claim, known: Sequence[Ledger]) -> Data:
    row.claim = claim  # with its story, which says what the figure is about
    return {
        "id": row.pk,
        "raw": row.raw,
        "counts": row.counts,
        "unit": row.unit,
        "lower": "" if row.lower is None else str(plain_decimal(row.lower)),
        "upper": "" if row.upper is None else str(plain_decimal(row.upper)),
        "lower_inclusive": row.lower_inclusive,
        "upper_inclusive": row.upper_inclusive,
        "approximate": row.approximate,
        "bounds": describe_bounds(row),
        "ledger": row.ledger_id,
        "suggested": [ledger.pk for ledger in suggest_ledgers(row, known)],
    }


def shorten_statement(statement: str) -> str:
    """A statement as it is named in a sentence."""
    words = " ".join(statement.split())
    return _("“%s”") % (words if len(words) <= 60 else words[:59].rstrip() + "…")
