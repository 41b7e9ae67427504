"""A picture is written with its sizes before its row, once, and whole."""

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


def upload(width=700, height=500):
    return ImageUpload(process_image(files.make_image(width, height)), "bridge.jpg")


def test_an_upload_is_stored_with_all_of_its_sizes_before_there_is_a_row():
    image = Image()
    store_image(image.file, upload())
    assert image.pk is None
    assert (image.width, image.height) == (700, 500)
    assert not has_missing_renditions(image.file, 700)
    names = list(image_file_names(image.file.name, 700))
    assert len(names) == 7
    assert all(image.file.storage.exists(name) for name in names)


def test_sizes_are_written_once_and_half_a_file_is_written_again():
    image = get_or_create_image(upload())
    assert write_missing_renditions(image.file) == 0
    half = image.file.name.replace(".jpg", "-320.webp")
    with image.file.storage.open(half, "wb") as opened:
        opened.write(b"half")
    assert write_missing_renditions(image.file) == 1
    image.file.storage.delete(half)
    assert has_missing_renditions(image.file, image.width)
    assert write_missing_renditions(image.file) == 1


def test_the_same_file_twice_is_one_picture():
    one, other = get_or_create_image(upload()), get_or_create_image(upload())
    assert one == other
    assert one.name == "bridge.jpg"
    assert Image.objects.count() == 1


def test_an_upload_that_lost_the_race_gives_the_picture_that_won(monkeypatch):
    first = get_or_create_image(upload())
    found = Image.objects.filter
    monkeypatch.setattr(Image.objects, "filter", lambda **_: found(pk=0))
    assert get_or_create_image(upload()) == first


def test_a_picture_that_was_kept_as_it_came_is_developed_from_its_file():
    image = ImageFactory()
    assert write_missing_renditions(image.file) == 0
    assert not has_missing_renditions(image.file, image.width)
    image.file.save("camera.jpg", ContentFile(files.make_camera_jpeg()))
    made = process_stored_image(image.file)
    assert b"ecret" not in made.read()
    assert made.original_name.startswith("camera")


def test_a_name_with_a_path_in_it_stays_in_its_folder():
    made = ImageUpload(process_image(files.make_image()), SimpleUploadedFile("../../etc/x.jpg", b"x").name)
    assert get_or_create_image(made).file.name.startswith("images/")
