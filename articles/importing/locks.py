"""To be described."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

#: PostgreSQL advisory lock that makes writers of an import take turns, as SQLite's write lock does.
IMPORT_LOCK_ID = 0x07EC0DD


@contextmanager
def import_transaction() -> Iterator[None]:
    """A transaction in which nobody else imports."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK_ID])
        yield
