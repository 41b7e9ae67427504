"""A revision's words never change: the database itself refuses, whatever path a change takes to it.

Anchors count code points in a revision's text and quote it without storing the words, so a changed text
would put other words into people's mouths. SQLite drops a table's triggers when a migration
rebuilds the table, so they are put back after every `migrate`.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

REVISION_TABLE = "articles_revision"
TRIGGER_NAME = "articles_revision_is_immutable"
#: Columns that never change; the author, the note and the time are about the words, not of them.
IMMUTABLE_COLUMNS = ("article_id", "number", "headline", "summary", "body", "text", "digest")
ERROR_MESSAGE = "A revision is immutable: a change makes a new one."

# A column that an UPDATE sets to what it is already has not changed, so that Model.save() may run.
CREATE_TRIGGER_SQLITE = f"""
CREATE TRIGGER {TRIGGER_NAME} BEFORE UPDATE OF {", ".join(IMMUTABLE_COLUMNS)} ON {REVISION_TABLE}
WHEN {" OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in IMMUTABLE_COLUMNS)}
BEGIN SELECT RAISE(ABORT, '{ERROR_MESSAGE}'); END
"""
CREATE_TRIGGER_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {TRIGGER_NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{ERROR_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER {TRIGGER_NAME} BEFORE UPDATE OF {", ".join(IMMUTABLE_COLUMNS)} ON {REVISION_TABLE} FOR EACH ROW
WHEN ({" OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in IMMUTABLE_COLUMNS)})
EXECUTE FUNCTION {TRIGGER_NAME}();
"""


def install_trigger(using: str = "default") -> None:
    """Put the trigger in place, replacing an older form of it. Nothing happens before the table exists."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if REVISION_TABLE not in connection.introspection.table_names(cursor):
            return
        columns = {column.name for column in connection.introspection.get_table_description(cursor, REVISION_TABLE)}
        if not columns.issuperset(IMMUTABLE_COLUMNS):
            return
        with transaction.atomic(using):
            remove_trigger(using)
            cursor.execute(CREATE_TRIGGER_POSTGRESQL if connection.vendor == "postgresql" else CREATE_TRIGGER_SQLITE)


def remove_trigger(using: str = "default") -> None:
    """Take the trigger away, for a migration that must rewrite revisions; `migrate` puts it back at its end."""
    connection = connections[using]
    on_table = f" ON {REVISION_TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER_NAME}{on_table}")


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    install_trigger(using)
