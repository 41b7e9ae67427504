"""Reusable query conditions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db import connections, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.utils import timezone


def is_published_between(first: date | None, last: date | None, *, prefix: str = "") -> Q:
    """Published on these days or between them; an end that is None is open.

    Days are those of the newsroom's clock. Where only the date of publication is known it is kept
    as midnight UTC, so such a story is compared by its date alone.
    """
    by_clock = _time_range(f"{prefix}published_at", first, last, timezone.get_default_timezone())
    by_date = _time_range(f"{prefix}published_at", first, last, UTC)
    if by_clock == by_date:
        return by_clock  # one range for the index
    precision = f"{prefix}published_precision"
    return by_clock & Q(**{precision: "minute"}) | by_date & Q(**{precision: "day"})


def _time_range(field: str, first: date | None, last: date | None, zone: tzinfo) -> Q:
    span = Q()
    if first is not None:
        span &= Q(**{f"{field}__gte": datetime.combine(first, time.min, zone)})
    if last is not None:
        span &= Q(**{f"{field}__lt": datetime.combine(last + timedelta(days=1), time.min, zone)})
    return span


def has_status(*wanted: str, using: str, of: str = "status") -> Any:
    """The status of a story is one of those wanted; `of` is the way to it from the rows asked for.

    Nearly every story is public. SQLite, which does not know that, would gather all of them by the index of statuses
    and sort them, to give a page of the newest; so it is asked in a way that no index answers, and reads them in their
    order (measured: claims, newest first, of 10,000 stories: 180 ms, and 0.4 ms so). PostgreSQL finds out by itself.
    """
    if connections[using].vendor == "sqlite":
        return In(Coalesce(F(of), Value("")), list(wanted))
    return Q(**{f"{of}__in": wanted})


def related_rows(queryset: models.QuerySet, relation: str) -> Any:  # type: ignore[type-arg]
    """All rows on the other side of a relation, with that model's own queryset methods."""
    return queryset.model._meta.get_field(relation).related_model._default_manager.all()
