"""Search for readers: ranked articles and claims, sources by name, facets.

Only public rows are found: each statement joins the index with ArticleQuerySet.public() or ClaimQuerySet.public().
All work is bounded: of more than candidates.MAX_RANKED matches, the latest rows are ranked, and the results say that
there are more.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Count, F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from articles.fulltext.query import Query, parse_query
from articles.fulltext.snippets import build_snippet, highlight_text
from articles.models import Article, Claim, Hop
from articles.queries.sources import readable_sources
from articles.search.candidates import Match, find_matches
from articles.search.results import ArticleHit, ClaimHit, FacetChoice, SearchFilters, SearchResults, SourceHit, Speaker
from articles.search.spelling import suggest_query
from sources.models import Source

Kind = Literal["", "stories", "claims"]
Sort = Literal["", "newest"]

PAGE_SIZE = 20
#: Hits of each kind on a page of both kinds.
MAX_ARTICLES_MIXED, MAX_CLAIMS_MIXED = 10, 4
#: Sources found by name, and choices of each facet.
MAX_SOURCES, MAX_CHOICES = 6, 8
#: Weight of freshness (the best match weighs 1), and the days after which freshness is half.
FRESHNESS_WEIGHT, FRESHNESS_HALF_LIFE_DAYS = 0.4, 120.0
#: Code points of an article in which a snippet is looked for.
MAX_SNIPPET_TEXT_CHARS = 60_000


@dataclass(frozen=True, slots=True)
class _Facets:
    topics: list[FacetChoice]
    speakers: list[FacetChoice]
    sources: list[SourceHit]


def search(
    typed: str,
    *,
    kind: Kind = "",
    filters: SearchFilters | None = None,
    sort: Sort = "",
    page: int = 1,
    size: int = PAGE_SIZE,
    correct_spelling: bool = True,
) -> SearchResults:
    """Search for any string. A string without words finds nothing.

    `kind` "" shows the best of both kinds on one page. `page` counts from 1; a page after the last is empty.
    At most four queries, and three more if nothing matches and `correct_spelling` is set.
    """
    typed_query = query = parse_query(typed)
    filters = filters or SearchFilters()
    if not query.groups:
        return SearchResults(query, typed_query)
    matches = find_matches(query, filters)
    if (
        not (matches or matches.sources)
        and correct_spelling
        and not filters
        and (suggestion := suggest_query(query))
        and (better := find_matches(suggestion, filters))
    ):
        query, matches = suggestion, better
    if not (matches or matches.sources):
        return SearchResults(query, typed_query)
    order = _sort_by_date if sort == "newest" else _sort_by_rank
    articles, claims = order(matches.articles), order(matches.claims)
    faceted = (articles if kind != "claims" else []), (claims if kind != "stories" else [])
    facets = _facets(*faceted, matches.sources)
    if kind:
        window = slice((page - 1) * size, page * size) if page > 0 else slice(0)
        shown = (articles[window], []) if kind == "stories" else ([], claims[window])
    else:
        shown = (articles[:MAX_ARTICLES_MIXED], claims[:MAX_CLAIMS_MIXED]) if page == 1 else ([], [])
    return SearchResults(
        query,
        typed_query,
        _article_hits(shown[0], query),
        _claim_hits(shown[1], query),
        facets.sources,
        article_count=len(articles),
        claim_count=len(claims),
        has_more_articles=matches.has_more_articles,
        has_more_claims=matches.has_more_claims,
        topics=facets.topics,
        speakers=facets.speakers,
        years=_year_choices([*faceted[0], *faceted[1]]),
        page_count=max(-(-len(articles if kind == "stories" else claims) // size), 1) if kind else 1,
    )


# --- Ranking ---


def _sort_by_rank(matches: Sequence[Match]) -> list[Match]:
    """Sort by score (0 to 1) plus weighted freshness, best first."""
    now = timezone.now()
    best = max((match.score for match in matches), default=0.0) or 1.0

    def rank(match: Match) -> float:
        days = max((now - match.published_at).total_seconds() / 86_400, 0.0)
        return match.score / best + FRESHNESS_WEIGHT * math.exp2(-days / FRESHNESS_HALF_LIFE_DAYS)

    return sorted(matches, key=lambda match: (-round(rank(match), 6), -match.published_at.timestamp(), -match.id))


def _sort_by_date(matches: Sequence[Match]) -> list[Match]:
    return sorted(matches, key=lambda match: (match.published_at, match.id), reverse=True)


# --- Facets: one query ---


def _facets(articles: Sequence[Match], claims: Sequence[Match], sources: Sequence[int]) -> _Facets:
    """Count topics and speakers of the matches, and load the sources found by name."""
    filings = Article.topics.through.objects.order_by()
    topic = {"arm": Value("topic"), "key": F("topic__slug"), "label": F("topic__name")}
    article_ids, claim_ids = [match.id for match in articles], [match.id for match in claims]
    article_topics = filings.filter(article__in=article_ids).values(**topic).annotate(count=Count("article"))
    claim_topics = (
        filings.filter(article__claims__in=claim_ids).values(**topic).annotate(count=Count("article__claims"))
    )
    speakers = (
        Hop.objects.filter(claim__in=claim_ids, source__isnull=False)
        .order_by()
        .values(arm=Value("speaker"), key=F("source__slug"), label=F("source__name"))
        .annotate(count=Count("claim", distinct=True))
    )
    named = (
        readable_sources()
        .filter(pk__in=sources[: MAX_SOURCES * 3])
        .order_by()
        .values(arm=Concat(Value("source "), "kind"), key=F("slug"), label=F("name"), count=F("pk"))
    )
    counts: dict[str, Counter[tuple[str, str]]] = {"topic": Counter(), "speaker": Counter()}
    hits: dict[int, SourceHit] = {}
    rows: Any = article_topics.union(claim_topics, speakers, named, all=True)
    for row in rows:
        arm, _, source_kind = row["arm"].partition(" ")
        if arm == "source":
            hits[row["count"]] = SourceHit(row["label"], row["key"], str(Source.Kind(source_kind).label))
        else:
            counts[arm][row["key"], row["label"]] += row["count"]
    return _Facets(
        _top_choices(counts["topic"]),
        _top_choices(counts["speaker"]),
        [hits[number] for number in sources if number in hits][:MAX_SOURCES],
    )


def _top_choices(counts: Counter[tuple[str, str]]) -> list[FacetChoice]:
    """Return the most frequent choices, then by name."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0][1]))
    return [FacetChoice(slug, label, count) for (slug, label), count in ordered[:MAX_CHOICES]]


def _year_choices(matches: Sequence[Match]) -> list[FacetChoice]:
    """Count the matches by year, latest first."""
    zone = timezone.get_default_timezone()
    counts = Counter(match.published_at.astimezone(zone).year for match in matches)
    return [FacetChoice(str(year), str(year), counts[year]) for year in sorted(counts, reverse=True)][:MAX_CHOICES]


# --- Hits: one query for each kind ---


def _article_hits(matches: Sequence[Match], query: Query) -> list[ArticleHit]:
    if not matches:
        return []
    articles = (
        Article.objects.public().for_list().with_text(MAX_SNIPPET_TEXT_CHARS).in_bulk([match.id for match in matches])
    )
    return [
        ArticleHit(article, highlight_text(article.live.headline, query), build_snippet(article.shown_text, query))
        for match in matches
        if (article := articles.get(match.id)) and article.live
    ]


def _claim_hits(matches: Sequence[Match], query: Query) -> list[ClaimHit]:
    if not matches:
        return []
    claims = Claim.objects.public().for_search_results().in_bulk([match.id for match in matches])
    return [
        ClaimHit(claim, highlight_text(claim.statement, query), _speakers(claim.shown_hops or [], query))
        for match in matches
        if (claim := claims.get(match.id))
    ]


def _speakers(hops: list[dict[str, Any]], query: Query) -> list[Speaker]:
    return [
        Speaker(highlight_text(hop["name"] or hop["mention"], query), hop["slug"] or "")
        for hop in sorted(hops, key=lambda hop: hop["position"])
    ]
