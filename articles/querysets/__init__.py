"""Every query the pages use, named. A view, feed or API never builds one of its own.

What readers may see is said here once: ArticleQuerySet.public() and ClaimQuerySet.public().
"""

from articles.querysets.articles import ArticleQuerySet
from articles.querysets.claims import AnchorQuerySet, ClaimQuerySet, GivenQuerySet, HopQuerySet
from articles.querysets.filed import CorrectionQuerySet, ImageQuerySet, ImportItemQuerySet, TopicQuerySet

__all__ = [
    "AnchorQuerySet",
    "ArticleQuerySet",
    "ClaimQuerySet",
    "CorrectionQuerySet",
    "GivenQuerySet",
    "HopQuerySet",
    "ImageQuerySet",
    "ImportItemQuerySet",
    "TopicQuerySet",
]
