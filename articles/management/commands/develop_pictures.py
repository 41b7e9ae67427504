"""`manage.py develop_pictures`: bring pictures that are here already to where an upload ends."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from articles.editing.images import note_change
from articles.models import Image
from record import log, verbs
from sources.images.processing import UnfitError
from sources.images.renditions import is_developed
from sources.images.storage import missing, redevelop, store, write_sizes
from sources.models import Source

#: Rows read at a time.
CHUNK = 200


class Command(BaseCommand):
    help = (
        "Develop pictures that were kept as they came, from before an update or put in past the newsroom: turn them "
        "upright, take out where they were taken and all else a camera notes, and make their sizes. Makes sizes anew "
        "that are missing. What is well already is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
        parser.add_argument("--quiet", action="store_true", help="print nothing but errors")

    def handle(self, *args: object, **options: Any) -> None:
        self.dry, self.quiet = options["dry_run"], options["quiet"]
        self.done = self.unfit = 0
        self._all(Image.objects.exclude(file=""), "file", "width", "height")
        self._all(Source.objects.exclude(picture=""), "picture", "picture_width", "picture_height")
        if not self.quiet:
            self.stdout.write(f"{self.done} pictures {'would be ' if self.dry else ''}developed.")
        if self.unfit:
            raise CommandError(f"{self.unfit} pictures cannot be developed. Replace them in the newsroom.")

    def _all(self, rows: QuerySet[Any], field: str, width: str, height: str) -> None:
        """Each row's picture. The size is read from the column: asking the row would open every file."""
        for pk, name, across in rows.order_by("pk").values_list("pk", field, width).iterator(chunk_size=CHUNK):
            file: FieldFile = getattr(rows.model(), field)
            file.name = name
            try:
                changed = self._one(rows.filter(pk=pk, **{field: name}), file, across, field, (width, height))
            except UnfitError as error:
                self._refuse(name, str(error))
            except OSError as error:
                self._refuse(name, f"It cannot be read: {error}")
            else:
                self.done += changed
                if changed and not self.quiet:
                    self.stdout.write(name)

    def _one(
        self, row: QuerySet[Any], file: FieldFile, across: int | None, field: str, columns: tuple[str, str]
    ) -> bool:
        if is_developed(file.name or "") and across:
            if not missing(file, across):
                return False
            return self.dry or bool(write_sizes(file))
        upload = redevelop(file)
        if self.dry:
            return True
        old = file.name or ""
        made = row.model()
        store(getattr(made, field), upload)
        new = getattr(made, field).name
        size = dict(zip(columns, (upload.developed.width, upload.developed.height), strict=True))
        with transaction.atomic():
            changed = row.update(**{field: new}, **size)
            if changed:
                _note(made.__class__.objects.get(**{field: new}))
        if changed:
            file.storage.delete(old)  # it may tell where it was taken; what took its place while we worked stays
        return True

    def _refuse(self, name: str, why: str) -> None:
        self.unfit += 1
        self.stderr.write(f"{name}: {why}")


def _note(row: Image | Source) -> None:
    """Put on record that readers are shown another file."""
    if isinstance(row, Image):
        note_change(row, by=None)
    else:
        log.note(verbs.CHANGED, row, by=None, fields=["picture"])
