"""How copy came in: read only, shown safely, and a run undone by those who may import."""

import pytest
from django.urls import reverse

from articles.models import Article, ImportRun, Original
from tests.factories import ArticleFactory, ImportItemFactory, ImportRunFactory, OriginalFactory

pytestmark = pytest.mark.django_db

NASTY = b"Bridge closed\n<script>alert(1)</script>\n<img src=x onerror=alert(2)>\n"


@pytest.fixture
def run(db):
    made = ImportRunFactory(counts={"imported": 1, "rejected": 2}, arguments={"paths": ["wire"], "publish": True})
    story = ArticleFactory(slug="brought-in")
    ImportItemFactory(run=made, article=story, revision=story.latest, outcome="imported")
    ImportItemFactory(
        run=made,
        path="wire/odd.txt",
        outcome="rejected",
        code="not-text",
        detail="The file is a PNG picture.",
        warnings=[{"code": "date-missing", "detail": "No <date> was found."}],
        original=OriginalFactory(data=NASTY),
    )
    return made


def test_a_run_says_what_it_was_asked_and_what_came_of_it(editor, client_of, run):
    html = client_of(editor).get(reverse("admin:articles_importrun_change", args=[run.pk])).content.decode()
    for words in ("wire", "1 imported", "2 rejected", f"run__id__exact={run.pk}&amp;outcome__exact=rejected"):
        assert words in html


def test_a_file_says_what_was_odd_and_leads_to_its_bytes(editor, client_of, run):
    item = run.items.get(path="wire/odd.txt")
    html = client_of(editor).get(reverse("admin:articles_importitem_change", args=[item.pk])).content.decode()
    for words in ("not-text", "a PNG picture", "date-missing", "No &lt;date&gt; was found."):
        assert words in html
    assert reverse("admin:articles_original_change", args=[item.original_id]) in html


def test_the_original_is_text_whatever_is_in_it(editor, client_of, run):
    client, original = client_of(editor), Original.objects.get()
    html = client.get(reverse("admin:articles_original_change", args=[original.pk])).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    answer = client.get(reverse("admin:articles_original_download", args=[original.pk]))
    assert answer.content == NASTY
    assert answer["Content-Type"] == "text/plain"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\xff", b"\xff\xfe\x00", b""])
def test_bytes_that_are_no_text_are_shown_somehow(editor, client_of, data):
    original = OriginalFactory(data=data)
    client = client_of(editor)
    assert client.get(reverse("admin:articles_original_change", args=[original.pk])).status_code == 200
    assert client.get(reverse("admin:articles_original_download", args=[original.pk])).content == data


def test_a_long_original_is_cut_on_the_page_and_whole_in_the_file(editor, client_of):
    original = OriginalFactory(data=b"word " * 30_000)
    html = client_of(editor).get(reverse("admin:articles_original_change", args=[original.pk])).content.decode()
    assert "50000 more characters" in html


@pytest.mark.parametrize("who", ["reporter", "reader"])
def test_others_do_not_get_the_bytes(request, client_of, run, who):
    client = client_of(request.getfixturevalue(who))
    url = reverse("admin:articles_original_download", args=[Original.objects.get().pk])
    assert client.get(url).status_code in (302, 403)


@pytest.mark.parametrize("who", ["chief", "loader"])
def test_a_run_is_undone_after_asking(request, client_of, run, who):
    client = client_of(request.getfixturevalue(who))
    url = reverse("admin:articles_importrun_undo", args=[run.pk])
    assert "takes away 1 article " in " ".join(client.get(url).content.decode().split())
    assert Article.objects.exists()
    client.post(url)
    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDONE
    assert not Article.objects.exists()
    page = client.get(reverse("admin:articles_importrun_change", args=[run.pk])).content.decode()
    assert "Undo this run" not in page


def test_a_run_that_somebody_worked_on_is_not_undone_and_says_why(chief, client_of, run):
    Article.objects.update(edited_at=run.started_at, latest=None)
    answer = client_of(chief).post(reverse("admin:articles_importrun_undo", args=[run.pk]), follow=True)
    assert "Somebody has edited" in answer.content.decode()
    assert Article.objects.exists()


@pytest.mark.parametrize("who", ["reporter", "editor"])
def test_others_undo_no_run(request, client_of, run, who):
    client = client_of(request.getfixturevalue(who))
    url = reverse("admin:articles_importrun_undo", args=[run.pk])
    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403
    assert Article.objects.exists()


def test_the_page_names_what_an_undo_takes_away(chief, client_of, run):
    story = Article.objects.get()
    html = client_of(chief).get(reverse("admin:articles_importrun_undo", args=[run.pk])).content.decode()
    assert f"<li>{story}</li>" in html
    assert "Undo the run</button>" in html


def test_it_says_beforehand_what_stands_in_the_way(chief, client_of, run):
    Article.objects.update(edited_at=run.started_at)
    html = client_of(chief).get(reverse("admin:articles_importrun_undo", args=[run.pk])).content.decode()
    assert "Somebody has edited" in html
    assert "Undo the run</button>" not in html


def test_a_run_says_how_many_of_its_files_wait_for_somebody(chief, client_of, run):
    client, url = client_of(chief), reverse("admin:articles_importrun_change", args=[run.pk])
    assert "1 warning waits" in client.get(url).content.decode()
    item = run.items.get(outcome="rejected")
    client.post(reverse("admin:articles_importitem_settle", args=[item.pk]))
    assert "settled=no" not in client.get(url).content.decode()
