"""Install the full-text indexes after `migrate`, and rebuild them.

`manage.py reindex` rebuilds them. Triggers update an index together with its table. SQLite drops the triggers of a
table that a migration rebuilds. So they are checked after every `migrate`, and an index that was without triggers is
filled again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections, transaction

from articles.fulltext.backends import get_backend
from articles.fulltext.backends.base import INDEXES, Index

#: Rows indexed in one transaction.
BATCH_ROWS = 2_000


def install_indexes(using: str = "default") -> None:
    """Create and fill missing indexes. Do nothing before their tables exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if not tables.issuperset(index.source_table for index in INDEXES):
        return
    backend = get_backend(using)
    missing = backend.missing_indexes(using)
    with transaction.atomic(using):
        backend.install_indexes(using)
    if missing and reindex(using, missing):
        with transaction.atomic(using):
            backend.optimize_indexes(using)


def reindex(
    using: str = "default",
    indexes: list[Index] | None = None,
    *,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> int:
    """Empty and fill indexes (all by default); return the number of rows read.

    `on_rows` is called with the number of rows of each batch. During this time, a search finds the rows indexed so far.
    """
    backend = get_backend(using)
    total = 0
    for index in INDEXES if indexes is None else indexes:
        with transaction.atomic(using):
            backend.clear_index(using, index)
            last = 0
            # Read in the transaction that empties the index: triggers index all later rows.
            newest = _fetch_value(using, f"SELECT max(id) FROM {index.source_table}") or 0
        while last < newest:
            with transaction.atomic(using):
                end, count = _next_batch(using, index, last, newest)
                if count:
                    backend.fill_index(using, index, last + 1, end)
            last = end
            total += count
            on_rows(count)
        backend.mark_filled(using, index)
    return total


def count_rows(using: str = "default") -> int:
    """Return the number of rows of all indexed tables."""
    return sum(_fetch_value(using, f"SELECT count(*) FROM {index.source_table}") or 0 for index in INDEXES)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Install the indexes; receiver of post_migrate."""
    install_indexes(using)


def _next_batch(using: str, index: Index, last: int, newest: int) -> tuple[int, int]:
    """Return the last id of the next batch, and its number of rows."""
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
