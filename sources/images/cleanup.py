"""Find image files that no row uses.

They come from stopped uploads, and from replaced or deleted images.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.core.files.storage import Storage
from django.db.models import ImageField

from sources.images.renditions import possible_image_names


def image_fields() -> Iterator[ImageField]:
    """Yield the image fields of all models."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ImageField):
                yield field


def unused_files(before: datetime) -> Iterator[tuple[Storage, str]]:
    """Yield the unused files in the image folders that are older than `before`.

    A newer file may belong to a row that is being saved. One query for each image field; all names are in memory.
    """
    used: set[str] = set()
    folders: dict[tuple[int, str], Storage] = {}
    for field in image_fields():
        used.update(
            field.model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True).iterator()
        )
        folders[id(field.storage), str(field.upload_to)] = field.storage
    for (_storage, folder), storage in folders.items():
        if not storage.exists(folder):
            continue
        for file in storage.listdir(folder)[1]:
            name = f"{folder}{file}"
            if used.isdisjoint(possible_image_names(name)) and storage.get_modified_time(name) < before:
                yield storage, name
