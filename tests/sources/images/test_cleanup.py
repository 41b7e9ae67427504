"""Deleting unused images and files, and processing stored images again."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from articles.editing.images import delete_image, get_or_create_image
from articles.models import Image
from record import log, verbs
from sources.images.forms import process_upload
from sources.images.storage import has_missing_renditions, image_file_names
from sources.portraits import set_portrait
from tests.factories import ArticleImageFactory, ImageFactory, SourceFactory
from tests.sources.images import files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def make_upload(data=None, name="bridge.jpg"):
    return process_upload(SimpleUploadedFile(name, data or files.make_image()))


def run_collect_pictures(**options):
    out = StringIO()
    call_command("collect_pictures", stdout=out, **options)
    return out.getvalue()


def run_develop_pictures(**options):
    out = StringIO()
    call_command("develop_pictures", stdout=out, stderr=out, **options)
    return out.getvalue()


def stored_files():
    return sorted(
        f"{folder}/{name}"
        for folder in ("images", "sources")
        if default_storage.exists(folder)
        for name in default_storage.listdir(folder)[1]
    )


def test_image_is_deleted_after_thirty_unused_days():
    image = get_or_create_image(make_upload())

    assert "0 unused images" in run_collect_pictures()
    assert Image.objects.exists()

    Image.objects.update(unused_since=timezone.now() - timedelta(days=29))

    run_collect_pictures()

    assert Image.objects.exists()

    Image.objects.update(unused_since=timezone.now() - timedelta(days=31))

    assert image.file.name in run_collect_pictures()
    assert not Image.objects.exists()
    assert stored_files() == []


def test_image_that_was_used_again_is_kept():
    image = get_or_create_image(make_upload())
    Image.objects.update(unused_since=timezone.now() - timedelta(days=99))
    use = ArticleImageFactory(image=image)
    run_collect_pictures()
    use.delete()

    run_collect_pictures()

    assert Image.objects.get().unused_since is not None
    assert stored_files() == sorted(image_file_names(image.file.name, image.width))


def test_dry_run_lists_images_and_changes_nothing():
    image = get_or_create_image(make_upload())

    before = stored_files()

    assert f"{image.file.name} (bridge.jpg)" in run_collect_pictures(dry_run=True, days=0)
    assert stored_files() == before
    assert Image.objects.get().unused_since is None

    run_collect_pictures(days=0)

    assert stored_files() == []


def test_image_in_use_is_not_deleted():
    image = get_or_create_image(make_upload())

    ArticleImageFactory(image=image)

    assert not delete_image(image)
    assert not has_missing_renditions(image.file, image.width)


def test_old_unused_files_are_deleted_and_portraits_kept():
    source = SourceFactory()
    set_portrait(source, make_upload())
    source.save()
    default_storage.save(f"images/{'0f' * 16}-640.webp", ContentFile(b"unused"))
    default_storage.save("images/replaced.jpg", ContentFile(b"unused"))
    default_storage.save("elsewhere.jpg", ContentFile(b"not an image folder"))

    run_collect_pictures()

    assert "images/replaced.jpg" in stored_files()
    assert "2 files without an image" in run_collect_pictures(days=0)
    assert stored_files() == sorted(image_file_names(source.picture.name, source.picture_width))
    assert default_storage.exists("elsewhere.jpg")


def test_unprocessed_images_are_processed_and_replaced():
    image = ImageFactory(file=ContentFile(files.make_camera_jpeg(), "camera.jpg"))
    source = SourceFactory(picture=ContentFile(files.make_camera_jpeg(), "face.jpg"))
    use = ArticleImageFactory(image=image)

    old = [image.file.name, source.picture.name]

    assert "2 images would be processed" in run_develop_pictures(dry_run=True)
    assert stored_files() == old
    assert "2 images processed" in run_develop_pictures()

    image.refresh_from_db()

    source.refresh_from_db()

    assert (image.width, image.height) == (source.picture_width, source.picture_height) == (600, 800)
    assert not has_missing_renditions(image.file, image.width)
    assert not has_missing_renditions(source.picture, source.picture_width)
    assert not {*old} & {*stored_files()}
    assert all(b"ecret" not in default_storage.open(name).read() for name in stored_files())
    assert log.entries_for_article(use.article_id).get().details["fields"] == ["pictures"]
    assert log.entries_for(source).get().verb == verbs.CHANGED
    assert "0 images processed" in run_develop_pictures()
    assert log.entries_for_article(use.article_id).count() == 1


def test_missing_rendition_is_written_again():
    image = get_or_create_image(make_upload())
    rendition = next(name for name in image_file_names(image.file.name, image.width) if name != image.file.name)

    default_storage.delete(rendition)

    assert "1 images processed" in run_develop_pictures()
    assert not has_missing_renditions(image.file, image.width)


def test_image_that_cannot_be_processed_is_reported():
    missing = ImageFactory()
    default_storage.delete(missing.file.name)
    animated = ImageFactory(file=ContentFile(files.make_animation(), "animated.webp"))
    good = ImageFactory(file=ContentFile(files.make_image(), "good.jpg"))

    out = StringIO()

    with pytest.raises(CommandError, match="2 images cannot be processed"):
        call_command("develop_pictures", stdout=out, stderr=out)
    assert f"{missing.file.name}: cannot be read" in out.getvalue()
    assert f"{animated.file.name}: The image is animated." in out.getvalue()

    good.refresh_from_db()

    assert not has_missing_renditions(good.file, good.width)
