"""Find ids and scores of rows that match a query.

One statement searches all indexes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.dateparse import parse_datetime

from articles.fulltext.backends import get_backend
from articles.fulltext.backends.base import CLAIM_INDEX, NAME_INDEX, REVISION_INDEX
from articles.fulltext.query import Query, Term
from articles.models import Article, Claim
from articles.models.article import ArticleQuerySet
from articles.models.claim import ClaimQuerySet
from articles.queries.sources import public_names, readable_sources
from articles.search.results import SearchFilters

#: Matches of each kind that are ranked, and further matches in headlines.
MAX_RANKED, MAX_HEADLINE_MATCHES = 400, 100
#: Claims found by their source, for each way to read a name in the query.
MAX_SPEAKER_MATCHES = 100
#: Sources of one name, and their latest claims that are examined, without and with filters.
MAX_NAMESAKES, MAX_LATEST_CLAIMS, MAX_LATEST_CLAIMS_FILTERED = 50, 2_000, 50_000
#: Longest query, in words, of which a part may be a name: "kweun killed".
MAX_WORDS_WITH_NAME = 4
#: Score of a claim found by its source.
SPEAKER_MATCH_SCORE = 0.5
#: Joins from an index to the rows that decide what readers may see.
ARTICLE_JOIN = "JOIN articles_article story ON story.live_id = {id}"
CLAIM_JOIN = "JOIN articles_claim claim ON claim.id = {id}"
SOURCE_JOIN = "JOIN sources_sourcename name ON name.id = {id} JOIN sources_source source ON source.id = name.source_id"
#: The id of a source, or of the one it was merged into.
KEPT_SOURCE_ID = "coalesce(source.merged_into_id, source.id)"


@dataclass(frozen=True, slots=True)
class Match:
    """A row that matches: its id, its score and its publication time.

    The score is the measure of the database.
    """

    id: int
    score: float
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Matches:
    """The public matches of a query; sources by how well their names match."""

    articles: list[Match]
    claims: list[Match]
    sources: list[int]
    has_more_articles: bool
    has_more_claims: bool

    def __bool__(self) -> bool:
        return bool(self.articles or self.claims)


def find_matches(query: Query, filters: SearchFilters) -> Matches:
    """Return what matches a query, in one query.

    With filters, no sources are searched.
    """
    articles, claims = _filtered_querysets(filters)
    arms = [
        _article_query(query, articles, MAX_RANKED + 1),
        _article_query(query, articles, MAX_HEADLINE_MATCHES, heads=True),
        _claim_query(query, claims, MAX_RANKED + 1),
        *_speaker_queries(query, claims, MAX_LATEST_CLAIMS_FILTERED if filters else MAX_LATEST_CLAIMS),
        *([] if filters else [_source_query(query)]),
    ]
    sql = " UNION ALL ".join(f"SELECT * FROM ({arm}) AS arm_{number}" for number, (arm, _) in enumerate(arms))
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, list(chain.from_iterable(parameters for _, parameters in arms)))
        rows = cursor.fetchall()
    counted = Counter(arm for arm, *_ in rows)
    best: dict[str, dict[int, Match]] = {"story": {}, "claim": {}, "source": {}}
    for arm, number, published_at, score in rows:
        matches = best[arm.split()[0]]
        if number not in matches or matches[number].score < score:
            matches[number] = Match(number, float(score), _parse_moment(published_at))
    return Matches(
        list(best["story"].values()),
        list(best["claim"].values()),
        sorted(best["source"], key=lambda number: -best["source"][number].score),
        counted["story"] > MAX_RANKED,
        counted["claim"] > MAX_RANKED,
    )


def _filtered_querysets(filters: SearchFilters) -> tuple[ArticleQuerySet, ClaimQuerySet]:
    articles, claims = Article.objects.public(), Claim.objects.public()
    if filters.topic:
        articles, claims = articles.filed_under(filters.topic), claims.filed_under(filters.topic)
    if filters.source:
        articles, claims = articles.quoting(filters.source), claims.involving(filters.source)
    if filters.year:
        days = date(filters.year, 1, 1), date(filters.year, 12, 31)
        articles, claims = articles.published_between(*days), claims.published_between(*days)
    return articles, claims


def _article_query(
    query: Query, articles: ArticleQuerySet, limit: int, *, heads: bool = False
) -> tuple[str, list[Any]]:
    condition, parameters = exists_condition(articles, "story.id")
    backend = get_backend()
    sql = backend.ranked_sql(
        REVISION_INDEX,
        ARTICLE_JOIN,
        f"'{'story head' if heads else 'story'}' AS arm, story.id AS id, story.published_at AS published_at",
        condition,
    )
    return sql, [backend.match_expression(query, REVISION_INDEX, heads=heads), *parameters, limit]


def _claim_query(query: Query, claims: ClaimQuerySet, limit: int) -> tuple[str, list[Any]]:
    condition, parameters = exists_condition(claims, "claim.id")
    backend = get_backend()
    sql = backend.ranked_sql(
        CLAIM_INDEX,
        f"{CLAIM_JOIN} JOIN articles_article story ON story.id = claim.article_id",
        "'claim' AS arm, claim.id AS id, story.published_at AS published_at",
        condition,
    )
    return sql, [backend.match_expression(query, CLAIM_INDEX), *parameters, limit]


def _speaker_queries(query: Query, claims: ClaimQuerySet, max_latest: int) -> list[tuple[str, list[Any]]]:
    """Return SQL for claims by sources with the searched name.

    All words are a name, or the first or last words of one. Of sources with many claims, only the latest `max_latest`
    are examined.
    """
    condition, parameters = exists_condition(claims, "claim.id")
    name_sql, name_parameters = exists_condition(public_names(), "name.id")
    backend = get_backend()
    arms = []
    for name, rest in _name_splits(query):
        values: list[Any] = [backend.match_expression(_exact_query(name), NAME_INDEX), *name_parameters]
        included = excluded = ""
        if rest.groups:
            included = f" AND hop.claim_id IN ({backend.matching_ids_sql(CLAIM_INDEX)})"
            values.append(backend.match_expression(rest, CLAIM_INDEX))
        elif query.excluded:
            excluded = f" AND hop.claim_id NOT IN ({backend.matching_ids_sql(CLAIM_INDEX)})"
            values.append(backend.match_expression(Query((query.excluded,)), CLAIM_INDEX))
        # The sum keeps the planner from reading all hops in the order of their claims to find a few.
        latest = (
            "SELECT DISTINCT hop.claim_id + 0 AS claim_id FROM articles_hop hop "
            "WHERE hop.source_id IN (SELECT name.source_id FROM "
            f"sources_sourcename name WHERE name.id IN ({backend.matching_ids_sql(NAME_INDEX)}) AND {name_sql} LIMIT {MAX_NAMESAKES})"
            f"{included}{excluded} ORDER BY claim_id DESC LIMIT {max_latest}"
        )
        sql = (
            f"SELECT 'claim spoken' AS arm, claim.id AS id, story.published_at AS published_at, {SPEAKER_MATCH_SCORE} AS score "
            f"FROM ({latest}) AS spoken JOIN articles_claim claim ON claim.id = spoken.claim_id "
            f"JOIN articles_article story ON story.id = claim.article_id WHERE {condition} "
            "ORDER BY claim.id DESC LIMIT %s"
        )
        arms.append((sql, [*values, *parameters, MAX_SPEAKER_MATCHES]))
    return arms


def _name_splits(query: Query) -> list[tuple[Query, Query]]:
    """Return (name, rest of the query) for each way to split the words in two."""
    groups = query.groups
    readings = [(Query(groups), Query())]
    if 1 < len(groups) <= MAX_WORDS_WITH_NAME:
        for position in range(1, len(groups)):
            start, end = groups[:position], groups[position:]
            for name, rest in ((start, end), (end, start)):
                readings.append((Query(name), Query(rest, query.excluded)))
    return readings


def _source_query(query: Query) -> tuple[str, list[Any]]:
    """Return SQL for sources with a public page, by their public names."""
    condition, parameters = exists_condition(readable_sources(), KEPT_SOURCE_ID)
    name_sql, name_parameters = exists_condition(public_names(), "name.id")
    condition, parameters = f"{condition} AND {name_sql}", [*parameters, *name_parameters]
    backend = get_backend()
    sql = backend.ranked_sql(
        NAME_INDEX,
        SOURCE_JOIN,
        f"'source' AS arm, {KEPT_SOURCE_ID} AS id, source.created_at AS published_at",
        condition,
    )
    return sql, [backend.match_expression(_exact_query(query), NAME_INDEX), *parameters, MAX_RANKED]


def _exact_query(query: Query) -> Query:
    """Return the query without other forms of its words: names have none."""
    return replace(query, groups=tuple(tuple(_exact_term(term) for term in group) for group in query.groups))


def _exact_term(term: Term) -> Term:
    return replace(term, is_exact=True)


def exists_condition(rows: QuerySet[Any], key: str) -> tuple[str, list[Any]]:
    """Return an SQL condition and its parameters: the row with this key is in `rows`."""
    matching = rows.filter(pk=RawSQL(key, ())).order_by().values("pk")
    sql, parameters = matching.query.get_compiler("default").as_sql()
    return f"EXISTS ({sql})", list(parameters)


def _parse_moment(value: Any) -> datetime:
    """Return a time as the database driver gave it.

    SQLite gives text in UTC without a zone.
    """
    moment = parse_datetime(value) if isinstance(value, str) else value
    if moment is None:
        raise ValueError(f"{value!r} is not a time.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
