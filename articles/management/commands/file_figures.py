"""`manage.py file_figures`: add matching figures to ledgers."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from articles.claims.filing import file_quantities, suggest_quantities
from articles.models import Ledger

LEDGER_COLUMNS = ("name", "unit", "counts", "about", "description")


class Command(BaseCommand):
    help = (
        "Add matching figures to the ledgers that add automatically. With --ledgers FILE, first create the ledgers of a "
        "table. Its columns, separated by tabs, are name, unit, counted words, subject words (both separated by ;) and "
        "description. An existing ledger stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ledgers", type=Path, metavar="FILE", help="a table of ledgers to create")

    def handle(self, *args: object, **options: Any) -> None:
        if options["ledgers"]:
            self._create_ledgers(options["ledgers"])
        for ledger in Ledger.objects.filter(files_itself=True):
            filed = file_quantities([row.pk for row in suggest_quantities(ledger)], ledger)
            if filed:
                self.stdout.write(f"{len(filed)} figures added to “{ledger}”.")

    def _create_ledgers(self, path: Path) -> None:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}.") from error
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = line.split("\t")
            if len(cells) != len(LEDGER_COLUMNS):
                raise CommandError(
                    f"{path}, line {number}: expected {len(LEDGER_COLUMNS)} columns, found {len(cells)}."
                )
            fields = dict(zip(LEDGER_COLUMNS, (cell.strip() for cell in cells), strict=True))
            for column in ("counts", "about"):
                fields[column] = "\n".join(part.strip() for part in fields[column].split(";") if part.strip())
            name = fields.pop("name")
            Ledger.objects.get_or_create(
                name=name, defaults={**fields, "slug": slugify(name)[:120], "files_itself": True}
            )
