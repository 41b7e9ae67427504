"""Stories' pictures: keep an upload once, however often it comes, and let go of what no story uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from articles.models import Article, Image
from record import log, verbs
from record.users import User
from sources.images.forms import PictureUpload
from sources.images.storage import names_of, store

#: Characters of a name that are kept.
NAME_LENGTH = 200


def keep(upload: PictureUpload) -> Image:
    """The picture of an upload: the one that is here already if the same file came before, else a new one."""
    known: Image | None = Image.objects.filter(digest=upload.developed.digest).first()
    if known is not None:
        return known
    image = Image(digest=upload.developed.digest, name=upload.given_name[:NAME_LENGTH])
    store(image.file, upload)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:  # somebody else's upload of the same file was quicker; these files are collected
        image = Image.objects.get(digest=upload.developed.digest)
    return image


def note_change(image: Image, *, by: User | None) -> None:
    """Put on record, for each story with this picture, that it has another file: their pages are made anew by that."""
    stories = Article.objects.filter(images__image=image).distinct().select_related("latest").order_by("pk")
    rows = [(article.pk, str(article), article.pk) for article in stories]
    log.note_many(verbs.CHANGED, Article, rows, by=by, fields=["pictures"])


def note_disuse(now: datetime) -> None:
    """Write down since when each picture has been found in no story; one that is used again is as new."""
    Image.objects.in_use().filter(unused_since__isnull=False).update(unused_since=None)
    Image.objects.unused().filter(unused_since__isnull=True).update(unused_since=now)


def long_unused(now: datetime, grace: timedelta) -> Iterator[Image]:
    """Pictures that have been in no story for that long, as noted."""
    return Image.objects.unused().filter(unused_since__lte=now - grace).order_by("pk").iterator()


def let_go(image: Image) -> bool:
    """Delete a picture and its files. False if a story has taken it up meanwhile: then it stays."""
    try:
        with transaction.atomic():
            Image.objects.select_for_update().get(pk=image.pk).delete()
    except (ProtectedError, IntegrityError):
        return False
    except Image.DoesNotExist:
        return True
    for name in names_of(image.file.name, image.width):
        image.file.storage.delete(name)
    return True
