"""The list of sources, and a source's page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.display.share_card import source_card
from articles.display.source_flow import Partner, render_flow
from articles.display.source_timeline import build_columns, render_timeline
from articles.exports.feeds import feed_links
from articles.exports.json_ld import script_content, source_json_ld
from articles.filters import SourceFilterSet
from articles.models import Claim
from articles.pagination import BadCursorError, paginate
from articles.queries.sources import (
    CountedSource,
    claim_counts_by_month,
    count_claims,
    find_readable_merge_target,
    public_sources,
    source_partners,
    sources_for_page,
    with_capped_claim_counts,
)
from articles.views.list_view import render_list

#: What of a source's claims its page shows: ?part=… -> the named query.
PART_METHODS = {"": "involving", "first": "originating_with", "passed-on": "passed_on_by"}


def source_list(request: HttpRequest) -> HttpResponse:
    """/sources/ — two queries: the page, and the counts beside kinds and letters; three with a letter."""
    sources = with_capped_claim_counts(public_sources().order_by("name", "id"))
    return render_list(request, SourceFilterSet, sources, "sources/list.html")


def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/sources/<slug>/ — seven queries: the source, how much it said and when, with whom, a page of claims.

    The address of a source that was merged leads to the one it was merged into, if that has a page. A source that no
    public story speaks of has no page for readers.
    """
    found = get_object_or_404(sources_for_page(), slug=slug)
    if found.merged_into:
        left = find_readable_merge_target(found)
        if left is None:
            raise Http404
        return redirect(left, permanent=True)
    said = count_claims(found)
    if not (said.claims or found.supplied or found.published):
        raise Http404
    part = request.GET.get("part", "")
    problem, shown = "", None
    if part not in PART_METHODS:
        problem = "A source's claims are those it said first or those it passed on; there is no other part."
    else:
        claims = Claim.objects.public().for_list().newest_first()
        try:
            shown = paginate(getattr(claims, PART_METHODS[part])(found), request.GET.get("page", ""))
        except BadCursorError as error:
            problem = str(error)
    names = sorted(found.shown_names or [], key=lambda name: name["name"])
    aliases = [name["name"] for name in names if name["name"] != found.name]
    absolute = request.build_absolute_uri
    others = source_partners(found)
    spans = build_columns(claim_counts_by_month(found), month="%b %Y", year="%Y")
    streams = render_flow(
        _flow_partners(others.passes_on), _flow_partners(others.passed_on_by), title=_("The flow of words")
    )
    context = {
        "card": source_card(found, absolute),
        "structured": script_content(source_json_ld(found, aliases, found.shown_roles or [], absolute)),
        "feeds": feed_links(found.get_absolute_url(), found.name),
        "source": found,
        "aliases": aliases,
        "tally": said,
        "part": part,
        "page": shown,
        "problem": problem,
        "partners": others,
        "timeline": mark_safe(render_timeline(spans, title=_("Claims over time"))),  # noqa: S308 - drawn by articles.display.source_timeline
        "spans": [span for span in spans if span.total],
        "flow": mark_safe(streams),  # noqa: S308 - drawn and escaped by articles.display.source_flow
    }
    return render(request, "sources/source.html", context, status=400 if problem else 200)


def _flow_partners(voices: list[CountedSource]) -> list[Partner]:
    return [Partner(voice.name, voice.claims, reverse("articles:source", args=[voice.slug])) for voice in voices]
