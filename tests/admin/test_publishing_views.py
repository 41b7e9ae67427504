"""Publishing at the desk: warnings beside the text, steps that wait for them, notes to the writer, the history."""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.publishing import article_checks
from articles.publishing.actions import send_back, submit
from articles.publishing.article_checks import run_checks
from record import log
from tests.admin.pages import form_fields
from tests.admin.pages import submit_form as fill_in
from tests.factories import (
    ArticleFactory,
    ArticleImageFactory,
    ImageFactory,
    ImportItemFactory,
    get_source,
    make_claim,
    published_article,
)

pytestmark = pytest.mark.django_db

QUOTED = "“The north span has to close now,” the report reads."
QUIET = ("The harbour bridge will close on Monday.",)


def page(article, of="change"):
    return reverse(f"admin:articles_article_{of}", args=[article.pk])


@pytest.fixture
def warned(db):
    """In review, with a quotation of nobody's, a proposed claim and a picture without its words."""
    article = ArticleFactory(status="in_review", paragraphs=["It is unsafe.", QUOTED])
    make_claim(article, quote="It is unsafe.", by="Ada Roe", review="proposed")
    ArticleImageFactory(article=article, image=ImageFactory())
    return article


def test_the_checks_lead_to_the_place_of_each_warning(editor, client_of, warned):
    html = client_of(editor).get(page(warned, "checks")).content.decode()
    waiting = warned.claims.get()
    assert f"{page(warned, 'review')}?at={waiting.pk}#card-{waiting.pk}" in html
    assert f"{page(warned)}#images-group" in html
    assert f"{page(warned, 'checks')}#2" in html
    assert '<mark id="2" class="has-warning" data-mark="2">The north span' in html
    assert "<strong>3</strong> things to settle" in html


def test_a_warning_is_acknowledged_with_its_reason(editor, client_of, warned):
    client = client_of(editor)
    key = next(warning.key for warning in run_checks(warned) if warning.code == article_checks.QUOTATION)
    client.post(page(warned, "checks"), {"warning": key, "reason": ""})
    assert all(warning.is_open for warning in run_checks(warned))
    client.post(page(warned, "checks"), {"warning": key, "reason": "A sign"})
    assert [warning.reason for warning in run_checks(warned) if warning.key == key] == ["A sign"]
    assert "edna let it stand: A sign" in client.get(page(warned, "checks")).content.decode()


@pytest.mark.parametrize(("who", "seen"), [("reporter", True), ("loader", True), ("reader", False)])
def test_others_read_the_checks_and_settle_nothing(request, client_of, warned, who, seen):
    client = client_of(request.getfixturevalue(who))
    answer = client.get(page(warned, "checks"))
    assert (answer.status_code == 200) == seen
    if seen:
        assert "Acknowledge</button>" not in answer.content.decode()
        key = run_checks(warned)[1].key
        assert client.post(page(warned, "checks"), {"warning": key, "reason": "Fine"}).status_code == 403
        assert all(warning.is_open for warning in run_checks(warned))


@pytest.mark.parametrize("step", ["publish", "schedule"])
def test_an_editor_is_shown_what_stands_in_the_way_and_has_no_button(editor, client_of, warned, step):
    client = client_of(editor)
    shown = client.get(page(warned, step))
    assert "3 warnings" in shown.content.decode()
    assert "message" not in form_fields(shown)
    assert client.post(page(warned, step), {"when": "now", "at": "2199-01-01T06:00"}).status_code == 409
    warned.refresh_from_db()
    assert warned.status == "in_review"


def test_a_chief_says_that_they_publish_over_the_warnings_they_saw(chief, client_of, warned):
    client = client_of(chief)
    assert fill_in(client, page(warned, "publish"), when="now").status_code == 200
    warned.refresh_from_db()
    assert warned.status == "in_review"
    assert fill_in(client, page(warned, "publish"), when="now", overrule="on").status_code == 302
    warned.refresh_from_db()
    assert warned.status == "published"
    assert len(log.entries_for(warned).get().details["warnings"]) == 3


def test_a_warning_that_came_up_meanwhile_is_not_overruled_unseen(chief, client_of, warned):
    client = client_of(chief)
    given = form_fields(client.get(page(warned, "publish")))
    ArticleImageFactory(article=warned, image=ImageFactory(), alt="A bridge", credit="")
    answer = client.post(page(warned, "publish"), {**given, "when": "now", "overrule": "on"}, follow=True)
    assert "that you have not seen" in answer.content.decode()
    warned.refresh_from_db()
    assert warned.status == "in_review"


def test_a_story_is_scheduled_and_taken_off_the_schedule(editor, client_of):
    client, article = client_of(editor), ArticleFactory(status="in_review", paragraphs=QUIET)
    assert "Enter a valid date" in fill_in(client, page(article, "schedule"), at="soon").content.decode()
    fill_in(client, page(article, "schedule"), at="2199-01-01T06:00")
    article.refresh_from_db()
    assert (article.status, article.published_at.year) == ("scheduled", 2199)
    fill_in(client, page(article, "unschedule"))
    article.refresh_from_db()
    assert (article.status, article.live) == ("in_review", None)


def test_an_embargo_is_shown_kept_and_lifted(editor, client_of):
    client, article = client_of(editor), ArticleFactory(status="in_review", paragraphs=QUIET)
    fill_in(client, page(article, "embargo"), at="2199-01-01T06:00")
    assert "embargo until 1 Jan 2199, 06:00" in client.get(page(article)).content.decode()
    fill_in(client, page(article, "publish"), when="now")
    article.refresh_from_db()
    assert (article.status, article.published_at.year) == ("scheduled", 2199)
    fill_in(client, page(article, "lift-embargo"))
    article.refresh_from_db()
    assert article.embargo_until is None


def test_the_writer_reads_why_a_story_came_back_until_it_is_sent_again(reporter, editor, client_of):
    article = ArticleFactory(paragraphs=QUIET)
    client = client_of(reporter)
    send_back(submit(article, by=reporter), by=editor, note="Who counted the bolts?")
    html = client.get(page(article)).content.decode()
    assert "<strong>edna</strong> sent this back" in html
    assert "Who counted the bolts?" in html
    submit(article, by=reporter)
    assert "Who counted the bolts?" not in client.get(page(article)).content.decode()


def test_a_story_is_not_sent_back_without_a_note(editor, client_of):
    article = ArticleFactory(status="in_review")
    assert fill_in(client_of(editor), page(article, "send-back"), note=" ").status_code == 200
    article.refresh_from_db()
    assert article.status == "in_review"


def test_a_correction_points_out_the_claims_whose_words_the_draft_changes(editor, chief, client_of):
    from articles.editing.revisions import create_revision

    article = published_article(paragraphs=["It is unsafe, she said. It will close, she said."])
    stays = make_claim(article, quote="It is unsafe", by="Ada Roe")
    changes = make_claim(article, quote="It will close", by="Ada Roe")
    body = "It is unsafe, she said. It may shut, she said."
    create_revision(article, headline="Bridge", summary="", body=body, by=editor)
    ticked = form_fields(client_of(chief).get(page(article, "correct"))).get("claims", [])
    assert ticked == [str(changes.pk)]
    assert str(stays.pk) not in ticked


# --- History ---


def test_a_storys_history_tells_who_did_what_with_the_notes_and_how_it_came_in(editor, reporter, client_of):
    article = ArticleFactory(paragraphs=QUIET, headline="Bridge closes")
    item = ImportItemFactory(article=article, path="wire/bridge.txt")
    send_back(submit(article, by=reporter), by=editor, note="Who counted the <bolts>?")
    html = client_of(editor).get(page(article, "history")).content.decode()
    told = " ".join(html.split())
    assert "<strong>rita</strong> sent for review" in told
    assert "<strong>edna</strong> sent back" in told
    assert told.index("sent back") < told.index("sent for review")
    assert "Who counted the &lt;bolts&gt;?" in told
    assert reverse("admin:articles_importitem_change", args=[item.pk]) in told


def test_many_judgements_made_at_once_are_told_as_one(editor, client_of):
    from articles.claims import review

    article = published_article()
    claims = [make_claim(article, quote="At least 40 bolts are loose,", review="proposed") for _ in range(3)]
    review.accept_claims(claims, by=editor, how="bulk")
    told = " ".join(client_of(editor).get(page(article, "history")).content.decode().split())
    assert told.count("<strong>edna</strong> accepted") == 1
    assert "3 claims" in told


def test_a_claims_and_a_sources_pages_have_histories(editor, client_of):
    client = client_of(editor)
    article = published_article()
    made = make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe")
    fill_in(client, reverse("admin:articles_claim_change", args=[made.pk]), statement="There are 40.")
    told = client.get(reverse("admin:articles_claim_history", args=[made.pk])).content.decode()
    assert "edited" in told
    assert "statement" in told
    known = get_source("Ada Roe")
    fill_in(client, reverse("admin:sources_source_change", args=[known.pk]), description="An engineer.")
    act = log.entries_for(known).get()
    assert (act.verb, act.by, act.details) == ("changed", editor, {"fields": ["description"]})
    told = client.get(reverse("admin:sources_source_history", args=[known.pk])).content.decode()
    assert "<strong>edna</strong> changed" in told
    assert "description" in told


def test_a_story_whose_time_has_come_is_shown_as_published(editor, client_of):
    from tests.factories import PUBLISHED_AT

    article = ArticleFactory(status="scheduled", published_at=PUBLISHED_AT)
    html = client_of(editor).get(page(article)).content.decode()
    assert '<span class="badge badge-published">published</span>' in html


@pytest.mark.parametrize("who", ["reader"])
def test_whoever_may_not_see_a_story_does_not_see_its_history(request, client_of, who):
    client = client_of(request.getfixturevalue(who))
    assert client.get(page(ArticleFactory(), "history")).status_code in (302, 403)


def test_no_history_of_nothing(editor, client_of):
    assert client_of(editor).get(reverse("admin:articles_article_history", args=[0])).status_code == 404


def test_a_long_history_costs_no_more_than_a_short_one(editor, client_of, django_assert_max_num_queries):
    article = ArticleFactory(paragraphs=QUIET)
    for number in range(150):
        log.record("changed", article, user=editor, article=article.pk, fields=[f"field {number}"])
    client = client_of(editor)
    with django_assert_max_num_queries(12):
        html = client.get(page(article, "history")).content.decode()
    assert "field 149" in html
    assert "field 3<" not in html
    assert "field 3<" in client.get(page(article, "history") + "?p=2").content.decode()


def test_times_are_the_newsrooms(editor, client_of, settings):
    settings.TIME_ZONE = "Asia/Seoul"
    timezone.get_default_timezone.cache_clear()
    try:
        article = ArticleFactory(status="in_review", paragraphs=QUIET)
        fill_in(client_of(editor), page(article, "schedule"), at="2199-01-02T06:00")
        article.refresh_from_db()
        assert (article.published_at.day, article.published_at.hour) == (1, 21)
    finally:
        settings.TIME_ZONE = "UTC"
        timezone.get_default_timezone.cache_clear()


def test_that_a_draft_was_deleted_stays_on_record(chief, client_of):
    from record.models import LogEntry

    one, two, three = (ArticleFactory(headline=f"Draft {number}") for number in range(3))
    client = client_of(chief)
    client.post(reverse("admin:articles_article_delete", args=[one.pk]), {"post": "yes"})
    given = {"action": "delete_selected", "_selected_action": [two.pk, three.pk], "post": "yes"}
    client.post(reverse("admin:articles_article_changelist"), given)
    deleted = LogEntry.objects.filter(verb="deleted", by=chief)
    assert sorted(deleted.values_list("name", flat=True)) == ["Draft 0", "Draft 1", "Draft 2"]
