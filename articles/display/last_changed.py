"""When a story, or a claim, last changed for its readers: what feeds, sitemaps and machine-readable data say.

A story changes when its words do and when it is corrected. The time at which its first revision was
stored is no change: copy is imported months after it came out.
"""

from __future__ import annotations

from datetime import datetime

from articles.models import Article, Claim


def article_updated_at(article: Article) -> datetime:
    """When a public story last changed; reads `live` and `corrected_at` (ArticleQuerySet.with_last_correction)."""
    moments = [article.published_at, getattr(article, "corrected_at", None)]
    if article.live is not None and article.live.number > 1:
        moments.append(article.live.created_at)
    return max(moment for moment in moments if moment is not None)


def claim_updated_at(claim: Claim) -> datetime:
    """When readers could first see the claim as it is: its story came out, and somebody accepted it."""
    moments = (claim.article.published_at, claim.reviewed_at)
    return max(moment for moment in moments if moment is not None)
