"""Days of publication, as conditions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db.models import Q
from django.utils import timezone


def published_in(first: date | None, last: date | None, *, prefix: str = "") -> Q:
    """Published on these days or between them; an end that is None is open.

    Days are those of the newsroom's clock. Where only the date of publication is known it is kept
    as midnight UTC, so such a story is compared by its date alone.
    """
    by_clock = _span(f"{prefix}published_at", first, last, timezone.get_default_timezone())
    by_date = _span(f"{prefix}published_at", first, last, UTC)
    if by_clock == by_date:
        return by_clock  # one range for the index
    precision = f"{prefix}published_precision"
    return by_clock & Q(**{precision: "minute"}) | by_date & Q(**{precision: "day"})


def _span(field: str, first: date | None, last: date | None, zone: tzinfo) -> Q:
    span = Q()
    if first is not None:
        span &= Q(**{f"{field}__gte": datetime.combine(first, time.min, zone)})
    if last is not None:
        span &= Q(**{f"{field}__lt": datetime.combine(last + timedelta(days=1), time.min, zone)})
    return span
