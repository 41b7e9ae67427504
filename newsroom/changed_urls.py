"""List the public URLs to purge from an HTTP cache after a change."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.urls import reverse

from articles.models import Article, Claim, Ledger, Topic
from record.models import LogEntry
from sources.models import Source

#: Pages that list or count everything.
OVERVIEW_URL_NAMES = (
    "home", "articles:articles", "articles:claims", "articles:sources", "articles:topics", "articles:ledgers",
    "articles:corrections", "articles:sitemap_index", "articles:news_sitemap",
)  # fmt: skip
FEED_URL_NAMES = ("article_feed", "claim_feed", "correction_feed")
FEED_FORMATS = ("atom", "rss", "json")
#: Articles of one source, and claims of one article, that are purged. Other pages expire after FRESH_SECONDS.
MAX_PAGES_PER_KIND = 500


def find_changed_paths(entries: Iterable[LogEntry]) -> list[str]:
    """Return the paths that these log entries changed, each once.

    None if readers see no change. At most seven queries.

    Filtered lists, and list pages after the first, are not included: they expire by themselves.
    """
    articles, sources = set(), set()
    for entry in entries:
        if entry.article is not None:
            articles.add(entry.article)
        elif entry.kind == Source._meta.label_lower:
            sources.add(entry.row)
    if sources:
        of_sources = Claim.objects.filter(hops__source__in=sources).order_by().values_list("article", flat=True)
        articles.update(of_sources.distinct()[:MAX_PAGES_PER_KIND])
    # Articles that readers no longer see (retracted, under embargo) are purged too.
    slugs = dict(Article.objects.filter(pk__in=articles, live__isnull=False).values_list("pk", "slug"))
    if not slugs and not sources:
        return []
    paths = [reverse(name) for name in OVERVIEW_URL_NAMES]
    paths += [reverse(f"articles:{name}", args=[format]) for name in FEED_URL_NAMES for format in FEED_FORMATS]
    for slug in slugs.values():
        paths += [reverse(f"articles:{name}", args=[slug]) for name in ("article", "ninjs", "text", "article_picture")]
    for public_id in Claim.objects.filter(article__in=slugs).values_list("public_id", flat=True)[:MAX_PAGES_PER_KIND]:
        paths += [reverse(f"articles:{name}", args=[public_id]) for name in ("claim", "annotation", "claim_picture")]
    paths += _source_paths(slugs, sources)
    for slug in Topic.objects.filter(articles__in=slugs).distinct().values_list("slug", flat=True):
        paths.append(reverse("articles:topic", args=[slug]))
        paths += [reverse("articles:topic_feed", args=[slug, format]) for format in FEED_FORMATS]
    for slug in Ledger.objects.filter(quantities__claim__article__in=slugs).distinct().values_list("slug", flat=True):
        paths += [reverse(f"articles:{name}", args=[slug]) for name in ("ledger", "ledger-image", "ledger-picture")]
        paths += [reverse("articles:ledger_feed", args=[slug, format]) for format in FEED_FORMATS]
    return list(dict.fromkeys(paths))


def _source_paths(articles: Collection[int], sources: Collection[int]) -> list[str]:
    is_changed = (
        Q(pk__in=sources) | Q(hops__claim__article__in=articles) | Q(hops_of_its_people__claim__article__in=articles)
    )
    paths = []
    for slug in Source.objects.filter(is_changed).distinct().values_list("slug", flat=True)[:MAX_PAGES_PER_KIND]:
        paths += [reverse("articles:source", args=[slug]), reverse("articles:source_picture", args=[slug])]
        paths += [reverse("articles:source_feed", args=[slug, format]) for format in FEED_FORMATS]
    return paths
