"""Search page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.filters import MAX_DATE, MIN_DATE, SourceField
from articles.fulltext.query import MAX_QUERY_CHARS, Query
from articles.search.results import FacetChoice, SearchFilters, SearchResults
from articles.search.search import search
from articles.views.list_view import ActiveFilter, url_with_query, without_empty

#: Broader queries offered if nothing was results.
MAX_BROADER_QUERIES = 5
#: Above the number of any page, because ranking is bounded.
MAX_PAGE = 99


class SearchForm(forms.Form):
    """The parameters of a search besides the query, which may be any string."""

    KINDS = (("stories", gettext_lazy("Stories")), ("claims", gettext_lazy("Claims")))

    kind = forms.ChoiceField(choices=KINDS, required=False)
    sort = forms.ChoiceField(choices=(("newest", gettext_lazy("newest first")),), required=False)
    topic = forms.SlugField(max_length=100, required=False, label=gettext_lazy("Topic"))
    source = SourceField(max_length=200, required=False, label=gettext_lazy("Source"))
    year = forms.IntegerField(
        min_value=MIN_DATE.year, max_value=MAX_DATE.year, required=False, label=gettext_lazy("Year")
    )
    page = forms.IntegerField(min_value=1, max_value=MAX_PAGE, required=False)


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to all hits, or to the hits of one kind."""

    label: str
    url: str
    is_chosen: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """Choices that refine a search, each with its URL."""

    label: str
    choices: list[tuple[FacetChoice, str]]


def search_page(request: HttpRequest) -> HttpResponse:
    """Show /search/?q=…; 400 for parameters that cannot be used.

    At most four queries: the matches, the facets, the articles, the claims. Three more for a suggestion if nothing
    matches, and one more with a source filter.
    """
    if "" in request.GET.values():
        return redirect(url_with_query(request.path, without_empty(request.GET)))
    typed = request.GET.get("q", "").replace("\x00", " ").strip()
    form = SearchForm(request.GET)
    if not form.is_valid():
        context = {"typed": typed[:MAX_QUERY_CHARS], "problems": form.errors.as_data(), "form": form}
        return render(request, "search/search.html", context, status=400)
    chosen = form.cleaned_data
    filters = SearchFilters(chosen["topic"], chosen["source"], chosen["year"])
    number = chosen["page"] or 1
    results = search(typed, kind=chosen["kind"], filters=filters, sort=chosen["sort"], page=number)
    conditions = list(_active_filters(request, filters, results))
    context = {
        "typed": typed[:MAX_QUERY_CHARS],
        "found": results,
        "kind": chosen["kind"],
        "sort": chosen["sort"],
        "hidden_fields": [
            (name, request.GET[name]) for name in ("kind", "sort", "topic", "source", "year") if chosen[name]
        ],
        "tabs": _tabs(request, chosen["kind"], results),
        "facets": list(_facets(request, filters, results)),
        "conditions": conditions,
        "broader_queries": list(_broader_queries(request, results.typed_query)),
        "page": {
            "previous": str(min(number - 1, results.page_count)) if number > 1 else "",
            "next": str(number + 1) if number < results.page_count else "",
        },
        "number": number,
        "urls_by_kind": _urls_by_kind(request),
    }
    return render(request, "search/search.html", context)


def _tabs(request: HttpRequest, kind: str, results: SearchResults) -> list[Tab]:
    counts = {
        "stories": f"{results.article_count}{'+' if results.has_more_articles else ''}",
        "claims": f"{results.claim_count}{'+' if results.has_more_claims else ''}",
    }
    kinds = ((value, str(label), counts[value]) for value, label in SearchForm.KINDS)
    return [
        Tab(label, _changed_url(request, kind=value), value == kind, count)
        for value, label, count in (("", _("Everything"), ""), *kinds)
    ]


def _urls_by_kind(request: HttpRequest) -> dict[str, str]:
    """Return the URL of all hits of each kind."""
    return {value: _changed_url(request, kind=value) for value, _label in SearchForm.KINDS}


def _facets(request: HttpRequest, filters: SearchFilters, results: SearchResults) -> Iterator[Facet]:
    """Yield facets that are not in use.

    If the query was corrected, their URLs have the corrected query.
    """
    corrected = {"q": results.query} if results.is_corrected else {}
    for name, label, choices, used in (
        ("topic", _("Topic"), results.topics, filters.topic),
        ("source", _("Source"), results.speakers, filters.source),
        ("year", _("Year"), results.years, filters.year),
    ):
        if choices and not used and (len(choices) > 1 or name != "year"):
            yield Facet(
                label, [(choice, _changed_url(request, **corrected, **{name: choice.value})) for choice in choices]
            )


def _active_filters(request: HttpRequest, filters: SearchFilters, results: SearchResults) -> Iterator[ActiveFilter]:
    if filters.topic:
        name = next((topic.label for topic in results.topics if topic.value == filters.topic), filters.topic)
        yield ActiveFilter("topic", _("Topic"), name, _changed_url(request, topic=""))
    if filters.source:
        yield ActiveFilter("source", _("Source"), filters.source.name, _changed_url(request, source=""))
    if filters.year:
        yield ActiveFilter("year", _("Year"), str(filters.year), _changed_url(request, year=""))


def _broader_queries(request: HttpRequest, typed: Query) -> Iterator[tuple[str, str]]:
    """Yield (query, URL) of broader queries.

    They leave out one part, or search the words of a phrase one by one.
    """
    queries = []
    if any(len(term.words) > 1 for term in typed.terms):
        queries.append(" ".join(word for term in typed.terms for word in term.words))
    groups = typed.groups if len(typed.groups) > 1 else ()
    queries += [str(Query((*groups[:at], *groups[at + 1 :]), typed.excluded)) for at in range(len(groups))]
    if typed.excluded and typed.groups:
        queries.append(str(Query(typed.groups)))
    for query in list(dict.fromkeys(queries))[:MAX_BROADER_QUERIES]:
        yield query, _changed_url(request, q=query)


def _changed_url(request: HttpRequest, **changes: Any) -> str:
    """Return the URL of the first page with parameters changed.

    An empty value removes a parameter.
    """
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value:
            query[name] = str(value)
        else:
            query.pop(name, None)
    return url_with_query(request.path, query)
