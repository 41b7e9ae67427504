"""`manage.py collect_pictures`: delete unused images and files."""

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

#: Days that an unused image is kept, without --days.
DEFAULT_GRACE_DAYS = 30


class Command(BaseCommand):
    help = (
        "Delete images that no story has used for some time, and files in the image folders that belong to no image. "
        "The time counts from the first run that found an image unused, so run this regularly, once a day or once a "
        "week."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=DEFAULT_GRACE_DAYS,
            help=f"how many days unused images are kept (default: {DEFAULT_GRACE_DAYS})",
        )
        parser.add_argument("--dry-run", action="store_true", help="print what would be deleted, and change nothing")
        parser.add_argument("--quiet", action="store_true", help="print nothing but errors")

    def handle(self, *args: object, **options: Any) -> None:
        dry_run, quiet = options["dry_run"], options["quiet"]
        now, grace = timezone.now(), timedelta(days=max(options["days"], 0))
        if not dry_run:
            update_unused_since(now)
        images = files = size = 0
        due = _due_images(now, grace) if dry_run else images_unused_for(now, grace)
        for image in due:
            if dry_run or delete_image(image):
                images += 1
                if not quiet:
                    self.stdout.write(f"{image.file.name} ({image})")
        for storage, name in unused_files(now - grace):
            size += storage.size(name)
            files += 1
            if not dry_run:
                storage.delete(name)
            if not quiet:
                self.stdout.write(name)
        if not quiet:
            verb = "would be deleted" if dry_run else "deleted"
            kept = Image.objects.unused().count() - (images if dry_run else 0)
            self.stdout.write(
                f"{images} unused images and {files} files without an image ({size / 1e6:.1f} MB) {verb}. "
                f"{kept} unused images are kept until they have been unused for {options['days']} days."
            )


def _due_images(now: Any, grace: timedelta) -> Any:
    """Return the images that a run would delete.

    With --days 0 these include the ones that no run has marked as unused yet.
    """
    due = Q(unused_since__lte=now - grace)
    return Image.objects.unused().filter(due if grace else due | Q(unused_since__isnull=True)).order_by("pk")
