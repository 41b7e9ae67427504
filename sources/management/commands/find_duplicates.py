"""`manage.py find_duplicates`: look through all sources for pairs that are probably one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sources import duplicates


class Command(BaseCommand):
    help = "Look through all sources for pairs that are probably one, and list them for editors with the evidence."

    def handle(self, **options: Any) -> None:
        waiting, new = duplicates.find_duplicates()
        self.stdout.write(f"{new} new; {waiting} likely duplicates wait under Sources → Likely duplicates.")
