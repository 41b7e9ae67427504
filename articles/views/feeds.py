"""Feeds of articles, claims, sources, topics, ledgers and corrections.

The feeds of lists take the filters of the lists. Feeds have an ETag of their content and no Last-Modified: a retracted
article leaves its feed without making any date newer.
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

from articles.exports.feeds import (
    MAX_ENTRIES,
    Channel,
    Entry,
    article_entry,
    claim_entry,
    correction_entry,
    write_feed,
)
from articles.filters import ArticleFilterSet, ClaimFilterSet
from articles.models import Article, Claim, Correction, Topic
from articles.parameters import unknown_parameters
from articles.queries.ledgers import public_ledgers, public_quantities
from articles.queries.sources import find_readable_merge_target, readable_sources
from articles.views.list_view import active_filters, url_with_query, without_page
from sources.models import Source

#: Seconds for which a cache may keep a feed, and for which it may still serve it while fetching a newer one.
MAX_AGE_SECONDS, STALE_WHILE_REVALIDATE_SECONDS = 300, 600


def _feed_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    cached = cache_control(public=True, max_age=MAX_AGE_SECONDS, stale_while_revalidate=STALE_WHILE_REVALIDATE_SECONDS)
    return require_safe(cached(conditional_page(view)))


@_feed_view
def article_feed(request: HttpRequest, format: str) -> HttpResponse:
    """Write /articles/feed.atom|rss|json.

    Three queries: the articles, topics and agencies. One more with a source filter.
    """
    articles = Article.objects.public().for_feed()
    return _list_feed_response(
        request, format, ArticleFilterSet, articles, "articles:articles", _("Stories"), article_entry
    )


@_feed_view
def claim_feed(request: HttpRequest, format: str) -> HttpResponse:
    """Write /claims/feed.atom|rss|json.

    Four queries: the claims, hops, figures and topics. One more for each source filter.
    """
    claims = Claim.objects.public().for_list()
    return _list_feed_response(request, format, ClaimFilterSet, claims, "articles:claims", _("Claims"), claim_entry)


@_feed_view
def source_feed(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """Write /sources/<slug>/feed.atom|rss|json.

    Four queries: the source, and the claims that it said or passed on.
    """
    source = get_object_or_404(Source.objects.select_related("merged_into"), slug=slug)
    if source.merged_into:
        target = find_readable_merge_target(source)
        if target is None:
            raise Http404
        return redirect("articles:source_feed", target.slug, format, permanent=True)
    claims = list(Claim.objects.public().for_list().newest_first().involving(source)[:MAX_ENTRIES])
    if not claims and not readable_sources().filter(pk=source.pk).exists():
        raise Http404
    entries = [claim_entry(claim, request.build_absolute_uri) for claim in claims]
    return _feed_response(
        request,
        format,
        title=source.name,
        description=_("What %(name)s said or passed on, newest first.") % {"name": source.name},
        page=source.get_absolute_url(),
        entries=entries,
    )


@_feed_view
def topic_feed(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """Write /topics/<slug>/feed.atom|rss|json. Two queries: the topic and its articles."""
    topic = get_object_or_404(Topic.objects.public(), slug=slug)
    articles = Article.objects.public().for_feed().newest_first().filed_under(slug)[:MAX_ENTRIES]
    return _feed_response(
        request,
        format,
        title=topic.name,
        description=_("Stories on %(topic)s, newest first.") % {"topic": topic.name},
        page=topic.get_absolute_url(),
        entries=[article_entry(article, request.build_absolute_uri) for article in articles],
    )


@_feed_view
def ledger_feed(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """Write /ledgers/<slug>/feed.atom|rss|json.

    Five queries: the ledger, and the claims with a figure in it.
    """
    ledger = get_object_or_404(public_ledgers(), slug=slug)
    claim_ids = public_quantities().filter(ledger=ledger).order_by().values("claim")
    claims = Claim.objects.public().for_list().newest_first().filter(pk__in=claim_ids)[:MAX_ENTRIES]
    return _feed_response(
        request,
        format,
        title=ledger.name,
        description=_("Figures of %(ledger)s, newest first.") % {"ledger": ledger.name},
        page=ledger.get_absolute_url(),
        entries=[claim_entry(claim, request.build_absolute_uri) for claim in claims],
    )


@_feed_view
def correction_feed(request: HttpRequest, format: str) -> HttpResponse:
    """Write /corrections/feed.atom|rss|json. One query."""
    corrections = Correction.objects.public().for_list().newest_first()[:MAX_ENTRIES]
    return _feed_response(
        request,
        format,
        title=_("Corrections"),
        description=_("What was wrong, and what is right, newest first."),
        page=reverse("articles:corrections"),
        entries=[correction_entry(correction, request.build_absolute_uri) for correction in corrections],
    )


def _list_feed_response(
    request: HttpRequest,
    format: str,
    filters: type[FilterSet],
    rows: QuerySet[Any],
    page: str,
    title: str,
    entry: Any,
) -> HttpResponse:
    """Return the feed of a filtered list, newest first in any order of the list.

    Return 400 with plain text if a filter cannot be used.
    """
    query = without_page(request.GET)
    query.pop("sort", None)
    filterset = filters(query, queryset=rows, request=request)
    if problem := bad_filter_response(filterset):
        return problem
    for name in set(query) - set(filterset.form.fields):
        query.pop(name)
    conditions = ", ".join(
        f"{condition.label}: {condition.value}" if condition.value else condition.label
        for condition in active_filters(request, filterset.form)
        if condition.name in query
    )
    return _feed_response(
        request,
        format,
        title=f"{title} ({conditions})" if conditions else title,
        description=_("Newest first, filtered by: %(conditions)s.") % {"conditions": conditions}
        if conditions
        else _("Everything, newest first."),
        page=url_with_query(reverse(page), query),
        entries=[entry(row, request.build_absolute_uri) for row in filterset.qs.newest_first()[:MAX_ENTRIES]],
        query=query.urlencode(),
    )


def bad_filter_response(filterset: FilterSet) -> HttpResponse | None:
    """Return 400 with a sentence for each filter that is unknown or cannot be used; None if all can. Plain text."""
    form = filterset.form
    lines = unknown_parameters(filterset.data, form.fields)
    lines += [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
    if not lines:
        return None
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type="text/plain; charset=utf-8")


def _feed_response(
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
        page_url=absolute(page),
        feed_url=absolute(f"{request.path}?{query}" if query else request.path),
        entries=entries,
    )
    content, media_type = write_feed(channel, format)
    return HttpResponse(content, content_type=f"{media_type}; charset=utf-8")
