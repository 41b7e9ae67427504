"""What all list pages share: filters, pages, errors, one URL for each page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import BoundField, CheckboxInput, Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from articles.exports.feeds import feed_links
from articles.filters import SUGGESTIONS_ID, BaseFilterSet
from articles.pagination import BadCursorError, paginate
from articles.queries.sources import suggested_source_names
from sources.models import Source

#: Names suggested for a source field.
MAX_SUGGESTED_NAMES = 30


def render_list(
    request: HttpRequest,
    filters: type[BaseFilterSet],
    rows: QuerySet[Any],
    template: str,
    *,
    first: int = 0,
    feed: str = "",
) -> HttpResponse:
    """Render a filtered list, page by page.

    `first`: number of fields that are always shown; the others are folded until used. 0 shows all.
    `feed`: title of the list's feeds; feeds and downloads are offered below the list's path.

    A form sends its empty fields too. Redirect to the URL without them, so that each page has one URL. Return 400 with
    an error message for a filter or page that cannot be used.
    """
    if "" in request.GET.values():
        return redirect(url_with_query(request.path, without_empty(request.GET)))
    filterset = filters(request.GET, queryset=rows, request=request)
    form = filterset.form
    problem = ""
    page = None
    facets = None
    valid = filterset.is_valid()
    conditions = list(active_filters(request, form))  # before counts are added to the labels of the choices
    if valid:
        try:
            page = paginate(filterset.qs, request.GET.get("page", ""))
            facets = filterset.count_choices()
        except BadCursorError as error:
            problem = str(error)
    if facets is None:
        filterset.set_choices_without_counts()
    folded = list(form)[first:] if first else []
    query = _without_unknown(without_page(request.GET), form).urlencode()
    context = {
        "feeds": feed_links(request.path, feed, query) if feed and page is not None else [],
        "query": query,
        "form": form,
        "first": first,
        "unfolded": any(field.name in request.GET for field in folded),
        "page": page,
        "problem": problem,
        "conditions": conditions,
        "facets": facets,
        "suggestions_id": SUGGESTIONS_ID,
    }
    return render(request, template, context, status=200 if page is not None else 400)


def source_names(request: HttpRequest) -> HttpResponse:
    """Suggest names for a source field: /source-names/?<any field>=<typed>. One query."""
    typed = str(next(iter(request.GET.values()), ""))[:200].replace("\0", "")
    return render(
        request, "includes/source_options.html", {"names": suggested_source_names(typed, MAX_SUGGESTED_NAMES)}
    )


def without_page(query: QueryDict) -> QueryDict:
    """Return the filters of a list's URL, without empty parameters and the page."""
    filters = without_empty(query)
    filters.pop("page", None)
    return filters


def url_with_query(path: str, query: QueryDict) -> str:
    """Return a path with a query string, if there is one."""
    return f"{path}?{query.urlencode()}" if query else path


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter in use.

    It has the field, its label and value for readers, and the URL without it.
    """

    name: str
    label: str
    value: str
    url_without: str


def active_filters(request: HttpRequest, form: Form) -> Iterator[ActiveFilter]:
    """Yield the filters in use that have no error, in the order of the fields."""
    for field in form:
        if field.name not in request.GET or field.name in form.errors:
            continue
        query = request.GET.copy()
        for name in (field.name, "page"):
            query.pop(name, None)
        yield ActiveFilter(
            field.name, str(field.label), _display_value(field, form), url_with_query(request.path, query)
        )


def _display_value(field: BoundField, form: Form) -> str:
    """Return the value of a field for readers; empty for a checkbox."""
    value = form.cleaned_data[field.name]
    if isinstance(field.field.widget, CheckboxInput):
        return ""
    if isinstance(value, Source):
        return value.name
    if choices := getattr(field.field, "choices", None):
        return str(dict(choices).get(value, value))
    if hasattr(value, "year"):
        return date_format(value, _("j F Y"))
    return str(value) if isinstance(value, str) else number_format(value, use_l10n=True, force_grouping=True)


def _without_unknown(query: QueryDict, form: Form) -> QueryDict:
    """Return only the parameters of the form: feeds and exports refuse unknown ones."""
    for name in set(query) - set(form.fields):
        query.pop(name)
    return query


def without_empty(query: QueryDict) -> QueryDict:
    """Return the parameters that have a value."""
    filled = QueryDict(mutable=True)
    for name, values in query.lists():
        if non_empty := [value for value in values if value]:
            filled.setlist(name, non_empty)
    return filled
