"""Sitemaps for search engines, in chunks by primary key, and the news sitemap.

https://www.sitemaps.org/protocol.html. A chunk is a range of primary keys, so a file has at most CHUNK_ROWS URLs, a row
stays in its file, and the last file costs no more than the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.sitemaps import Sitemap
from django.core.cache import cache
from django.db.models import F, Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from articles.display.last_changed import article_updated_at, claim_updated_at
from articles.models import Article, Claim, Ledger, Topic
from articles.queries.ledgers import public_ledgers
from articles.queries.sources import readable_sources
from sources.models import Source

#: URLs in a file. The protocol allows 50,000 and 50 MB; a fifth of that is written in about a second.
CHUNK_ROWS = 10_000
#: A news sitemap has the articles of two days, at most a thousand
#: (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).
MAX_NEWS_AGE, MAX_NEWS_ARTICLES = timedelta(days=2), 1000
#: Cache key of the list of chunks, and how long it is cached.
CHUNKS_CACHE_KEY, CHUNKS_CACHE_SECONDS = "sitemap-chunks", 3600


class ChunkedSitemap(Sitemap):  # type: ignore[type-arg]
    """One chunk of a section: CHUNK_ROWS primary keys from `number` * CHUNK_ROWS."""

    limit = CHUNK_ROWS

    def __init__(self, number: int) -> None:
        self.number = number

    def rows(self) -> QuerySet[Any]:
        """Return all public rows of the section, with what `lastmod` and `location` read."""
        raise NotImplementedError

    def items(self) -> list[Any]:
        first = self.number * CHUNK_ROWS
        return list(self.rows().filter(pk__gte=first, pk__lt=first + CHUNK_ROWS).order_by("pk"))


class ArticleSitemap(ChunkedSitemap):
    def rows(self) -> QuerySet[Article]:
        return (
            Article.objects.public()
            .select_related("live")
            .with_last_correction()
            .only("slug", "published_at", "live__number", "live__created_at")
        )

    def lastmod(self, item: Article) -> datetime:
        return article_updated_at(item)


class ClaimSitemap(ChunkedSitemap):
    def rows(self) -> QuerySet[Claim]:
        return (
            Claim.objects.public().select_related("article").only("public_id", "reviewed_at", "article__published_at")
        )

    def lastmod(self, item: Claim) -> datetime:
        return claim_updated_at(item)


class SourceSitemap(ChunkedSitemap):
    def rows(self) -> QuerySet[Source]:
        return readable_sources().only("slug")


class TopicSitemap(ChunkedSitemap):
    def rows(self) -> QuerySet[Topic]:
        return Topic.objects.public()

    def lastmod(self, item: Any) -> datetime:
        newest: datetime = item.newest
        return newest


class LedgerSitemap(ChunkedSitemap):
    def rows(self) -> QuerySet[Ledger]:
        return public_ledgers()

    def lastmod(self, item: Any) -> datetime:
        last: datetime = item.last
        return last


#: The name of a section in URLs -> its sitemap.
SECTIONS: dict[str, type[ChunkedSitemap]] = {
    "stories": ArticleSitemap,
    "claims": ClaimSitemap,
    "sources": SourceSitemap,
    "topics": TopicSitemap,
    "ledgers": LedgerSitemap,
}


def cached_chunks() -> list[tuple[str, int]]:
    """Return the chunks, cached for an hour.

    `find_chunks` reads every row, and crawlers ask many times a day.
    """
    chunks = cache.get_or_set(CHUNKS_CACHE_KEY, lambda: list(find_chunks()), CHUNKS_CACHE_SECONDS)
    return cast("list[tuple[str, int]]", chunks)


def find_chunks() -> Iterator[tuple[str, int]]:
    """Yield (section, number) of each chunk with rows. One query for each section.

    Claims are counted by the index of the review queue, whether or not their article is published. A chunk with claims
    of drafts only is therefore listed, and its file is empty.
    """
    candidates: Iterable[tuple[str, QuerySet[Any]]] = (
        ("stories", Article.objects.public()),
        ("claims", Claim.objects.shown()),
        ("sources", Source.objects.current()),
        ("topics", Topic.objects.all()),
        ("ledgers", Ledger.objects.filter(quantities__isnull=False).distinct()),
    )
    for section, rows in candidates:
        for number in _chunk_numbers(rows):
            yield section, number


def _chunk_numbers(rows: QuerySet[Model]) -> list[int]:
    return list(rows.order_by().values_list(F("pk") / CHUNK_ROWS, flat=True).distinct().order_by(F("pk") / CHUNK_ROWS))


def chunk_path(section: str, number: int) -> str:
    return reverse("articles:sitemap", args=[section, number])


def news_articles() -> QuerySet[Article]:
    """Return the articles of the last two days, newest first."""
    return (
        Article.objects.public()
        .published_since(timezone.now() - MAX_NEWS_AGE)
        .for_list()
        .newest_first()[:MAX_NEWS_ARTICLES]
    )
