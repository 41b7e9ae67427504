"""Query conditions for full-text filters."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.expressions import RawSQL

from articles.fulltext.backends import get_backend
from articles.fulltext.backends.base import Index
from articles.fulltext.query import Query, parse_query


def search_condition(
    typed: str, index: Index, field: str, *, last_is_prefix: bool = False, using: str = "default"
) -> Q:
    """Return the condition that `field`, an id of the index, matches.

    A query without words matches nothing. `last_is_prefix`: the last word may be incomplete, while somebody types.
    """
    query = parse_query(typed).with_last_word_as_prefix() if last_is_prefix else parse_query(typed)
    if not query:
        return Q(pk__in=())
    condition = Q()
    backend = get_backend(using)
    if query.groups:
        expression = backend.match_expression(query, index)
        condition &= Q(**{f"{field}__in": RawSQL(backend.matching_ids_sql(index), [expression])})
    elif query.excluded:
        expression = backend.match_expression(Query((query.excluded,)), index)
        condition &= ~Q(**{f"{field}__in": RawSQL(backend.matching_ids_sql(index), [expression])})
    return condition
