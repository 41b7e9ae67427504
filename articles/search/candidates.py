"""What matches a query, one statement over all indexes: ids and scores, not more than can be ranked at once."""

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

#: Matches of each kind that are ranked, and of those in a headline besides.
MAX_RANKED, MAX_HEADLINE_MATCHES = 400, 100
#: Of claims of a source whose name was asked for, for each way to take the words for a name.
MAX_SPEAKER_MATCHES = 100
#: Sources of one name, and how many of their latest claims are looked at for that: more where they are narrowed.
MAX_NAMESAKES, MAX_LATEST_CLAIMS, MAX_LATEST_CLAIMS_FILTERED = 50, 2_000, 50_000
#: Names that a query has at most, so that part of it may be one: "kweun killed".
MAX_WORDS_WITH_NAME = 4
#: A claim found by who said it, beside one found by its words.
SPEAKER_MATCH_SCORE = 0.5
#: From an index to the rows that say what readers may see of it.
ARTICLE_JOIN = "JOIN articles_article story ON story.live_id = {id}"
CLAIM_JOIN = "JOIN articles_claim claim ON claim.id = {id}"
SOURCE_JOIN = "JOIN sources_sourcename name ON name.id = {id} JOIN sources_source source ON source.id = name.source_id"
#: Whom a source stands for: itself, or the one it was merged into.
KEPT_SOURCE_ID = "coalesce(source.merged_into_id, source.id)"


@dataclass(frozen=True, slots=True)
class Match:
    """A row's id, how well it matches (the engine's own measure), and when its story came out."""

    id: int
    score: float
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Matches:
    """What an index has of a query, all of it public; the sources by how well their names match."""

    articles: list[Match]
    claims: list[Match]
    sources: list[int]
    has_more_articles: bool
    has_more_claims: bool

    def __bool__(self) -> bool:
        return bool(self.articles or self.claims)


def find_matches(query: Query, narrowing: SearchFilters) -> Matches:
    articles, claims = _filtered_querysets(narrowing)
    arms = [
        _article_query(query, articles, MAX_RANKED + 1),
        _article_query(query, articles, MAX_HEADLINE_MATCHES, heads=True),
        _claim_query(query, claims, MAX_RANKED + 1),
        *_speaker_queries(query, claims, MAX_LATEST_CLAIMS_FILTERED if narrowing else MAX_LATEST_CLAIMS),
        *([] if narrowing else [_source_query(query)]),
    ]
    sql = " UNION ALL ".join(f"SELECT * FROM ({arm}) AS arm_{number}" for number, (arm, _) in enumerate(arms))
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, list(chain.from_iterable(parameters for _, parameters in arms)))
        rows = cursor.fetchall()
    counted = Counter(arm for arm, *_ in rows)
    best: dict[str, dict[int, Match]] = {"story": {}, "claim": {}, "source": {}}
    for arm, number, published_at, score in rows:
        kept = best[arm.split()[0]]
        if number not in kept or kept[number].score < score:
            kept[number] = Match(number, float(score), _parse_moment(published_at))
    return Matches(
        list(best["story"].values()),
        list(best["claim"].values()),
        sorted(best["source"], key=lambda number: -best["source"][number].score),
        counted["story"] > MAX_RANKED,
        counted["claim"] > MAX_RANKED,
    )


def _filtered_querysets(narrowing: SearchFilters) -> tuple[ArticleQuerySet, ClaimQuerySet]:
    articles, claims = Article.objects.public(), Claim.objects.public()
    if narrowing.topic:
        articles, claims = articles.filed_under(narrowing.topic), claims.filed_under(narrowing.topic)
    if narrowing.source:
        articles, claims = articles.quoting(narrowing.source), claims.involving(narrowing.source)
    if narrowing.year:
        days = date(narrowing.year, 1, 1), date(narrowing.year, 12, 31)
        articles, claims = articles.published_between(*days), claims.published_between(*days)
    return articles, claims


def _article_query(
    query: Query, articles: ArticleQuerySet, limit: int, *, heads: bool = False
) -> tuple[str, list[Any]]:
    condition, parameters = exists_condition(articles, "story.id")
    searches = get_backend()
    sql = searches.ranked_sql(
        REVISION_INDEX,
        ARTICLE_JOIN,
        f"'{'story head' if heads else 'story'}' AS arm, story.id AS id, story.published_at AS published_at",
        condition,
    )
    return sql, [searches.match_expression(query, REVISION_INDEX, heads=heads), *parameters, limit]


def _claim_query(query: Query, claims: ClaimQuerySet, limit: int) -> tuple[str, list[Any]]:
    condition, parameters = exists_condition(claims, "claim.id")
    searches = get_backend()
    sql = searches.ranked_sql(
        CLAIM_INDEX,
        f"{CLAIM_JOIN} JOIN articles_article story ON story.id = claim.article_id",
        "'claim' AS arm, claim.id AS id, story.published_at AS published_at",
        condition,
    )
    return sql, [searches.match_expression(query, CLAIM_INDEX), *parameters, limit]


def _speaker_queries(query: Query, claims: ClaimQuerySet, looked_at: int) -> list[tuple[str, list[Any]]]:
    """Claims by who had a part in them: all the words a name, or the first or last of them and the rest said.

    Of the claims of busy sources the latest `looked_at` are asked whether readers may see them.
    """
    condition, parameters = exists_condition(claims, "claim.id")
    known, of_known = exists_condition(public_names(), "name.id")
    searches = get_backend()
    arms = []
    for name, said in _name_splits(query):
        words: list[Any] = [searches.match_expression(_exact_query(name), NAME_INDEX), *of_known]
        rest = unwanted = ""
        if said.groups:
            rest = f" AND hop.claim_id IN ({searches.matching_ids_sql(CLAIM_INDEX)})"
            words.append(searches.match_expression(said, CLAIM_INDEX))
        elif query.excluded:
            unwanted = f" AND hop.claim_id NOT IN ({searches.matching_ids_sql(CLAIM_INDEX)})"
            words.append(searches.match_expression(Query((query.excluded,)), CLAIM_INDEX))
        # The sum keeps a planner from reading all hops in the order of their claims, for what are a few of them.
        latest = (
            "SELECT DISTINCT hop.claim_id + 0 AS claim_id FROM articles_hop hop "
            "WHERE hop.source_id IN (SELECT name.source_id FROM "
            f"sources_sourcename name WHERE name.id IN ({searches.matching_ids_sql(NAME_INDEX)}) AND {known} LIMIT {MAX_NAMESAKES})"
            f"{rest}{unwanted} ORDER BY claim_id DESC LIMIT {looked_at}"
        )
        sql = (
            f"SELECT 'claim spoken' AS arm, claim.id AS id, story.published_at AS published_at, {SPEAKER_MATCH_SCORE} AS score "
            f"FROM ({latest}) AS spoken JOIN articles_claim claim ON claim.id = spoken.claim_id "
            f"JOIN articles_article story ON story.id = claim.article_id WHERE {condition} "
            "ORDER BY claim.id DESC LIMIT %s"
        )
        arms.append((sql, [*words, *parameters, MAX_SPEAKER_MATCHES]))
    return arms


def _name_splits(query: Query) -> list[tuple[Query, Query]]:
    """(the part that is a name, the part that was said), each way to cut the words in two."""
    groups = query.groups
    readings = [(Query(groups), Query())]
    if 1 < len(groups) <= MAX_WORDS_WITH_NAME:
        for at in range(1, len(groups)):
            for name, said in ((groups[:at], groups[at:]), (groups[at:], groups[:at])):
                readings.append((Query(name), Query(said, query.excluded)))
    return readings


def _source_query(query: Query) -> tuple[str, list[Any]]:
    """Sources that have a page for readers, by a name that readers may know."""
    condition, parameters = exists_condition(readable_sources(), KEPT_SOURCE_ID)
    known, of_known = exists_condition(public_names(), "name.id")
    condition, parameters = f"{condition} AND {known}", [*parameters, *of_known]
    searches = get_backend()
    sql = searches.ranked_sql(
        NAME_INDEX,
        SOURCE_JOIN,
        f"'source' AS arm, {KEPT_SOURCE_ID} AS id, source.created_at AS published_at",
        condition,
    )
    return sql, [searches.match_expression(_exact_query(query), NAME_INDEX), *parameters, MAX_RANKED]


def _exact_query(query: Query) -> Query:
    """The same without other forms of its words: a name has none."""
    return replace(query, groups=tuple(tuple(_exact_term(term) for term in group) for group in query.groups))


def _exact_term(term: Term) -> Term:
    return replace(term, is_exact=True)


def exists_condition(rows: QuerySet[Any], key: str) -> tuple[str, list[Any]]:
    """A condition in SQL, and its parameters: the row with this key is one of these."""
    one = rows.filter(pk=RawSQL(key, ())).order_by().values("pk")
    sql, parameters = one.query.get_compiler("default").as_sql()
    return f"EXISTS ({sql})", list(parameters)


def _parse_moment(value: Any) -> datetime:
    """A moment as the database's own driver gave it; SQLite's is text in UTC that does not say so."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    if moment is None:
        raise ValueError(f"{value!r} is no moment.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
