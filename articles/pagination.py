"""Keyset pagination: the rows after (or before) the row of a cursor.

A cursor is opaque and belongs to one order of rows. No OFFSET and no COUNT: the ten-thousandth page costs as much as
the first.
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
PAGE_SIZE = 20
#: Longest valid cursor: the name of a source may have 200 characters of four bytes.
MAX_CURSOR_CHARS = 2000
#: Largest primary key.
MAX_ROW_ID = 2**63 - 1


class BadCursorError(ValueError):
    """Raised for a cursor that was not made for these rows."""


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows, and the cursors of the next and previous pages; empty if there is none."""

    rows: Sequence[M]
    next: str
    previous: str


def paginate(rows: QuerySet[M], cursor: str = "", *, size: int = PAGE_SIZE) -> Page[M]:
    """Return one page of an ordered queryset. One query.

    The order must end in a unique field and contain no NULL. Raise BadCursorError for a cursor of other rows.
    """
    order = tuple(str(field) for field in rows.query.order_by)
    backward, values = _decode_cursor(cursor, order) if cursor else (False, ())
    if backward:
        found = list(rows.reverse().filter(_after_condition(order, values, backward=True))[: size + 1])
        more = len(found) > size
        shown = list(reversed(found[:size]))
        return Page(
            shown,
            _encode_cursor(shown[-1], order, "n") if shown else "",
            _encode_cursor(shown[0], order, "p") if more else "",
        )
    if values:
        rows = rows.filter(_after_condition(order, values, backward=False))
    found = list(rows[: size + 1])
    shown = found[:size]
    return Page(
        shown,
        _encode_cursor(shown[-1], order, "n") if len(found) > size else "",
        _encode_cursor(shown[0], order, "p") if shown and cursor else "",
    )


def order_checksum(order: tuple[str, ...]) -> int:
    """Return a number that differs between orders, so that cursors do not mix."""
    return zlib.crc32(",".join(order).encode())


def _after_condition(order: tuple[str, ...], values: Sequence[Any], *, backward: bool) -> Q:
    """Return the condition for rows after these values.

    It is (a > x) or (a = x and b > y) or … The added a >= x does not change the result, but lets the database start in
    the index there.
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


def _encode_cursor(row: Model, order: tuple[str, ...], direction: str) -> str:
    values = [_field_value(row, field.removeprefix("-")) for field in order]
    packed = json.dumps([order_checksum(order), direction, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _field_value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part)
    # With microseconds, as in the database.
    return value.isoformat() if isinstance(value, date) else value


def _decode_cursor(cursor: str, order: tuple[str, ...]) -> tuple[bool, list[Any]]:
    try:
        if len(cursor) > MAX_CURSOR_CHARS:
            raise ValueError
        packed = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        made_for, direction, *values = packed
        if made_for != order_checksum(order) or direction not in ("n", "p") or len(values) != len(order):
            raise ValueError
        for field, value in zip(order, values, strict=True):
            _check_cursor_value(field.removeprefix("-").split("__")[-1], value)
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as error:
        raise BadCursorError(_("The link to this page is damaged. Start again at the first page.")) from error
    return direction == "p", values


def _check_cursor_value(name: str, value: object) -> None:
    if name.endswith("_at"):
        offset = datetime.fromisoformat(value).utcoffset() if isinstance(value, str) else None
        if offset is None or offset % timedelta(minutes=1):  # PostgreSQL rejects offsets with seconds
            raise ValueError(name)
        datetime.fromisoformat(str(value)).astimezone(UTC)  # the first and last days overflow in some time zones
    elif name in ("id", "pk", "order") or name.endswith("_id"):
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_ROW_ID:
            raise ValueError(name)
    elif name == "said":
        date.fromisoformat(str(value))
    elif not isinstance(value, str) or "\x00" in value:
        raise ValueError(name)
    else:
        value.encode()  # half a surrogate pair cannot be encoded
