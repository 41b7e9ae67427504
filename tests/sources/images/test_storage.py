"""Storing images: all renditions are written, before the row and only once."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.editing.images import get_or_create_image
from articles.models import Image
from sources.images.forms import ImageUpload
from sources.images.processing import process_image
from sources.images.storage import (
    has_missing_renditions,
    image_file_names,
    process_stored_image,
    store_image,
    write_missing_renditions,
)
from tests.factories import ImageFactory
from tests.sources.images import files

pytestmark = pytest.mark.django_db


def make_upload(width=700, height=500):
    return ImageUpload(process_image(files.make_image(width, height)), "bridge.jpg")


def test_upload_is_stored_with_renditions_before_its_row():
    image = Image()

    store_image(image.file, make_upload())

    assert image.pk is None
    assert (image.width, image.height) == (700, 500)
    assert not has_missing_renditions(image.file, 700)

    names = list(image_file_names(image.file.name, 700))

    assert len(names) == 7
    assert all(image.file.storage.exists(name) for name in names)


def test_only_missing_and_incomplete_renditions_are_written():
    image = get_or_create_image(make_upload())

    assert write_missing_renditions(image.file) == 0

    incomplete = image.file.name.replace(".jpg", "-320.webp")

    with image.file.storage.open(incomplete, "wb") as opened:
        opened.write(b"incomplete")

    assert write_missing_renditions(image.file) == 1

    image.file.storage.delete(incomplete)

    assert has_missing_renditions(image.file, image.width)
    assert write_missing_renditions(image.file) == 1


def test_same_file_twice_is_one_image():
    first, second = get_or_create_image(make_upload()), get_or_create_image(make_upload())

    assert first == second
    assert first.name == "bridge.jpg"
    assert Image.objects.count() == 1


def test_concurrent_upload_of_same_file_gives_the_first_image(monkeypatch):
    first = get_or_create_image(make_upload())
    found = Image.objects.filter

    monkeypatch.setattr(Image.objects, "filter", lambda **_: found(pk=0))

    assert get_or_create_image(make_upload()) == first


def test_stored_image_is_processed_from_its_file():
    image = ImageFactory()

    assert write_missing_renditions(image.file) == 0
    assert not has_missing_renditions(image.file, image.width)

    image.file.save("camera.jpg", ContentFile(files.make_camera_jpeg()))

    upload = process_stored_image(image.file)

    assert b"ecret" not in upload.read()
    assert upload.original_name.startswith("camera")


def test_upload_name_with_a_path_stays_in_its_folder():
    upload = ImageUpload(process_image(files.make_image()), SimpleUploadedFile("../../etc/x.jpg", b"x").name)

    assert get_or_create_image(upload).file.name.startswith("images/")
