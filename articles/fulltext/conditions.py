"""The condition of a filter: rows whose words match what somebody typed."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.expressions import RawSQL

from articles.fulltext.backends import get_backend
from articles.fulltext.backends.base import Index
from articles.fulltext.query import Query, parse_query


def search_condition(typed: str, index: Index, field: str, *, begun: bool = False, using: str = "default") -> Q:
    """Rows whose `field` (an id that the index has) matches; nothing does where nothing can be looked for.

    `begun`: the last word may be the beginning of one, as where somebody types.
    """
    query = parse_query(typed).with_last_word_as_prefix() if begun else parse_query(typed)
    if not query:
        return Q(pk__in=())
    found = Q()
    searches = get_backend(using)
    if query.groups:
        asked = searches.match_expression(query, index)
        found &= Q(**{f"{field}__in": RawSQL(searches.matching_ids_sql(index), [asked])})
    elif query.excluded:
        unwanted = searches.match_expression(Query((query.excluded,)), index)
        found &= ~Q(**{f"{field}__in": RawSQL(searches.matching_ids_sql(index), [unwanted])})
    return found
