"""A story's page: words become revisions, nobody's are lost, and each step of its public life is asked about."""

import pytest
from django.urls import reverse

from articles.models import Article, Correction
from record import log
from tests.admin.pages import form_errors, submit_form
from tests.factories import (
    ArticleFactory,
    BylineFactory,
    CorrectionFactory,
    TopicFactory,
    add_revision,
    get_source,
    make_claim,
    published_article,
)

pytestmark = pytest.mark.django_db

NEW = "One paragraph.\n\nAnother paragraph."


def page(article, name="change"):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


@pytest.fixture
def desk(editor, client_of):
    return client_of(editor)


# --- Writing ---


def test_a_new_story_is_a_draft_with_one_revision(reporter, client_of):
    given = {"headline": "  Ferry  sails again", "body": NEW, "summary": "At last.", "language": "en"}
    answer = submit_form(client_of(reporter), reverse("admin:articles_article_add"), **given)
    assert answer.status_code == 302
    article = Article.objects.get()
    assert (article.status, article.slug, article.live) == ("draft", "ferry-sails-again", None)
    revision = article.latest
    assert (revision.number, revision.headline, revision.author) == (1, "Ferry sails again", reporter)
    assert revision.text == NEW
    assert article.edited_at is not None


def test_changed_words_make_a_revision_and_readers_go_on_seeing_the_live_one(desk, editor):
    article = published_article()
    live = article.live
    assert submit_form(desk, page(article), body=NEW, note="Shorter.").status_code == 302
    article.refresh_from_db()
    assert (article.live, article.latest.number) == (live, 2)
    assert (article.latest.text, article.latest.note, article.latest.author) == (NEW, "Shorter.", editor)


def test_changing_a_fact_makes_no_revision(desk):
    article = ArticleFactory()
    topic, agency = TopicFactory(), get_source("Harbour Wire", "agency")
    assert (
        submit_form(desk, page(article), dateline="PORT ELLEN", agency=agency.pk, topics=[topic.pk]).status_code == 302
    )
    article.refresh_from_db()
    assert (article.dateline, article.agency, list(article.topics.all())) == ("PORT ELLEN", agency, [topic])
    assert article.revisions.count() == 1
    assert article.edited_at is not None


def test_a_page_saved_as_it_is_changes_nothing(desk):
    article = ArticleFactory()
    BylineFactory(article=article)
    assert submit_form(desk, page(article)).status_code == 302
    article.refresh_from_db()
    assert article.revisions.count() == 1
    assert article.edited_at is None


def test_what_is_written_is_sanitised(desk):
    article = ArticleFactory()
    submit_form(desk, page(article), body='<p onclick="x()">One <em>two</em>.</p><script>alert(1)</script>')
    article.refresh_from_db()
    assert article.latest.body == "<p>One <em>two</em>.</p>"


@pytest.mark.parametrize("words", [{"headline": " "}, {"body": ""}, {"body": "<p></p>"}])
def test_a_story_without_words_is_refused(desk, words):
    article = ArticleFactory()
    answer = submit_form(desk, page(article), **words)
    assert answer.status_code == 200
    assert form_errors(answer).strip()
    assert article.revisions.count() == 1


def test_of_two_who_write_at_once_neither_loses_a_word(desk, chief, client_of):
    article = ArticleFactory()
    based_on = article.latest.pk
    submit_form(client_of(chief), page(article), body="What the chief wrote.")
    given = {"body": "What the editor wrote.", "topics": [TopicFactory().pk, TopicFactory().pk]}
    answer = submit_form(desk, page(article), **given, based_on=based_on)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "saved" in form_errors(answer)
    assert "carl" in form_errors(answer)
    assert "What the editor wrote." in shown
    article.refresh_from_db()
    assert article.latest.text == "What the chief wrote."
    # Saving what the answer shows, knowing of the other's words, puts one's own on top.
    again = desk.post(page(article), {**_fields(answer)})
    assert again.status_code == 302
    article.refresh_from_db()
    assert (article.latest.number, article.latest.text) == (3, "What the editor wrote.")
    assert article.topics.count() == 2


def _fields(answer):
    from tests.admin.pages import form_fields

    return form_fields(answer)


def test_a_story_from_an_address_is_here_once_however_the_address_is_written(desk):
    ArticleFactory(original_url="https://www.example.org/ferry/")
    Article.objects.update(original_url_hash=None, original_url="")
    first, second = Article.objects.get(), ArticleFactory()
    submit_form(desk, page(first), original_url="https://www.example.org/ferry/")
    answer = submit_form(desk, page(second), original_url="http://example.org/ferry?utm_source=mail")
    assert answer.status_code == 200
    assert "here already" in form_errors(answer)
    submit_form(desk, page(first), original_url="")
    first.refresh_from_db()
    assert (first.original_url, first.original_url_hash) == ("", None)


def test_the_address_of_a_story_that_is_out_stays(desk):
    article = published_article(slug="bridge-closed")
    submit_form(desk, page(article), slug="another")
    article.refresh_from_db()
    assert article.slug == "bridge-closed"


# --- Who may ---


@pytest.mark.parametrize(
    ("status", "may"), [("draft", True), ("in_review", True), ("published", False), ("retracted", False)]
)
def test_a_reporter_changes_a_story_until_it_is_out(reporter, client_of, status, may):
    article = ArticleFactory(status=status)
    BylineFactory(article=article)
    client = client_of(reporter)
    shown = client.get(page(article)).content.decode()
    assert ('name="body"' in shown) == may
    assert ('name="bylines-0-name"' in shown) == may
    assert "We cannot wait." in shown
    given = {"headline": "Mine", "body": NEW, "language": "en", "based_on": article.latest.pk}
    if not may:
        assert client.post(page(article), given).status_code == 403
    article.refresh_from_db()
    assert article.latest.number == 1


def test_a_story_that_readers_have_seen_is_not_deleted(chief, client_of):
    client = client_of(chief)
    out, draft = published_article(), ArticleFactory()
    assert client.post(page(out, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(page(draft, "delete"), {"post": "yes"}).status_code == 302
    assert list(Article.objects.all()) == [out]


def test_deleting_many_does_not_get_around_that(chief, client_of):
    out = published_article()
    given = {"action": "delete_selected", "_selected_action": [out.pk], "post": "yes"}
    client_of(chief).post(reverse("admin:articles_article_changelist"), given)
    assert Article.objects.filter(pk=out.pk).exists()


def test_nobody_writes_a_correction_past_the_steps(desk):
    article = published_article()
    note = CorrectionFactory(article=article, kind="correction", before=article.live)
    given = {"corrections-0-kind": "retraction", "corrections-0-note": "Mended."}
    assert submit_form(desk, page(article), **given).status_code == 302
    note.refresh_from_db()
    assert (note.kind, note.note) == ("correction", "Mended.")
    assert article.corrections.count() == 1


# --- Revisions ---


def test_a_revision_is_for_reading(chief, client_of):
    article = published_article()
    second = add_revision(article, paragraphs=["Changed & <b>plain</b>."])
    url = reverse("admin:articles_revision_change", args=[second.pk])
    client = client_of(chief)
    shown = client.get(url).content.decode()
    assert "<p>Changed &amp; &lt;b&gt;plain&lt;/b&gt;.</p>" in shown
    assert client.post(url, {"headline": "x"}).status_code == 403
    listed = client.get(page(article)).content.decode()
    assert url in listed


# --- Steps ---

#: Nothing in it wants a source, so that nothing warns against publishing it.
QUIET = ("The harbour bridge will close on Monday.",)
EVERY = ("submit", "publish", "schedule", "unschedule", "embargo", "lift-embargo", "correct", "send-back", "retract")
SEEN = {
    ("draft", "reporter"): {"submit"},
    ("draft", "editor"): {"submit", "publish", "schedule", "embargo"},
    ("in_review", "reporter"): set(),
    ("in_review", "editor"): {"publish", "schedule", "embargo", "send-back"},
    ("scheduled", "editor"): {"publish", "schedule", "unschedule", "embargo", "send-back"},
    ("published", "reporter"): set(),
    ("published", "editor"): {"correct"},
    ("published", "chief"): {"correct", "retract"},
    ("published", "loader"): set(),
    ("retracted", "chief"): set(),
}


@pytest.mark.parametrize(("status", "who"), SEEN)
def test_the_page_offers_the_steps_that_can_be_taken(request, client_of, status, who):
    article = ArticleFactory(status=status)
    shown = client_of(request.getfixturevalue(who)).get(page(article)).content.decode()
    assert {step for step in EVERY if f'href="{page(article, step)}"' in shown} == SEEN[status, who]


@pytest.mark.parametrize("who", ["reporter", "loader"])
@pytest.mark.parametrize("step", [step for step in EVERY if step != "submit"])
def test_a_step_one_may_not_take_is_no_page(request, client_of, who, step):
    client, article = client_of(request.getfixturevalue(who)), ArticleFactory(status="in_review")
    assert client.get(page(article, step)).status_code == 403
    assert client.post(page(article, step), {"when": "now"}).status_code == 403
    article.refresh_from_db()
    assert article.status == "in_review"


def test_publishing_now(desk):
    article = ArticleFactory(status="in_review", paragraphs=QUIET)
    assert submit_form(desk, page(article, "publish"), when="now").status_code == 302
    article.refresh_from_db()
    assert (article.status, article.live) == ("published", article.latest)


def test_copy_keeps_its_date_unless_told(desk, db):
    from tests.factories import PUBLISHED_AT

    article = ArticleFactory(
        paragraphs=QUIET, status="in_review", published_at=PUBLISHED_AT, published_precision="day"
    )
    shown = desk.get(page(article, "publish")).content.decode()
    assert "19 December 2024" in shown
    submit_form(desk, page(article, "publish"))
    article.refresh_from_db()
    assert (article.status, article.published_at) == ("published", PUBLISHED_AT)


def test_publishing_at_a_time(desk):
    article = ArticleFactory(status="in_review", paragraphs=QUIET)
    answer = submit_form(desk, page(article, "publish"), when="at", at="")
    assert "Give the time." in answer.content.decode()
    submit_form(desk, page(article, "publish"), when="at", at="2199-01-01T06:00")
    article.refresh_from_db()
    assert (article.status, article.published_at.year) == ("scheduled", 2199)


def test_a_correction_publishes_the_draft_and_names_the_claims(desk, editor):
    article = published_article()
    touched = make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe")
    add_revision(article, paragraphs=["Changed."])
    given = {"kind": "correction", "note": "It was 40.", "claims": [touched.pk], "message": "Desk saw it."}
    submit_form(desk, page(article, "correct"), **given)
    article.refresh_from_db()
    note = Correction.objects.get()
    assert (article.live.number, note.before.number, note.after.number, note.author) == (2, 1, 2, editor)
    assert list(note.claims.all()) == [touched]
    assert log.entries_for(article).get().details["note"] == "Desk saw it."


def test_a_retraction_needs_its_note(chief, client_of):
    article, client = published_article(), client_of(chief)
    assert submit_form(client, page(article, "retract"), note=" ").status_code == 200
    submit_form(client, page(article, "retract"), note="It did not happen.")
    article.refresh_from_db()
    assert article.status == "retracted"


def test_a_step_that_came_too_late_says_why(desk):
    article = ArticleFactory(status="draft")
    answer = desk.post(page(article, "send-back"), {"note": "Who counted?"}, follow=True)
    assert "Only a story in review" in answer.content.decode()


@pytest.mark.parametrize(("status", "there"), [("draft", False), ("scheduled", False), ("published", True)])
def test_only_a_story_that_is_out_has_a_way_to_the_site(desk, status, there):
    article = ArticleFactory(status=status)
    assert (f'href="{article.get_absolute_url()}"' in desk.get(page(article)).content.decode()) == there
