"""Pages by keyset: the rows after (or before) the one a cursor names, whatever came in between.

A cursor is opaque and belongs to one order of rows. No OFFSET and no count, so the ten-thousandth page
costs what the first does.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)
SIZE = 20
#: A cursor longer than this was not made here: a source's name may have 200 characters, four bytes each.
LONGEST = 2000
#: The largest number a row can have.
LARGEST = 2**63 - 1


class BadCursorError(ValueError):
    """A cursor that was not made for these rows."""


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows, and the cursors of the pages around them; empty where there is none."""

    rows: Sequence[M]
    next: str
    previous: str


def page(rows: QuerySet[M], cursor: str = "", *, size: int = SIZE) -> Page[M]:
    """One page of an ordered queryset, one query. The order must end in a unique field and have no NULL.

    Raises BadCursorError for a cursor that does not fit.
    """
    order = tuple(str(field) for field in rows.query.order_by)
    backward, values = _read(cursor, order) if cursor else (False, ())
    if backward:
        found = list(rows.reverse().filter(_beyond(order, values, backward=True))[: size + 1])
        more = len(found) > size
        shown = list(reversed(found[:size]))
        return Page(
            shown, _cursor(shown[-1], order, "n") if shown else "", _cursor(shown[0], order, "p") if more else ""
        )
    if values:
        rows = rows.filter(_beyond(order, values, backward=False))
    found = list(rows[: size + 1])
    shown = found[:size]
    return Page(
        shown,
        _cursor(shown[-1], order, "n") if len(found) > size else "",
        _cursor(shown[0], order, "p") if shown and cursor else "",
    )


def mark(order: tuple[str, ...]) -> int:
    """What tells the cursors of one order of rows from those of another."""
    return zlib.crc32(",".join(order).encode())


def _beyond(order: tuple[str, ...], values: Sequence[Any], *, backward: bool) -> Q:
    """Rows that come after those values: (a > x) or (a = x and b > y) or …

    And a >= x, which says nothing new but lets an index begin there.
    """
    beyond, equal = Q(), Q()
    edge = Q()
    for field, value in zip(order, values, strict=True):
        name = field.removeprefix("-")
        descending = field.startswith("-") != backward
        comparison = "lt" if descending else "gt"
        edge = edge or Q(**{f"{name}__{comparison}e": value})
        beyond |= equal & Q(**{f"{name}__{comparison}": value})
        equal &= Q(**{name: value})
    return edge & beyond


def _cursor(row: Model, order: tuple[str, ...], direction: str) -> str:
    values = [_value(row, field.removeprefix("-")) for field in order]
    packed = json.dumps([mark(order), direction, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part)
    # With its microseconds, as the database has it.
    return value.isoformat() if isinstance(value, date) else value


def _read(cursor: str, order: tuple[str, ...]) -> tuple[bool, list[Any]]:
    try:
        if len(cursor) > LONGEST:
            raise ValueError
        packed = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        made_for, direction, *values = packed
        if made_for != mark(order) or direction not in ("n", "p") or len(values) != len(order):
            raise ValueError
        for field, value in zip(order, values, strict=True):
            _check(field.removeprefix("-").split("__")[-1], value)
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as error:
        raise BadCursorError(_("This page's address is damaged. Begin again from the first page.")) from error
    return direction == "p", values


def _check(name: str, value: object) -> None:
    if name.endswith("_at"):
        offset = datetime.fromisoformat(value).utcoffset() if isinstance(value, str) else None
        if offset is None or offset % timedelta(minutes=1):  # PostgreSQL reads no offset with seconds
            raise ValueError(name)
        datetime.fromisoformat(str(value)).astimezone(UTC)  # the first and last days overflow in some zones
    elif name in ("id", "pk", "order") or name.endswith("_id"):
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST:
            raise ValueError(name)
    elif name == "said":
        date.fromisoformat(str(value))
    elif not isinstance(value, str) or "\x00" in value:
        raise ValueError(name)
    else:
        value.encode()  # half a surrogate pair is no text
