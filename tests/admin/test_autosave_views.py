"""Words that are not saved yet: kept, offered again, never put over another's save; and who else has a story open."""

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

WORDS = {"headline": "Bridge stays open", "summary": "", "body": "<p>The bridge stays open.</p>", "note": ""}


@pytest.fixture
def story(db):
    return ArticleFactory(headline="Bridge closes", status="in_review")


def url(story=None):
    return reverse("admin:articles_article_writing", args=[story.pk]) if story else "/admin/articles/article/writing/"


class Page:
    """One open form, as its scripts use the server."""

    def __init__(self, client, story=None):
        self.client, self.url, self.key = client, url(story), str(uuid.uuid4())
        self.revision = story.latest_id if story else None

    def say(self, **more):
        body = {"key": self.key, "revision": self.revision, **more}
        return self.client.post(self.url, json.dumps(body), content_type="application/json")

    def type(self, **words):
        return self.say(words=WORDS | words)


def later(minutes):
    """As if the time had gone by."""
    for row in AutosavedText.objects.all():
        row.seen_at -= timedelta(minutes=minutes)
        row.save()


def test_words_are_kept_and_offered_again_once_the_page_is_left(client_of, editor, story):
    page = Page(client_of(editor), story)
    answer = page.type().json()
    assert answer["kept"]
    assert answer["left"] == []
    page.say(closed=True)
    left = Page(client_of(editor), story).say().json()["left"]
    assert [(one["key"], one["headline"], one["revision"]) for one in left] == [(page.key, "Bridge stays open", 1)]
    words = client_of(editor).get(page.url, {"key": page.key}).json()["words"]
    assert words == WORDS
    assert Revision.objects.count() == 1


def test_a_page_that_went_without_a_word_is_offered_after_a_while(client_of, editor, story):
    Page(client_of(editor), story).type()
    assert autosave.unsaved_texts(story, by=editor) == []
    later(minutes=2)
    assert len(autosave.unsaved_texts(story, by=editor)) == 1


def test_what_was_kept_is_thrown_away_or_saved_and_then_gone(client_of, editor, story):
    page = Page(client_of(editor), story)
    page.type()
    page.say(drop=True)
    assert not AutosavedText.objects.exists()
    page.type()
    change = reverse("admin:articles_article_change", args=[story.pk])
    answer = submit_form(client_of(editor), change, headline="Bridge stays open", writing=page.key)
    assert answer.status_code == 302, form_errors(answer)
    assert not AutosavedText.objects.exists()
    story.refresh_from_db()
    assert story.latest.headline == "Bridge stays open"


def test_a_page_on_which_nothing_was_typed_leaves_nothing(client_of, editor, story):
    page = Page(client_of(editor), story)
    page.say()
    assert AutosavedText.objects.count() == 1
    page.say(closed=True)
    assert not AutosavedText.objects.exists()


def test_two_pages_never_overwrite_one_another(client_of, editor, chief, story):
    one, other, third = Page(client_of(editor), story), Page(client_of(chief), story), Page(client_of(editor), story)
    for number, page in enumerate((one, other, third)):
        page.type(headline=f"Headline {number}")
    assert sorted(AutosavedText.objects.values_list("headline", flat=True)) == [
        "Headline 0",
        "Headline 1",
        "Headline 2",
    ]


def test_who_else_has_the_story_open_is_said(client_of, editor, chief, story):
    mine, theirs = Page(client_of(editor), story), Page(client_of(chief), story)
    assert mine.say().json()["others"] == []
    theirs.say()
    (other,) = mine.say().json()["others"]
    assert (other["name"], other["mine"], other["writing"]) == (chief.username, False, False)
    theirs.type()
    assert mine.say().json()["others"][0]["writing"] is True
    later(minutes=2)
    assert mine.say().json()["others"] == []
    Page(client_of(editor), story).say()
    assert [one["mine"] for one in mine.say().json()["others"]] == [True]


def test_a_newer_revision_is_told_of(client_of, editor, story):
    page = Page(client_of(editor), story)
    add_revision(story, paragraphs=["Other words."])
    assert page.say().json()["latest"]["number"] == 2


def test_words_for_a_story_that_is_not_there_yet_are_kept_too(client_of, editor):
    page = Page(client_of(editor))
    page.type()
    page.say(closed=True)
    html = client_of(editor).get(reverse("admin:articles_article_add")).content.decode()
    assert page.key in html
    assert not Article.objects.exists()


def test_nobody_sees_or_overwrites_the_words_of_another(client_of, editor, chief, story):
    page = Page(client_of(editor), story)
    page.type()
    stranger = client_of(chief)
    assert stranger.get(page.url, {"key": page.key}).status_code == 404
    other = Page(stranger, story)
    other.key = page.key
    assert other.type(headline="Mine now").status_code == 403
    assert other.say(drop=True).status_code == 200
    assert AutosavedText.objects.get().headline == "Bridge stays open"
    assert page.key not in stranger.get(reverse("admin:articles_article_change", args=[story.pk])).content.decode()


def test_whoever_may_not_write_the_story_keeps_nothing(client_of, reporter):
    story = published_article()
    assert Page(client_of(reporter), story).type().status_code == 403
    assert not AutosavedText.objects.exists()


def test_whoever_is_signed_out_is_told_so(client, story):
    answer = Page(client, story).type()
    assert answer.status_code == 401
    assert answer.json()["sentence"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '"x"', '{"key": 1}', '{"key": "no"}', "\x00", '{"key": {}}', "[" * 100_000]
)
def test_what_makes_no_sense_is_refused_and_no_error(client_of, editor, story, body):
    answer = client_of(editor).post(url(story), body, content_type="application/json")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "words", [None, [], "x", {"headline": 1}, {"body": None}, {"other": "x"}, {"body": "a\x00\ud800b"}]
)
def test_odd_words_are_kept_as_words_or_not_at_all(client_of, editor, story, words):
    assert Page(client_of(editor), story).say(words=words, revision="x").status_code == 200


def test_more_than_is_kept_is_said(client_of, editor, story):
    answer = Page(client_of(editor), story).type(body="a" * (autosave.MAX_TEXT_CHARS + 1))
    assert answer.status_code == 422
    assert not AutosavedText.objects.exists()


def test_what_nobody_came_back_for_goes_after_a_month(client_of, editor, story):
    Page(client_of(editor), story).type()
    later(minutes=31 * 24 * 60)
    Page(client_of(editor), story).say()
    assert AutosavedText.objects.filter(kept_at__isnull=False).count() == 0


def test_a_sign_of_life_costs_little(client_of, editor, story, django_assert_max_num_queries):
    page = Page(client_of(editor), story)
    page.type()
    with django_assert_max_num_queries(16):
        page.type(headline="Another")


def test_on_a_conflict_both_texts_are_shown_and_neither_is_lost(client_of, editor, chief, story):
    change = reverse("admin:articles_article_change", args=[story.pk])
    begun = story.latest_id
    add_revision(story, paragraphs=["The bridge will close on Monday."], author=chief)
    answer = submit_form(client_of(editor), change, body="The bridge will close on Friday.", based_on=begun)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<del>Monday</del>" in html
    assert "<ins>Friday</ins>" in html
    assert "The bridge will close on Friday." in html
    assert story.revisions.count() == 2
    again = submit_form(client_of(editor), change, body="The bridge will close on Friday.")
    assert again.status_code == 302, form_errors(again)
    story.refresh_from_db()
    assert (story.latest.number, story.latest.text) == (3, "The bridge will close on Friday.")


def test_times_are_moments(client_of, editor, story):
    before = timezone.now()
    answer = Page(client_of(editor), story).type().json()
    assert before.isoformat() <= answer["kept"] <= timezone.now().isoformat()
