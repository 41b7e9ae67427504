"""Store images with their renditions."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile

from sources.images.forms import ImageUpload
from sources.images.processing import make_renditions, process_image
from sources.images.renditions import is_processed_name, rendition_name, rendition_names


def store_image(file: FieldFile, upload: ImageUpload) -> None:
    """Write an upload and its renditions, and set the field. The caller saves the row.

    Files are written before the row, so a saved row always has all renditions. Unused files are deleted later
    (sources.images.cleanup).
    """
    file.save(upload.name or "", upload, save=False)
    _write_renditions(file.storage, file.name or "", upload.renditions)


def has_missing_renditions(file: FieldFile, width: int | None) -> bool:
    """Return whether a rendition of an image with this width is missing."""
    return any(not file.storage.exists(name) for name in image_file_names(file.name, width) if name != file.name)


def write_missing_renditions(file: FieldFile) -> int:
    """Write the renditions that are missing or incomplete.

    Return how many were written.

    Raise InvalidImageError if the stored image cannot be read.
    """
    return (
        _write_renditions(file.storage, file.name or "", make_renditions(_read_content(file)))
        if is_processed_name(file.name or "")
        else 0
    )


def process_stored_image(file: FieldFile) -> ImageUpload:
    """Process an image that was stored unprocessed.

    Raise InvalidImageError if that is not possible.
    """
    return ImageUpload(process_image(_read_content(file)), original_name=(file.name or "").rpartition("/")[2])


def image_file_names(name: str | None, width: int | None) -> Iterator[str]:
    """Yield the names of an image file and of its renditions."""
    if name:
        yield name
        yield from rendition_names(name, width)


def _read_content(file: FieldFile) -> bytes:
    with file.storage.open(file.name or "", "rb") as opened:
        content: bytes = opened.read()
    return content


def _write_renditions(storage: Storage, name: str, renditions: dict[tuple[int, str], bytes]) -> int:
    written = 0
    for (width, suffix), data in renditions.items():
        file_name = rendition_name(name, width, suffix)
        if file_name is None:
            continue
        if storage.exists(file_name):
            if storage.size(file_name) == len(data):
                continue
            storage.delete(file_name)  # incomplete: the process ended while it wrote
        storage.save(file_name, ContentFile(data))
        written += 1
    return written
