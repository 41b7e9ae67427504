"""Source list and source page."""

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

#: Claims that the page of a source shows: ?part=… -> the queryset method.
PART_METHODS = {"": "involving", "first": "originating_with", "passed-on": "passed_on_by"}


def source_list(request: HttpRequest) -> HttpResponse:
    """Show /sources/.

    Two queries: the page, and the counts of kinds and letters. Three with a letter.
    """
    sources = with_capped_claim_counts(public_sources().order_by("name", "id"))
    return render_list(request, SourceFilterSet, sources, "sources/list.html")


def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show /sources/<slug>/.

    Seven queries: the source, its counts, its months, its partners, a page of claims. A merged source redirects to the
    one that was kept, if readers can see it. A source without a public article is 404.
    """
    source = get_object_or_404(sources_for_page(), slug=slug)
    if source.merged_into:
        target = find_readable_merge_target(source)
        if target is None:
            raise Http404
        return redirect(target, permanent=True)
    counts = count_claims(source)
    if not (counts.claims or source.supplied or source.published):
        raise Http404
    part = request.GET.get("part", "")
    problem, page = "", None
    if part not in PART_METHODS:
        problem = _("“part” must be “first” or “passed-on”.")
    else:
        claims = Claim.objects.public().for_list().newest_first()
        try:
            page = paginate(getattr(claims, PART_METHODS[part])(source), request.GET.get("page", ""))
        except BadCursorError as error:
            problem = str(error)
    names = sorted(source.shown_names or [], key=lambda name: name["name"])
    aliases = [name["name"] for name in names if name["name"] != source.name]
    absolute_url = request.build_absolute_uri
    partners = source_partners(source)
    spans = build_columns(claim_counts_by_month(source), month="%b %Y", year="%Y")
    flow = render_flow(
        _flow_partners(partners.passes_on),
        _flow_partners(partners.passed_on_by),
        title=_("Who passes on statements of whom"),
    )
    context = {
        "card": source_card(source, absolute_url),
        "structured": script_content(source_json_ld(source, aliases, source.shown_roles or [], absolute_url)),
        "feeds": feed_links(source.get_absolute_url(), source.name),
        "source": source,
        "aliases": aliases,
        "tally": counts,
        "part": part,
        "page": page,
        "problem": problem,
        "partners": partners,
        "timeline": mark_safe(render_timeline(spans, title=_("Claims over time"))),  # noqa: S308 - drawn by articles.display.source_timeline
        "spans": [span for span in spans if span.total],
        "flow": mark_safe(flow),  # noqa: S308 - drawn and escaped by articles.display.source_flow
    }
    return render(request, "sources/source.html", context, status=400 if problem else 200)


def _flow_partners(sources: list[CountedSource]) -> list[Partner]:
    return [Partner(source.name, source.claims, reverse("articles:source", args=[source.slug])) for source in sources]
