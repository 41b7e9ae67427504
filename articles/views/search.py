"""The search page."""

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

#: Of a query that found nothing, so many ways to ask for more are offered.
MAX_BROADER_QUERIES = 5
#: Longer than any page: what is ranked is bounded.
MAX_PAGE = 99


class SearchForm(forms.Form):
    """What a search page's address may say besides the words: any string is fit to be looked for."""

    KINDS = (("stories", gettext_lazy("Stories")), ("claims", gettext_lazy("Claims")))

    kind = forms.ChoiceField(choices=KINDS, required=False)
    sort = forms.ChoiceField(choices=(("newest", gettext_lazy("newest first")),), required=False)
    topic = forms.SlugField(max_length=100, required=False, label=gettext_lazy("Topic"))
    source = SourceField(max_length=200, required=False, label=gettext_lazy("Said or passed on by"))
    year = forms.IntegerField(
        min_value=MIN_DATE.year, max_value=MAX_DATE.year, required=False, label=gettext_lazy("Year")
    )
    page = forms.IntegerField(min_value=1, max_value=MAX_PAGE, required=False)


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind of hit to show alone, or all kinds."""

    label: str
    url: str
    is_chosen: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """Choices that narrow what was found, each with its address."""

    label: str
    choices: list[tuple[FacetChoice, str]]


def search_page(request: HttpRequest) -> HttpResponse:
    """/search/?q=… — at most four queries: what matches, what narrows it, the stories, the claims.

    Three more where nothing matches, for what may have been meant; one more where a source is asked for. 400 for an
    address that asks for what there is not.
    """
    if "" in request.GET.values():
        return redirect(url_with_query(request.path, without_empty(request.GET)))
    typed = request.GET.get("q", "").replace("\x00", " ").strip()
    form = SearchForm(request.GET)
    if not form.is_valid():
        context = {"typed": typed[:MAX_QUERY_CHARS], "problems": form.errors.as_data(), "form": form}
        return render(request, "search/search.html", context, status=400)
    chosen = form.cleaned_data
    narrowing = SearchFilters(chosen["topic"], chosen["source"], chosen["year"])
    number = chosen["page"] or 1
    found = search(typed, kind=chosen["kind"], narrowing=narrowing, sort=chosen["sort"], page=number)
    conditions = list(_active_filters(request, narrowing, found))
    context = {
        "typed": typed[:MAX_QUERY_CHARS],
        "found": found,
        "kind": chosen["kind"],
        "sort": chosen["sort"],
        "kept": [(name, request.GET[name]) for name in ("kind", "sort", "topic", "source", "year") if chosen[name]],
        "tabs": _tabs(request, chosen["kind"], found),
        "facets": list(_facets(request, narrowing, found)),
        "conditions": conditions,
        "looser": list(_broader_queries(request, found.typed_query)),
        "page": {
            "previous": str(min(number - 1, found.page_count)) if number > 1 else "",
            "next": str(number + 1) if number < found.page_count else "",
        },
        "number": number,
        "all_of": _urls_by_kind(request),
        "narrowed": bool(narrowing),
    }
    return render(request, "search/search.html", context)


def _tabs(request: HttpRequest, kind: str, found: SearchResults) -> list[Tab]:
    counts = {
        "stories": f"{found.article_count}{'+' if found.has_more_articles else ''}",
        "claims": f"{found.claim_count}{'+' if found.has_more_claims else ''}",
    }
    kinds = ((value, str(label), counts[value]) for value, label in SearchForm.KINDS)
    return [
        Tab(label, _changed_url(request, kind=value), value == kind, count)
        for value, label, count in (("", _("Everything"), ""), *kinds)
    ]


def _urls_by_kind(request: HttpRequest) -> dict[str, str]:
    """Where all hits of a kind are."""
    return {value: _changed_url(request, kind=value) for value, _label in SearchForm.KINDS}


def _facets(request: HttpRequest, narrowing: SearchFilters, found: SearchResults) -> Iterator[Facet]:
    """What narrows further, of what was found: where that was not what was typed, the addresses say so."""
    meant = {"q": found.query} if found.is_corrected else {}
    for name, label, choices, used in (
        ("topic", _("Topic"), found.topics, narrowing.topic),
        ("source", _("Said or passed on by"), found.speakers, narrowing.source),
        ("year", _("Year"), found.years, narrowing.year),
    ):
        if choices and not used and (len(choices) > 1 or name != "year"):
            yield Facet(
                label, [(choice, _changed_url(request, **meant, **{name: choice.value})) for choice in choices]
            )


def _active_filters(request: HttpRequest, narrowing: SearchFilters, found: SearchResults) -> Iterator[ActiveFilter]:
    if narrowing.topic:
        name = next((topic.label for topic in found.topics if topic.value == narrowing.topic), narrowing.topic)
        yield ActiveFilter("topic", _("Topic"), name, _changed_url(request, topic=""))
    if narrowing.source:
        yield ActiveFilter(
            "source", _("Said or passed on by"), narrowing.source.name, _changed_url(request, source="")
        )
    if narrowing.year:
        yield ActiveFilter("year", _("Year"), str(narrowing.year), _changed_url(request, year=""))


def _broader_queries(request: HttpRequest, asked: Query) -> Iterator[tuple[str, str]]:
    """(a query that asks for less, its address): each without one of its parts, and phrases as single words."""
    queries = []
    if any(len(term.words) > 1 for term in asked.terms):
        queries.append(" ".join(word for term in asked.terms for word in term.words))
    groups = asked.groups if len(asked.groups) > 1 else ()
    queries += [str(Query((*groups[:at], *groups[at + 1 :]), asked.excluded)) for at in range(len(groups))]
    if asked.excluded and asked.groups:
        queries.append(str(Query(asked.groups)))
    for query in list(dict.fromkeys(queries))[:MAX_BROADER_QUERIES]:
        yield query, _changed_url(request, q=query)


def _changed_url(request: HttpRequest, **changes: Any) -> str:
    """This page's address with some parts changed, or taken out where they are empty; its first page."""
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value:
            query[name] = str(value)
        else:
            query.pop(name, None)
    return url_with_query(request.path, query)
