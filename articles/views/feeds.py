"""Feeds of stories, claims, sources, topics and corrections; those of the lists take the lists' own filters.

They are told apart by an ETag of what they hold and have no Last-Modified: a story that is retracted leaves its
feed, and its going makes no date newer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django_filters import FilterSet

from articles.exports.feeds import ENTRIES, Channel, Entry, of_claim, of_correction, of_story, write
from articles.filters import ArticleFilter, ClaimFilter
from articles.models import Article, Claim, Correction, Topic
from articles.parameters import unknown_parameters
from articles.queries.ledgers import public_figures, public_ledgers
from articles.queries.sources import readable_sources, survivor
from articles.views.list_view import address, conditions, without_page
from sources.models import Source

#: How long anybody may keep a feed, in seconds, and for how long after that while fetching a newer one.
FRESH, STALE = 300, 600


def _feed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    kept = cache_control(public=True, max_age=FRESH, stale_while_revalidate=STALE)
    return require_safe(kept(conditional_page(view)))


@_feed
def article_feed(request: HttpRequest, format: str) -> HttpResponse:
    """/articles/feed.atom|rss|json — three queries: the stories, topics and agencies; and one for a source."""
    stories = Article.objects.public().for_feed()
    return _filtered(request, format, ArticleFilter, stories, "articles:articles", _("Stories"), of_story)


@_feed
def claim_feed(request: HttpRequest, format: str) -> HttpResponse:
    """/claims/feed.atom|rss|json — four queries: the claims, hops, figures, topics; and one for each source."""
    claims = Claim.objects.public().for_list()
    return _filtered(request, format, ClaimFilter, claims, "articles:claims", _("Claims"), of_claim)


@_feed
def source_feed(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """/sources/<slug>/feed.atom|rss|json — four queries: the source, and what it said or passed on."""
    source = get_object_or_404(Source.objects.select_related("merged_into"), slug=slug)
    if source.merged_into:
        left = survivor(source)
        if left is None:
            raise Http404
        return redirect("articles:source_feed", left.slug, format, permanent=True)
    claims = list(Claim.objects.public().for_list().newest_first().involving(source)[:ENTRIES])
    if not claims and not readable_sources().filter(pk=source.pk).exists():
        raise Http404
    entries = [of_claim(claim, request.build_absolute_uri) for claim in claims]
    return _response(
        request,
        format,
        title=source.name,
        description=_("What %(name)s said or passed on, newest first.") % {"name": source.name},
        page=source.get_absolute_url(),
        entries=entries,
    )


@_feed
def topic_feed(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """/topics/<slug>/feed.atom|rss|json — two queries: the topic and its stories."""
    topic = get_object_or_404(Topic.objects.public(), slug=slug)
    stories = Article.objects.public().for_feed().newest_first().on(slug)[:ENTRIES]
    return _response(
        request,
        format,
        title=topic.name,
        description=_("Stories on %(topic)s, newest first.") % {"topic": topic.name},
        page=topic.get_absolute_url(),
        entries=[of_story(story, request.build_absolute_uri) for story in stories],
    )


@_feed
def ledger_feed(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """/ledgers/<slug>/feed.atom|rss|json — five queries: the ledger, and the claims with a figure in it."""
    ledger = get_object_or_404(public_ledgers(), slug=slug)
    filed = public_figures().filter(ledger=ledger).order_by().values("claim")
    claims = Claim.objects.public().for_list().newest_first().filter(pk__in=filed)[:ENTRIES]
    return _response(
        request,
        format,
        title=ledger.name,
        description=_("Figures of %(ledger)s, newest first.") % {"ledger": ledger.name},
        page=ledger.get_absolute_url(),
        entries=[of_claim(claim, request.build_absolute_uri) for claim in claims],
    )


@_feed
def correction_feed(request: HttpRequest, format: str) -> HttpResponse:
    """/corrections/feed.atom|rss|json — one query."""
    corrections = Correction.objects.public().for_list().newest_first()[:ENTRIES]
    return _response(
        request,
        format,
        title=_("Corrections"),
        description=_("What was wrong, and what is right, newest first."),
        page=reverse("articles:corrections"),
        entries=[of_correction(correction, request.build_absolute_uri) for correction in corrections],
    )


def _filtered(
    request: HttpRequest,
    format: str,
    filters: type[FilterSet],
    rows: QuerySet[Any],
    page: str,
    title: str,
    entry: Any,
) -> HttpResponse:
    """A list's feed: newest first whatever order the list is in. 400, in words, where the list says 400."""
    query = without_page(request.GET)
    query.pop("sort", None)
    filterset = filters(query, queryset=rows, request=request)
    if problem := refused(filterset):
        return problem
    for name in set(query) - set(filterset.form.fields):
        query.pop(name)
    said = ", ".join(
        f"{condition.label}: {condition.value}" if condition.value else condition.label
        for condition in conditions(request, filterset.form)
        if condition.name in query
    )
    return _response(
        request,
        format,
        title=f"{title} ({said})" if said else title,
        description=_("Newest first. Only those that meet: %(conditions)s.") % {"conditions": said}
        if said
        else _("All of them, newest first."),
        page=address(reverse(page), query),
        entries=[entry(row, request.build_absolute_uri) for row in filterset.qs.newest_first()[:ENTRIES]],
        query=query.urlencode(),
    )


def refused(filterset: FilterSet) -> HttpResponse | None:
    """Return 400 with a sentence for each filter that is unknown or cannot be used; None if all can. Plain text."""
    form = filterset.form
    lines = unknown_parameters(filterset.data, form.fields)
    lines += [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
    if not lines:
        return None
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type="text/plain; charset=utf-8")


def _response(
    request: HttpRequest,
    format: str,
    *,
    title: str,
    description: str,
    page: str,
    entries: Sequence[Entry],
    query: str = "",
) -> HttpResponse:
    absolute = request.build_absolute_uri
    channel = Channel(
        title=f"{title} · {settings.SITE_NAME}",
        description=description,
        page=absolute(page),
        address=absolute(f"{request.path}?{query}" if query else request.path),
        entries=entries,
    )
    content, media_type = write(channel, format)
    return HttpResponse(content, content_type=f"{media_type}; charset=utf-8")
