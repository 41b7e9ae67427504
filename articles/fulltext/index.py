"""Keeping the indexes: made after `migrate`, rebuilt by `manage.py reindex`.

Triggers keep an index in step with its table. SQLite drops a table's triggers when a migration rebuilds the table,
so they are looked after at the end of every `migrate`; an index that went without them is filled anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections, transaction

from articles.fulltext.backends import engine
from articles.fulltext.backends.base import INDEXES, Index

#: Rows whose entries are made in one transaction.
BATCH = 2_000


def install(using: str = "default") -> None:
    """Make what is missing, and fill what was. Nothing happens before the tables exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if not tables.issuperset(index.of for index in INDEXES):
        return
    searches = engine(using)
    missing = searches.missing(using)
    with transaction.atomic(using):
        searches.install(using)
    if missing and reindex(using, missing):
        with transaction.atomic(using):
            searches.settle(using)


def reindex(
    using: str = "default",
    indexes: list[Index] | None = None,
    *,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> int:
    """Empty the indexes (all unless told) and fill them from their tables; gives how many rows were read.

    `on_rows` is told of each batch how many rows it had. While it runs a search finds what is in already.
    """
    searches = engine(using)
    done = 0
    for index in INDEXES if indexes is None else indexes:
        with transaction.atomic(using):
            searches.empty(using, index)
            last = 0
            # In the emptying's transaction the number is fixed: what comes later, the triggers bring in.
            newest = _one(using, f"SELECT max(id) FROM {index.of}") or 0
        while last < newest:
            with transaction.atomic(using):
                end, count = _batch(using, index, last, newest)
                if count:
                    searches.fill(using, index, last + 1, end)
            last = end
            done += count
            on_rows(count)
        searches.finish(using, index)
    return done


def rows(using: str = "default") -> int:
    """How many rows all indexes are of."""
    return sum(_one(using, f"SELECT count(*) FROM {index.of}") or 0 for index in INDEXES)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    install(using)


def _batch(using: str, index: Index, last: int, newest: int) -> tuple[int, int]:
    """The id that the next batch ends with, and how many rows it has."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT max(id), count(*) FROM (SELECT id FROM {index.of} WHERE id > %s AND id <= %s "
            "ORDER BY id LIMIT %s) AS batch",
            [last, newest, BATCH],
        )
        end, count = cursor.fetchone()
    return end or newest, count


def _one(using: str, sql: str) -> int | None:
    with connections[using].cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return None if row is None else row[0]
