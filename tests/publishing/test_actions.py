"""Publishing steps: each from each state, and what readers see after it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article
from articles.publishing.actions import (
    PublishingError,
    correct,
    embargo,
    is_public,
    lift_embargo,
    publish,
    retract,
    schedule,
    send_back,
    submit,
    unschedule,
)
from record import log
from tests.factories import PUBLISHED_AT, ArticleFactory, add_revision, make_claim, published_article

pytestmark = pytest.mark.django_db

#: A text without warnings.
TEXT_WITHOUT_WARNINGS = ("The harbour bridge will close on Monday.",)


def draft(**kwargs):
    return ArticleFactory(**{"paragraphs": TEXT_WITHOUT_WARNINGS, **kwargs})


def in_review(**kwargs):
    return draft(status="in_review", **kwargs)


def scheduled(**kwargs):
    return draft(status="scheduled", **kwargs)


def under_embargo(**kwargs):
    return draft(status="in_review", embargo_until=timezone.now() + timedelta(hours=3), **kwargs)


def scheduled_in_the_past(**kwargs):
    return ArticleFactory(status="scheduled", published_at=PUBLISHED_AT, **kwargs)


def published(**kwargs):
    return published_article(**kwargs)


def published_with_draft(**kwargs):
    article = published_article(**kwargs)
    add_revision(article, paragraphs=["The bridge has closed."])
    return article


def retracted(**kwargs):
    return ArticleFactory(status="retracted", **kwargs)


def do_submit(article, by):
    return submit(article, by=by)


def do_send_back(article, by):
    return send_back(article, by=by, note="Who counted the bolts?")


def do_schedule(article, by):
    return schedule(article, by=by, at=timezone.now() + timedelta(hours=5))


def do_unschedule(article, by):
    return unschedule(article, by=by)


def do_embargo(article, by):
    return embargo(article, by=by, until=timezone.now() + timedelta(days=2))


def do_lift_embargo(article, by):
    return lift_embargo(article, by=by)


def do_publish(article, by):
    return publish(article, by=by)


def do_publish_later(article, by):
    return publish(article, by=by, at=timezone.now() + timedelta(hours=2))


def do_correct(article, by):
    return correct(article, by=by, kind="correction", note="It was 40 bolts, not 14.")


def do_retract(article, by):
    return retract(article, by=by, note="The story was wrong.")


def readers_see(article: Article) -> bool:
    return Article.objects.public().filter(pk=article.pk).exists()


@pytest.mark.parametrize(
    ("before", "step", "after", "seen"),
    [
        (draft, do_submit, "in_review", False),
        (draft, do_publish, "published", True),
        (draft, do_publish_later, "scheduled", False),
        (in_review, do_send_back, "draft", False),
        (in_review, do_publish, "published", True),
        (in_review, do_publish_later, "scheduled", False),
        (scheduled, do_send_back, "draft", False),
        (scheduled, do_publish, "scheduled", False),  # it keeps its time
        (scheduled, do_publish_later, "scheduled", False),
        (draft, do_schedule, "scheduled", False),
        (in_review, do_schedule, "scheduled", False),
        (scheduled, do_schedule, "scheduled", False),
        (scheduled, do_unschedule, "in_review", False),
        (draft, do_embargo, "draft", False),
        (scheduled, do_embargo, "scheduled", False),
        (under_embargo, do_publish, "scheduled", False),
        (under_embargo, do_publish_later, "scheduled", False),
        (under_embargo, do_schedule, "scheduled", False),
        (under_embargo, do_lift_embargo, "in_review", False),
        (published_with_draft, do_publish, "published", True),
        (published_with_draft, do_correct, "published", True),
        (published, do_correct, "published", True),
        (published, do_retract, "retracted", False),
        (scheduled_in_the_past, do_retract, "retracted", False),
        (scheduled_in_the_past, do_correct, "scheduled", True),
    ],
)
def test_allowed_step_changes_the_state(chief, before, step, after, seen):
    article = step(before(), chief)

    assert (article.status, readers_see(article), is_public(article)) == (after, seen, seen)
    assert article.edited_at is not None


@pytest.mark.parametrize(
    ("before", "step", "code"),
    [
        (in_review, do_submit, "not-a-draft"),
        (published, do_submit, "not-a-draft"),
        (retracted, do_submit, "not-a-draft"),
        (draft, do_send_back, "not-in-review"),
        (published, do_send_back, "not-in-review"),
        (scheduled_in_the_past, do_send_back, "not-in-review"),
        (retracted, do_send_back, "not-in-review"),
        (in_review, do_unschedule, "not-scheduled"),
        (published, do_unschedule, "not-scheduled"),
        (scheduled_in_the_past, do_unschedule, "not-scheduled"),
        (published_with_draft, do_schedule, "already-out"),
        (retracted, do_schedule, "retracted"),
        (published, do_embargo, "already-out"),
        (scheduled_in_the_past, do_embargo, "already-out"),
        (retracted, do_embargo, "already-out"),
        (in_review, do_lift_embargo, "no-embargo"),
        (published, do_publish, "nothing-new"),
        (published_with_draft, do_publish_later, "already-out"),
        (scheduled_in_the_past, do_publish, "nothing-new"),
        (retracted, do_publish, "retracted"),
        (retracted, do_publish_later, "retracted"),
        (draft, do_correct, "not-out"),
        (scheduled, do_correct, "not-out"),
        (retracted, do_correct, "not-out"),
        (draft, do_retract, "not-out"),
        (in_review, do_retract, "not-out"),
        (scheduled, do_retract, "not-out"),
        (retracted, do_retract, "not-out"),
    ],
)
def test_forbidden_step_raises_and_changes_nothing(chief, before, step, code):
    article = before()
    was = Article.objects.filter(pk=article.pk).values().get()

    with pytest.raises(PublishingError) as caught:
        step(article, chief)
    assert caught.value.code == code
    assert caught.value.sentence.endswith(".")
    assert Article.objects.filter(pk=article.pk).values().get() == was


@pytest.mark.parametrize("step", [do_submit, do_publish])
def test_story_without_text_cannot_be_published(chief, step):
    with pytest.raises(PublishingError) as caught:
        step(ArticleFactory(revision=False), chief)
    assert caught.value.code == "no-words"


ALLOWED_ROLES = {
    do_submit: (draft, {"reporter", "editor", "chief"}),
    do_send_back: (in_review, {"editor", "chief"}),
    do_publish: (in_review, {"editor", "chief"}),
    do_publish_later: (in_review, {"editor", "chief"}),
    do_schedule: (in_review, {"editor", "chief"}),
    do_unschedule: (scheduled, {"editor", "chief"}),
    do_embargo: (in_review, {"editor", "chief"}),
    do_lift_embargo: (under_embargo, {"editor", "chief"}),
    do_correct: (published, {"editor", "chief"}),
    do_retract: (published, {"chief"}),
}


@pytest.mark.parametrize("role", ["reporter", "editor", "chief", "loader", "reader"])
@pytest.mark.parametrize("step", ALLOWED_ROLES)
def test_each_step_needs_its_permission(request, step, role):
    before, allowed = ALLOWED_ROLES[step]
    article, user = before(), request.getfixturevalue(role)
    if role in allowed:
        step(article, user)
    else:
        with pytest.raises(PermissionDenied):
            step(article, user)
        assert Article.objects.get(pk=article.pk).status == article.status


def test_publish_makes_the_latest_revision_live(editor):
    article = published_with_draft()

    assert article.live != article.latest
    assert publish(article, by=editor).live == article.latest


def test_draft_of_a_public_story_is_not_live():
    article = published_with_draft()
    article.refresh_from_db()

    assert article.live.number == 1
    assert readers_see(article)


def test_publish_without_a_date_dates_it_now(editor):
    before = timezone.now()
    article = publish(draft(), by=editor)

    assert before <= article.published_at <= timezone.now()
    assert article.published_precision == "minute"


def test_publish_keeps_an_imported_day(editor):
    article = publish(in_review(published_at=PUBLISHED_AT, published_precision="day"), by=editor)
    assert (article.published_at, article.published_precision) == (PUBLISHED_AT, "day")


def test_publishing_again_keeps_the_date(editor):
    assert publish(published_with_draft(), by=editor).published_at == PUBLISHED_AT


def test_scheduled_story_can_be_published_at_once(editor):
    article = publish(scheduled(), by=editor, at=timezone.now())

    assert article.status == "published"
    assert readers_see(article)


def test_scheduled_story_is_public_at_its_time():
    assert readers_see(scheduled_in_the_past())


def test_correction_has_both_revisions_and_its_claims(editor):
    article = published_with_draft()
    first = article.live
    touched = make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe")
    article = correct(article, by=editor, kind="correction", note=" It was 40. ", claims=[touched])

    note = article.corrections.get()

    assert (note.before, note.after, note.note, note.author) == (first, article.latest, "It was 40.", editor)
    assert list(note.claims.all()) == [touched]
    assert article.live == article.latest


def test_retraction_keeps_the_text_and_has_a_note(chief):
    article = retract(published(), by=chief, note="It did not happen.")

    assert article.live is not None
    assert Article.objects.readable().filter(pk=article.pk).exists()
    assert [(note.kind, note.note) for note in article.corrections.all()] == [("retraction", "It did not happen.")]


@pytest.mark.parametrize("note", ["", "   "])
def test_correction_and_retraction_need_a_note(chief, note):
    for step in (
        lambda: retract(published(), by=chief, note=note),
        lambda: correct(published(), by=chief, kind="update", note=note),
    ):
        with pytest.raises(PublishingError) as caught:
            step()
        assert caught.value.code == "no-note"


def test_correct_refuses_a_retraction(chief):
    with pytest.raises(PublishingError) as caught:
        correct(published(), by=chief, kind="retraction", note="No.")
    assert caught.value.code == "not-a-correction"


@pytest.mark.parametrize("before", [draft, in_review, scheduled, scheduled_in_the_past, published, retracted])
def test_is_public_agrees_with_what_readers_see(before):
    article = before()
    assert is_public(article) == readers_see(article)


# --- Embargoes ---


def test_embargo_delays_any_publication_time(editor):
    article = under_embargo()
    for at in (None, timezone.now(), timezone.now() + timedelta(hours=1)):
        assert publish(article, by=editor, at=at).published_at == article.embargo_until

    later = article.embargo_until + timedelta(hours=1)

    assert publish(article, by=editor, at=later).published_at == later


def test_embargo_delays_an_earlier_schedule(editor):
    article = scheduled()
    until = article.published_at + timedelta(days=1)

    assert embargo(article, by=editor, until=until).published_at == until


def test_schedule_before_the_end_of_an_embargo_is_refused(editor):
    with pytest.raises(PublishingError) as caught:
        schedule(under_embargo(), by=editor, at=timezone.now() + timedelta(hours=1))
    assert caught.value.code == "embargo"


def test_database_refuses_to_break_an_embargo():
    article = under_embargo()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(
            status="published", published_at=timezone.now(), live=article.latest
        )


def test_embargo_ends_at_its_time(editor):
    article = publish(under_embargo(), by=editor)
    past = timezone.now() - timedelta(minutes=1)

    Article.objects.filter(pk=article.pk).update(embargo_until=past, published_at=past)

    assert readers_see(article)


@pytest.mark.parametrize("step", [schedule, embargo], ids=["schedule", "embargo"])
def test_past_time_is_refused(editor, step):
    past = {"at" if step is schedule else "until": timezone.now() - timedelta(minutes=1)}

    with pytest.raises(PublishingError) as caught:
        step(in_review(), by=editor, **past)
    assert caught.value.code == "time-gone"


# --- Notes and the audit log ---


def test_send_back_needs_a_note(editor):
    with pytest.raises(PublishingError) as caught:
        send_back(in_review(), by=editor, note="  ")
    assert caught.value.code == "no-note"


@pytest.mark.parametrize(
    ("before", "step", "verb"),
    [
        (draft, do_submit, "submitted"),
        (in_review, do_send_back, "sent-back"),
        (in_review, do_publish, "published"),
        (in_review, do_schedule, "scheduled"),
        (scheduled, do_unschedule, "unscheduled"),
        (in_review, do_embargo, "embargoed"),
        (under_embargo, do_lift_embargo, "freed"),
        (published, do_correct, "corrected"),
        (published, do_retract, "retracted"),
    ],
)
def test_each_step_is_in_the_audit_log(chief, before, step, verb):
    article = before()
    step(article, chief)

    entry = log.entries_for(article).get()

    assert (entry.verb, entry.by, entry.article, entry.name) == (verb, chief, article.pk, str(article))


def test_refused_step_is_not_in_the_audit_log(editor):
    article = published()

    with pytest.raises(PublishingError):
        publish(article, by=editor)
    assert not log.entries_for(article).exists()
