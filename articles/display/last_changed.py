"""When an article or a claim last changed for readers.

An article changes with a new live revision and with a correction. The time when its first revision was stored does not
count: articles are imported months after publication.
"""

from __future__ import annotations

from datetime import datetime

from articles.models import Article, Claim


def article_updated_at(article: Article) -> datetime:
    """Return when a public article last changed.

    Reads `live`, and `corrected_at` of ArticleQuerySet.with_last_correction if present.
    """
    times = [article.published_at, getattr(article, "corrected_at", None)]
    if article.live is not None and article.live.number > 1:
        times.append(article.live.created_at)
    return max(time for time in times if time is not None)


def claim_updated_at(claim: Claim) -> datetime:
    """Return when readers could first see the claim: published, and reviewed."""
    times = (claim.article.published_at, claim.reviewed_at)
    return max(time for time in times if time is not None)
