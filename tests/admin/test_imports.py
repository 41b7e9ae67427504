"""Import runs, import items and source files in the admin."""

import pytest
from django.urls import reverse

from articles.models import Article, ImportRun, Original
from tests.factories import ArticleFactory, ImportItemFactory, ImportRunFactory, OriginalFactory

pytestmark = pytest.mark.django_db

HTML_WITH_SCRIPTS = b"Bridge closed\n<script>alert(1)</script>\n<img src=x onerror=alert(2)>\n"


@pytest.fixture
def run(db):
    """Return a run with one imported story and one rejected file."""
    run = ImportRunFactory(
        counts={"imported": 1, "rejected": 2},
        arguments={"paths": ["wire"], "publish": True, "draft": False, "user": None},
    )
    story = ArticleFactory(slug="imported")
    ImportItemFactory(run=run, article=story, revision=story.latest, outcome="imported")
    ImportItemFactory(
        run=run,
        path="wire/odd.txt",
        outcome="rejected",
        code="not-text",
        detail="The file is a PNG picture.",
        warnings=[{"code": "date-missing", "detail": "No <date> was found."}],
        original=OriginalFactory(data=HTML_WITH_SCRIPTS),
    )
    return run


def test_run_page_shows_options_and_outcomes(editor, client_of, run):
    html = client_of(editor).get(reverse("admin:articles_importrun_change", args=[run.pk])).content.decode()

    for text in ("wire", "1 imported", "2 rejected", f"run__id__exact={run.pk}&amp;outcome__exact=rejected"):
        assert text in html


def test_run_page_shows_only_options_that_were_used(editor, client_of, run):
    html = client_of(editor).get(reverse("admin:articles_importrun_change", args=[run.pk])).content.decode()

    assert "<code>publish</code> yes" in html
    assert "<code>draft</code>" not in html
    assert "<code>user</code>" not in html


def test_item_page_shows_warnings_and_links_source_file(editor, client_of, run):
    item = run.items.get(path="wire/odd.txt")

    html = client_of(editor).get(reverse("admin:articles_importitem_change", args=[item.pk])).content.decode()

    for text in ("not-text", "a PNG picture", "date-missing", "No &lt;date&gt; was found."):
        assert text in html
    assert reverse("admin:articles_original_change", args=[item.original_id]) in html


def test_source_file_is_shown_and_sent_as_text(editor, client_of, run):
    client, original = client_of(editor), Original.objects.get()

    html = client.get(reverse("admin:articles_original_change", args=[original.pk])).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html

    answer = client.get(reverse("admin:articles_original_download", args=[original.pk]))

    assert answer.content == HTML_WITH_SCRIPTS
    assert answer["Content-Type"] == "text/plain"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\xff", b"\xff\xfe\x00", b""])
def test_source_file_that_is_not_text_is_shown(editor, client_of, data):
    original = OriginalFactory(data=data)
    client = client_of(editor)

    assert client.get(reverse("admin:articles_original_change", args=[original.pk])).status_code == 200
    assert client.get(reverse("admin:articles_original_download", args=[original.pk])).content == data


def test_long_source_file_is_cut_on_the_page(editor, client_of):
    original = OriginalFactory(data=b"word " * 30_000)

    html = client_of(editor).get(reverse("admin:articles_original_change", args=[original.pk])).content.decode()

    assert "50000 more characters" in html


@pytest.mark.parametrize("who", ["reporter", "reader"])
def test_download_of_source_file_needs_permission(request, client_of, run, who):
    client = client_of(request.getfixturevalue(who))
    url = reverse("admin:articles_original_download", args=[Original.objects.get().pk])

    assert client.get(url).status_code in (302, 403)


@pytest.mark.parametrize("who", ["chief", "loader"])
def test_run_is_undone_after_confirmation(request, client_of, run, who):
    client = client_of(request.getfixturevalue(who))
    url = reverse("admin:articles_importrun_undo", args=[run.pk])

    assert "deletes 1 story and their claims, and 0 revisions of other stories." in " ".join(
        client.get(url).content.decode().split()
    )
    assert Article.objects.exists()

    client.post(url)

    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDONE
    assert not Article.objects.exists()

    page = client.get(reverse("admin:articles_importrun_change", args=[run.pk])).content.decode()

    assert "Undo this run" not in page


def test_undo_of_edited_run_is_refused_with_reason(chief, client_of, run):
    Article.objects.update(edited_at=run.started_at, latest=None)

    answer = client_of(chief).post(reverse("admin:articles_importrun_undo", args=[run.pk]), follow=True)

    assert "Somebody has edited" in answer.content.decode()
    assert Article.objects.exists()


@pytest.mark.parametrize("who", ["reporter", "editor"])
def test_undo_of_run_needs_permission(request, client_of, run, who):
    client = client_of(request.getfixturevalue(who))
    url = reverse("admin:articles_importrun_undo", args=[run.pk])

    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403
    assert Article.objects.exists()


def test_undo_page_lists_stories_to_delete(chief, client_of, run):
    story = Article.objects.get()

    html = client_of(chief).get(reverse("admin:articles_importrun_undo", args=[run.pk])).content.decode()

    assert f"<li>{story}</li>" in html
    assert "Undo the run</button>" in html


def test_undo_page_says_why_undo_is_refused(chief, client_of, run):
    Article.objects.update(edited_at=run.started_at)

    html = client_of(chief).get(reverse("admin:articles_importrun_undo", args=[run.pk])).content.decode()

    assert "Somebody has edited" in html
    assert "Undo the run</button>" not in html


def test_run_page_counts_unresolved_files(chief, client_of, run):
    client, url = client_of(chief), reverse("admin:articles_importrun_change", args=[run.pk])

    assert "1 unresolved file" in client.get(url).content.decode()
    item = run.items.get(outcome="rejected")

    client.post(reverse("admin:articles_importitem_settle", args=[item.pk]))

    assert "settled=no" not in client.get(url).content.decode()
