"""The list of sources, and a source's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from articles.filters import SourceFilterSet
from articles.models import Claim
from articles.paging import BadCursorError, page
from articles.speaking import partners, public_sources, with_claim_counts
from articles.views.lists import listing
from sources.models import Source


def source_list(request: HttpRequest) -> HttpResponse:
    """/sources/ — one query."""
    sources = with_claim_counts(public_sources()).by_name()
    return listing(request, SourceFilterSet, sources, "sources/list.html")


def source(request: HttpRequest, slug: str) -> HttpResponse:
    """/sources/<slug>/ — six queries: the source, names, roles, a page of claims with hops and figures.

    The address of a source that was merged leads to the one it was merged into. A source that no
    public claim speaks of has no page for readers.
    """
    found = get_object_or_404(Source.objects.select_related("merged_into__merged_into"), slug=slug)
    if found.merged_into:
        return redirect(found.merged_into.merged_into or found.merged_into, permanent=True)
    claims = Claim.objects.public().involving(found).for_list().newest_first()
    problem = ""
    try:
        shown = page(claims, request.GET.get("page", ""))
    except BadCursorError as error:
        problem, shown = str(error), page(claims)
    if not shown.rows and not problem:
        get_object_or_404(public_sources(), pk=found.pk)
    context = {
        "source": found,
        "aliases": [name for name in found.names.all() if name.name != found.name],
        "affiliations": found.affiliations.select_related("organisation"),
        "page": shown,
        "problem": problem,
        "partners": partners(found, shown.rows),
    }
    return render(request, "sources/source.html", context, status=400 if problem else 200)
