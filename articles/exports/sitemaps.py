"""What search engines are told of: sitemaps in chunks by row number, and the stories of the last two days.

https://www.sitemaps.org/protocol.html. A chunk is a range of primary keys: a file holds at most CHUNK addresses by
construction, a row never moves from one file to another, and the last file costs what the first does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

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

#: Addresses a file; the protocol allows 50,000 and 50 MB, and a fifth of that is written in about a second.
CHUNK_ROWS = 10_000
#: A news sitemap has the stories of two days, and at most a thousand
#: (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).
MAX_NEWS_AGE, MAX_NEWS_ARTICLES = timedelta(days=2), 1000
#: Under which key, and for how many seconds, the list of chunks is kept.
CHUNKS_CACHE_KEY, CHUNKS_CACHE_SECONDS = "sitemap-chunks", 3600


class ChunkedSitemap(Sitemap):  # type: ignore[type-arg]
    """One chunk of a section: the rows with a primary key from `number` * CHUNK on."""

    limit = CHUNK_ROWS

    def __init__(self, number: int) -> None:
        self.number = number

    def rows(self) -> QuerySet[Any]:
        """All rows of the section that readers may see, with what `lastmod` and `location` touch."""
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


#: The name of a section in its address -> its sitemap.
SECTIONS: dict[str, type[ChunkedSitemap]] = {
    "stories": ArticleSitemap,
    "claims": ClaimSitemap,
    "sources": SourceSitemap,
    "topics": TopicSitemap,
    "ledgers": LedgerSitemap,
}


def cached_chunks() -> list[tuple[str, int]]:
    """What `chunks` gave within the last hour: it looks at every row, and crawlers ask many times a day."""
    kept: list[tuple[str, int]] | None = cache.get(CHUNKS_CACHE_KEY)
    if kept is None:
        kept = list(find_chunks())
        cache.set(CHUNKS_CACHE_KEY, kept, CHUNKS_CACHE_SECONDS)
    return kept


def find_chunks() -> Iterator[tuple[str, int]]:
    """(section, number) of every chunk with something in it; one query a section.

    For claims it asks the index of the review queue and not for each claim whether its story is out, so a
    chunk of nothing but drafts' claims is named too, and is an empty file.
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
    """The path of a chunk."""
    return reverse("articles:sitemap", args=[section, number])


def news_articles() -> QuerySet[Article]:
    """The stories of the last two days, newest first, as a list has them."""
    return (
        Article.objects.public()
        .published_since(timezone.now() - MAX_NEWS_AGE)
        .for_list()
        .newest_first()[:MAX_NEWS_ARTICLES]
    )
