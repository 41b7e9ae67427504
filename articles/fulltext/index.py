"""Keeping the indexes: made after `migrate`, rebuilt by `manage.py reindex`.

Triggers keep an index in step with its table. SQLite drops a table's triggers when a migration rebuilds the table,
so they are looked after at the end of every `migrate`; an index that went without them is filled anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections, transaction

from articles.fulltext.backends import get_backend
from articles.fulltext.backends.base import INDEXES, Index

#: Rows whose entries are made in one transaction.
BATCH_ROWS = 2_000


def install_indexes(using: str = "default") -> None:
    """Make what is missing, and fill what was. Nothing happens before the tables exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if not tables.issuperset(index.source_table for index in INDEXES):
        return
    searches = get_backend(using)
    missing = searches.missing_indexes(using)
    with transaction.atomic(using):
        searches.install_indexes(using)
    if missing and reindex(using, missing):
        with transaction.atomic(using):
            searches.optimize_indexes(using)


def reindex(
    using: str = "default",
    indexes: list[Index] | None = None,
    *,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> int:
    """Empty the indexes (all unless told) and fill them from their tables; gives how many rows were read.

    `on_rows` is told of each batch how many rows it had. While it runs a search finds what is in already.
    """
    searches = get_backend(using)
    done = 0
    for index in INDEXES if indexes is None else indexes:
        with transaction.atomic(using):
            searches.clear_index(using, index)
            last = 0
            # In the emptying's transaction the number is fixed: what comes later, the triggers bring in.
            newest = _fetch_value(using, f"SELECT max(id) FROM {index.source_table}") or 0
        while last < newest:
            with transaction.atomic(using):
                end, count = _next_batch(using, index, last, newest)
                if count:
                    searches.fill_index(using, index, last + 1, end)
            last = end
            done += count
            on_rows(count)
        searches.mark_filled(using, index)
    return done


def count_rows(using: str = "default") -> int:
    """How many rows all indexes are of."""
    return sum(_fetch_value(using, f"SELECT count(*) FROM {index.source_table}") or 0 for index in INDEXES)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    install_indexes(using)


def _next_batch(using: str, index: Index, last: int, newest: int) -> tuple[int, int]:
    """The id that the next batch ends with, and how many rows it has."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT max(id), count(*) FROM (SELECT id FROM {index.source_table} WHERE id > %s AND id <= %s "
            "ORDER BY id LIMIT %s) AS batch",
            [last, newest, BATCH_ROWS],
        )
        end, count = cursor.fetchone()
    return end or newest, count


def _fetch_value(using: str, sql: str) -> int | None:
    with connections[using].cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return None if row is None else row[0]
