"""Admin search, by the full-text indexes of the public search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from articles.fulltext.backends.base import CLAIM_INDEX, NAME_INDEX, REVISION_INDEX
from articles.fulltext.conditions import search_condition
from articles.models import Hop
from sources.models import Source


class IndexedSearchMixin:
    """Search a ModelAdmin's list with `search_condition` instead of `search_fields`.

    `search_fields` must still be set: without it, the admin shows no search box. The conditions use no joins, so
    no row is listed twice.
    """

    search_condition: Callable[[str], Q]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        query = search_term.replace("\x00", " ").strip()  # PostgreSQL refuses NUL in text
        return (queryset.filter(type(self).search_condition(query)) if query else queryset), False


def article_search_condition(query: str) -> Q:
    """Match articles by latest text, slug or URL, agency or publisher."""
    slug = query.rstrip("/").rsplit("/", 1)[-1]
    named_sources = _sources_named(query)
    return (
        search_condition(query, REVISION_INDEX, "latest", last_is_prefix=True)
        | Q(slug__startswith=slug)
        | Q(original_url=query)
        | Q(agency__in=named_sources)
        | Q(publisher__in=named_sources)
    )


def claim_search_condition(query: str) -> Q:
    """Match claims by statement, speaker's name or unnamed speaker's mention."""
    hops = Hop.objects.filter(
        Q(source__in=_sources_named(query)) | Q(source__isnull=True, mention__icontains=query)
    ).order_by()
    return search_condition(query, CLAIM_INDEX, "pk", last_is_prefix=True) | Q(pk__in=hops.values("claim"))


def _sources_named(query: str) -> QuerySet[Source, Any]:
    return Source.objects.filter(search_condition(query, NAME_INDEX, "names", last_is_prefix=True)).values("pk")
