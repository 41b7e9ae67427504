"""The record: what is put on it, that nothing takes it away, and who reads it."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from articles.claims import review
from articles.editing import revisions
from articles.models import Claim
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


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError as error:
        return "append-only" in str(error)
    return False


@pytest.fixture
def act(db):
    return log.record(verbs.SUBMITTED, ArticleFactory(), by=UserFactory(), note="Look at the figure.")


def test_an_act_is_neither_changed_nor_deleted(act):
    act.name = "Something else"
    assert refused(act.save)
    assert refused(lambda: LogEntry.objects.update(verb="published"))
    assert refused(lambda: LogEntry.objects.bulk_update([act], ["name"]))
    assert refused(act.delete)
    assert refused(lambda: LogEntry.objects.all().delete())
    with connection.cursor() as cursor:
        assert refused(lambda: cursor.execute("UPDATE record_logentry SET by_id = NULL"))
        assert refused(lambda: cursor.execute("DELETE FROM record_logentry"))


def test_whoever_is_on_record_is_not_deleted(act):
    with pytest.raises(models.ProtectedError):
        User.objects.get(pk=act.by_id).delete()


def test_what_is_deleted_keeps_its_acts(act):
    from articles.models import Article

    story = Article.objects.get(pk=act.row)
    story.delete()
    assert list(LogEntry.objects.values_list("name", "story")) == [(act.name, None)]


def test_what_is_undone_is_not_on_record(db):
    article = ArticleFactory()
    with transaction.atomic():
        log.record(verbs.PUBLISHED, article, by=None)
        transaction.set_rollback(True)
    assert not LogEntry.objects.exists()


def test_empty_details_are_left_out_and_a_long_name_is_cut(db):
    story = ArticleFactory(headline="b" * 300)
    act = log.record(verbs.CHANGED, story, by=None, note="", fields=[], revision=0)
    assert act.details == {"revision": 0}
    assert len(act.name) == log.MAX_NAME_CHARS


@pytest.mark.django_db
def test_judgements_are_on_record_claim_by_claim_and_so_is_taking_them_back(editor):
    article = published_article()
    claims = [make_claim(article, quote="At least 40 bolts are loose,", review="proposed") for _ in range(3)]
    judged = review.accept_claims(claims, by=editor, how=Claim.ReviewMethod.BULK)
    review.reject_claims(claims[:1], by=editor, how=Claim.ReviewMethod.DESK)
    review.undo_reviews(judged, by=editor)
    told = [(act.verb, act.row) for act in log.entries_for_article(article.pk)]
    one, two, three = (made.pk for made in claims)
    assert told == [
        (verbs.REVIEW_UNDONE, three),
        (verbs.REVIEW_UNDONE, two),  # the first was judged again since, and keeps that judgement
        (verbs.REJECTED, one),
        (verbs.ACCEPTED, three),
        (verbs.ACCEPTED, two),
        (verbs.ACCEPTED, one),
    ]
    assert [act.verb for act in log.entries_for(claims[0])] == [verbs.REJECTED, verbs.ACCEPTED]


@pytest.mark.django_db
def test_putting_many_judgements_on_record_is_one_statement(editor, django_assert_num_queries):
    article = published_article()
    claims = [make_claim(article, quote="At least 40 bolts are loose,", review="proposed") for _ in range(30)]
    with django_assert_num_queries(8):  # rows, claims, record, stories; and two savepoints
        review.accept_claims(claims, by=editor, how=Claim.ReviewMethod.BULK)


@pytest.mark.django_db
def test_a_revision_is_on_record_with_what_changed(reporter):
    article = ArticleFactory()
    given = {"headline": "Bridge closed", "summary": "", "by": reporter}
    revisions.create_revision(article, body="It is closed.", note="The council decided", **given)
    revisions.create_revision(article, body="It is closed.", note="Nothing", **given)
    act = log.entries_for(article).get()
    assert (act.verb, act.by, act.details) == ("wrote", reporter, {"revision": 2, "note": "The council decided"})


@pytest.mark.django_db(transaction=True)
def test_the_guard_outlives_emptying_the_database_and_rebuilding_the_table():
    log.record(verbs.CHANGED, ArticleFactory(), by=None)
    call_command("flush", interactive=False, verbosity=0)
    assert not LogEntry.objects.exists()
    assert has_triggers()
    triggers.remove_triggers()
    assert not has_triggers()
    call_command("migrate", verbosity=0)
    assert has_triggers()
    log.record(verbs.CHANGED, ArticleFactory(), by=None)
    assert refused(lambda: LogEntry.objects.all().delete())
