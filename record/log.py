"""Write the audit log, and read it.

Every change of an article, a claim or a source is recorded here.

Call these functions in the transaction of the change: a change that is rolled back is then not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from record.models import LogEntry
from record.users import User

#: Called with new entries, inside the transaction that records them.
LogObserver = Callable[[Sequence[LogEntry]], None]

_observers: list[LogObserver] = []

#: Of the row's name, in an entry.
MAX_NAME_CHARS = 200


def record(verb: str, row: models.Model, *, user: User | None, article: int | None = None, **details: Any) -> LogEntry:
    """Record what a user did to a row. Return the saved entry.

    `verb` is one of record.verbs. `user` is None for a command. `article` is the key of the article that the row is
    or belongs to. `details` are JSON values; empty ones are left out. The history page shows these: note, fields,
    revision, when, until, reason, warnings, topics, other, was, run.
    """
    entry = build_entry(verb, row, str(row), user=user, article=article, **details)
    entry.save(force_insert=True)
    _notify_observers([entry])
    return entry


def build_entry(
    verb: str, row: models.Model, name: str, *, user: User | None, article: int | None = None, **details: Any
) -> LogEntry:
    """Return an unsaved entry for `record_all`. The arguments are those of `record`."""
    return LogEntry(
        verb=verb,
        kind=row._meta.label_lower,
        row=row.pk,
        name=_shorten_name(name),
        article=article,
        by=user,
        details=_without_empty(details),
    )


def record_all(entries: Sequence[LogEntry]) -> None:
    """Save these entries in one statement."""
    if entries:
        _notify_observers(LogEntry.objects.bulk_create(entries))


def record_many(
    verb: str,
    model: type[models.Model],
    rows: Iterable[tuple[int, str, int | None]],
    *,
    user: User | None,
    **details: Any,
) -> None:
    """Record the same change of many rows of one model, in one statement.

    `rows` are (key, name, key of the article). All entries have the same time and details.
    """
    shared_details, now = _without_empty(details), timezone.now()
    entries = LogEntry.objects.bulk_create(
        [
            LogEntry(
                at=now,
                verb=verb,
                kind=model._meta.label_lower,
                row=key,
                name=_shorten_name(name),
                article=article,
                by=user,
                details=shared_details,
            )
            for key, name, article in rows
        ]
    )
    _notify_observers(entries)


def add_observer(observer: LogObserver) -> None:
    """Call this function with every entry from now on."""
    if observer not in _observers:
        _observers.append(observer)


def _notify_observers(entries: Sequence[LogEntry]) -> None:
    for observer in _observers:
        observer(entries)


def entries_for(row: models.Model) -> QuerySet[LogEntry]:
    """Return the entries of one row, newest first, with users."""
    return LogEntry.objects.filter(kind=row._meta.label_lower, row=row.pk).select_related("by").order_by("-id")


def entries_for_article(key: int) -> QuerySet[LogEntry]:
    """Return the entries of an article and its claims, newest first, with users."""
    return LogEntry.objects.filter(article=key).select_related("by").order_by("-id")


def _shorten_name(name: str) -> str:
    return name if len(name) <= MAX_NAME_CHARS else name[: MAX_NAME_CHARS - 1] + "…"


def _without_empty(details: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if value not in (None, "", [], (), {})}
