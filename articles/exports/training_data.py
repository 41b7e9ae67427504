"""What editors made of the claims of a story, as marked text that an extractor can learn from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from articles.models import Anchor, Claim
from articles.models.article import ArticleQuerySet

#: Articles read at a time; the export streams, however many there are.
CHUNK_ROWS = 200


def reviewed_articles(articles: ArticleQuerySet) -> Iterator[dict[str, Any]]:
    """Each article that has a judged claim: its latest text, and every judged claim's spans in it.

    Spans are code points of `text`, half-open. `verdict` is accepted, edited or rejected. Only claims that a person
    judged one by one are given, and those an editor made. `complete` says that no proposal is left to judge, so that
    what is not marked is not attributed. A claim whose words have changed since is left out.
    """
    judged = (
        Claim.objects.exclude(review=Claim.Review.PROPOSED)
        .filter(reviewed_how=Claim.ReviewMethod.DESK)
        .prefetch_related("anchors")
        .order_by("order", "id")
    )
    with_any = articles.filter(pk__in=judged.order_by().values("article"), latest__isnull=False)
    rows = with_any.select_related("latest").prefetch_related(Prefetch("claims", judged, to_attr="judged"))
    waiting = set(Claim.objects.awaiting_review().order_by().values_list("article", flat=True).distinct())
    for article in rows.order_by("pk").iterator(chunk_size=CHUNK_ROWS):
        yield {
            "id": str(article.public_id),
            "language": article.language,
            "text": article.latest.text,
            "complete": article.pk not in waiting,
            "claims": [row for claim in article.judged if (row := _claim_object(claim, article.latest_id))],
        }


def _claim_object(claim: Claim, revision: int) -> dict[str, Any] | None:
    here = [anchor for anchor in claim.anchors.all() if anchor.revision_id == revision]
    content = [anchor for anchor in here if anchor.part == Anchor.Part.CONTENT]
    if not content or any(anchor.state == Anchor.State.LOST for anchor in content):
        return None
    return {
        "verdict": claim.review,
        "extractor": claim.extractor,
        "confidence": claim.confidence,
        **{
            part: [[a.start, a.end] for a in here if a.part == part and a.state != Anchor.State.LOST]
            for part in ("source", "cue", "content")
        },
    }
