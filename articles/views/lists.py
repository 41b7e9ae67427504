"""What every list page does: filter, page by keyset, say what is wrong with a filter, keep the address."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_filters import FilterSet

from articles.filters import SUGGESTIONS, SourceFilter
from articles.paging import BadCursorError, page
from articles.speaking import most_quoted

SUGGESTED = 60


def listing(
    request: HttpRequest,
    filters: type[FilterSet],
    rows: QuerySet[Any],
    template: str,
    *,
    first: int = 0,
) -> HttpResponse:
    """Render a filtered, paged list; the fields after the `first` few are folded away until used. 400 for an address that is damaged or asks for what there is not."""
    filterset = filters(request.GET, queryset=rows, request=request)
    valid = filterset.is_valid()
    problem = ""
    shown = None
    if valid:
        try:
            shown = page(filterset.qs, request.GET.get("page", ""))
        except BadCursorError as error:
            problem = str(error)
    needs_names = any(isinstance(filter, SourceFilter) for filter in filterset.filters.values())
    folded = list(filterset.form.fields)[first:] if first else []
    context = {
        "first": first,
        "more_open": any(request.GET.get(name) or name in filterset.form.errors for name in folded),
        "filter": filterset,
        "page": shown,
        "problem": problem,
        "active": [name for name in filterset.form.fields if request.GET.get(name)],
        "suggestions": most_quoted(SUGGESTED) if needs_names else (),
        "suggestions_id": SUGGESTIONS,
    }
    return render(request, template, context, status=200 if valid and not problem else 400)
