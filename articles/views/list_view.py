"""What every list page does: filter, page by keyset, say what is wrong with a filter, keep the address."""

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

#: How many names a source field suggests.
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
    """Render a filtered, paged list; the fields after the `first` few are folded away until used.

    With `feed`, what the list is of, the list as it is filtered has feeds and downloads, below its own path.

    A form sends its empty fields too; such an address leads to the one without them, so that a page
    has one address and it says what is shown. 400 for an address that is damaged or asks for what
    there is not, with the sentence that says so.
    """
    if "" in request.GET.values():
        return redirect(url_with_query(request.path, without_empty(request.GET)))
    filterset = filters(request.GET, queryset=rows, request=request)
    form = filterset.form
    problem = ""
    shown = None
    facets = None
    valid = filterset.is_valid()
    in_use = list(active_filters(request, form))  # named before their choices have counts beside them
    if valid:
        try:
            shown = paginate(filterset.qs, request.GET.get("page", ""))
            facets = filterset.count_choices()
        except BadCursorError as error:
            problem = str(error)
    if facets is None:
        filterset.set_choices_without_counts()
    fields = list(form)
    folded = fields[first:] if first else []
    query = _known(without_page(request.GET), form).urlencode()
    context = {
        "feeds": feed_links(request.path, feed, query) if feed and shown is not None else [],
        "query": query,
        "form": form,
        "first": first,
        "unfolded": any(field.name in request.GET for field in folded),
        "page": shown,
        "problem": problem,
        "conditions": in_use,
        "facets": facets,
        "suggestions_id": SUGGESTIONS_ID,
    }
    return render(request, template, context, status=200 if shown is not None else 400)


def source_names(request: HttpRequest) -> HttpResponse:
    """/source-names/?<field>=… — names for a source field, as it is typed in, whatever it is called. One query."""
    words = str(next(iter(request.GET.values()), ""))[:200].replace("\0", "")
    return render(
        request, "includes/source_options.html", {"names": suggested_source_names(words, MAX_SUGGESTED_NAMES)}
    )


def without_page(query: QueryDict) -> QueryDict:
    """What a list's address filters by: neither empty fields nor the page that is shown."""
    kept = without_empty(query)
    kept.pop("page", None)
    return kept


def url_with_query(path: str, query: QueryDict) -> str:
    """A path with a query string, if there is any."""
    return f"{path}?{query.urlencode()}" if query else path


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One filter that is in use: its field, its name and value for readers, and the address without it."""

    name: str
    label: str
    value: str
    url_without: str


def active_filters(request: HttpRequest, form: Form) -> Iterator[ActiveFilter]:
    """The filters that a valid form has in use, in the order of its fields."""
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
    """A field's value as readers put it; nothing for a box that is ticked."""
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


def _known(query: QueryDict, form: Form) -> QueryDict:
    """Return the filters of a query alone: feeds and downloads refuse parameters that they do not know."""
    for name in set(query) - set(form.fields):
        query.pop(name)
    return query


def without_empty(query: QueryDict) -> QueryDict:
    """The parameters that say something."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if wanted := [value for value in values if value]:
            kept.setlist(name, wanted)
    return kept
