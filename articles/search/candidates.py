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

from articles.fulltext.backends import engine
from articles.fulltext.backends.base import CLAIMS, NAMES, REVISIONS
from articles.fulltext.query import Query, Term
from articles.models import Article, Claim
from articles.models.article import ArticleQuerySet
from articles.models.claim import ClaimQuerySet
from articles.queries.sources import public_names, readable_sources
from articles.search.results import Narrowing

#: Matches of each kind that are ranked, and of those in a headline besides.
RANKED, HEADS = 400, 100
#: Of claims of a source whose name was asked for, for each way to take the words for a name.
SPOKEN = 100
#: Sources of one name, and how many of their latest claims are looked at for that: more where they are narrowed.
NAMESAKES, LATEST, LATEST_NARROWED = 50, 2_000, 50_000
#: Names that a query has at most, so that part of it may be one: "kweun killed".
MOST_WORDS_WITH_A_NAME = 4
#: A claim found by who said it, beside one found by its words.
BY_SPEAKER = 0.5
#: From an index to the rows that say what readers may see of it.
TO_STORY = "JOIN articles_article story ON story.live_id = {id}"
TO_CLAIM = "JOIN articles_claim claim ON claim.id = {id}"
TO_SOURCE = "JOIN sources_sourcename name ON name.id = {id} JOIN sources_source source ON source.id = name.source_id"
#: Whom a source stands for: itself, or the one it was merged into.
STANDS_FOR = "coalesce(source.merged_into_id, source.id)"


@dataclass(frozen=True, slots=True)
class Match:
    """A row's id, how well it matches (the engine's own measure), and when its story came out."""

    id: int
    score: float
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Matches:
    """What an index has of a query, all of it public; the sources by how well their names match."""

    stories: list[Match]
    claims: list[Match]
    sources: list[int]
    stories_more: bool
    claims_more: bool

    def __bool__(self) -> bool:
        return bool(self.stories or self.claims)


def match(query: Query, narrowing: Narrowing) -> Matches:
    articles, claims = _narrowed(narrowing)
    arms = [
        _stories(query, articles, RANKED + 1),
        _stories(query, articles, HEADS, heads=True),
        _claims(query, claims, RANKED + 1),
        *_spoken(query, claims, LATEST_NARROWED if narrowing else LATEST),
        *([] if narrowing else [_named(query)]),
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
            kept[number] = Match(number, float(score), _moment(published_at))
    return Matches(
        list(best["story"].values()),
        list(best["claim"].values()),
        sorted(best["source"], key=lambda number: -best["source"][number].score),
        counted["story"] > RANKED,
        counted["claim"] > RANKED,
    )


def _narrowed(narrowing: Narrowing) -> tuple[ArticleQuerySet, ClaimQuerySet]:
    articles, claims = Article.objects.public(), Claim.objects.public()
    if narrowing.topic:
        articles, claims = articles.on(narrowing.topic), claims.on(narrowing.topic)
    if narrowing.source:
        articles, claims = articles.quoting(narrowing.source), claims.involving(narrowing.source)
    if narrowing.year:
        days = date(narrowing.year, 1, 1), date(narrowing.year, 12, 31)
        articles, claims = articles.published_between(*days), claims.published_between(*days)
    return articles, claims


def _stories(query: Query, articles: ArticleQuerySet, limit: int, *, heads: bool = False) -> tuple[str, list[Any]]:
    condition, parameters = exists(articles, "story.id")
    searches = engine()
    sql = searches.ranked(
        REVISIONS,
        TO_STORY,
        f"'{'story head' if heads else 'story'}' AS arm, story.id AS id, story.published_at AS published_at",
        condition,
    )
    return sql, [searches.expression(query, REVISIONS, heads=heads), *parameters, limit]


def _claims(query: Query, claims: ClaimQuerySet, limit: int) -> tuple[str, list[Any]]:
    condition, parameters = exists(claims, "claim.id")
    searches = engine()
    sql = searches.ranked(
        CLAIMS,
        f"{TO_CLAIM} JOIN articles_article story ON story.id = claim.article_id",
        "'claim' AS arm, claim.id AS id, story.published_at AS published_at",
        condition,
    )
    return sql, [searches.expression(query, CLAIMS), *parameters, limit]


def _spoken(query: Query, claims: ClaimQuerySet, looked_at: int) -> list[tuple[str, list[Any]]]:
    """Claims by who had a part in them: all the words a name, or the first or last of them and the rest said.

    Of the claims of busy sources the latest `looked_at` are asked whether readers may see them.
    """
    condition, parameters = exists(claims, "claim.id")
    known, of_known = exists(public_names(), "name.id")
    searches = engine()
    arms = []
    for name, said in _readings(query):
        words: list[Any] = [searches.expression(_exactly(name), NAMES), *of_known]
        rest = unwanted = ""
        if said.groups:
            rest = f" AND hop.claim_id IN ({searches.matching(CLAIMS)})"
            words.append(searches.expression(said, CLAIMS))
        elif query.without:
            unwanted = f" AND hop.claim_id NOT IN ({searches.matching(CLAIMS)})"
            words.append(searches.expression(Query((query.without,)), CLAIMS))
        # The sum keeps a planner from reading all hops in the order of their claims, for what are a few of them.
        latest = (
            "SELECT DISTINCT hop.claim_id + 0 AS claim_id FROM articles_hop hop "
            "WHERE hop.source_id IN (SELECT name.source_id FROM "
            f"sources_sourcename name WHERE name.id IN ({searches.matching(NAMES)}) AND {known} LIMIT {NAMESAKES})"
            f"{rest}{unwanted} ORDER BY claim_id DESC LIMIT {looked_at}"
        )
        sql = (
            f"SELECT 'claim spoken' AS arm, claim.id AS id, story.published_at AS published_at, {BY_SPEAKER} AS score "
            f"FROM ({latest}) AS spoken JOIN articles_claim claim ON claim.id = spoken.claim_id "
            f"JOIN articles_article story ON story.id = claim.article_id WHERE {condition} "
            "ORDER BY claim.id DESC LIMIT %s"
        )
        arms.append((sql, [*words, *parameters, SPOKEN]))
    return arms


def _readings(query: Query) -> list[tuple[Query, Query]]:
    """(the part that is a name, the part that was said), each way to cut the words in two."""
    groups = query.groups
    readings = [(Query(groups), Query())]
    if 1 < len(groups) <= MOST_WORDS_WITH_A_NAME:
        for at in range(1, len(groups)):
            for name, said in ((groups[:at], groups[at:]), (groups[at:], groups[:at])):
                readings.append((Query(name), Query(said, query.without)))
    return readings


def _named(query: Query) -> tuple[str, list[Any]]:
    """Sources that have a page for readers, by a name that readers may know."""
    condition, parameters = exists(readable_sources(), STANDS_FOR)
    known, of_known = exists(public_names(), "name.id")
    condition, parameters = f"{condition} AND {known}", [*parameters, *of_known]
    searches = engine()
    sql = searches.ranked(
        NAMES,
        TO_SOURCE,
        f"'source' AS arm, {STANDS_FOR} AS id, source.created_at AS published_at",
        condition,
    )
    return sql, [searches.expression(_exactly(query), NAMES), *parameters, RANKED]


def _exactly(query: Query) -> Query:
    """The same without other forms of its words: a name has none."""
    return replace(query, groups=tuple(tuple(_exact(term) for term in group) for group in query.groups))


def _exact(term: Term) -> Term:
    return replace(term, exact=True)


def exists(rows: QuerySet[Any], key: str) -> tuple[str, list[Any]]:
    """A condition in SQL, and its parameters: the row with this key is one of these."""
    one = rows.filter(pk=RawSQL(key, ())).order_by().values("pk")
    sql, parameters = one.query.get_compiler("default").as_sql()
    return f"EXISTS ({sql})", list(parameters)


def _moment(value: Any) -> datetime:
    """A moment as the database's own driver gave it; SQLite's is text in UTC that does not say so."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    if moment is None:
        raise ValueError(f"{value!r} is no moment.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
