"""The newsroom's search boxes: by the indexes that readers' searches use, over everything that is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from articles.fulltext.backends.base import CLAIMS, NAMES, REVISIONS
from articles.fulltext.lookups import matching
from articles.models import Hop
from sources.models import Source


class IndexedSearch:
    """For a ModelAdmin: `searched` gives the condition for some words. `search_fields` then only say that there is a box.

    No condition joins, so no row repeats.
    """

    searched: Callable[[str], Q]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.replace("\x00", " ").strip()
        return (queryset.filter(type(self).searched(words)) if words else queryset), False


def articles_found(words: str) -> Q:
    """Stories by the words of their latest revision, by address, agency or publisher."""
    named = Source.objects.filter(matching(words, NAMES, "names", begun=True)).values("pk")
    slug = words.rstrip("/").rsplit("/", 1)[-1]
    return (
        matching(words, REVISIONS, "latest", begun=True)
        | Q(slug__startswith=slug)
        | Q(original_url=words)
        | Q(agency__in=named)
        | Q(publisher__in=named)
    )


def claims_found(words: str) -> Q:
    """Claims by what was said, by the names of who has a part in them, or by the copy's words for the unnamed."""
    named = Source.objects.filter(matching(words, NAMES, "names", begun=True)).values("pk")
    hops = Hop.objects.filter(Q(source__in=named) | Q(source__isnull=True, mention__icontains=words))
    return matching(words, CLAIMS, "pk", begun=True) | Q(pk__in=hops.order_by().values("claim"))
