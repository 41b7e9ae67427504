"""Django's `flush`, for a database with an append-only table."""

from typing import Any

from django.core.management.commands import flush

from record.triggers import without_triggers


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        with without_triggers(options["database"]):
            super().handle(**options)
