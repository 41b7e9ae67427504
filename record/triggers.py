"""The record is only added to: the database itself refuses to change or delete an act, whatever path leads to it.

SQLite drops a table's triggers when a migration rebuilds the table, so they are put back after every
`migrate`. Emptying the whole database (`manage.py flush`) is the one thing that takes acts away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

LOG_TABLE = "record_logentry"
TRIGGER_NAME = "log_is_append_only"
ERROR_MESSAGE = "The record is append-only: an act is neither changed nor deleted."

CREATE_TRIGGERS_SQLITE = tuple(
    f"CREATE TRIGGER {TRIGGER_NAME}_{event.lower()} BEFORE {event} ON {LOG_TABLE} BEGIN SELECT RAISE(ABORT, '{ERROR_MESSAGE}'); END"
    for event in ("UPDATE", "DELETE")
)
CREATE_TRIGGERS_POSTGRESQL = (
    f"""
CREATE OR REPLACE FUNCTION {TRIGGER_NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{ERROR_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER {TRIGGER_NAME}_update BEFORE UPDATE ON {LOG_TABLE} FOR EACH ROW EXECUTE FUNCTION {TRIGGER_NAME}();
CREATE TRIGGER {TRIGGER_NAME}_delete BEFORE DELETE ON {LOG_TABLE} FOR EACH ROW EXECUTE FUNCTION {TRIGGER_NAME}();
""",
)


def install_triggers(using: str = "default") -> None:
    """Put the triggers in place, replacing an older form of them. Nothing happens before the table exists."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if LOG_TABLE not in connection.introspection.table_names(cursor):
            return
        with transaction.atomic(using):
            remove_triggers(using)
            for statement in (
                CREATE_TRIGGERS_POSTGRESQL if connection.vendor == "postgresql" else CREATE_TRIGGERS_SQLITE
            ):
                cursor.execute(statement)


def remove_triggers(using: str = "default") -> None:
    """Take the triggers away, for a migration that must rewrite acts; `migrate` puts them back at its end."""
    connection = connections[using]
    on_table = f" ON {LOG_TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER_NAME}_{event}{on_table}")


@contextmanager
def without_triggers(using: str = "default") -> Iterator[None]:
    """Without the triggers for as long as it takes to empty the database."""
    with connections[using].cursor() as cursor:
        if LOG_TABLE in connections[using].introspection.table_names(cursor):
            remove_triggers(using)
    try:
        yield
    finally:
        install_triggers(using)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    install_triggers(using)
