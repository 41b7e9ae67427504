"""Files of pictures that no row names: of an upload that was not finished, a picture that was replaced or deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.core.files.storage import Storage
from django.db.models import ImageField

from sources.images.renditions import possible_image_names


def image_fields() -> Iterator[ImageField]:
    """Every column of a picture, in whichever table."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ImageField):
                yield field


def unused_files(before: datetime) -> Iterator[tuple[Storage, str]]:
    """The files in the folders of pictures that belong to no row's picture and were written before that moment.

    Younger ones may belong to a row that is being saved. One query a column, and the names of all pictures in memory.
    """
    kept: set[str] = set()
    folders: dict[tuple[int, str], Storage] = {}
    for field in image_fields():
        kept.update(
            field.model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True).iterator()
        )
        folders[id(field.storage), str(field.upload_to)] = field.storage
    for (_storage, folder), storage in folders.items():
        if not storage.exists(folder):
            continue
        for file in storage.listdir(folder)[1]:
            name = f"{folder}{file}"
            if kept.isdisjoint(possible_image_names(name)) and storage.get_modified_time(name) < before:
                yield storage, name
