"""`manage.py develop_pictures`: process stored images like new uploads."""

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
        "Process images that were stored unprocessed, by an older version or without the newsroom: rotate them upright, "
        "remove location and camera data, and make their smaller sizes. Missing sizes are made again. Processed images "
        "are left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="print what would be done, and change nothing")
        parser.add_argument("--quiet", action="store_true", help="print nothing but errors")

    def handle(self, *args: object, **options: Any) -> None:
        self.dry_run, self.quiet = options["dry_run"], options["quiet"]
        self.processed_count = self.failed_count = 0
        self._process_images(Image.objects.exclude(file=""), "file", "width", "height")
        self._process_images(Source.objects.exclude(picture=""), "picture", "picture_width", "picture_height")
        if not self.quiet:
            self.stdout.write(f"{self.processed_count} images {'would be ' if self.dry_run else ''}processed.")
        if self.failed_count:
            raise CommandError(f"{self.failed_count} images cannot be processed. Replace them in the newsroom.")

    def _process_images(self, rows: QuerySet[Any], field: str, width: str, height: str) -> None:
        """Process the image of each row.

        The width is read from the column, because the row would open its file to tell it.
        """
        for pk, name, stored_width in (
            rows.order_by("pk").values_list("pk", field, width).iterator(chunk_size=CHUNK_ROWS)
        ):
            file: FieldFile = getattr(rows.model(), field)
            file.name = name
            try:
                changed = self._process_image(
                    rows.filter(pk=pk, **{field: name}), file, stored_width, field, (width, height)
                )
            except InvalidImageError as error:
                self._report_failure(name, str(error))
            except OSError as error:
                self._report_failure(name, f"cannot be read: {error}")
            else:
                self.processed_count += changed
                if changed and not self.quiet:
                    self.stdout.write(name)

    def _process_image(
        self, row: QuerySet[Any], file: FieldFile, stored_width: int | None, field: str, columns: tuple[str, str]
    ) -> bool:
        if is_processed_name(file.name or "") and stored_width:
            if not has_missing_renditions(file, stored_width):
                return False
            return self.dry_run or bool(write_missing_renditions(file))
        upload = process_stored_image(file)
        if self.dry_run:
            return True
        old = file.name or ""
        new_row = row.model()
        store_image(getattr(new_row, field), upload)
        new = getattr(new_row, field).name
        size = dict(zip(columns, (upload.processed.width, upload.processed.height), strict=True))
        with transaction.atomic():
            changed = row.update(**{field: new}, **size)
            if changed:
                _log_change(new_row.__class__.objects.get(**{field: new}))
        if changed:
            # The old file may have location data. If another file has replaced it, that one stays.
            file.storage.delete(old)
        return True

    def _report_failure(self, name: str, reason: str) -> None:
        self.failed_count += 1
        self.stderr.write(f"{name}: {reason}")


def _log_change(row: Image | Source) -> None:
    """Record in the audit log that readers see another file."""
    if isinstance(row, Image):
        record_file_change(row, by=None)
    else:
        log.record(verbs.CHANGED, row, user=None, fields=["picture"])
