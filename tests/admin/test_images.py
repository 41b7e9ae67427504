"""Images in the admin's forms: uploads, the library, portraits."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.editing.images import get_or_create_image
from articles.models import ArticleImage, Image
from record import log
from sources.images.forms import process_upload
from sources.images.storage import has_missing_renditions
from sources.models import Source
from tests.admin.pages import form_errors, form_fields, submit_form
from tests.factories import ArticleFactory, ArticleImageFactory, ImageFactory, SourceFactory
from tests.sources.images import files

pytestmark = pytest.mark.django_db

LIBRARY = "/admin/articles/image/"


def upload(data=None, name="bridge.jpg"):
    return SimpleUploadedFile(name, files.make_camera_jpeg() if data is None else data)


def stored_image(data=None):
    return get_or_create_image(process_upload(upload(data)))


@pytest.fixture
def client(client_of, editor):
    return client_of(editor)


@pytest.fixture
def story():
    return ArticleFactory(status="in_review", headline="Bridge closes")


def page(story):
    return reverse("admin:articles_article_change", args=[story.pk])


def image_row(**changes):
    """Return a row of the story's images as a browser sends it."""
    row = {"order": "0", "focal_x": "0.5", "focal_y": "0.5", "id": "", "image": "", **changes}
    return {"images-TOTAL_FORMS": "1", **{f"images-0-{name}": value for name, value in row.items()}}


def test_story_form_stores_an_uploaded_image(client, story):
    answer = submit_form(
        client, page(story), **image_row(upload=upload(), alt="A bridge", credit="Ada", focal_x="0.35")
    )

    assert answer.status_code == 302
    use = ArticleImage.objects.get()
    assert (use.alt, use.credit, use.focal_x) == ("A bridge", "Ada", 0.35)
    assert (use.image.width, use.image.height, use.image.name) == (600, 800, "bridge.jpg")
    assert b"ecret" not in use.image.file.read()
    assert not has_missing_renditions(use.image.file, use.image.width)


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "a.jpg", "empty"),
        (files.SVG, "a.jpg", "SVG files"),
        (files.HTML_WITH_SCRIPT, "a.jpg", "is not an image"),
        (files.make_image(), "a.html", "is not an image file extension"),
        (files.make_image()[:2000], "a.jpg", "damaged or incomplete"),
        (files.make_animation("PNG"), "a.png", "animated"),
        (files.make_decompression_bomb(), "a.png", "far more than 50 million pixels"),
    ],
    ids=["empty", "svg", "html", "ending", "truncated", "animated", "bomb"],
)
def test_refused_upload_says_why_and_keeps_other_input(client, story, data, name, error):
    changes = image_row(upload=upload(data, name), caption="From the quay", credit="Ada")

    answer = submit_form(client, page(story), headline="Bridge shuts", **changes)

    assert answer.status_code == 200
    assert error in form_errors(answer)
    fields = form_fields(answer)
    assert fields["headline"] == ["Bridge shuts"]
    assert fields["images-0-caption"] == ["From the quay"]
    assert fields["images-0-credit"] == ["Ada"]
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        files.make_image() + files.HTML_WITH_SCRIPT,
        files.make_image(icc_profile=b"\0" * 900_000),
        files.make_image(format="PNG"),
    ],
    ids=["html-after-the-end", "huge-broken-profile", "other-format-than-name"],
)
def test_upload_is_stored_without_extra_data(client, story, data):
    assert submit_form(client, page(story), **image_row(upload=upload(data))).status_code == 302
    stored = Image.objects.get().file.read()
    assert b"script" not in stored
    assert len(stored) < 100_000


def test_valid_upload_is_kept_when_form_has_errors(client, story):
    answer = submit_form(client, page(story), headline="", **image_row(upload=upload(), alt="A bridge"))

    assert answer.status_code == 200
    image = Image.objects.get()
    assert form_fields(answer)["images-0-image"] == [str(image.pk)]

    again = client.post(page(story), {**form_fields(answer), "headline": "Bridge closes"})

    assert again.status_code == 302
    assert ArticleImage.objects.get().image == image


def test_same_file_twice_is_one_image_with_two_uses(client, story):
    other = ArticleFactory(status="in_review")

    for article in (story, other):
        assert submit_form(client, page(article), **image_row(upload=upload())).status_code == 302
    assert Image.objects.get().uses.count() == 2


def test_upload_needs_permission_to_add_images(client_of, reporter, editor):
    story = ArticleFactory(status="draft")
    reporter_client = client_of(reporter)

    assert submit_form(reporter_client, page(story), **image_row(upload=upload())).status_code == 302
    editor.groups.get().permissions.remove(*editor.groups.get().permissions.filter(codename="add_image"))
    editor_client = client_of(type(editor).objects.get(pk=editor.pk))
    html = editor_client.get(page(story)).content.decode()
    assert "-upload" not in html
    assert "images-0-image" in html

    submit_form(editor_client, page(story), **image_row(upload=upload(files.make_image(90, 90)), credit="Ada"))

    assert Image.objects.count() == 1


def test_library_refuses_a_file_that_it_has(client):
    assert client.post(f"{LIBRARY}add/", {"file": upload(), "name": ""}).status_code == 302
    image = Image.objects.get()
    assert image.name == "bridge.jpg"
    assert not has_missing_renditions(image.file, image.width)

    again = client.post(f"{LIBRARY}add/", {"file": upload(), "name": "other"})

    assert "This image is already in the library" in form_errors(again)
    assert f"{LIBRARY}{image.pk}/change/" in again.content.decode()
    assert Image.objects.count() == 1


def test_replaced_file_has_new_name_and_is_logged(client, editor):
    image = stored_image()
    use = ArticleImageFactory(image=image)
    before = image.file.name

    answer = client.post(f"{LIBRARY}{image.pk}/change/", {"file": upload(files.make_image(400, 300)), "name": "n"})

    assert answer.status_code == 302
    image.refresh_from_db()
    assert image.file.name != before
    assert (image.width, image.height, image.name) == (400, 300, "n")
    assert log.entries_for_article(use.article_id).get().by == editor
    assert not has_missing_renditions(image.file, 400)


def test_renamed_image_keeps_its_file(client):
    image = stored_image()

    assert client.post(f"{LIBRARY}{image.pk}/change/", {"name": "The bridge"}).status_code == 302
    before = image.file.name
    image.refresh_from_db()
    assert (image.name, image.file.name) == ("The bridge", before)


def test_library_search_finds_name_caption_and_credit(client):
    stored_image()
    ArticleImageFactory(image=ImageFactory(), caption="A lighthouse", credit="Falk")

    for words, count in (("bridge", 1), ("lighthouse", 1), ("falk", 1), ("boat", 0)):
        assert f"{count} image" in client.get(LIBRARY, {"q": words}).content.decode()


def test_library_has_a_fixed_number_of_queries(client, django_assert_num_queries):
    ImageFactory()

    client.get(LIBRARY)
    with django_assert_num_queries(7):
        client.get(LIBRARY)
    for _ in range(5):
        ArticleImageFactory(image=ImageFactory())
    with django_assert_num_queries(7):
        client.get(LIBRARY)


def test_preview_data_needs_permission_to_view_images(client, client_of, loader):
    image = stored_image()

    preview = client.get(f"{LIBRARY}{image.pk}/shown/").json()

    assert preview["src"].startswith("/media/images/")
    assert client.get(preview["src"]).status_code == 200
    assert client_of(loader).get(f"{LIBRARY}{image.pk}/shown/").status_code == 403
    assert client.get(f"{LIBRARY}0/shown/").status_code == 404


def test_portrait_upload_is_processed_like_other_images(client):
    source = SourceFactory()
    address = reverse("admin:sources_source_change", args=[source.pk])

    assert submit_form(client, address, picture=upload(), picture_credit="Falk").status_code == 302
    source = Source.objects.get(pk=source.pk)
    assert (source.picture_width, source.picture_height, source.picture_credit) == (600, 800, "Falk")
    assert b"ecret" not in source.picture.read()
    assert not has_missing_renditions(source.picture, 600)

    refused = submit_form(client, address, picture=upload(files.SVG), description="Kept")

    assert "SVG files" in form_errors(refused)
    assert form_fields(refused)["description"] == ["Kept"]

    submit_form(client, address, **{"picture-clear": "on"})

    source.refresh_from_db()
    assert (source.picture.name, source.picture_width) == ("", None)
