"""Work queues: on the admin's first page, and as a filter of the story list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, QuerySet, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Anchor, Article, ImportItem
from articles.permissions import may_review
from record.users import AnonymousUser, User

#: Items of a queue that the first page lists.
MAX_NAMED_ITEMS = 4
FILTER_PARAMETER = "waits"

AnyUser = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A row of a queue: its name, the page to work on it, and a date."""

    name: str
    url: str
    at: datetime | None


@dataclass(slots=True)
class WorkQueue:
    """A queue: how many items it has, the URL of the full list, and the first items."""

    code: str
    label: Promise | str
    count: int
    url: str
    items: list[QueueItem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ArticleQueue:
    """A queue of stories.

    `url_name` is the admin page of each story, `date_field` the column with its date.
    """

    label: Promise
    get_articles: Callable[[Any], QuerySet[Article]]
    url_name: str
    date_field: str
    is_allowed: Callable[[AnyUser], bool] = lambda user: user.has_perm("articles.view_article")


ARTICLE_QUEUES = {
    "sent-back": ArticleQueue(_("Sent back"), lambda rows: rows.sent_back(), "articles_article_change", "edited_at"),
    "review": ArticleQueue(
        _("Sent for review"), lambda rows: rows.in_review(), "articles_article_change", "edited_at"
    ),
    "claims": ArticleQueue(
        _("Claims to review"),
        lambda rows: rows.with_proposed_claims(),
        "articles_article_review",
        "created_at",
        may_review,
    ),
    "scheduled": ArticleQueue(
        _("Scheduled"), lambda rows: rows.scheduled(), "articles_article_change", "published_at"
    ),
    "embargo": ArticleQueue(
        _("Under embargo"), lambda rows: rows.under_embargo(), "articles_article_change", "embargo_until"
    ),
    "correction": ArticleQueue(
        _("Corrections in progress"),
        lambda rows: rows.with_unpublished_changes(),
        "articles_article_change",
        "edited_at",
    ),
}


def list_work_queues(user: AnyUser) -> list[WorkQueue]:
    """Return the queues that this user may see, empty ones too. One query per queue."""
    return [*_article_queues(user), *_lost_anchor_queues(user), *_import_queues(user)]


class WorkQueueFilter(admin.SimpleListFilter):
    """Filter the story list by work queue."""

    title = _("to do")
    parameter_name = FILTER_PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, queue.label) for code, queue in ARTICLE_QUEUES.items() if queue.is_allowed(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        queue = ARTICLE_QUEUES.get(self.value() or "")
        if queue is None:
            return queryset
        # Without the order of the queue: the column headings say how the list is sorted.
        return queryset.filter(pk__in=queue.get_articles(Article.objects).order_by().values("pk"))


def _article_queues(user: AnyUser) -> Iterator[WorkQueue]:
    list_url = reverse("admin:articles_article_changelist")
    for code, queue in ARTICLE_QUEUES.items():
        if not queue.is_allowed(user):
            continue
        articles = _first_rows(
            queue.get_articles(Article.objects.all())
            .select_related("latest")
            .only("slug", "latest__headline", "latest__article", queue.date_field)
        )
        items = [
            QueueItem(
                str(article),
                reverse(f"admin:{queue.url_name}", args=[article.pk]),
                getattr(article, queue.date_field),
            )
            for article in articles
        ]
        yield WorkQueue(code, queue.label, _total_count(articles), f"{list_url}?{FILTER_PARAMETER}={code}", items)


def _lost_anchor_queues(user: AnyUser) -> Iterator[WorkQueue]:
    if not may_review(user):
        return
    url = reverse("admin:articles_claim_lost")
    anchors = Anchor.objects.lost_queue().defer("revision__text", "revision__body")
    rows = _first_rows(anchors.annotate(lost_at=F("revision__created_at")))
    items = [QueueItem(str(row.claim), f"{url}#anchor-{row.pk}", row.lost_at) for row in rows]
    yield WorkQueue("lost", _("Claims that lost their place"), _total_count(rows), url, items)


def _import_queues(user: AnyUser) -> Iterator[WorkQueue]:
    if not user.has_perm("articles.view_importitem"):
        return
    rows = _first_rows(ImportItem.objects.unsettled().select_related("run"))
    items = [
        QueueItem(str(row), reverse("admin:articles_importitem_change", args=[row.pk]), row.run.started_at)
        for row in rows
    ]
    list_url = reverse("admin:articles_importitem_changelist")
    yield WorkQueue("imports", _("Import warnings"), _total_count(rows), f"{list_url}?settled=no", items)


def _first_rows(rows: QuerySet[Any]) -> list[Any]:
    """Return the first rows, with the number of all as `total_count`. One query."""
    return list(rows.annotate(total_count=Window(Count("*")))[:MAX_NAMED_ITEMS])


def _total_count(rows: list[Any]) -> int:
    return rows[0].total_count if rows else 0
