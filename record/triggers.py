"""Triggers that make the audit log append-only: the database refuses to change or delete an entry.

SQLite drops the triggers of a table when a migration rebuilds it, so every `migrate` installs them again.
Only `manage.py flush`, which empties the whole database, removes entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

LOG_TABLE = "record_logentry"
TRIGGER_NAME = "log_is_append_only"
ERROR_MESSAGE = "The audit log is append-only: entries cannot be changed or deleted."

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
    """Install the triggers in place of older ones. Do nothing if the table does not exist yet."""
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
    """Remove the triggers, for a migration that must change entries. `migrate` installs them again at its end."""
    connection = connections[using]
    on_table = f" ON {LOG_TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER_NAME}_{event}{on_table}")


@contextmanager
def without_triggers(using: str = "default") -> Iterator[None]:
    """Remove the triggers inside the `with` block, and install them again after it."""
    with connections[using].cursor() as cursor:
        if LOG_TABLE in connections[using].introspection.table_names(cursor):
            remove_triggers(using)
    try:
        yield
    finally:
        install_triggers(using)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Install the triggers. Receiver of post_migrate."""
    install_triggers(using)
