"""Autosave of the story form: unsaved text, other editors, conflicts."""

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.editing import autosave
from articles.models import Article, AutosavedText, Revision
from tests.admin.pages import form_errors, submit_form
from tests.factories import ArticleFactory, add_revision, published_article

pytestmark = pytest.mark.django_db

TEXT = {"headline": "Bridge stays open", "summary": "", "body": "<p>The bridge stays open.</p>", "note": ""}


@pytest.fixture
def article(db):
    return ArticleFactory(headline="Bridge closes", status="in_review")


def url(article=None):
    return (
        reverse("admin:articles_article_writing", args=[article.pk]) if article else "/admin/articles/article/writing/"
    )


class Page:
    """An open story form, as its scripts use the server."""

    def __init__(self, client, article=None):
        self.client, self.url, self.key = client, url(article), str(uuid.uuid4())
        self.revision = article.latest_id if article else None

    def send(self, **more):
        body = {"key": self.key, "revision": self.revision, **more}
        return self.client.post(self.url, json.dumps(body), content_type="application/json")

    def type(self, **fields):
        return self.send(text=TEXT | fields)


def age_texts(minutes):
    """Make all autosaved texts this many minutes older."""
    for row in AutosavedText.objects.all():
        row.seen_at -= timedelta(minutes=minutes)
        row.save()


def test_text_of_a_closed_page_is_offered_again(client_of, editor, article):
    page = Page(client_of(editor), article)
    answer = page.type().json()

    assert answer["saved_at"]
    assert answer["unsaved"] == []

    page.send(closed=True)
    unsaved = Page(client_of(editor), article).send().json()["unsaved"]
    assert [(text["key"], text["headline"], text["revision"]) for text in unsaved] == [
        (page.key, "Bridge stays open", 1)
    ]

    text = client_of(editor).get(page.url, {"key": page.key}).json()["text"]
    assert text == TEXT
    assert Revision.objects.count() == 1


def test_text_of_a_silent_page_is_offered_after_a_minute(client_of, editor, article):
    Page(client_of(editor), article).type()
    assert autosave.unsaved_texts(article, by=editor) == []

    age_texts(minutes=2)
    assert len(autosave.unsaved_texts(article, by=editor)) == 1


def test_text_is_deleted_when_discarded_or_saved(client_of, editor, article):
    page = Page(client_of(editor), article)
    page.type()

    page.send(discard=True)

    assert not AutosavedText.objects.exists()

    page.type()
    change = reverse("admin:articles_article_change", args=[article.pk])
    answer = submit_form(client_of(editor), change, headline="Bridge stays open", writing=page.key)
    assert answer.status_code == 302, form_errors(answer)
    assert not AutosavedText.objects.exists()

    article.refresh_from_db()
    assert article.latest.headline == "Bridge stays open"


def test_closed_page_without_changes_leaves_no_row(client_of, editor, article):
    page = Page(client_of(editor), article)
    page.send()

    assert AutosavedText.objects.count() == 1

    page.send(closed=True)
    assert not AutosavedText.objects.exists()


def test_each_page_has_its_own_text(client_of, editor, chief, article):
    one, other, third = (
        Page(client_of(editor), article),
        Page(client_of(chief), article),
        Page(client_of(editor), article),
    )
    for number, page in enumerate((one, other, third)):
        page.type(headline=f"Headline {number}")

    assert sorted(AutosavedText.objects.values_list("headline", flat=True)) == [
        "Headline 0",
        "Headline 1",
        "Headline 2",
    ]


def test_other_editors_are_listed(client_of, editor, chief, article):
    mine, theirs = Page(client_of(editor), article), Page(client_of(chief), article)
    assert mine.send().json()["others"] == []

    theirs.send()
    (other,) = mine.send().json()["others"]
    assert (other["name"], other["is_me"], other["is_writing"]) == (chief.username, False, False)

    theirs.type()
    assert mine.send().json()["others"][0]["is_writing"] is True

    age_texts(minutes=2)
    assert mine.send().json()["others"] == []

    Page(client_of(editor), article).send()
    assert [other["is_me"] for other in mine.send().json()["others"]] == [True]


def test_newer_revision_is_reported(client_of, editor, article):
    page = Page(client_of(editor), article)
    add_revision(article, paragraphs=["Other words."])

    assert page.send().json()["latest"]["number"] == 2


def test_text_of_a_new_story_is_kept(client_of, editor):
    page = Page(client_of(editor))
    page.type()
    page.send(closed=True)

    html = client_of(editor).get(reverse("admin:articles_article_add")).content.decode()

    assert page.key in html
    assert not Article.objects.exists()


def test_text_of_another_user_is_protected(client_of, editor, chief, article):
    page = Page(client_of(editor), article)
    page.type()

    stranger = client_of(chief)

    assert stranger.get(page.url, {"key": page.key}).status_code == 404

    other = Page(stranger, article)
    other.key = page.key
    assert other.type(headline="Mine now").status_code == 403
    assert other.send(discard=True).status_code == 200
    assert AutosavedText.objects.get().headline == "Bridge stays open"
    assert page.key not in stranger.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()


def test_autosave_needs_permission_to_write(client_of, reporter):
    article = published_article()
    assert Page(client_of(reporter), article).type().status_code == 403
    assert not AutosavedText.objects.exists()


def test_autosave_signed_out_is_401(client, article):
    answer = Page(client, article).type()
    assert answer.status_code == 401
    assert answer.json()["sentence"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '"x"', '{"key": 1}', '{"key": "no"}', "\x00", '{"key": {}}', "[" * 100_000]
)
def test_invalid_body_is_refused(client_of, editor, article, body):
    answer = client_of(editor).post(url(article), body, content_type="application/json")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "text", [None, [], "x", {"headline": 1}, {"body": None}, {"other": "x"}, {"body": "a\x00\ud800b"}]
)
def test_invalid_text_is_cleaned_or_ignored(client_of, editor, article, text):
    assert Page(client_of(editor), article).send(text=text, revision="x").status_code == 200


def test_text_that_is_too_long_is_refused(client_of, editor, article):
    answer = Page(client_of(editor), article).type(body="a" * (autosave.MAX_TEXT_CHARS + 1))
    assert answer.status_code == 422
    assert not AutosavedText.objects.exists()


def test_unsaved_text_is_deleted_after_a_month(client_of, editor, article):
    Page(client_of(editor), article).type()
    age_texts(minutes=31 * 24 * 60)

    Page(client_of(editor), article).send()

    assert AutosavedText.objects.filter(kept_at__isnull=False).count() == 0


def test_heartbeat_query_count(client_of, editor, article, django_assert_max_num_queries):
    page = Page(client_of(editor), article)
    page.type()

    with django_assert_max_num_queries(16):
        page.type(headline="Another")


def test_conflict_shows_both_texts(client_of, editor, chief, article):
    change = reverse("admin:articles_article_change", args=[article.pk])
    begun = article.latest_id
    add_revision(article, paragraphs=["The bridge will close on Monday."], author=chief)
    answer = submit_form(client_of(editor), change, body="The bridge will close on Friday.", based_on=begun)

    html = answer.content.decode()

    assert answer.status_code == 200
    assert "<del>Monday</del>" in html
    assert "<ins>Friday</ins>" in html
    assert "The bridge will close on Friday." in html
    assert article.revisions.count() == 2

    again = submit_form(client_of(editor), change, body="The bridge will close on Friday.")
    assert again.status_code == 302, form_errors(again)

    article.refresh_from_db()
    assert (article.latest.number, article.latest.text) == (3, "The bridge will close on Friday.")


def test_saved_time_is_an_iso_timestamp(client_of, editor, article):
    before = timezone.now()
    answer = Page(client_of(editor), article).type().json()

    assert before.isoformat() <= answer["saved_at"] <= timezone.now().isoformat()
