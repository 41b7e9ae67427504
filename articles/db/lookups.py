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
    """Return a condition on the day of publication, both ends included. None is open.

    Days are those of the newsroom's time zone. If only the date is known, it is stored as midnight UTC. Such an
    article is compared by its date alone. `prefix` is the path to the article, for example "article__".
    """
    by_clock = _time_range(f"{prefix}published_at", first, last, timezone.get_default_timezone())
    by_date = _time_range(f"{prefix}published_at", first, last, UTC)
    if by_clock == by_date:
        return by_clock  # one range for the index
    precision = f"{prefix}published_precision"
    return by_clock & Q(**{precision: "minute"}) | by_date & Q(**{precision: "day"})


def _time_range(field: str, first: date | None, last: date | None, zone: tzinfo) -> Q:
    condition = Q()
    if first is not None:
        condition &= Q(**{f"{field}__gte": datetime.combine(first, time.min, zone)})
    if last is not None:
        condition &= Q(**{f"{field}__lt": datetime.combine(last + timedelta(days=1), time.min, zone)})
    return condition


def has_status(*statuses: str, using: str, of: str = "status") -> Any:
    """Return a condition on the status of articles. `of` is the path to the status.

    On SQLite the column is wrapped, so that the planner does not use the status index. Nearly all rows match, and
    sorting them takes 180 ms instead of 0.4 ms (claims of 10,000 articles, newest first). PostgreSQL plans well.
    """
    if connections[using].vendor == "sqlite":
        return In(Coalesce(F(of), Value("")), list(statuses))
    return Q(**{f"{of}__in": statuses})


def related_rows(queryset: models.QuerySet, relation: str) -> Any:  # type: ignore[type-arg]
    """Return all rows of a related model, with that model's own queryset methods.

    A model that may not be imported is reached this way.
    """
    return queryset.model._meta.get_field(relation).related_model._default_manager.all()
