"""What no story uses goes after a while, and so do files of no picture; what is used stays whole."""

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


def given(data=None, name="bridge.jpg"):
    return process_upload(SimpleUploadedFile(name, data or files.make_image()))


def collect(**options):
    out = StringIO()
    call_command("collect_pictures", stdout=out, **options)
    return out.getvalue()


def develop(**options):
    out = StringIO()
    call_command("develop_pictures", stdout=out, stderr=out, **options)
    return out.getvalue()


def stored():
    return sorted(
        f"{folder}/{name}"
        for folder in ("images", "sources")
        if default_storage.exists(folder)
        for name in default_storage.listdir(folder)[1]
    )


def test_a_picture_goes_when_it_has_been_unused_for_long_and_not_before():
    image = get_or_create_image(given())
    assert "0 unused images" in collect()
    assert Image.objects.exists()
    Image.objects.update(unused_since=timezone.now() - timedelta(days=29))
    collect()
    assert Image.objects.exists()
    Image.objects.update(unused_since=timezone.now() - timedelta(days=31))
    assert image.file.name in collect()
    assert not Image.objects.exists()
    assert stored() == []


def test_a_picture_that_is_used_again_is_as_new():
    image = get_or_create_image(given())
    Image.objects.update(unused_since=timezone.now() - timedelta(days=99))
    use = ArticleImageFactory(image=image)
    collect()
    use.delete()
    collect()
    assert Image.objects.get().unused_since is not None
    assert stored() == sorted(image_file_names(image.file.name, image.width))


def test_a_dry_run_says_what_would_go_and_changes_nothing():
    image = get_or_create_image(given())
    before = stored()
    assert f"{image.file.name} (bridge.jpg)" in collect(dry_run=True, days=0)
    assert stored() == before
    assert Image.objects.get().unused_since is None
    collect(days=0)
    assert stored() == []


def test_a_picture_that_a_story_takes_up_meanwhile_stays():
    image = get_or_create_image(given())
    ArticleImageFactory(image=image)
    assert not delete_image(image)
    assert not has_missing_renditions(image.file, image.width)


def test_files_of_no_picture_go_once_they_are_old_and_portraits_stay():
    source = SourceFactory()
    set_portrait(source, given())
    source.save()
    default_storage.save(f"images/{'0f' * 16}-640.webp", ContentFile(b"left behind"))
    default_storage.save("images/replaced.jpg", ContentFile(b"left behind"))
    default_storage.save("elsewhere.jpg", ContentFile(b"not ours to judge"))
    collect()
    assert "images/replaced.jpg" in stored()
    assert "2 files without an image" in collect(days=0)
    assert stored() == sorted(image_file_names(source.picture.name, source.picture_width))
    assert default_storage.exists("elsewhere.jpg")


def test_what_was_kept_as_it_came_is_developed_and_its_file_with_all_it_tells_goes():
    image = ImageFactory(file=ContentFile(files.make_camera_jpeg(), "camera.jpg"))
    source = SourceFactory(picture=ContentFile(files.make_camera_jpeg(), "face.jpg"))
    use = ArticleImageFactory(image=image)
    old = [image.file.name, source.picture.name]
    assert "2 images would be processed" in develop(dry_run=True)
    assert stored() == old
    assert "2 images processed" in develop()
    image.refresh_from_db()
    source.refresh_from_db()
    assert (image.width, image.height) == (source.picture_width, source.picture_height) == (600, 800)
    assert not has_missing_renditions(image.file, image.width)
    assert not has_missing_renditions(source.picture, source.picture_width)
    assert not {*old} & {*stored()}
    assert all(b"ecret" not in default_storage.open(name).read() for name in stored())
    assert log.entries_for_article(use.article_id).get().details["fields"] == ["pictures"]
    assert log.entries_for(source).get().verb == verbs.CHANGED
    assert "0 images processed" in develop()
    assert log.entries_for_article(use.article_id).count() == 1


def test_a_size_that_is_missing_is_made_anew():
    image = get_or_create_image(given())
    size = next(name for name in image_file_names(image.file.name, image.width) if name != image.file.name)
    default_storage.delete(size)
    assert "1 images processed" in develop()
    assert not has_missing_renditions(image.file, image.width)


def test_what_cannot_be_developed_is_named_and_the_rest_goes_on():
    lost = ImageFactory()
    default_storage.delete(lost.file.name)
    moving = ImageFactory(file=ContentFile(files.make_animation(), "moving.webp"))
    good = ImageFactory(file=ContentFile(files.make_image(), "good.jpg"))
    out = StringIO()
    with pytest.raises(CommandError, match="2 images cannot be processed"):
        call_command("develop_pictures", stdout=out, stderr=out)
    assert f"{lost.file.name}: It cannot be read" in out.getvalue()
    assert f"{moving.file.name}: The picture moves." in out.getvalue()
    good.refresh_from_db()
    assert not has_missing_renditions(good.file, good.width)
