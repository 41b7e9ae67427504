"""A picture is written with its sizes before its row, once, and whole."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.editing.images import keep
from articles.models import Image
from sources.images.forms import PictureUpload
from sources.images.processing import develop
from sources.images.storage import missing, names_of, redevelop, store, write_sizes
from tests.factories import ImageFactory
from tests.sources.images import files

pytestmark = pytest.mark.django_db


def upload(width=700, height=500):
    return PictureUpload(develop(files.picture(width, height)), "bridge.jpg")


def test_an_upload_is_stored_with_all_of_its_sizes_before_there_is_a_row():
    image = Image()
    store(image.file, upload())
    assert image.pk is None
    assert (image.width, image.height) == (700, 500)
    assert not missing(image.file, 700)
    names = list(names_of(image.file.name, 700))
    assert len(names) == 7
    assert all(image.file.storage.exists(name) for name in names)


def test_sizes_are_written_once_and_half_a_file_is_written_again():
    image = keep(upload())
    assert write_sizes(image.file) == 0
    half = image.file.name.replace(".jpg", "-320.webp")
    with image.file.storage.open(half, "wb") as opened:
        opened.write(b"half")
    assert write_sizes(image.file) == 1
    image.file.storage.delete(half)
    assert missing(image.file, image.width)
    assert write_sizes(image.file) == 1


def test_the_same_file_twice_is_one_picture():
    one, other = keep(upload()), keep(upload())
    assert one == other
    assert one.name == "bridge.jpg"
    assert Image.objects.count() == 1


def test_an_upload_that_lost_the_race_gives_the_picture_that_won(monkeypatch):
    first = keep(upload())
    found = Image.objects.filter
    monkeypatch.setattr(Image.objects, "filter", lambda **_: found(pk=0))
    assert keep(upload()) == first


def test_a_picture_that_was_kept_as_it_came_is_developed_from_its_file():
    image = ImageFactory()
    assert write_sizes(image.file) == 0
    assert not missing(image.file, image.width)
    image.file.save("camera.jpg", ContentFile(files.from_a_camera()))
    made = redevelop(image.file)
    assert b"ecret" not in made.read()
    assert made.given_name.startswith("camera")


def test_a_name_with_a_path_in_it_stays_in_its_folder():
    made = PictureUpload(develop(files.picture()), SimpleUploadedFile("../../etc/x.jpg", b"x").name)
    assert keep(made).file.name.startswith("images/")
