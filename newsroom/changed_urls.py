"""Which public addresses show something else after an act: what a cache in front of the site has to forget."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.urls import reverse

from articles.models import Article, Claim, Ledger, Topic
from record.models import LogEntry
from sources.models import Source

#: Pages that list or count all there is.
OVERVIEW_URL_NAMES = (
    "home", "articles:articles", "articles:claims", "articles:sources", "articles:topics", "articles:ledgers",
    "articles:corrections", "articles:sitemap_index", "articles:news_sitemap",
)  # fmt: skip
FEED_URL_NAMES = ("article_feed", "claim_feed", "correction_feed")
FEED_FORMATS = ("atom", "rss", "json")
#: Stories of one source, and claims of one story, whose pages are named; beyond, FRESH seconds make them new.
MAX_PAGES_PER_KIND = 500


def find_changed_paths(acts: Iterable[LogEntry]) -> list[str]:
    """Paths that some acts changed, each once; none where readers could see nothing of what was done.

    Five queries. Lists under a filter, and pages beyond the first, are not named: they are new after the seconds that
    every page may be kept.
    """
    stories, sources = set(), set()
    for act in acts:
        if act.story is not None:
            stories.add(act.story)
        elif act.kind == Source._meta.label_lower:
            sources.add(act.row)
    said_by = Claim.objects.filter(hops__source__in=sources).order_by().values_list("article", flat=True)
    stories.update(said_by.distinct()[:MAX_PAGES_PER_KIND] if sources else ())
    # What was public a moment ago and is not any more is purged too: a retracted story, one under embargo.
    known = list(Article.objects.filter(pk__in=stories, live__isnull=False).values_list("pk", "slug"))
    if not known and not sources:
        return []
    keys = [pk for pk, _ in known]
    found = [reverse(name) for name in OVERVIEW_URL_NAMES]
    found += [reverse(f"articles:{feed}", args=[form]) for feed in FEED_URL_NAMES for form in FEED_FORMATS]
    for _, slug in known:
        found += [reverse(f"articles:{name}", args=[slug]) for name in ("article", "ninjs", "text", "article_picture")]
    for public_id in Claim.objects.filter(article__in=keys).values_list("public_id", flat=True)[:MAX_PAGES_PER_KIND]:
        found += [reverse(f"articles:{name}", args=[public_id]) for name in ("claim", "annotation", "claim_picture")]
    found += _source_paths(keys, sources)
    for slug in Topic.objects.filter(articles__in=keys).distinct().values_list("slug", flat=True):
        found.append(reverse("articles:topic", args=[slug]))
        found += [reverse("articles:topic_feed", args=[slug, form]) for form in FEED_FORMATS]
    for slug in Ledger.objects.filter(quantities__claim__article__in=keys).distinct().values_list("slug", flat=True):
        found += [reverse(f"articles:{name}", args=[slug]) for name in ("ledger", "ledger-image", "ledger-picture")]
        found += [reverse("articles:ledger_feed", args=[slug, form]) for form in FEED_FORMATS]
    return list(dict.fromkeys(found))


def _source_paths(stories: Collection[int], sources: Collection[int]) -> list[str]:
    named = Q(pk__in=sources) | Q(hops__claim__article__in=stories) | Q(hops_of_its_people__claim__article__in=stories)
    found = []
    for slug in Source.objects.filter(named).distinct().values_list("slug", flat=True)[:MAX_PAGES_PER_KIND]:
        found += [reverse("articles:source", args=[slug]), reverse("articles:source_picture", args=[slug])]
        found += [reverse("articles:source_feed", args=[slug, form]) for form in FEED_FORMATS]
    return found
