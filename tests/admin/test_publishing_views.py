"""Checks before publishing, publishing steps, history pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.claims import review
from articles.editing.revisions import create_revision
from articles.publishing import article_checks
from articles.publishing.actions import send_back, submit
from articles.publishing.article_checks import run_checks
from record import log
from record.models import LogEntry
from tests.admin.pages import form_fields, submit_form
from tests.factories import (
    PUBLISHED_AT,
    ArticleFactory,
    ArticleImageFactory,
    ImageFactory,
    ImportItemFactory,
    get_source,
    make_claim,
    published_article,
)

pytestmark = pytest.mark.django_db

QUOTATION = "“The north span has to close now,” the report reads."
PLAIN_TEXT = ("The harbour bridge will close on Monday.",)


def page(article, name="change"):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


@pytest.fixture
def warned(db):
    """Return a story in review with three warnings: a quotation, a claim and an image."""
    article = ArticleFactory(status="in_review", paragraphs=["It is unsafe.", QUOTATION])
    make_claim(article, quote="It is unsafe.", by="Ada Roe", review="proposed")
    ArticleImageFactory(article=article, image=ImageFactory())
    return article


def test_checks_page_links_the_place_of_each_warning(editor, client_of, warned):
    html = client_of(editor).get(page(warned, "checks")).content.decode()

    proposed = warned.claims.get()
    assert f"{page(warned, 'review')}?at={proposed.pk}#card-{proposed.pk}" in html
    assert f"{page(warned)}#images-group" in html
    assert f"{page(warned, 'checks')}#2" in html
    assert '<mark id="2" class="has-warning" data-mark="2">The north span' in html
    assert "<strong>3</strong> things to settle" in html


def test_warning_is_dismissed_with_a_reason(editor, client_of, warned):
    client = client_of(editor)
    key = next(warning.key for warning in run_checks(warned) if warning.code == article_checks.QUOTATION)

    client.post(page(warned, "checks"), {"warning": key, "reason": ""})

    assert all(warning.is_open for warning in run_checks(warned))

    client.post(page(warned, "checks"), {"warning": key, "reason": "A sign"})

    assert [warning.reason for warning in run_checks(warned) if warning.key == key] == ["A sign"]
    assert "edna let it stand: A sign" in client.get(page(warned, "checks")).content.decode()


@pytest.mark.parametrize(("who", "is_allowed"), [("reporter", True), ("loader", True), ("reader", False)])
def test_other_roles_cannot_dismiss_warnings(request, client_of, warned, who, is_allowed):
    client = client_of(request.getfixturevalue(who))

    answer = client.get(page(warned, "checks"))

    assert (answer.status_code == 200) == is_allowed

    if is_allowed:
        assert "Acknowledge</button>" not in answer.content.decode()
        key = run_checks(warned)[1].key
        assert client.post(page(warned, "checks"), {"warning": key, "reason": "Fine"}).status_code == 403
        assert all(warning.is_open for warning in run_checks(warned))


@pytest.mark.parametrize("step", ["publish", "schedule"])
def test_open_warnings_block_an_editor(editor, client_of, warned, step):
    client = client_of(editor)

    shown = client.get(page(warned, step))

    assert "3 warnings" in shown.content.decode()
    assert "message" not in form_fields(shown)
    assert client.post(page(warned, step), {"when": "now", "at": "2199-01-01T06:00"}).status_code == 409
    warned.refresh_from_db()
    assert warned.status == "in_review"


def test_chief_can_publish_despite_warnings(chief, client_of, warned):
    client = client_of(chief)

    assert submit_form(client, page(warned, "publish"), when="now").status_code == 200
    warned.refresh_from_db()
    assert warned.status == "in_review"
    assert submit_form(client, page(warned, "publish"), when="now", overrule="on").status_code == 302
    warned.refresh_from_db()
    assert warned.status == "published"
    assert len(log.entries_for(warned).get().details["warnings"]) == 3


def test_chief_cannot_overrule_an_unseen_warning(chief, client_of, warned):
    client = client_of(chief)

    given = form_fields(client.get(page(warned, "publish")))

    ArticleImageFactory(article=warned, image=ImageFactory(), alt="A bridge", credit="")

    answer = client.post(page(warned, "publish"), {**given, "when": "now", "overrule": "on"}, follow=True)

    assert "that you have not seen" in answer.content.decode()
    warned.refresh_from_db()
    assert warned.status == "in_review"


def test_story_is_scheduled_and_unscheduled(editor, client_of):
    client, article = client_of(editor), ArticleFactory(status="in_review", paragraphs=PLAIN_TEXT)

    assert "Enter a valid date" in submit_form(client, page(article, "schedule"), at="soon").content.decode()

    submit_form(client, page(article, "schedule"), at="2199-01-01T06:00")

    article.refresh_from_db()
    assert (article.status, article.published_at.year) == ("scheduled", 2199)

    submit_form(client, page(article, "unschedule"))

    article.refresh_from_db()
    assert (article.status, article.live) == ("in_review", None)


def test_embargo_is_shown_kept_and_lifted(editor, client_of):
    client, article = client_of(editor), ArticleFactory(status="in_review", paragraphs=PLAIN_TEXT)

    submit_form(client, page(article, "embargo"), at="2199-01-01T06:00")

    assert "embargo until 1 Jan 2199, 06:00" in client.get(page(article)).content.decode()

    submit_form(client, page(article, "publish"), when="now")

    article.refresh_from_db()
    assert (article.status, article.published_at.year) == ("scheduled", 2199)

    submit_form(client, page(article, "lift-embargo"))

    article.refresh_from_db()
    assert article.embargo_until is None


def test_send_back_note_shows_until_next_submit(reporter, editor, client_of):
    article = ArticleFactory(paragraphs=PLAIN_TEXT)
    client = client_of(reporter)
    send_back(submit(article, by=reporter), by=editor, note="Who counted the bolts?")

    html = client.get(page(article)).content.decode()

    assert "<strong>edna</strong> sent this back" in html
    assert "Who counted the bolts?" in html
    submit(article, by=reporter)
    assert "Who counted the bolts?" not in client.get(page(article)).content.decode()


def test_send_back_needs_a_note(editor, client_of):
    article = ArticleFactory(status="in_review")

    assert submit_form(client_of(editor), page(article, "send-back"), note=" ").status_code == 200
    article.refresh_from_db()
    assert article.status == "in_review"


def test_correction_form_ticks_affected_claims(editor, chief, client_of):
    article = published_article(paragraphs=["It is unsafe, she said. It will close, she said."])
    stays = make_claim(article, quote="It is unsafe", by="Ada Roe")
    changes = make_claim(article, quote="It will close", by="Ada Roe")
    body = "It is unsafe, she said. It may shut, she said."
    create_revision(article, headline="Bridge", summary="", body=body, by=editor)

    ticked = form_fields(client_of(chief).get(page(article, "correct"))).get("claims", [])

    assert ticked == [str(changes.pk)]
    assert str(stays.pk) not in ticked


# --- History ---


def test_story_history_shows_steps_notes_and_imports(editor, reporter, client_of):
    article = ArticleFactory(paragraphs=PLAIN_TEXT, headline="Bridge closes")
    item = ImportItemFactory(article=article, path="wire/bridge.txt")
    send_back(submit(article, by=reporter), by=editor, note="Who counted the <bolts>?")

    html = client_of(editor).get(page(article, "history")).content.decode()

    text = " ".join(html.split())
    assert "<strong>rita</strong> sent for review" in text
    assert "<strong>edna</strong> sent back" in text
    assert text.index("sent back") < text.index("sent for review")
    assert "Who counted the &lt;bolts&gt;?" in text
    assert reverse("admin:articles_importitem_change", args=[item.pk]) in text


def test_history_groups_reviews_made_together(editor, client_of):
    article = published_article()
    claims = [make_claim(article, quote="At least 40 bolts are loose,", review="proposed") for _ in range(3)]

    review.accept_claims(claims, by=editor, how="bulk")
    text = " ".join(client_of(editor).get(page(article, "history")).content.decode().split())

    assert text.count("<strong>edna</strong> accepted") == 1
    assert "3 claims" in text


def test_claims_and_sources_have_histories(editor, client_of):
    client = client_of(editor)
    article = published_article()
    made = make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe")

    submit_form(client, reverse("admin:articles_claim_change", args=[made.pk]), statement="There are 40.")
    text = client.get(reverse("admin:articles_claim_history", args=[made.pk])).content.decode()

    assert "edited" in text
    assert "statement" in text
    known = get_source("Ada Roe")

    submit_form(client, reverse("admin:sources_source_change", args=[known.pk]), description="An engineer.")

    entry = log.entries_for(known).get()
    assert (entry.verb, entry.by, entry.details) == ("changed", editor, {"fields": ["description"]})

    text = client.get(reverse("admin:sources_source_history", args=[known.pk])).content.decode()

    assert "<strong>edna</strong> changed" in text
    assert "description" in text


def test_scheduled_story_shows_published_after_its_time(editor, client_of):
    article = ArticleFactory(status="scheduled", published_at=PUBLISHED_AT)

    html = client_of(editor).get(page(article)).content.decode()

    assert '<span class="badge badge-published">published</span>' in html


def test_story_history_needs_permission(reader, client_of):
    client = client_of(reader)

    assert client.get(page(ArticleFactory(), "history")).status_code == 302


def test_history_of_unknown_story_answers_404(editor, client_of):
    assert client_of(editor).get(reverse("admin:articles_article_history", args=[0])).status_code == 404


def test_long_history_is_paginated(editor, client_of, django_assert_max_num_queries):
    article = ArticleFactory(paragraphs=PLAIN_TEXT)
    for number in range(150):
        log.record("changed", article, user=editor, article=article.pk, fields=[f"field {number}"])
    client = client_of(editor)

    with django_assert_max_num_queries(12):
        html = client.get(page(article, "history")).content.decode()

    assert "field 149" in html
    assert "field 3<" not in html
    assert "field 3<" in client.get(page(article, "history") + "?p=2").content.decode()


def test_step_times_use_the_newsroom_time_zone(editor, client_of, settings):
    settings.TIME_ZONE = "Asia/Seoul"
    timezone.get_default_timezone.cache_clear()

    try:
        article = ArticleFactory(status="in_review", paragraphs=PLAIN_TEXT)
        submit_form(client_of(editor), page(article, "schedule"), at="2199-01-02T06:00")
        article.refresh_from_db()
        assert (article.published_at.day, article.published_at.hour) == (1, 21)
    finally:
        settings.TIME_ZONE = "UTC"
        timezone.get_default_timezone.cache_clear()


def test_deleting_drafts_is_logged(chief, client_of):
    first, second, third = (ArticleFactory(headline=f"Draft {number}") for number in range(3))
    client = client_of(chief)

    client.post(reverse("admin:articles_article_delete", args=[first.pk]), {"post": "yes"})

    given = {"action": "delete_selected", "_selected_action": [second.pk, third.pk], "post": "yes"}

    client.post(reverse("admin:articles_article_changelist"), given)

    deleted = LogEntry.objects.filter(verb="deleted", by=chief)
    assert sorted(deleted.values_list("name", flat=True)) == ["Draft 0", "Draft 1", "Draft 2"]
