"""Images of articles: store uploads once, delete unused ones."""

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

#: Longest stored name of an image.
MAX_NAME_CHARS = 200


def get_or_create_image(upload: ImageUpload) -> Image:
    """Return the image of an upload: an existing one if the file is the same."""
    existing: Image | None = Image.objects.filter(digest=upload.processed.digest).first()
    if existing is not None:
        return existing
    image = Image(digest=upload.processed.digest, name=upload.original_name[:MAX_NAME_CHARS])
    store_image(image.file, upload)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:  # another upload of the same file was faster; `collect_pictures` deletes these files
        image = Image.objects.get(digest=upload.processed.digest)
    return image


def record_file_change(image: Image, *, by: User | None) -> None:
    """Record in the audit log of each article with this image that its file changed.

    Their cached pages are rendered again because of it.
    """
    articles = Article.objects.filter(images__image=image).distinct().select_related("latest").order_by("pk")
    rows = [(article.pk, str(article), article.pk) for article in articles]
    log.record_many(verbs.CHANGED, Article, rows, user=by, fields=["pictures"])


def update_unused_since(now: datetime) -> None:
    """Set `unused_since` of unused images, and clear it of images in use."""
    Image.objects.in_use().filter(unused_since__isnull=False).update(unused_since=None)
    Image.objects.unused().filter(unused_since__isnull=True).update(unused_since=now)


def images_unused_for(now: datetime, grace: timedelta) -> Iterator[Image]:
    """Return images that have been unused for at least `grace`, by `unused_since`."""
    return Image.objects.unused().filter(unused_since__lte=now - grace).order_by("pk").iterator()


def delete_image(image: Image) -> bool:
    """Delete an image and its files. Return False if an article uses it again."""
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
