"""`manage.py collect_pictures`: let go of pictures that no story uses, and of files that no picture has."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils import timezone

from articles.editing.images import delete_image, images_unused_for, update_unused_since
from articles.models import Image
from sources.images.cleanup import unused_files

#: Days for which an unused picture stays, unless the command says otherwise.
DEFAULT_GRACE_DAYS = 30


class Command(BaseCommand):
    help = (
        "Delete pictures that no story has used for some time, and files in the pictures' folders that belong to no "
        "picture. The time counts from the first run that found a picture unused, so run this regularly, once a day "
        "or a week."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=DEFAULT_GRACE_DAYS,
            help=f"how long unused pictures stay (default: {DEFAULT_GRACE_DAYS})",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
        parser.add_argument("--quiet", action="store_true", help="print nothing but errors")

    def handle(self, *args: object, **options: Any) -> None:
        dry, quiet = options["dry_run"], options["quiet"]
        now, grace = timezone.now(), timedelta(days=max(options["days"], 0))
        if not dry:
            update_unused_since(now)
        pictures = files = size = 0
        due = _due_images(now, grace) if dry else images_unused_for(now, grace)
        for image in due:
            if dry or delete_image(image):
                pictures += 1
                if not quiet:
                    self.stdout.write(f"{image.file.name} ({image})")
        for storage, name in unused_files(now - grace):
            size += storage.size(name)
            files += 1
            if not dry:
                storage.delete(name)
            if not quiet:
                self.stdout.write(name)
        if not quiet:
            did = "would go" if dry else "deleted"
            waiting = Image.objects.unused().count() - (pictures if dry else 0)
            self.stdout.write(
                f"{pictures} unused pictures and {files} files of no picture ({size / 1e6:.1f} MB) {did}; "
                f"{waiting} unused pictures stay until their {options['days']} days are over."
            )


def _due_images(now: Any, grace: timedelta) -> Any:
    """What a run would delete: those noted long ago and, without any grace, those not noted yet."""
    due = Q(unused_since__lte=now - grace)
    return Image.objects.unused().filter(due if grace else due | Q(unused_since__isnull=True)).order_by("pk")
