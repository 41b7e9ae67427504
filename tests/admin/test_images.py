"""Pictures in the newsroom's forms: brought in beside a story or in the library, refused with what to do, kept once."""

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


def kept(data=None):
    return get_or_create_image(process_upload(upload(data)))


@pytest.fixture
def client(client_of, editor):
    return client_of(editor)


@pytest.fixture
def story():
    return ArticleFactory(status="in_review", headline="Bridge closes")


def page(story):
    return reverse("admin:articles_article_change", args=[story.pk])


def one_picture(**changes):
    """A row of the story's pictures as a browser sends it."""
    row = {"order": "0", "focal_x": "0.5", "focal_y": "0.5", "id": "", "image": "", **changes}
    return {"images-TOTAL_FORMS": "1", **{f"images-0-{name}": value for name, value in row.items()}}


def test_a_picture_is_brought_in_beside_its_story(client, story):
    answer = submit_form(
        client, page(story), **one_picture(upload=upload(), alt="A bridge", credit="Ada", focal_x="0.35")
    )
    assert answer.status_code == 302
    use = ArticleImage.objects.get()
    assert (use.alt, use.credit, use.focal_x) == ("A bridge", "Ada", 0.35)
    assert (use.image.width, use.image.height, use.image.name) == (600, 800, "bridge.jpg")
    assert b"ecret" not in use.image.file.read()
    assert not has_missing_renditions(use.image.file, use.image.width)


@pytest.mark.parametrize(
    ("data", "name", "said"),
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
def test_what_is_refused_says_why_and_costs_nothing_else(client, story, data, name, said):
    changes = one_picture(upload=upload(data, name), caption="From the quay", credit="Ada")
    answer = submit_form(client, page(story), headline="Bridge shuts", **changes)
    assert answer.status_code == 200
    assert said in form_errors(answer)
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
    ids=["a page behind its end", "a huge profile that is none", "another kind than its name"],
)
def test_what_only_carries_too_much_is_kept_without_it(client, story, data):
    assert submit_form(client, page(story), **one_picture(upload=upload(data))).status_code == 302
    stored = Image.objects.get().file.read()
    assert b"script" not in stored
    assert len(stored) < 100_000


def test_a_good_picture_stays_chosen_when_something_else_on_the_page_is_wrong(client, story):
    answer = submit_form(client, page(story), headline="", **one_picture(upload=upload(), alt="A bridge"))
    assert answer.status_code == 200
    picture = Image.objects.get()
    assert form_fields(answer)["images-0-image"] == [str(picture.pk)]
    again = client.post(page(story), {**form_fields(answer), "headline": "Bridge closes"})
    assert again.status_code == 302
    assert ArticleImage.objects.get().image == picture


def test_the_same_file_twice_is_one_picture_with_two_uses(client, story):
    other = ArticleFactory(status="in_review")
    for article in (story, other):
        assert submit_form(client, page(article), **one_picture(upload=upload())).status_code == 302
    assert Image.objects.get().uses.count() == 2


def test_a_reporter_may_bring_one_in_and_whoever_may_not_add_pictures_only_chooses(client_of, reporter, editor):
    story = ArticleFactory(status="draft")
    theirs = client_of(reporter)
    assert submit_form(theirs, page(story), **one_picture(upload=upload())).status_code == 302
    editor.groups.get().permissions.remove(*editor.groups.get().permissions.filter(codename="add_image"))
    ours = client_of(type(editor).objects.get(pk=editor.pk))
    html = ours.get(page(story)).content.decode()
    assert "-upload" not in html
    assert "images-0-image" in html
    submit_form(ours, page(story), **one_picture(upload=upload(files.make_image(90, 90)), credit="Ada"))
    assert Image.objects.count() == 1


def test_the_library_takes_a_picture_and_refuses_it_the_second_time(client):
    assert client.post(f"{LIBRARY}add/", {"file": upload(), "name": ""}).status_code == 302
    picture = Image.objects.get()
    assert picture.name == "bridge.jpg"
    assert not has_missing_renditions(picture.file, picture.width)
    again = client.post(f"{LIBRARY}add/", {"file": upload(), "name": "other"})
    assert "This picture is here already" in form_errors(again)
    assert f"{LIBRARY}{picture.pk}/change/" in again.content.decode()
    assert Image.objects.count() == 1


def test_another_file_in_the_place_of_one_has_another_name_and_is_on_record_with_its_stories(client, editor):
    picture = kept()
    use = ArticleImageFactory(image=picture)
    before = picture.file.name
    answer = client.post(f"{LIBRARY}{picture.pk}/change/", {"file": upload(files.make_image(400, 300)), "name": "n"})
    assert answer.status_code == 302
    picture.refresh_from_db()
    assert picture.file.name != before
    assert (picture.width, picture.height, picture.name) == (400, 300, "n")
    assert log.entries_for_article(use.article_id).get().by == editor
    assert not has_missing_renditions(picture.file, 400)


def test_renaming_a_picture_leaves_its_file(client):
    picture = kept()
    assert client.post(f"{LIBRARY}{picture.pk}/change/", {"name": "The bridge"}).status_code == 302
    before = picture.file.name
    picture.refresh_from_db()
    assert (picture.name, picture.file.name) == ("The bridge", before)


def test_the_library_is_searched_by_name_caption_and_credit(client):
    kept()
    ArticleImageFactory(image=ImageFactory(), caption="A lighthouse", credit="Falk")
    for words, count in (("bridge", 1), ("lighthouse", 1), ("falk", 1), ("boat", 0)):
        assert f"{count} image" in client.get(LIBRARY, {"q": words}).content.decode()


def test_the_library_takes_as_many_queries_for_many_as_for_one(client, django_assert_num_queries):
    ImageFactory()
    client.get(LIBRARY)
    with django_assert_num_queries(7):
        client.get(LIBRARY)
    for _ in range(5):
        ArticleImageFactory(image=ImageFactory())
    with django_assert_num_queries(7):
        client.get(LIBRARY)


def test_where_a_chosen_picture_is_seen_is_told_to_whoever_may_see_the_library(client, client_of, loader):
    picture = kept()
    told = client.get(f"{LIBRARY}{picture.pk}/shown/").json()
    assert told["src"].startswith("/media/images/")
    assert client.get(told["src"]).status_code == 200
    assert client_of(loader).get(f"{LIBRARY}{picture.pk}/shown/").status_code == 403
    assert client.get(f"{LIBRARY}0/shown/").status_code == 404


def test_a_portrait_goes_through_the_same_door(client):
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
