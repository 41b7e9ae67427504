"""The site's own filters, as a filter backend of the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from articles.api.responses import BadRequest
from articles.filters import BaseFilterSet

#: Filters that are the two ends of a range.
RANGES = (("figure_min", "figure_max"), ("said_after", "said_before"), ("after", "before"))


class FilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    """Filter a list. Refuse invalid values, and ranges that end before they start."""

    filterset_base = BaseFilterSet

    def filter_queryset(self, request: Request, queryset: Any, view: APIView) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        errors = {name: list(map(str, messages)) for name, messages in filterset.form.errors.items()}
        if errors := errors or _inverted_ranges(filterset):
            raise BadRequest(errors)
        return filterset.qs


def _inverted_ranges(filterset: FilterSet) -> dict[str, list[str]]:
    errors = {}
    for first, last in RANGES:
        start, end = (filterset.form.cleaned_data.get(name) for name in (first, last))
        if start is not None and end is not None and start > end:
            values = {"first": first, "start": start, "last": last, "end": end}
            errors[first] = [_("%(first)s (%(start)s) is above %(last)s (%(end)s).") % values]
    return errors
