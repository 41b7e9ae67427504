"""The record is only added to: the database itself refuses to change or delete an act, whatever path leads to it.

SQLite drops a table's triggers when a migration rebuilds the table, so they are put back after every
`migrate`. Emptying the whole database (`manage.py flush`) is the one thing that takes acts away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

TABLE = "record_act"
TRIGGER = "record_act_is_append_only"
MESSAGE = "The record is append-only: an act is neither changed nor deleted."

SQLITE = tuple(
    f"CREATE TRIGGER {TRIGGER}_{event.lower()} BEFORE {event} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for event in ("UPDATE", "DELETE")
)
POSTGRESQL = (
    f"""
CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER {TRIGGER}_update BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TRIGGER}();
CREATE TRIGGER {TRIGGER}_delete BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TRIGGER}();
""",
)


def install(using: str = "default") -> None:
    """Put the triggers in place, replacing an older form of them. Nothing happens before the table exists."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        with transaction.atomic(using):
            remove(using)
            for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
                cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take the triggers away, for a migration that must rewrite acts; `migrate` puts them back at its end."""
    connection = connections[using]
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER}_{event}{on_table}")


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Without the triggers for as long as it takes to empty the database."""
    with connections[using].cursor() as cursor:
        if TABLE in connections[using].introspection.table_names(cursor):
            remove(using)
    try:
        yield
    finally:
        install(using)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    install(using)
