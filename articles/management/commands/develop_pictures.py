"""`manage.py develop_pictures`: bring pictures that are here already to where an upload ends."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from articles.editing.images import record_file_change
from articles.models import Image
from record import log, verbs
from sources.images.processing import InvalidImageError
from sources.images.renditions import is_processed_name
from sources.images.storage import has_missing_renditions, process_stored_image, store_image, write_missing_renditions
from sources.models import Source

#: Rows read at a time.
CHUNK_ROWS = 200


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
        self.dry_run, self.quiet = options["dry_run"], options["quiet"]
        self.processed_count = self.failed_count = 0
        self._process_images(Image.objects.exclude(file=""), "file", "width", "height")
        self._process_images(Source.objects.exclude(picture=""), "picture", "picture_width", "picture_height")
        if not self.quiet:
            self.stdout.write(f"{self.processed_count} pictures {'would be ' if self.dry_run else ''}developed.")
        if self.failed_count:
            raise CommandError(f"{self.failed_count} pictures cannot be developed. Replace them in the newsroom.")

    def _process_images(self, rows: QuerySet[Any], field: str, width: str, height: str) -> None:
        """Each row's picture. The size is read from the column: asking the row would open every file."""
        for pk, name, across in rows.order_by("pk").values_list("pk", field, width).iterator(chunk_size=CHUNK_ROWS):
            file: FieldFile = getattr(rows.model(), field)
            file.name = name
            try:
                changed = self._process_image(
                    rows.filter(pk=pk, **{field: name}), file, across, field, (width, height)
                )
            except InvalidImageError as error:
                self._report_failure(name, str(error))
            except OSError as error:
                self._report_failure(name, f"It cannot be read: {error}")
            else:
                self.processed_count += changed
                if changed and not self.quiet:
                    self.stdout.write(name)

    def _process_image(
        self, row: QuerySet[Any], file: FieldFile, across: int | None, field: str, columns: tuple[str, str]
    ) -> bool:
        if is_processed_name(file.name or "") and across:
            if not has_missing_renditions(file, across):
                return False
            return self.dry_run or bool(write_missing_renditions(file))
        upload = process_stored_image(file)
        if self.dry_run:
            return True
        old = file.name or ""
        made = row.model()
        store_image(getattr(made, field), upload)
        new = getattr(made, field).name
        size = dict(zip(columns, (upload.processed.width, upload.processed.height), strict=True))
        with transaction.atomic():
            changed = row.update(**{field: new}, **size)
            if changed:
                _log_change(made.__class__.objects.get(**{field: new}))
        if changed:
            file.storage.delete(old)  # it may tell where it was taken; what took its place while we worked stays
        return True

    def _report_failure(self, name: str, why: str) -> None:
        self.failed_count += 1
        self.stderr.write(f"{name}: {why}")


def _log_change(row: Image | Source) -> None:
    """Put on record that readers are shown another file."""
    if isinstance(row, Image):
        record_file_change(row, by=None)
    else:
        log.record(verbs.CHANGED, row, user=None, fields=["picture"])
