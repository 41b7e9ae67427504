"""What the database knows of its own tables: how many rows they have, and how those are spread.

It plans its queries by that. Without, a table of fifty thousand claims is taken for as small as one of ten, and a list
that should take a twentieth of a second takes ten.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

#: Rows of an index that SQLite looks at: enough to plan by, and a matter of milliseconds however large the table.
#: (sqlite.org/lang_analyze.html, "Approximate ANALYZE For Large Databases")
SQLITE_ANALYSIS_LIMIT_ROWS = 400
#: So many new rows PostgreSQL is not left to notice by itself, which takes it a minute (autovacuum_naptime); until then
#: the front page of 300 stories, all of them new, took it four seconds.
POSTGRESQL_MIN_NEW_ROWS = 50


def analyze(using: str = "default") -> None:
    """Look at the tables anew: when much has come in, and when the tables themselves have changed."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {SQLITE_ANALYSIS_LIMIT_ROWS}")
        cursor.execute("ANALYZE")


def analyze_after_adding(number: int, using: str = "default") -> None:
    """Look at the tables anew where so many new rows make it worth while.

    PostgreSQL looks at its tables by itself, soon after they have changed, and takes seconds for it where they are
    large; SQLite never does, and takes milliseconds.
    """
    if number and (connections[using].vendor == "sqlite" or number >= POSTGRESQL_MIN_NEW_ROWS):
        analyze(using)


def after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    analyze_after_adding(1, using)
