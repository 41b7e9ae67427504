"""System checks: what full-text search needs from the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import connections

from articles.fulltext.backends.postgresql import has_trigrams


def check_full_text(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check databases, during `migrate` and `check --database default`."""
    found: list[CheckMessage] = []
    for using in databases or ():
        connection = connections[using]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
                if not cursor.fetchone()[0]:
                    found.append(
                        Error(
                            "This SQLite was built without full-text search (FTS5).",
                            hint="Use a Python with FTS5 in its sqlite3 module (most have it), or PostgreSQL.",
                            id="articles.E001",
                        )
                    )
        elif connection.vendor == "postgresql" and not has_trigrams(using):
            found.append(
                Warning(
                    "Without the extension pg_trgm, a misspelled word is compared only with words that start with the same letters.",
                    hint="As a superuser, run CREATE EXTENSION pg_trgm in this database, then `manage.py migrate`. "
                    "On Debian, the extension is in the package postgresql-contrib.",
                    id="articles.W001",
                )
            )
    return found
