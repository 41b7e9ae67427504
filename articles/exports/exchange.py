"""Articles -> the exchange form, one JSON object each. `articles.parsing.exchange` reads it back.

Paragraphs are the blocks of the plain text, so that anchors count in what is exported. What the
form cannot say (headings, links and emphasis in a body) does not travel.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from articles.models import Anchor, Article, Claim, Hop, Quantity
from articles.models.article import ArticleQuerySet

#: Articles read at a time; the export streams, however many there are.
CHUNK_ROWS = 200

Json = dict[str, Any]


def export_articles(articles: ArticleQuerySet, *, proposed: bool = False, public: bool = False) -> Iterator[Json]:
    """Each article as the exchange form has it, in order of publication (undated first, then by id).

    `public` exports the live revision and what readers may see of it; otherwise the latest revision
    is exported, with the judged claims, and with `proposed` the proposed and rejected ones too.
    """
    rows = articles.for_export().order_by("published_at", "id")
    for article in rows.iterator(chunk_size=CHUNK_ROWS):
        yield article_json(article, proposed=proposed, public=public)


def article_json(article: Article, *, proposed: bool = False, public: bool = False) -> Json:
    """One article; reads what ArticleQuerySet.for_export prefetched, and no query more."""
    revision = article.live if public else article.latest
    paragraphs = revision.text.split("\n\n") if revision and revision.text else []
    claims = [
        claim_json(claim, standing, paragraphs)
        for claim in article.claims.all()
        if _is_exported(claim, proposed=proposed, public=public)
        and (standing := [a for a in claim.anchors.all() if revision and a.revision_id == revision.pk])
        and not (public and _has_lost_anchor(standing))
    ]
    return {
        "id": str(article.public_id),
        "slug": article.slug,
        "headline": revision.headline if revision else "",
        "summary": revision.summary if revision else "",
        "language": article.language,
        "status": article.status,
        "published_at": published_json(article),
        **({"embargo_until": article.embargo_until.isoformat()} if article.embargo_until and not public else {}),
        "dateline": article.dateline or None,
        "bylines": [byline.name for byline in article.bylines.all()],
        "agency": article.agency.name if article.agency else None,
        "publisher": article.publisher.name if article.publisher else None,
        "images": [
            {"credit": use.credit, "caption": use.caption, "alt": use.alt, "url": use.original_url or None}
            for use in article.images.all()
        ],
        "paragraphs": paragraphs,
        "related": [{"title": link.title, "url": link.url or None} for link in article.related_links.all()],
        "original_url": article.original_url or None,
        "topics": [topic.name for topic in article.topics.all()],
        "corrections": [{"kind": note.kind, "note": note.note} for note in list(article.corrections.all())[::-1]],
        "claims": claims,
        "warnings": [] if public else _warnings(article),
    }


def claim_json(claim: Claim, anchors: list[Anchor], paragraphs: list[str]) -> Json:
    """One claim with its anchors in one revision, whose paragraphs are given.

    Lost anchors are left out: their offsets count in an older text. A claim that lost a piece of its content has no
    content anchor at all, so that an import of it shows no half of it.
    """
    text = "\n\n".join(paragraphs)
    lost = _has_lost_anchor(anchors)
    anchors = [
        anchor
        for anchor in anchors
        if anchor.state != Anchor.State.LOST and not (lost and anchor.part == Anchor.Part.CONTENT)
    ]
    content = [anchor for anchor in anchors if anchor.part == Anchor.Part.CONTENT]
    said = claim.stated_from.isoformat() if claim.stated_from else None
    return {
        "id": str(claim.public_id),
        "statement": claim.statement,
        "form": claim.form,
        "modality": claim.modality,
        "cue": claim.cue,
        "review": claim.review,
        "reviewed_at": claim.reviewed_at.isoformat() if claim.reviewed_at else None,
        "reviewed_how": claim.reviewed_how,
        "confidence": claim.confidence,
        "extractor": claim.extractor,
        "reporting": claim.reporting,
        "stated_on": said if claim.stated_from == claim.stated_to else None,
        "stated_from": said,
        "stated_to": claim.stated_to.isoformat() if claim.stated_to else None,
        "stated_words": claim.stated_words,
        "paragraph": text.count("\n\n", 0, content[0].start) if content else None,
        "quotes": [text[anchor.start : anchor.end] for anchor in content],
        "anchors": [{"part": anchor.part, "start": anchor.start, "end": anchor.end} for anchor in anchors],
        "hops": [hop_json(hop) for hop in claim.hops.all()],
        "quantities": [quantity_json(quantity) for quantity in claim.quantities.all()],
    }


def _is_exported(claim: Claim, *, proposed: bool, public: bool) -> bool:
    return claim.review in Claim.SHOWN_REVIEWS or (proposed and not public)


def _has_lost_anchor(standing: list[Anchor]) -> bool:
    """Are any of its words gone from the text, or all? ClaimQuerySet.public() shows no such claim either."""
    content = [anchor for anchor in standing if anchor.part == Anchor.Part.CONTENT]
    return not content or any(anchor.state == Anchor.State.LOST for anchor in content)


def published_json(article: Article) -> str | None:
    """A day where only the day is known, else the minute."""
    if article.published_at is None:
        return None
    if article.published_precision == Article.Precision.DAY:
        return article.published_at.date().isoformat()
    return article.published_at.isoformat()


def hop_json(hop: Hop) -> Json:
    """One step of a chain, its sources loaded."""
    named = hop.source is not None
    return {
        "source": hop.source.name if hop.source else hop.mention,
        "kind": hop.source.kind if hop.source else "anonymous",
        "mention": hop.mention,
        "verb": hop.verb,
        "explicit": hop.explicit,
        "organisation": hop.organisation.name if hop.organisation else None,
        **({} if named else {"unnamed": hop.unnamed}),
    }


def quantity_json(quantity: Quantity) -> Json:
    """One figure: the copy's words and the bounds they mean."""
    return {
        "raw": quantity.raw,
        "counts": quantity.counts,
        "unit": quantity.unit,
        "lower": _plain_number(quantity.lower),
        "upper": _plain_number(quantity.upper),
        "lower_inclusive": quantity.lower_inclusive,
        "upper_inclusive": quantity.upper_inclusive,
        "approximate": quantity.approximate,
    }


def _plain_number(bound: Decimal | None) -> int | float | None:
    if bound is None:
        return None
    return int(bound) if bound == bound.to_integral_value() else float(bound)


def _warnings(article: Article) -> list[Json]:
    """What was odd about the copy, as its first import item has it."""
    items = list(article.import_items.all())
    return list(items[0].warnings) if items else []
