"""The newsroom's search boxes: by the indexes that readers' searches use, over everything that is there."""

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
    """For a ModelAdmin: `searched` gives the condition for some words. `search_fields` then only say that there is a box.

    No condition joins, so no row repeats.
    """

    search_condition: Callable[[str], Q]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.replace("\x00", " ").strip()
        return (queryset.filter(type(self).search_condition(words)) if words else queryset), False


def article_search_condition(words: str) -> Q:
    """Stories by the words of their latest revision, by address, agency or publisher."""
    named = Source.objects.filter(search_condition(words, NAME_INDEX, "names", last_is_prefix=True)).values("pk")
    slug = words.rstrip("/").rsplit("/", 1)[-1]
    return (
        search_condition(words, REVISION_INDEX, "latest", last_is_prefix=True)
        | Q(slug__startswith=slug)
        | Q(original_url=words)
        | Q(agency__in=named)
        | Q(publisher__in=named)
    )


def claim_search_condition(words: str) -> Q:
    """Claims by what was said, by the names of who has a part in them, or by the copy's words for the unnamed."""
    named = Source.objects.filter(search_condition(words, NAME_INDEX, "names", last_is_prefix=True)).values("pk")
    hops = Hop.objects.filter(Q(source__in=named) | Q(source__isnull=True, mention__icontains=words))
    return search_condition(words, CLAIM_INDEX, "pk", last_is_prefix=True) | Q(pk__in=hops.order_by().values("claim"))
