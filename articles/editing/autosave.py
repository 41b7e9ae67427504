"""Words that are not saved yet: kept as they are typed, offered again, and never put over anybody else's.

Every page on which somebody writes has a row of its own (models.Writing), so keeping words can overwrite no save and
no other page. The same rows say who has a story open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from articles.models import Article, AutosavedText
from articles.permissions import may_write, require_permission
from record.users import User

TEXT_FIELDS = ("headline", "summary", "body", "note")
#: A page gives a sign of life three times in this time; one that gives none is not open any more.
OPEN_PAGE_TIMEOUT = timedelta(seconds=75)
#: So long words that nobody saved are kept.
MAX_TEXT_AGE = timedelta(days=30)
#: Code points of all fields together.
MAX_TEXT_CHARS = 2_000_000


class TextTooLongError(ValueError):
    """More words than are kept."""


@dataclass(frozen=True, slots=True)
class OtherEditor:
    """Another open page on the same story."""

    name: str
    is_same_user: bool  # the same person, in another window
    has_unsaved_text: bool  # there are words on it that are not saved
    since: datetime


@transaction.atomic
def save_text(
    article: Article | None,
    key: UUID,
    *,
    by: User,
    revision: int | None,
    words: Mapping[str, str] | None = None,
    closed: bool = False,
) -> AutosavedText:
    """Note that a page is open (or was left), and keep the words on it if any are given.

    Raises PermissionDenied where somebody may not write the story or the page is another's, and TooLongError.
    """
    require_permission(may_write(by, article), "change this story")
    now = timezone.now()
    AutosavedText.objects.filter(user=by, seen_at__lt=now - MAX_TEXT_AGE).delete()
    # A page that says two things at once makes one row of them.
    row, _made = AutosavedText.objects.select_for_update(of=("self",)).get_or_create(
        key=key, defaults={"article": article, "user": by, "seen_at": now}
    )
    if row.user_id != by.pk or row.article_id != (article.pk if article else None):
        raise PermissionDenied("This page is somebody else's.")
    if words is not None:
        given = {name: _remove_unstorable(words.get(name, "")) for name in TEXT_FIELDS}
        if sum(map(len, given.values())) > MAX_TEXT_CHARS:
            raise TextTooLongError(f"At most {MAX_TEXT_CHARS:,} characters are kept.")
        for name, value in given.items():
            setattr(row, name, value)
        row.kept_at = now
    known = article is not None and revision is not None and article.revisions.filter(pk=revision).exists()
    row.revision_id = revision if known else None
    row.seen_at, row.closed = now, closed
    if closed and row.kept_at is None:
        row.delete()
        return row
    row.save()
    return row


def discard_text(key: UUID, *, by: User) -> None:
    """The words of a page were saved or thrown away. None of somebody else's go."""
    AutosavedText.objects.filter(key=key, user=by).delete()


def other_editors(article: Article, *, key: UUID | None, by: User) -> list[OtherEditor]:
    """Who else has a story open for writing, and the same person in another window. One query."""
    rows = _open_pages(article).exclude(key=key) if key else _open_pages(article)
    found: dict[int, OtherEditor] = {}
    for row in rows.select_related("user").order_by("user", "seen_at"):
        before = found.get(row.user_id)
        writing = row.kept_at is not None or (before is not None and before.has_unsaved_text)
        since = row.kept_at or row.seen_at
        found[row.user_id] = OtherEditor(row.user.get_username(), row.user_id == by.pk, writing, since)
    return list(found.values())


def unsaved_texts(article: Article | None, *, by: User, key: UUID | None = None) -> list[AutosavedText]:
    """Words that somebody did not save, on pages that are not open any more, newest first. One query."""
    rows = AutosavedText.objects.filter(user=by, article=article, kept_at__isnull=False)
    rows = rows.filter(Q(closed=True) | Q(seen_at__lt=timezone.now() - OPEN_PAGE_TIMEOUT))
    if key is not None:
        rows = rows.exclude(key=key)
    return list(rows.defer("body").select_related("revision").order_by("-kept_at", "-id"))


def page_keys(article: Article | None, *, by: User) -> list[UUID]:
    """The keys of all of somebody's pages on a story, open or left. One query."""
    return list(AutosavedText.objects.filter(user=by, article=article).order_by("id").values_list("key", flat=True))


def text_by_field(row: AutosavedText) -> dict[str, str]:
    return {name: getattr(row, name) for name in TEXT_FIELDS}


def _remove_unstorable(words: str) -> str:
    """Without what no database keeps: NUL, and halves of characters."""
    return words.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _open_pages(article: Article) -> QuerySet[AutosavedText]:
    return AutosavedText.objects.filter(article=article, closed=False, seen_at__gte=timezone.now() - OPEN_PAGE_TIMEOUT)
