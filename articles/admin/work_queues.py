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
NAMED = 4
PARAMETER = "waits"

Person = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a pile: what it is called, where it is dealt with, and since when or for when it waits."""

    name: str
    url: str
    at: datetime | None


@dataclass(slots=True)
class Pile:
    """Everything that waits for one thing: how much, where all of it is listed, and the first of it."""

    code: str
    label: Promise | str
    count: int
    url: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """A pile of stories: its named query, and the page and the moment of each."""

    label: Promise
    rows: Callable[[Any], QuerySet[Article]]
    page: str  # of the admin, for each story
    moment: str  # the column that says since when, or for when
    may: Callable[[Person], bool] = lambda user: user.has_perm("articles.view_article")


STORIES = {
    "sent-back": Kind(
        _("Sent back to their writers"), lambda rows: rows.sent_back(), "articles_article_change", "edited_at"
    ),
    "review": Kind(_("Sent for review"), lambda rows: rows.in_review(), "articles_article_change", "edited_at"),
    "claims": Kind(
        _("With proposed claims"),
        lambda rows: rows.with_proposed_claims(),
        "articles_article_review",
        "created_at",
        may_review,
    ),
    "scheduled": Kind(_("Scheduled"), lambda rows: rows.to_come(), "articles_article_change", "published_at"),
    "embargo": Kind(_("Under embargo"), lambda rows: rows.under_embargo(), "articles_article_change", "embargo_until"),
    "correction": Kind(
        _("Corrections in progress"), lambda rows: rows.being_corrected(), "articles_article_change", "edited_at"
    ),
}


def piles(user: Person) -> list[Pile]:
    """What waits for this person, one query a pile that their role lets them see."""
    return [*_of_stories(user), *_of_passages(user), *_of_imports(user)]


class WaitsFilter(admin.SimpleListFilter):
    """Stories of one pile."""

    title = _("waiting")
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, kind.label) for code, kind in STORIES.items() if kind.may(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        kind = STORIES.get(self.value() or "")
        # The list has an order of its own: what its headings say.
        return queryset.filter(pk__in=kind.rows(Article.objects).order_by().values("pk")) if kind else queryset


def _of_stories(user: Person) -> Iterator[Pile]:
    listed = reverse("admin:articles_article_changelist")
    for code, kind in STORIES.items():
        if not kind.may(user):
            continue
        rows = _counted(
            kind.rows(Article.objects.all())
            .select_related("latest")
            .only("slug", "latest__headline", "latest__article", kind.moment)
        )
        items = [
            Item(str(row), reverse(f"admin:{kind.page}", args=[row.pk]), getattr(row, kind.moment)) for row in rows
        ]
        yield Pile(code, kind.label, _count(rows), f"{listed}?{PARAMETER}={code}", items)


def _of_passages(user: Person) -> Iterator[Pile]:
    if not may_review(user):
        return
    url = reverse("admin:articles_claim_lost")
    queue = Anchor.objects.lost_queue().defer("revision__text", "revision__body")
    rows = _counted(queue.annotate(lost_at=F("revision__created_at")))
    items = [Item(str(row.claim), f"{url}#anchor-{row.pk}", row.lost_at) for row in rows]
    yield Pile("lost", _("Claims whose words are lost"), _count(rows), url, items)


def _of_imports(user: Person) -> Iterator[Pile]:
    if not user.has_perm("articles.view_importitem"):
        return
    rows = _counted(ImportItem.objects.unsettled().select_related("run"))
    items = [
        Item(str(row), reverse("admin:articles_importitem_change", args=[row.pk]), row.run.started_at) for row in rows
    ]
    listed = reverse("admin:articles_importitem_changelist")
    yield Pile("imports", _("Import warnings"), _count(rows), f"{listed}?settled=no", items)


def _counted(rows: QuerySet[Any]) -> list[Any]:
    """The first rows of a pile, each with how many there are in all: one query."""
    return list(rows.annotate(in_all=Window(Count("*")))[:NAMED])


def _count(rows: list[Any]) -> int:
    return rows[0].in_all if rows else 0
