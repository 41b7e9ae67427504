"""Export reviewed claims as marked text, to train an extractor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from articles.models import Anchor, Claim
from articles.models.article import ArticleQuerySet

#: Articles read at a time. The export streams any number of them.
CHUNK_ROWS = 200


def reviewed_articles(articles: ArticleQuerySet) -> Iterator[dict[str, Any]]:
    """Yield the latest text of articles with reviewed claims, and the claims' spans.

    Spans are code points of `text`, half-open. `verdict` is accepted, edited or rejected. Only claims that a person
    reviewed one by one, or made, are included. `complete` means that no claim awaits review, so unmarked text is not
    attributed. A claim is left out if its words have changed since.
    """
    reviewed = (
        Claim.objects.exclude(review=Claim.Review.PROPOSED)
        .filter(reviewed_how=Claim.ReviewMethod.DESK)
        .prefetch_related("anchors")
        .order_by("order", "id")
    )
    rows = (
        articles.filter(pk__in=reviewed.order_by().values("article"), latest__isnull=False)
        .select_related("latest")
        .prefetch_related(Prefetch("claims", reviewed, to_attr="reviewed_claims"))
    )
    incomplete = set(Claim.objects.awaiting_review().order_by().values_list("article", flat=True).distinct())
    for article in rows.order_by("pk").iterator(chunk_size=CHUNK_ROWS):
        yield {
            "id": str(article.public_id),
            "language": article.language,
            "text": article.latest.text,
            "complete": article.pk not in incomplete,
            "claims": [row for claim in article.reviewed_claims if (row := _claim_object(claim, article.latest_id))],
        }


def _claim_object(claim: Claim, revision_id: int) -> dict[str, Any] | None:
    anchors = [anchor for anchor in claim.anchors.all() if anchor.revision_id == revision_id]
    content = [anchor for anchor in anchors if anchor.part == Anchor.Part.CONTENT]
    if not content or any(anchor.state == Anchor.State.LOST for anchor in content):
        return None
    return {
        "verdict": claim.review,
        "extractor": claim.extractor,
        "confidence": claim.confidence,
        **{
            part: [[a.start, a.end] for a in anchors if a.part == part and a.state != Anchor.State.LOST]
            for part in ("source", "cue", "content")
        },
    }
