"""Django's `flush` for a database whose record refuses to lose a row: it empties that too, and guards it again."""

from typing import Any

from django.core.management.commands import flush

from record.triggers import without_triggers


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        with without_triggers(options["database"]):
            super().handle(**options)
