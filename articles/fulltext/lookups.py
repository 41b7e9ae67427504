"""The condition of a filter: rows whose words match what somebody typed."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.expressions import RawSQL

from articles.fulltext.backends import engine
from articles.fulltext.backends.base import Index
from articles.fulltext.query import Query, parse


def matching(typed: str, index: Index, field: str, *, begun: bool = False, using: str = "default") -> Q:
    """Rows whose `field` (an id that the index has) matches; nothing does where nothing can be looked for.

    `begun`: the last word may be the beginning of one, as where somebody types.
    """
    query = parse(typed).begun() if begun else parse(typed)
    if not query:
        return Q(pk__in=())
    found = Q()
    searches = engine(using)
    if query.groups:
        asked = searches.expression(query, index)
        found &= Q(**{f"{field}__in": RawSQL(searches.matching(index), [asked])})
    elif query.without:
        unwanted = searches.expression(Query((query.without,)), index)
        found &= ~Q(**{f"{field}__in": RawSQL(searches.matching(index), [unwanted])})
    return found
