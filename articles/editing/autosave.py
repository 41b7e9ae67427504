"""Autosave: store unsaved text while it is typed, and offer it again.

Every open story form has its own row (AutosavedText), so autosaving never overwrites a saved text or another form. The
same rows tell who has a story open.
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
from django.utils.translation import gettext as _

from articles.models import Article, AutosavedText
from articles.permissions import may_write, require_permission
from record.users import User

TEXT_FIELDS = ("headline", "summary", "body", "note")
#: An open page reports three times in this time. One that does not is taken for closed.
OPEN_PAGE_TIMEOUT = timedelta(seconds=75)
#: Unsaved text is deleted after this time.
MAX_TEXT_AGE = timedelta(days=30)
#: Longest autosaved text, in code points of all fields together.
MAX_TEXT_CHARS = 2_000_000


class TextTooLongError(ValueError):
    """The text is longer than MAX_TEXT_CHARS."""


@dataclass(frozen=True, slots=True)
class OtherEditor:
    """Another open page of the same story."""

    name: str
    is_same_user: bool  # in another window
    has_unsaved_text: bool
    since: datetime


@transaction.atomic
def save_text(
    article: Article | None,
    key: UUID,
    *,
    by: User,
    revision: int | None,
    texts: Mapping[str, str] | None = None,
    closed: bool = False,
) -> AutosavedText:
    """Record that a page is open (or closed), and autosave its text if any is given.

    `texts` maps TEXT_FIELDS to text. Raise PermissionDenied if the user may not change the article or if the page is
    another user's, and TextTooLongError.
    """
    require_permission(may_write(by, article), _("change this story"))
    now = timezone.now()
    AutosavedText.objects.filter(user=by, seen_at__lt=now - MAX_TEXT_AGE).delete()
    # Two requests of one page at once make one row.
    row, _created = AutosavedText.objects.select_for_update(of=("self",)).get_or_create(
        key=key, defaults={"article": article, "user": by, "seen_at": now}
    )
    if row.user_id != by.pk or row.article_id != (article.pk if article else None):
        raise PermissionDenied(_("Somebody else opened this page."))
    if texts is not None:
        cleaned = {name: _remove_unstorable(texts.get(name, "")) for name in TEXT_FIELDS}
        if sum(map(len, cleaned.values())) > MAX_TEXT_CHARS:
            raise TextTooLongError(
                _("The text is too long: at most %(number)s characters are saved.") % {"number": f"{MAX_TEXT_CHARS:,}"}
            )
        for name, value in cleaned.items():
            setattr(row, name, value)
        row.kept_at = now
    is_own_revision = article is not None and revision is not None and article.revisions.filter(pk=revision).exists()
    row.revision_id = revision if is_own_revision else None
    row.seen_at, row.closed = now, closed
    if closed and row.kept_at is None:
        row.delete()
        return row
    row.save()
    return row


def discard_text(key: UUID, *, by: User) -> None:
    """Delete the autosaved text of a page, if it is the user's own."""
    AutosavedText.objects.filter(key=key, user=by).delete()


def other_editors(article: Article, *, key: UUID | None, by: User) -> list[OtherEditor]:
    """Return who else has the story open. One query.

    The user is included if they have it open in another window.
    """
    rows = _open_pages(article).exclude(key=key) if key else _open_pages(article)
    found: dict[int, OtherEditor] = {}
    for row in rows.select_related("user").order_by("user", "seen_at"):
        other_page = found.get(row.user_id)
        has_text = row.kept_at is not None or (other_page is not None and other_page.has_unsaved_text)
        since = row.kept_at or row.seen_at
        found[row.user_id] = OtherEditor(row.user.get_username(), row.user_id == by.pk, has_text, since)
    return list(found.values())


def unsaved_texts(article: Article | None, *, by: User, key: UUID | None = None) -> list[AutosavedText]:
    """Return a user's unsaved texts of closed pages, newest first. One query.

    `key` is the page that asks; its own text is left out.
    """
    rows = AutosavedText.objects.filter(user=by, article=article, kept_at__isnull=False)
    rows = rows.filter(Q(closed=True) | Q(seen_at__lt=timezone.now() - OPEN_PAGE_TIMEOUT))
    if key is not None:
        rows = rows.exclude(key=key)
    return list(rows.defer("body").select_related("revision").order_by("-kept_at", "-id"))


def page_keys(article: Article | None, *, by: User) -> list[UUID]:
    """Return the keys of all of a user's pages of a story, open or closed. One query."""
    return list(AutosavedText.objects.filter(user=by, article=article).order_by("id").values_list("key", flat=True))


def text_by_field(row: AutosavedText) -> dict[str, str]:
    return {name: getattr(row, name) for name in TEXT_FIELDS}


def _remove_unstorable(text: str) -> str:
    """Remove what databases cannot store: NUL, and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _open_pages(article: Article) -> QuerySet[AutosavedText]:
    return AutosavedText.objects.filter(article=article, closed=False, seen_at__gte=timezone.now() - OPEN_PAGE_TIMEOUT)
