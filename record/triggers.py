"""Database triggers that refuse changes of rows, and those of the audit log.

SQLite drops a table's triggers when a migration rebuilds the table. So every `migrate` installs them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

LOG_TABLE = "record_logentry"
#: The triggers' names begin with this.
TRIGGER_NAME = "log_is_append_only"
ERROR_MESSAGE = "The audit log is append-only: an entry is neither changed nor deleted."


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger that refuses an UPDATE or a DELETE of a table's rows.

    With `columns` it refuses only what changes one of them. An UPDATE that sets a column to the value it has does not
    change it, so `Model.save()` still works.
    """

    name: str
    table: str
    event: str  # "UPDATE" or "DELETE"
    message: str
    columns: tuple[str, ...] = ()

    def create_statements(self, vendor: str) -> list[str]:
        """Return the SQL that creates it. `vendor` is "sqlite" or "postgresql"."""
        event = f"{self.event} OF {', '.join(self.columns)}" if self.columns else self.event
        if vendor != "postgresql":
            return [
                (
                    f"CREATE TRIGGER {self.name} BEFORE {event} ON {self.table} {self._condition('IS NOT')} "
                    f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
                )
            ]
        return [
            (
                f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            ),
            (
                f"CREATE TRIGGER {self.name} BEFORE {event} ON {self.table} FOR EACH ROW "
                f"{self._condition('IS DISTINCT FROM')} EXECUTE FUNCTION {self.name}()"
            ),
        ]

    def drop_statement(self, vendor: str) -> str:
        return f"DROP TRIGGER IF EXISTS {self.name}" + (f" ON {self.table}" if vendor == "postgresql" else "")

    def has_table(self, connection: BaseDatabaseWrapper) -> bool:
        """Return whether the table has all columns of the trigger yet."""
        with connection.cursor() as cursor:
            if self.table not in connection.introspection.table_names(cursor):
                return False
            columns = {column.name for column in connection.introspection.get_table_description(cursor, self.table)}
        return columns.issuperset(self.columns)

    def _condition(self, differs: str) -> str:
        if not self.columns:
            return ""
        return f"WHEN ({' OR '.join(f'OLD.{column} {differs} NEW.{column}' for column in self.columns)})"


LOG_TRIGGERS = tuple(
    Trigger(f"{TRIGGER_NAME}_{event.lower()}", LOG_TABLE, event, ERROR_MESSAGE) for event in ("UPDATE", "DELETE")
)


def create_triggers(triggers: Iterable[Trigger], using: str) -> None:
    """Create triggers, in place of older ones of the same name.

    A trigger is left out if its table does not exist yet.
    """
    connection = connections[using]
    for trigger in triggers:
        if trigger.has_table(connection):
            with transaction.atomic(using), connection.cursor() as cursor:
                for statement in (
                    trigger.drop_statement(connection.vendor),
                    *trigger.create_statements(connection.vendor),
                ):
                    cursor.execute(statement)


def drop_triggers(triggers: Iterable[Trigger], using: str) -> None:
    """Drop triggers, if they exist. Their tables must exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for trigger in triggers:
            cursor.execute(trigger.drop_statement(connection.vendor))


def install_triggers(using: str = "default") -> None:
    """Create the triggers of the audit log, if its table exists."""
    create_triggers(LOG_TRIGGERS, using)


def remove_triggers(using: str = "default") -> None:
    """Drop the triggers of the audit log, for a migration that must rewrite entries.

    `migrate` installs them again at its end.
    """
    drop_triggers(LOG_TRIGGERS, using)


@contextmanager
def without_triggers(using: str = "default") -> Iterator[None]:
    """Remove the triggers of the audit log for the time that the database is emptied."""
    if LOG_TRIGGERS[0].has_table(connections[using]):
        remove_triggers(using)
    try:
        yield
    finally:
        install_triggers(using)


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receive post_migrate."""
    install_triggers(using)
