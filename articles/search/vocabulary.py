"""Words of the indexes, and which of them are public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from django.db import connections

from articles.fulltext.backends import get_backend
from articles.fulltext.backends.base import CLAIM_INDEX, NAME_INDEX, REVISION_INDEX, Index
from articles.fulltext.query import Query, Term
from articles.models import Article, Claim
from articles.queries.sources import public_names, readable_sources
from articles.search.candidates import ARTICLE_JOIN, CLAIM_JOIN, KEPT_SOURCE_ID, SOURCE_JOIN, exists_condition


def similar_words(words: Sequence[str]) -> list[str]:
    """Return indexed words that resemble any of these. One query.

    They come from all texts, hidden ones included: show only words that `public_terms` returns.
    """
    article = exists_condition(Article.objects.public(), "story.id")
    backend = get_backend()
    parts = [backend.similar_words_sql(word, ARTICLE_JOIN, *article) for word in words]
    return [row[0] for row in _fetch_rows(" UNION ".join(sql for sql, _ in parts), [values for _, values in parts])]


def public_terms(in_articles: Iterable[Term], anywhere: Iterable[Term]) -> tuple[set[Term], set[Term]]:
    """Return which first terms occur in public articles, and which others in public.

    The other terms may occur in anything public: live revisions of public articles, public claims, and public names of
    readable sources. One query.
    """
    article = _exists_sql(REVISION_INDEX, ARTICLE_JOIN, *exists_condition(Article.objects.public(), "story.id"))
    claim = _exists_sql(CLAIM_INDEX, CLAIM_JOIN, *exists_condition(Claim.objects.public(), "claim.id"))
    source_sql, source_parameters = exists_condition(readable_sources(), KEPT_SOURCE_ID)
    name_sql, name_parameters = exists_condition(public_names(), "name.id")
    name = _exists_sql(NAME_INDEX, SOURCE_JOIN, f"{source_sql} AND {name_sql}", [*source_parameters, *name_parameters])
    arms = []
    wanted = [list(dict.fromkeys(in_articles)), list(dict.fromkeys(anywhere))]
    for number, (terms, indexes) in enumerate(zip(wanted, ([article], [article, claim, name]), strict=True)):
        if terms:
            # Both databases name the columns of VALUES column1, column2.
            values = ", ".join(f"({position}, %s)" for position in range(len(terms)))
            condition = " OR ".join(sql for sql, _ in indexes)
            arms.append(
                (
                    f"SELECT {number}, asked.column1 FROM (VALUES {values}) AS asked WHERE {condition}",
                    [*map(_term_expression, terms), *chain.from_iterable(parameters for _, parameters in indexes)],
                )
            )
    found: tuple[set[Term], set[Term]] = (set(), set())
    for number, position in _fetch_rows(" UNION ALL ".join(sql for sql, _ in arms), [values for _, values in arms]):
        found[number].add(wanted[number][position])
    return found


def _exists_sql(index: Index, joins: str, condition: str, parameters: list[Any]) -> tuple[str, list[Any]]:
    return get_backend().exists_sql(index, joins, condition, "asked.column2"), parameters


def _term_expression(term: Term) -> str:
    """Return the match expression of a term, the same for all indexes."""
    return get_backend().match_expression(Query(((term,),)), REVISION_INDEX)


def _fetch_rows(sql: str, parameters: Iterable[list[Any]]) -> list[tuple[Any, ...]]:
    if not sql:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, list(chain.from_iterable(parameters)))
        return list(cursor.fetchall())
