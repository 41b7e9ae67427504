"""Feeds of articles, claims, sources, topics, ledgers and corrections.

Feeds of lists take the filters of the list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django_filters import FilterSet

from articles.exports.feeds import MAX_ENTRIES, BaseArticleFeed, BaseClaimFeed, BaseCorrectionFeed, BaseFeed
from articles.filters import ArticleFilterSet, ClaimFilterSet
from articles.models import Article, Claim, Correction, Ledger, Topic
from articles.parameters import unknown_parameters
from articles.queries.ledgers import public_ledgers, public_quantities
from articles.queries.sources import find_readable_merge_target, readable_sources
from articles.views.list_view import active_filters, url_with_query, without_page
from sources.models import Source

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: How long a cache may keep a feed, and for how much longer while it fetches a new one.
MAX_AGE_SECONDS, STALE_WHILE_REVALIDATE_SECONDS = 300, 600


class FilteredFeedMixin(BaseFeed):
    """The feed of a filtered list: newest first, whatever the order of the list.

    A filter that is unknown or cannot be used is answered with 400 in plain text.
    """

    list_name: StrPromise
    list_url_name: str
    filterset_class: type[FilterSet]

    def list_queryset(self) -> QuerySet[Any]:
        raise NotImplementedError

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        query = without_page(request.GET)
        query.pop("sort", None)
        filterset = self.filterset_class(query, queryset=self.list_queryset(), request=request)
        if response := bad_filter_response(filterset):
            return response
        for name in set(query) - set(filterset.form.fields):
            query.pop(name)
        self.query: QueryDict = query
        self.filterset = filterset
        self.conditions = ", ".join(
            f"{condition.label}: {condition.value}" if condition.value else condition.label
            for condition in active_filters(request, filterset.form)
            if condition.name in query
        )
        return super().__call__(request, *args, **kwargs)

    def name(self, obj: Any) -> str:
        return f"{self.list_name} ({self.conditions})" if self.conditions else str(self.list_name)

    def description(self, obj: Any) -> str:
        if not self.conditions:
            return _("All, newest first.")
        return _("Newest first, filtered by: %(conditions)s.") % {"conditions": self.conditions}

    def link(self, obj: Any) -> str:
        return url_with_query(reverse(self.list_url_name), self.query)

    def feed_url(self, obj: Any) -> str:
        return url_with_query(self.request.path, self.query)

    def items(self, obj: Any) -> Any:
        return self.filterset.qs.newest_first()[:MAX_ENTRIES]


class ArticleFeed(FilteredFeedMixin, BaseArticleFeed):
    """/articles/feed.atom|rss|json. One query; more to check filters."""

    list_name = gettext_lazy("Stories")
    list_url_name = "articles:articles"
    filterset_class = ArticleFilterSet

    def list_queryset(self) -> QuerySet[Any]:
        return Article.objects.public().for_feed()


class ClaimFeed(FilteredFeedMixin, BaseClaimFeed):
    """/claims/feed.atom|rss|json. Three queries; more to check filters."""

    list_name = gettext_lazy("Claims")
    list_url_name = "articles:claims"
    filterset_class = ClaimFilterSet

    def list_queryset(self) -> QuerySet[Any]:
        return Claim.objects.public().for_list()


class SourceFeed(BaseClaimFeed):
    """/sources/<slug>/feed.atom|rss|json. Four queries.

    The feed of a merged source redirects to the source that was kept.
    """

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        source = get_object_or_404(Source.objects.select_related("merged_into"), slug=kwargs["slug"])
        if source.merged_into is None:
            return super().__call__(request, source)
        target = find_readable_merge_target(source)
        if target is None:
            raise Http404
        return redirect("articles:source_feed", target.slug, self.format, permanent=True)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Source:
        source: Source = args[0]
        self.claims = list(Claim.objects.public().for_list().newest_first().involving(source)[:MAX_ENTRIES])
        if not self.claims and not readable_sources().filter(pk=source.pk).exists():
            raise Http404
        return source

    def name(self, obj: Source) -> str:
        return obj.name

    def description(self, obj: Source) -> str:
        return _("What %(name)s said or passed on, newest first.") % {"name": obj.name}

    def items(self, obj: Source) -> list[Claim]:
        return self.claims


class TopicFeed(BaseArticleFeed):
    """/topics/<slug>/feed.atom|rss|json. Two queries: the topic and its articles."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Topic:
        topic: Topic = get_object_or_404(Topic.objects.public(), slug=kwargs["slug"])
        return topic

    def name(self, obj: Topic) -> str:
        return obj.name

    def description(self, obj: Topic) -> str:
        return _("Stories on %(topic)s, newest first.") % {"topic": obj.name}

    def items(self, obj: Topic) -> QuerySet[Article]:
        return Article.objects.public().for_feed().newest_first().filed_under(obj.slug)[:MAX_ENTRIES]


class LedgerFeed(BaseClaimFeed):
    """/ledgers/<slug>/feed.atom|rss|json. Four queries."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Ledger:
        return get_object_or_404(public_ledgers(), slug=kwargs["slug"])

    def name(self, obj: Ledger) -> str:
        return obj.name

    def description(self, obj: Ledger) -> str:
        return _("Figures of %(ledger)s, newest first.") % {"ledger": obj.name}

    def items(self, obj: Ledger) -> QuerySet[Claim]:
        claims_with_figure = public_quantities().filter(ledger=obj).order_by().values("claim")
        return Claim.objects.public().for_list().newest_first().filter(pk__in=claims_with_figure)[:MAX_ENTRIES]


class CorrectionFeed(BaseCorrectionFeed):
    """/corrections/feed.atom|rss|json. One query."""

    def name(self, obj: None) -> str:
        return _("Corrections")

    def description(self, obj: None) -> str:
        return _("What was wrong, and what is right, newest first.")

    def link(self, obj: None) -> str:
        return reverse("articles:corrections")

    def items(self, obj: None) -> QuerySet[Correction]:
        return Correction.objects.public().for_list().newest_first()[:MAX_ENTRIES]


def _feed_view(feed_class: type[BaseFeed]) -> Callable[..., HttpResponse]:
    """Return a view that makes a feed object for each request."""

    @require_safe
    @cache_control(public=True, max_age=MAX_AGE_SECONDS, stale_while_revalidate=STALE_WHILE_REVALIDATE_SECONDS)
    @conditional_page
    def view(request: HttpRequest, format: str, **kwargs: Any) -> HttpResponse:
        return feed_class(request, format)(request, **kwargs)

    return view


article_feed = _feed_view(ArticleFeed)
claim_feed = _feed_view(ClaimFeed)
source_feed = _feed_view(SourceFeed)
topic_feed = _feed_view(TopicFeed)
ledger_feed = _feed_view(LedgerFeed)
correction_feed = _feed_view(CorrectionFeed)


def bad_filter_response(filterset: FilterSet) -> HttpResponse | None:
    """Return 400 in plain text with a line for each bad filter; None if all are good."""
    form = filterset.form
    lines = unknown_parameters(filterset.data, form.fields)
    lines += [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
    if not lines:
        return None
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type="text/plain; charset=utf-8")
