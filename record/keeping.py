"""Putting acts on record, and finding them again. Whatever changes a story, a claim or a source calls this.

The record is added to in the transaction of the act itself: what did not happen is not on record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from record.models import Act

#: What an act keeps of the name of what was acted on, in characters.
NAME_LENGTH = 200


def note(verb: str, row: models.Model, *, by: User | None, story: int | None = None, **details: Any) -> Act:
    """Put one act on record. `story` is the key of the article it belongs to; `details` are what JSON can hold.

    Details that are empty are left out. Known to the pages that tell the record: note, fields, revision,
    when, until, reason, warnings, topics, other, was.
    """
    return Act.objects.create(
        verb=verb,
        kind=row._meta.label_lower,
        row=row.pk,
        name=_name(str(row)),
        story=story,
        by=by,
        details=_without_empty(details),
    )


def note_many(
    verb: str,
    kind: type[models.Model],
    rows: Iterable[tuple[int, str, int | None]],
    *,
    by: User | None,
    **details: Any,
) -> None:
    """The same act on many rows of one kind, each (key, name, story), in one statement."""
    kept, now = _without_empty(details), timezone.now()
    Act.objects.bulk_create(
        [
            Act(
                at=now,
                verb=verb,
                kind=kind._meta.label_lower,
                row=key,
                name=_name(name),
                story=story,
                by=by,
                details=kept,
            )
            for key, name, story in rows
        ]
    )


def of(row: models.Model) -> QuerySet[Act]:
    """The acts on one row, newest first, with who did them."""
    return Act.objects.filter(kind=row._meta.label_lower, row=row.pk).select_related("by").order_by("-id")


def in_story(key: int) -> QuerySet[Act]:
    """The acts on a story and on its claims, newest first, with who did them."""
    return Act.objects.filter(story=key).select_related("by").order_by("-id")


def _name(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"


def _without_empty(details: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if value not in (None, "", [], (), {})}
