"""The story form and the publishing steps."""

import pytest
from django.urls import reverse

from articles.models import Article, Correction
from record import log
from tests.admin.pages import form_errors, form_fields, submit_form
from tests.factories import (
    PUBLISHED_AT,
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

NEW_TEXT = "One paragraph.\n\nAnother paragraph."


def page(article, name="change"):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


@pytest.fixture
def desk(editor, client_of):
    """Return a client of an editor."""
    return client_of(editor)


# --- Saving ---


def test_new_story_is_a_draft_with_one_revision(reporter, client_of):
    given = {"headline": "  Ferry  sails again", "body": NEW_TEXT, "summary": "At last.", "language": "en"}

    answer = submit_form(client_of(reporter), reverse("admin:articles_article_add"), **given)

    assert answer.status_code == 302
    article = Article.objects.get()
    assert (article.status, article.slug, article.live) == ("draft", "ferry-sails-again", None)
    revision = article.latest
    assert (revision.number, revision.headline, revision.author) == (1, "Ferry sails again", reporter)
    assert revision.text == NEW_TEXT
    assert article.edited_at is not None


def test_changed_text_makes_a_draft_revision(desk, editor):
    article = published_article()
    live = article.live

    assert submit_form(desk, page(article), body=NEW_TEXT, note="Shorter.").status_code == 302
    article.refresh_from_db()
    assert (article.live, article.latest.number) == (live, 2)
    assert (article.latest.text, article.latest.note, article.latest.author) == (NEW_TEXT, "Shorter.", editor)


def test_changed_field_makes_no_revision(desk):
    article = ArticleFactory()
    topic, agency = TopicFactory(), get_source("Harbour Wire", "agency")

    assert (
        submit_form(desk, page(article), dateline="PORT ELLEN", agency=agency.pk, topics=[topic.pk]).status_code == 302
    )
    article.refresh_from_db()
    assert (article.dateline, article.agency, list(article.topics.all())) == ("PORT ELLEN", agency, [topic])
    assert article.revisions.count() == 1
    assert article.edited_at is not None


def test_unchanged_form_changes_nothing(desk):
    article = ArticleFactory()
    BylineFactory(article=article)

    assert submit_form(desk, page(article)).status_code == 302
    article.refresh_from_db()
    assert article.revisions.count() == 1
    assert article.edited_at is None


def test_written_html_is_sanitised(desk):
    article = ArticleFactory()

    submit_form(desk, page(article), body='<p onclick="x()">One <em>two</em>.</p><script>alert(1)</script>')

    article.refresh_from_db()
    assert article.latest.body == "<p>One <em>two</em>.</p>"


@pytest.mark.parametrize("fields", [{"headline": " "}, {"body": ""}, {"body": "<p></p>"}])
def test_story_without_text_is_refused(desk, fields):
    article = ArticleFactory()

    answer = submit_form(desk, page(article), **fields)

    assert answer.status_code == 200
    assert form_errors(answer).strip()
    assert article.revisions.count() == 1


def test_conflicting_texts_are_both_kept(desk, chief, client_of):
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

    # The answer is based on the chief's revision, so saving it succeeds.
    again = desk.post(page(article), form_fields(answer))

    assert again.status_code == 302
    article.refresh_from_db()
    assert (article.latest.number, article.latest.text) == (3, "What the editor wrote.")
    assert article.topics.count() == 2


def test_original_url_of_another_story_is_refused(desk):
    ArticleFactory(original_url="https://www.example.org/ferry/")
    Article.objects.update(original_url_hash=None, original_url="")
    first, second = Article.objects.get(), ArticleFactory()

    submit_form(desk, page(first), original_url="https://www.example.org/ferry/")
    answer = submit_form(desk, page(second), original_url="http://example.org/ferry?utm_source=mail")

    assert answer.status_code == 200
    assert "Another story has this URL" in form_errors(answer)

    submit_form(desk, page(first), original_url="")

    first.refresh_from_db()
    assert (first.original_url, first.original_url_hash) == ("", None)


def test_slug_of_published_story_cannot_change(desk):
    article = published_article(slug="bridge-closed")

    submit_form(desk, page(article), slug="another")

    article.refresh_from_db()
    assert article.slug == "bridge-closed"


# --- Permissions ---


@pytest.mark.parametrize(
    ("status", "is_allowed"), [("draft", True), ("in_review", True), ("published", False), ("retracted", False)]
)
def test_reporter_may_change_unpublished_stories_only(reporter, client_of, status, is_allowed):
    article = ArticleFactory(status=status)
    BylineFactory(article=article)
    client = client_of(reporter)

    shown = client.get(page(article)).content.decode()

    assert ('name="body"' in shown) == is_allowed
    assert ('name="bylines-0-name"' in shown) == is_allowed
    assert "We cannot wait." in shown
    given = {"headline": "Mine", "body": NEW_TEXT, "language": "en", "based_on": article.latest.pk}
    if not is_allowed:
        assert client.post(page(article), given).status_code == 403
    article.refresh_from_db()
    assert article.latest.number == 1


def test_published_story_cannot_be_deleted(chief, client_of):
    client = client_of(chief)
    out, draft = published_article(), ArticleFactory()

    assert client.post(page(out, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(page(draft, "delete"), {"post": "yes"}).status_code == 302
    assert list(Article.objects.all()) == [out]


def test_published_story_cannot_be_deleted_in_bulk(chief, client_of):
    out = published_article()
    given = {"action": "delete_selected", "_selected_action": [out.pk], "post": "yes"}

    client_of(chief).post(reverse("admin:articles_article_changelist"), given)

    assert Article.objects.filter(pk=out.pk).exists()


def test_correction_note_can_change_but_not_its_kind(desk):
    article = published_article()
    note = CorrectionFactory(article=article, kind="correction", before=article.live)
    given = {"corrections-0-kind": "retraction", "corrections-0-note": "Mended."}

    assert submit_form(desk, page(article), **given).status_code == 302
    note.refresh_from_db()
    assert (note.kind, note.note) == ("correction", "Mended.")
    assert article.corrections.count() == 1


# --- Revisions ---


def test_revision_is_read_only(chief, client_of):
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

#: A text without quotations or figures, so that publishing it raises no warnings.
PLAIN_TEXT = ("The harbour bridge will close on Monday.",)
ALL_STEPS = (
    "submit",
    "publish",
    "schedule",
    "unschedule",
    "embargo",
    "lift-embargo",
    "correct",
    "send-back",
    "retract",
)
OFFERED_STEPS = {
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


@pytest.mark.parametrize(("status", "who"), OFFERED_STEPS)
def test_story_form_offers_the_available_steps(request, client_of, status, who):
    article = ArticleFactory(status=status)
    shown = client_of(request.getfixturevalue(who)).get(page(article)).content.decode()

    assert {step for step in ALL_STEPS if f'href="{page(article, step)}"' in shown} == OFFERED_STEPS[status, who]


@pytest.mark.parametrize("who", ["reporter", "loader"])
@pytest.mark.parametrize("step", [step for step in ALL_STEPS if step != "submit"])
def test_forbidden_step_answers_403(request, client_of, who, step):
    client, article = client_of(request.getfixturevalue(who)), ArticleFactory(status="in_review")

    assert client.get(page(article, step)).status_code == 403
    assert client.post(page(article, step), {"when": "now"}).status_code == 403
    article.refresh_from_db()
    assert article.status == "in_review"


def test_publish_now_publishes_the_latest_revision(desk):
    article = ArticleFactory(status="in_review", paragraphs=PLAIN_TEXT)

    assert submit_form(desk, page(article, "publish"), when="now").status_code == 302
    article.refresh_from_db()
    assert (article.status, article.live) == ("published", article.latest)


def test_publish_keeps_an_existing_date_by_default(desk):
    article = ArticleFactory(
        paragraphs=PLAIN_TEXT, status="in_review", published_at=PUBLISHED_AT, published_precision="day"
    )

    shown = desk.get(page(article, "publish")).content.decode()

    assert "19 December 2024" in shown

    submit_form(desk, page(article, "publish"))

    article.refresh_from_db()
    assert (article.status, article.published_at) == ("published", PUBLISHED_AT)


def test_publish_at_future_time_schedules(desk):
    article = ArticleFactory(status="in_review", paragraphs=PLAIN_TEXT)

    answer = submit_form(desk, page(article, "publish"), when="at", at="")

    assert "Give the time." in answer.content.decode()

    submit_form(desk, page(article, "publish"), when="at", at="2199-01-01T06:00")

    article.refresh_from_db()
    assert (article.status, article.published_at.year) == ("scheduled", 2199)


def test_correction_publishes_draft_and_names_claims(desk, editor):
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


def test_retraction_needs_a_note(chief, client_of):
    article, client = published_article(), client_of(chief)

    assert submit_form(client, page(article, "retract"), note=" ").status_code == 200

    submit_form(client, page(article, "retract"), note="It did not happen.")

    article.refresh_from_db()
    assert article.status == "retracted"


def test_step_in_wrong_status_says_why(desk):
    article = ArticleFactory(status="draft")

    answer = desk.post(page(article, "send-back"), {"note": "Who counted?"}, follow=True)

    assert "Only a story in review" in answer.content.decode()


@pytest.mark.parametrize(("status", "is_linked"), [("draft", False), ("scheduled", False), ("published", True)])
def test_only_published_story_links_to_public_page(desk, status, is_linked):
    article = ArticleFactory(status=status)

    assert (f'href="{article.get_absolute_url()}"' in desk.get(page(article)).content.decode()) == is_linked


# --- Messages ---


def message_of(client, redirect):
    """Follow a redirect; return the message on the page."""
    (message,) = client.get(redirect["Location"]).context["messages"]
    return str(message)


def test_message_after_publishing_names_the_story(desk):
    article = ArticleFactory(status="in_review", headline="Bridge closes", paragraphs=PLAIN_TEXT)

    answer = submit_form(desk, page(article, "publish"), when="now")

    assert message_of(desk, answer) == "“Bridge closes” is published."


@pytest.mark.parametrize("step", ["schedule", "publish"])
def test_message_after_scheduling_names_the_time(desk, step):
    article = ArticleFactory(status="in_review", headline="Bridge closes", paragraphs=PLAIN_TEXT)

    answer = submit_form(desk, page(article, step), when="at", at="2199-01-01T06:00")

    assert message_of(desk, answer) == "“Bridge closes” is scheduled for 1 January 2199, 06:00 (UTC)."


def test_message_after_embargo_names_the_new_schedule(desk):
    article = ArticleFactory(status="in_review", headline="Bridge closes", paragraphs=PLAIN_TEXT)
    desk.get(submit_form(desk, page(article, "schedule"), at="2199-01-01T06:00")["Location"])

    answer = submit_form(desk, page(article, "embargo"), at="2199-02-01T06:00")

    assert message_of(desk, answer) == (
        "“Bridge closes” is under embargo until 1 February 2199, 06:00 (UTC). "
        "It is scheduled for 1 February 2199, 06:00 (UTC)."
    )


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("draft", "“Bridge closes” is a draft."),
        ("in_review", "“Bridge closes” is in review."),
        ("published", "“Bridge closes” is published."),
    ],
)
def test_step_page_says_the_status(desk, status, sentence):
    article = ArticleFactory(status=status, headline="Bridge closes", paragraphs=PLAIN_TEXT)

    shown = desk.get(page(article, "correct" if status == "published" else "publish")).content.decode()

    assert sentence in shown


def test_story_without_date_is_shown_as_not_published(desk):
    article = ArticleFactory()

    shown = desk.get(page(article)).content.decode()

    assert "not published" in shown
    assert ">None<" not in shown
