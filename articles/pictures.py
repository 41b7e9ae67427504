"""Stories' pictures: keep an upload once, however often it comes."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from articles.models import Image
from sources.pictures.storing import store
from sources.pictures.uploads import PictureUpload

#: Characters of a name that are kept.
NAME_LENGTH = 200


def keep(upload: PictureUpload) -> Image:
    """The picture of an upload: the one that is here already if the same file came before, else a new one."""
    known = Image.objects.filter(digest=upload.developed.digest).first()
    if known is not None:
        return known
    image = Image(digest=upload.developed.digest, name=upload.given_name[:NAME_LENGTH])
    store(image.file, upload)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:  # somebody else's upload of the same file was quicker; these files are collected
        return Image.objects.get(digest=upload.developed.digest)
    return image
