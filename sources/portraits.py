"""Images of sources."""

from __future__ import annotations

from sources.images.forms import ImageUpload
from sources.images.storage import store_image
from sources.models import Source


def set_portrait(source: Source, upload: ImageUpload | None) -> None:
    """Store an image with its renditions, or remove the image.

    The caller saves the source.
    """
    if upload is None:
        source.picture = ""
        source.picture_width = source.picture_height = None
        return
    store_image(source.picture, upload)
    source.picture_width, source.picture_height = upload.processed.width, upload.processed.height
