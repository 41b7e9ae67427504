"""Stories' pictures: keep an upload once, however often it comes, and let go of what no story uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from articles.models import Article, Image
from record import log, verbs
from record.users import User
from sources.images.forms import ImageUpload
from sources.images.storage import image_file_names, store_image

#: Characters of a name that are kept.
MAX_NAME_CHARS = 200


def get_or_create_image(upload: ImageUpload) -> Image:
    """The picture of an upload: the one that is here already if the same file came before, else a new one."""
    known: Image | None = Image.objects.filter(digest=upload.processed.digest).first()
    if known is not None:
        return known
    image = Image(digest=upload.processed.digest, name=upload.original_name[:MAX_NAME_CHARS])
    store_image(image.file, upload)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:  # somebody else's upload of the same file was quicker; these files are collected
        image = Image.objects.get(digest=upload.processed.digest)
    return image


def record_file_change(image: Image, *, by: User | None) -> None:
    """Put on record, for each story with this picture, that it has another file: their pages are made anew by that."""
    stories = Article.objects.filter(images__image=image).distinct().select_related("latest").order_by("pk")
    rows = [(article.pk, str(article), article.pk) for article in stories]
    log.record_many(verbs.CHANGED, Article, rows, user=by, fields=["pictures"])


def update_unused_since(now: datetime) -> None:
    """Write down since when each picture has been found in no story; one that is used again is as new."""
    Image.objects.in_use().filter(unused_since__isnull=False).update(unused_since=None)
    Image.objects.unused().filter(unused_since__isnull=True).update(unused_since=now)


def images_unused_for(now: datetime, grace: timedelta) -> Iterator[Image]:
    """Pictures that have been in no story for that long, as noted."""
    return Image.objects.unused().filter(unused_since__lte=now - grace).order_by("pk").iterator()


def delete_image(image: Image) -> bool:
    """Delete a picture and its files. False if a story has taken it up meanwhile: then it stays."""
    try:
        with transaction.atomic():
            Image.objects.select_for_update().get(pk=image.pk).delete()
    except (ProtectedError, IntegrityError):
        return False
    except Image.DoesNotExist:
        return True
    for name in image_file_names(image.file.name, image.width):
        image.file.storage.delete(name)
    return True
