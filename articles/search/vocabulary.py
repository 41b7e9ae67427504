"""Words of the indexes, and which of them stand in something public."""

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
    """Return indexed words that look like any of these. One query.

    They come from every text, also from those that no reader may see: show none that `public_terms` does not return.
    """
    story = exists_condition(Article.objects.public(), "story.id")
    searches = get_backend()
    parts = [searches.similar_words_sql(word, ARTICLE_JOIN, *story) for word in words]
    return [row[0] for row in _fetch_rows(" UNION ".join(sql for sql, _ in parts), [values for _, values in parts])]


def public_terms(in_stories: Iterable[Term], anywhere: Iterable[Term]) -> tuple[set[Term], set[Term]]:
    """Return those of the first terms that a public article has, and those of the others that anything public has.

    Public are live revisions of public articles, public claims and the names of readable sources that readers may know. One query.
    """
    story = _exists_sql(REVISION_INDEX, ARTICLE_JOIN, *exists_condition(Article.objects.public(), "story.id"))
    claim = _exists_sql(CLAIM_INDEX, CLAIM_JOIN, *exists_condition(Claim.objects.public(), "claim.id"))
    source, of_source = exists_condition(readable_sources(), KEPT_SOURCE_ID)
    known, of_known = exists_condition(public_names(), "name.id")
    name = _exists_sql(NAME_INDEX, SOURCE_JOIN, f"{source} AND {known}", [*of_source, *of_known])
    arms = []
    asked = [list(dict.fromkeys(in_stories)), list(dict.fromkeys(anywhere))]
    for number, (terms, ways) in enumerate(zip(asked, ([story], [story, claim, name]), strict=True)):
        if terms:
            # The columns of VALUES are called column1, column2 by both engines.
            values = ", ".join(f"({at}, %s)" for at in range(len(terms)))
            condition = " OR ".join(sql for sql, _ in ways)
            arms.append(
                (
                    f"SELECT {number}, asked.column1 FROM (VALUES {values}) AS asked WHERE {condition}",
                    [*map(_term_expression, terms), *chain.from_iterable(parameters for _, parameters in ways)],
                )
            )
    found: tuple[set[Term], set[Term]] = (set(), set())
    for number, at in _fetch_rows(" UNION ALL ".join(sql for sql, _ in arms), [values for _, values in arms]):
        found[number].add(asked[number][at])
    return found


def _exists_sql(index: Index, joins: str, condition: str, parameters: list[Any]) -> tuple[str, list[Any]]:
    return get_backend().exists_sql(index, joins, condition, "asked.column2"), parameters


def _term_expression(term: Term) -> str:
    """As an engine puts a term; it is the same for every index."""
    return get_backend().match_expression(Query(((term,),)), REVISION_INDEX)


def _fetch_rows(sql: str, parameters: Iterable[list[Any]]) -> list[tuple[Any, ...]]:
    if not sql:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, list(chain.from_iterable(parameters)))
        return list(cursor.fetchall())
