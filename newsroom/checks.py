"""System check for databases of development versions before 0.1.0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

#: The first migrations of the development versions. Their accounts are in another table, so they cannot be migrated.
OLD_MIGRATIONS = {("articles", "0001_foundation"), ("sources", "0001_foundation"), ("record", "0001_acts")}
#: If Django's admin was migrated before our accounts, its tables refer to Django's own.
ADMIN_MIGRATION, ACCOUNTS_MIGRATION = ("admin", "0001_initial"), ("newsroom", "0001_initial")


def check_for_old_database(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Find databases that `migrate` cannot bring up to date.

    Runs before `migrate` writes anything.
    """
    errors: list[CheckMessage] = []
    for using in databases or ():
        connection = connections[using]
        applied = set(MigrationRecorder(connection).applied_migrations())
        if not (applied & OLD_MIGRATIONS or (ADMIN_MIGRATION in applied and ACCOUNTS_MIGRATION not in applied)):
            continue
        name = connection.settings_dict["NAME"]
        errors.append(
            Error(
                _("The database %(name)s was made before version 0.1.0 and cannot be migrated.") % {"name": name},
                hint=_build_hint(connection.vendor, str(name)),
                id="newsroom.E001",
            )
        )
    return errors


def _build_hint(vendor: str, name: str) -> str:
    remove = (
        _("remove the files %(name)s, %(name)s-wal and %(name)s-shm")
        if vendor == "sqlite"
        else _("replace %(name)s with an empty database")
    ) % {"name": name}
    return _(
        "To start again, %(remove)s, and run the same command again. To keep the stories and their claims, first run "
        "`manage.py export_articles --include-proposed --output stories.jsonl` with the version that made the "
        "database. After `migrate`, run `manage.py import_seeds stories.jsonl --as-exported`. Accounts, the audit log "
        "and images are not kept."
    ) % {"remove": remove}
