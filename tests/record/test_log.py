"""The audit log: what is recorded, and that entries cannot be changed or deleted."""

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
    """Try a change; return whether the database refused it because the log is append-only."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError as error:
        return "append-only" in str(error)
    return False


@pytest.fixture
def entry(db):
    return log.record(verbs.SUBMITTED, ArticleFactory(), by=UserFactory(), note="Look at the figure.")


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


def test_user_in_the_log_cannot_be_deleted(entry):
    with pytest.raises(models.ProtectedError):
        User.objects.get(pk=entry.by_id).delete()


def test_log_entries_outlive_their_article(entry):
    article = Article.objects.get(pk=entry.row)
    article.delete()

    assert list(LogEntry.objects.values_list("name", "story")) == [(entry.name, None)]


def test_rolled_back_action_leaves_no_log_entry(db):
    article = ArticleFactory()
    with transaction.atomic():
        log.record(verbs.PUBLISHED, article, by=None)
        transaction.set_rollback(True)

    assert not LogEntry.objects.exists()


def test_log_entry_drops_empty_details_and_cuts_name(db):
    story = ArticleFactory(headline="b" * 300)
    entry = log.record(verbs.CHANGED, story, by=None, note="", fields=[], revision=0)

    assert entry.details == {"revision": 0}
    assert len(entry.name) == log.MAX_NAME_CHARS


@pytest.mark.django_db
def test_reviews_and_undo_are_logged_for_each_claim(editor):
    article = published_article()
    claims = [make_claim(article, quote="At least 40 bolts are loose,", review="proposed") for _ in range(3)]

    reviews = review.accept_claims(claims, by=editor, how=Claim.ReviewMethod.BULK)
    review.reject_claims(claims[:1], by=editor, how=Claim.ReviewMethod.DESK)
    review.undo_reviews(reviews, by=editor)

    logged = [(entry.verb, entry.row) for entry in log.entries_for_article(article.pk)]
    one, two, three = (claim.pk for claim in claims)
    assert logged == [
        (verbs.REVIEW_UNDONE, three),
        (verbs.REVIEW_UNDONE, two),  # the first was reviewed again, so the undo leaves it
        (verbs.REJECTED, one),
        (verbs.ACCEPTED, three),
        (verbs.ACCEPTED, two),
        (verbs.ACCEPTED, one),
    ]
    assert [entry.verb for entry in log.entries_for(claims[0])] == [verbs.REJECTED, verbs.ACCEPTED]


@pytest.mark.django_db
def test_logging_many_reviews_takes_one_statement(editor, django_assert_num_queries):
    article = published_article()
    claims = [make_claim(article, quote="At least 40 bolts are loose,", review="proposed") for _ in range(30)]

    with django_assert_num_queries(8):  # claims, updates, log, articles; and two savepoints
        review.accept_claims(claims, by=editor, how=Claim.ReviewMethod.BULK)


@pytest.mark.django_db
def test_revision_is_logged_with_its_note(reporter):
    article = ArticleFactory()
    given = {"headline": "Bridge closed", "summary": "", "by": reporter}
    revisions.create_revision(article, body="It is closed.", note="The council decided", **given)
    revisions.create_revision(article, body="It is closed.", note="Nothing", **given)
    entry = log.entries_for(article).get()

    assert (entry.verb, entry.by, entry.details) == ("wrote", reporter, {"revision": 2, "note": "The council decided"})


@pytest.mark.django_db(transaction=True)
def test_log_triggers_survive_flush_and_migrate():
    log.record(verbs.CHANGED, ArticleFactory(), by=None)

    call_command("flush", interactive=False, verbosity=0)

    assert not LogEntry.objects.exists()
    assert has_triggers()
    triggers.remove_triggers()
    assert not has_triggers()

    call_command("migrate", verbosity=0)

    assert has_triggers()
    log.record(verbs.CHANGED, ArticleFactory(), by=None)
    assert is_refused(lambda: LogEntry.objects.all().delete())
