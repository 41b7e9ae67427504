"""The store of pictures: a picture is written with its sizes, and what was kept before gets them."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile

from sources.images.forms import ImageUpload
from sources.images.processing import make_renditions, process_image
from sources.images.renditions import is_processed_name, rendition_name, rendition_names


def store_image(file: FieldFile, upload: ImageUpload) -> None:
    """Write an upload and its sizes, and let the field name it; the row is left for the caller to save.

    The files come first: a row that names a picture so has all of its sizes, however the process ends, and files
    without a row are collected.
    """
    file.save(upload.name or "", upload, save=False)
    _write_renditions(file.storage, file.name or "", upload.renditions)


def has_missing_renditions(file: FieldFile, width: int | None) -> bool:
    """Whether a developed picture so wide lacks one of its sizes."""
    return any(not file.storage.exists(name) for name in image_file_names(file.name, width) if name != file.name)


def write_missing_renditions(file: FieldFile) -> int:
    """Write the sizes of a developed picture that are not there, or only in part. Returns how many were written.

    UnfitError where the stored file can no longer be read.
    """
    return (
        _write_renditions(file.storage, file.name or "", make_renditions(_read_content(file)))
        if is_processed_name(file.name or "")
        else 0
    )


def process_stored_image(file: FieldFile) -> ImageUpload:
    """A picture that was kept as it came, developed as an upload is, ready to be stored. UnfitError says why not."""
    return ImageUpload(process_image(_read_content(file)), original_name=(file.name or "").rpartition("/")[2])


def image_file_names(name: str | None, width: int | None) -> Iterator[str]:
    """The names of a picture's file and of all its sizes; of the file alone where it has none."""
    if name:
        yield name
        yield from rendition_names(name, width)


def _read_content(file: FieldFile) -> bytes:
    with file.storage.open(file.name or "", "rb") as opened:
        content: bytes = opened.read()
    return content


def _write_renditions(storage: Storage, name: str, made: dict[tuple[int, str], bytes]) -> int:
    written = 0
    for (width, suffix), data in made.items():
        size = rendition_name(name, width, suffix)
        if size is None:
            continue
        if storage.exists(size):
            if storage.size(size) == len(data):
                continue
            storage.delete(size)  # half a file, of a process that was ended while it wrote
        storage.save(size, ContentFile(data))
        written += 1
    return written
