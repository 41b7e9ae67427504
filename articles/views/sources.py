"""The list of sources, and a source's page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.display.share_card import card_of_source
from articles.display.source_flow import Partner, flow
from articles.display.source_timeline import columns, timeline
from articles.exports.feeds import links
from articles.exports.json_ld import of_source, script
from articles.filters import SourceFilterSet
from articles.models import Claim
from articles.pagination import BadCursorError, page
from articles.queries.sources import (
    Voice,
    for_page,
    months,
    partners,
    public_sources,
    survivor,
    tally,
    with_counts_up_to,
)
from articles.views.list_view import listing

#: What of a source's claims its page shows: ?part=… -> the named query.
PARTS = {"": "involving", "first": "originating_with", "passed-on": "passed_on_by"}


def source_list(request: HttpRequest) -> HttpResponse:
    """/sources/ — two queries: the page, and the counts beside kinds and letters; three with a letter."""
    sources = with_counts_up_to(public_sources().order_by("name", "id"))
    return listing(request, SourceFilterSet, sources, "sources/list.html")


def source(request: HttpRequest, slug: str) -> HttpResponse:
    """/sources/<slug>/ — seven queries: the source, how much it said and when, with whom, a page of claims.

    The address of a source that was merged leads to the one it was merged into, if that has a page. A source that no
    public story speaks of has no page for readers.
    """
    found = get_object_or_404(for_page(), slug=slug)
    if found.merged_into:
        left = survivor(found)
        if left is None:
            raise Http404
        return redirect(left, permanent=True)
    said = tally(found)
    if not (said.claims or found.supplied or found.published):
        raise Http404
    part = request.GET.get("part", "")
    problem, shown = "", None
    if part not in PARTS:
        problem = "A source's claims are those it said first or those it passed on; there is no other part."
    else:
        claims = Claim.objects.public().for_list().newest_first()
        try:
            shown = page(getattr(claims, PARTS[part])(found), request.GET.get("page", ""))
        except BadCursorError as error:
            problem = str(error)
    names = sorted(found.shown_names or [], key=lambda name: name["name"])
    aliases = [name["name"] for name in names if name["name"] != found.name]
    absolute = request.build_absolute_uri
    others = partners(found)
    spans = columns(months(found), month="%b %Y", year="%Y")
    streams = flow(_drawn(others.passes_on), _drawn(others.passed_on_by), title=_("The flow of words"))
    context = {
        "card": card_of_source(found, absolute),
        "structured": script(of_source(found, aliases, found.shown_roles or [], absolute)),
        "feeds": links(found.get_absolute_url(), found.name),
        "source": found,
        "aliases": aliases,
        "tally": said,
        "part": part,
        "page": shown,
        "problem": problem,
        "partners": others,
        "timeline": mark_safe(timeline(spans, title=_("Claims over time"))),  # noqa: S308 - drawn by articles.display.source_timeline
        "spans": [span for span in spans if span.total],
        "flow": mark_safe(streams),  # noqa: S308 - drawn and escaped by articles.display.source_flow
    }
    return render(request, "sources/source.html", context, status=400 if problem else 200)


def _drawn(voices: list[Voice]) -> list[Partner]:
    return [Partner(voice.name, voice.claims, reverse("articles:source", args=[voice.slug])) for voice in voices]
