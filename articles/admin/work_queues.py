"""What waits in the newsroom: the piles on the admin's first page, and the filter of stories that each leads to."""

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

#: Rows of a pile that the first page names.
MAX_NAMED_ITEMS = 4
FILTER_PARAMETER = "waits"

AnyUser = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One row of a pile: what it is called, where it is dealt with, and since when or for when it waits."""

    name: str
    url: str
    at: datetime | None


@dataclass(slots=True)
class WorkQueue:
    """Everything that waits for one thing: how much, where all of it is listed, and the first of it."""

    code: str
    label: Promise | str
    count: int
    url: str
    items: list[QueueItem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ArticleQueue:
    """A pile of stories: its named query, and the page and the moment of each."""

    label: Promise
    get_articles: Callable[[Any], QuerySet[Article]]
    url_name: str  # of the admin, for each story
    date_field: str  # the column that says since when, or for when
    is_allowed: Callable[[AnyUser], bool] = lambda user: user.has_perm("articles.view_article")


ARTICLE_QUEUES = {
    "sent-back": ArticleQueue(
        _("Sent back to their writers"), lambda rows: rows.sent_back(), "articles_article_change", "edited_at"
    ),
    "review": ArticleQueue(
        _("Sent for review"), lambda rows: rows.in_review(), "articles_article_change", "edited_at"
    ),
    "claims": ArticleQueue(
        _("With proposed claims"),
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
    """What waits for this person, one query a pile that their role lets them see."""
    return [*_article_queues(user), *_lost_anchor_queues(user), *_import_queues(user)]


class WorkQueueFilter(admin.SimpleListFilter):
    """Stories of one pile."""

    title = _("waiting")
    parameter_name = FILTER_PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, kind.label) for code, kind in ARTICLE_QUEUES.items() if kind.is_allowed(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        kind = ARTICLE_QUEUES.get(self.value() or "")
        # The list has an order of its own: what its headings say.
        return queryset.filter(pk__in=kind.get_articles(Article.objects).order_by().values("pk")) if kind else queryset


def _article_queues(user: AnyUser) -> Iterator[WorkQueue]:
    listed = reverse("admin:articles_article_changelist")
    for code, kind in ARTICLE_QUEUES.items():
        if not kind.is_allowed(user):
            continue
        rows = _first_rows(
            kind.get_articles(Article.objects.all())
            .select_related("latest")
            .only("slug", "latest__headline", "latest__article", kind.date_field)
        )
        items = [
            QueueItem(str(row), reverse(f"admin:{kind.url_name}", args=[row.pk]), getattr(row, kind.date_field))
            for row in rows
        ]
        yield WorkQueue(code, kind.label, _total_count(rows), f"{listed}?{FILTER_PARAMETER}={code}", items)


def _lost_anchor_queues(user: AnyUser) -> Iterator[WorkQueue]:
    if not may_review(user):
        return
    url = reverse("admin:articles_claim_lost")
    queue = Anchor.objects.lost_queue().defer("revision__text", "revision__body")
    rows = _first_rows(queue.annotate(lost_at=F("revision__created_at")))
    items = [QueueItem(str(row.claim), f"{url}#anchor-{row.pk}", row.lost_at) for row in rows]
    yield WorkQueue("lost", _("Claims whose words are lost"), _total_count(rows), url, items)


def _import_queues(user: AnyUser) -> Iterator[WorkQueue]:
    if not user.has_perm("articles.view_importitem"):
        return
    rows = _first_rows(ImportItem.objects.unsettled().select_related("run"))
    items = [
        QueueItem(str(row), reverse("admin:articles_importitem_change", args=[row.pk]), row.run.started_at)
        for row in rows
    ]
    listed = reverse("admin:articles_importitem_changelist")
    yield WorkQueue("imports", _("Import warnings"), _total_count(rows), f"{listed}?settled=no", items)


def _first_rows(rows: QuerySet[Any]) -> list[Any]:
    """The first rows of a pile, each with how many there are in all: one query."""
    return list(rows.annotate(in_all=Window(Count("*")))[:MAX_NAMED_ITEMS])


def _total_count(rows: list[Any]) -> int:
    return rows[0].in_all if rows else 0
