"""The audit log: what is recorded, and that the database keeps it."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from articles.claims import review
from articles.editing import revisions
from articles.models import Article, Claim
from newsroom.models import User
from record import log, triggers, verbs
from record.models import LogEntry
from tests.factories import ArticleFactory, UserFactory, make_claim, published_article


def has_triggers() -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE %s", [f"{triggers.TRIGGER_NAME}%"])
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE %s", [f"{triggers.TRIGGER_NAME}%"])
        return cursor.fetchone()[0] == 2


def is_refused(change) -> bool:
    """Return whether the database refuses a change of the log."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError as error:
        return "append-only" in str(error)
    return False


@pytest.fixture
def entry(db):
    return log.record(verbs.SUBMITTED, ArticleFactory(), user=UserFactory(), note="Look at the figure.")


def test_log_entry_cannot_be_changed_or_deleted(entry):
    entry.name = "Something else"

    assert is_refused(entry.save)
    assert is_refused(lambda: LogEntry.objects.update(verb="published"))
    assert is_refused(lambda: LogEntry.objects.bulk_update([entry], ["name"]))
    assert is_refused(entry.delete)
    assert is_refused(lambda: LogEntry.objects.all().delete())
    with connection.cursor() as cursor:
        assert is_refused(lambda: cursor.execute("UPDATE record_logentry SET by_id = NULL"))
        assert is_refused(lambda: cursor.execute("DELETE FROM record_logentry"))


def test_user_with_log_entries_cannot_be_deleted(entry):
    with pytest.raises(models.ProtectedError):
        User.objects.get(pk=entry.by_id).delete()


def test_log_entries_of_a_deleted_row_stay(entry):
    Article.objects.get(pk=entry.row).delete()

    assert list(LogEntry.objects.values_list("name", "article")) == [(entry.name, None)]


def test_change_that_is_rolled_back_is_not_recorded(db):
    article = ArticleFactory()

    with transaction.atomic():
        log.record(verbs.PUBLISHED, article, user=None)
        transaction.set_rollback(True)

    assert not LogEntry.objects.exists()


def test_empty_details_are_left_out_and_long_name_is_cut(db):
    article = ArticleFactory(headline="b" * 300)

    entry = log.record(verbs.CHANGED, article, user=None, note="", fields=[], revision=0)

    assert entry.details == {"revision": 0}
    assert len(entry.name) == log.MAX_NAME_CHARS


@pytest.mark.django_db
def test_reviews_and_undo_are_recorded_for_each_claim(editor):
    article = published_article()
    claims = [make_claim(article, quote="At least 40 bolts are loose,", review="proposed") for _ in range(3)]

    accepted = review.accept_claims(claims, by=editor, how=Claim.ReviewMethod.BULK)
    review.reject_claims(claims[:1], by=editor, how=Claim.ReviewMethod.DESK)
    review.undo_reviews(accepted, by=editor)

    recorded = [(entry.verb, entry.row) for entry in log.entries_for_article(article.pk)]
    first, second, third = (claim.pk for claim in claims)
    assert recorded == [
        (verbs.REVIEW_UNDONE, third),
        (verbs.REVIEW_UNDONE, second),  # the first claim was reviewed again since, and keeps that review
        (verbs.REJECTED, first),
        (verbs.ACCEPTED, third),
        (verbs.ACCEPTED, second),
        (verbs.ACCEPTED, first),
    ]
    assert [entry.verb for entry in log.entries_for(claims[0])] == [verbs.REJECTED, verbs.ACCEPTED]


@pytest.mark.django_db
def test_many_reviews_are_recorded_in_one_statement(editor, django_assert_num_queries):
    article = published_article()
    claims = [make_claim(article, quote="At least 40 bolts are loose,", review="proposed") for _ in range(30)]

    with django_assert_num_queries(8):  # rows, claims, log, articles; and two savepoints
        review.accept_claims(claims, by=editor, how=Claim.ReviewMethod.BULK)


@pytest.mark.django_db
def test_revision_is_recorded_with_its_note(reporter):
    article = ArticleFactory()
    given = {"headline": "Bridge closed", "summary": "", "by": reporter}

    revisions.create_revision(article, body="It is closed.", note="The council decided", **given)
    revisions.create_revision(article, body="It is closed.", note="Nothing", **given)

    entry = log.entries_for(article).get()
    assert (entry.verb, entry.by, entry.details) == (
        "wrote",
        reporter,
        {"revision": 2, "note": "The council decided"},
    )


@pytest.mark.django_db(transaction=True)
def test_triggers_are_installed_again_after_flush_and_migrate():
    log.record(verbs.CHANGED, ArticleFactory(), user=None)

    call_command("flush", interactive=False, verbosity=0)
    assert not LogEntry.objects.exists()
    assert has_triggers()

    triggers.remove_triggers()
    assert not has_triggers()
    call_command("migrate", verbosity=0)
    assert has_triggers()

    log.record(verbs.CHANGED, ArticleFactory(), user=None)
    assert is_refused(lambda: LogEntry.objects.all().delete())
