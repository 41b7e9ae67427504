"""The lock that lets one import write at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

#: PostgreSQL advisory lock. On SQLite the write lock of the transaction does the same.
IMPORT_LOCK_ID = 0x07EC0DD


@contextmanager
def import_transaction() -> Iterator[None]:
    """Open a transaction in which no other import writes."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK_ID])
        yield
