"""Export articles in the exchange format. `articles.parsing.exchange` reads it.

Paragraphs are the blocks of the plain text, so anchors count in the exported text. The format has no headings, links
or emphasis; they are lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from articles.models import Anchor, Article, Claim, Hop, Quantity
from articles.models.article import ArticleQuerySet

#: Articles read at a time. The export streams any number of them.
CHUNK_ROWS = 200

Json = dict[str, Any]


def export_articles(articles: ArticleQuerySet, *, proposed: bool = False, public: bool = False) -> Iterator[Json]:
    """Yield each article in the exchange format, in order of publication.

    Articles without a date come first; equal ones are in order of their ids. `public` exports the live revision and
    what readers may see of it. Otherwise the latest revision is exported with the accepted and edited claims; `proposed`
    adds the proposed and rejected ones.
    """
    rows = articles.for_export().order_by("published_at", "id")
    for article in rows.iterator(chunk_size=CHUNK_ROWS):
        yield article_json(article, proposed=proposed, public=public)


def article_json(article: Article, *, proposed: bool = False, public: bool = False) -> Json:
    """Return one article of ArticleQuerySet.for_export. No query."""
    revision = article.live if public else article.latest
    paragraphs = revision.text.split("\n\n") if revision and revision.text else []
    claims = [
        claim_json(claim, anchors, paragraphs)
        for claim in article.claims.all()
        if _is_exported(claim, proposed=proposed, public=public)
        and (anchors := [a for a in claim.anchors.all() if revision and a.revision_id == revision.pk])
        and not (public and _has_lost_anchor(anchors))
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
            {"credit": image.credit, "caption": image.caption, "alt": image.alt, "url": image.original_url or None}
            for image in article.images.all()
        ],
        "paragraphs": paragraphs,
        "related": [{"title": link.title, "url": link.url or None} for link in article.related_links.all()],
        "original_url": article.original_url or None,
        "topics": [topic.name for topic in article.topics.all()],
        "corrections": [
            {"kind": correction.kind, "note": correction.note} for correction in list(article.corrections.all())[::-1]
        ],
        "claims": claims,
        "warnings": [] if public else _warnings(article),
    }


def claim_json(claim: Claim, anchors: list[Anchor], paragraphs: list[str]) -> Json:
    """Return one claim, with its anchors in the revision that has these paragraphs.

    Lost anchors are left out: their offsets count in an older text. A claim that lost one content anchor is exported
    with none, so that an import does not show half of its words.
    """
    text = "\n\n".join(paragraphs)
    lost = _has_lost_anchor(anchors)
    anchors = [
        anchor
        for anchor in anchors
        if anchor.state != Anchor.State.LOST and not (lost and anchor.part == Anchor.Part.CONTENT)
    ]
    content = [anchor for anchor in anchors if anchor.part == Anchor.Part.CONTENT]
    stated_from = claim.stated_from.isoformat() if claim.stated_from else None
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
        "stated_on": stated_from if claim.stated_from == claim.stated_to else None,
        "stated_from": stated_from,
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


def _has_lost_anchor(anchors: list[Anchor]) -> bool:
    """Return whether words of a claim are gone.

    ClaimQuerySet.public() hides such claims too.
    """
    content = [anchor for anchor in anchors if anchor.part == Anchor.Part.CONTENT]
    return not content or any(anchor.state == Anchor.State.LOST for anchor in content)


def published_json(article: Article) -> str | None:
    """Return the time of publication, or the date if only the day is known."""
    if article.published_at is None:
        return None
    if article.published_precision == Article.Precision.DAY:
        return article.published_at.date().isoformat()
    return article.published_at.isoformat()


def hop_json(hop: Hop) -> Json:
    """Return one hop. Reads its source and organisation."""
    return {
        "source": hop.source.name if hop.source else hop.mention,
        "kind": hop.source.kind if hop.source else "anonymous",
        "mention": hop.mention,
        "verb": hop.verb,
        "explicit": hop.explicit,
        "organisation": hop.organisation.name if hop.organisation else None,
        **({} if hop.source else {"unnamed": hop.unnamed}),
    }


def quantity_json(quantity: Quantity) -> Json:
    """Return one figure: its words in the text, and the bounds they mean."""
    return {
        "raw": quantity.raw,
        "counts": quantity.counts,
        "unit": quantity.unit,
        "lower": _json_number(quantity.lower),
        "upper": _json_number(quantity.upper),
        "lower_inclusive": quantity.lower_inclusive,
        "upper_inclusive": quantity.upper_inclusive,
        "approximate": quantity.approximate,
    }


def _json_number(bound: Decimal | None) -> int | float | None:
    if bound is None:
        return None
    return int(bound) if bound == bound.to_integral_value() else float(bound)


def _warnings(article: Article) -> list[Json]:
    """Return the warnings of the first import of the article."""
    items = list(article.import_items.all())
    return list(items[0].warnings) if items else []
