"""Putting acts on record, and finding them again. Whatever changes a story, a claim or a source calls this.

The record is added to in the transaction of the act itself: what did not happen is not on record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from record.models import LogEntry
from record.users import User

#: Told of acts as they are put on record, inside their transaction.
LogObserver = Callable[[Sequence[LogEntry]], None]

_observers: list[LogObserver] = []

#: What an act keeps of the name of what was acted on, in characters.
MAX_NAME_CHARS = 200


def record(verb: str, row: models.Model, *, by: User | None, story: int | None = None, **details: Any) -> LogEntry:
    """Put one act on record. `story` is the key of the article it belongs to; `details` are what JSON can hold.

    Details that are empty are left out. Known to the pages that tell the record: note, fields, revision,
    when, until, reason, warnings, topics, other, was, run.
    """
    act = new_act(verb, row, str(row), by=by, story=story, **details)
    act.save(force_insert=True)
    _notify_observers([act])
    return act


def new_act(
    verb: str, row: models.Model, name: str, *, by: User | None, story: int | None = None, **details: Any
) -> LogEntry:
    """Return an act that is not on record yet, for `note_all`. See `note` for the details."""
    return LogEntry(
        verb=verb,
        kind=row._meta.label_lower,
        row=row.pk,
        name=_shorten_name(name),
        story=story,
        by=by,
        details=_without_empty(details),
    )


def note_all(acts: Sequence[LogEntry]) -> None:
    """Put these acts on record in one statement."""
    if acts:
        _notify_observers(LogEntry.objects.bulk_create(acts))


def record_many(
    verb: str,
    kind: type[models.Model],
    rows: Iterable[tuple[int, str, int | None]],
    *,
    by: User | None,
    **details: Any,
) -> None:
    """The same act on many rows of one kind, each (key, name, story), in one statement."""
    kept, now = _without_empty(details), timezone.now()
    made = LogEntry.objects.bulk_create(
        [
            LogEntry(
                at=now,
                verb=verb,
                kind=kind._meta.label_lower,
                row=key,
                name=_shorten_name(name),
                story=story,
                by=by,
                details=kept,
            )
            for key, name, story in rows
        ]
    )
    _notify_observers(made)


def add_observer(observer: LogObserver) -> None:
    """Let a layer above know of every act from now on."""
    if observer not in _observers:
        _observers.append(observer)


def _notify_observers(acts: Sequence[LogEntry]) -> None:
    for observer in _observers:
        observer(acts)


def entries_for(row: models.Model) -> QuerySet[LogEntry]:
    """The acts on one row, newest first, with who did them."""
    return LogEntry.objects.filter(kind=row._meta.label_lower, row=row.pk).select_related("by").order_by("-id")


def entries_for_article(key: int) -> QuerySet[LogEntry]:
    """The acts on a story and on its claims, newest first, with who did them."""
    return LogEntry.objects.filter(story=key).select_related("by").order_by("-id")


def _shorten_name(name: str) -> str:
    return name if len(name) <= MAX_NAME_CHARS else name[: MAX_NAME_CHARS - 1] + "…"


def _without_empty(details: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if value not in (None, "", [], (), {})}
