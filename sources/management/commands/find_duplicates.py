"""`manage.py find_duplicates`: search all sources for possible duplicates."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sources import duplicates


class Command(BaseCommand):
    help = "Search all sources for possible duplicates, and list them for editors with the evidence."

    def handle(self, **options: Any) -> None:
        open_count, new_count = duplicates.find_duplicates()
        self.stdout.write(
            f"Found {new_count} new possible duplicates. {open_count} are open: see Sources → Possible duplicates."
        )
