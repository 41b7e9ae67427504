"""The trigger that keeps revisions immutable."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from articles.db import triggers
from articles.models import Revision
from tests.factories import ArticleFactory, UserFactory, published_article

CHANGES = {
    "headline": "Another headline",
    "summary": "Another summary",
    "body": "<p>Another body.</p>",
    "text": "Another text.",
    "digest": "0" * 64,
    "number": 7,
}


def has_trigger() -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = %s", [triggers.TRIGGER_NAME])
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = %s", [triggers.TRIGGER_NAME])
        return cursor.fetchone()[0] == 1


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError as error:
        return "immutable" in str(error)
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("column", CHANGES)
def test_update_of_a_revision_is_refused(column):
    revision = ArticleFactory().latest
    assert refused(lambda: Revision.objects.filter(pk=revision.pk).update(**{column: CHANGES[column]}))


@pytest.mark.django_db
def test_save_bulk_update_and_sql_are_refused():
    revision = ArticleFactory().latest
    revision.text = "Another text."

    assert refused(revision.save)
    assert refused(lambda: Revision.objects.bulk_update([revision], ["text"]))

    with connection.cursor() as cursor:
        assert refused(lambda: cursor.execute("UPDATE articles_revision SET text = 'x'"))


@pytest.mark.django_db
def test_moving_a_revision_to_another_article_is_refused():
    revision, other = ArticleFactory().latest, ArticleFactory()
    assert refused(lambda: Revision.objects.filter(pk=revision.pk).update(article=other))


@pytest.mark.django_db
def test_saving_note_and_author_is_allowed():
    revision = ArticleFactory().latest
    revision.note, revision.author = "First version", UserFactory()

    revision.save()
    revision.refresh_from_db()

    assert revision.note == "First version"


@pytest.mark.django_db
def test_article_is_deleted_with_its_revisions():
    article = published_article()
    article.delete()

    assert not Revision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_trigger_is_installed_again_after_a_migration():
    field = Revision._meta.get_field("note")
    wider = models.CharField(max_length=301, blank=True, default="x")
    wider.set_attributes_from_name("note")
    wider.model = Revision

    triggers.remove_trigger()

    assert not has_trigger()

    triggers.install_trigger()
    try:
        with connection.schema_editor() as editor:
            editor.alter_field(Revision, field, wider)
        if connection.vendor == "sqlite":
            assert not has_trigger(), "SQLite rebuilds the table without its triggers"
        call_command("migrate", verbosity=0)
        assert has_trigger()
        revision = ArticleFactory().latest
        assert refused(lambda: Revision.objects.filter(pk=revision.pk).update(text="Another text."))
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Revision, wider, field)
        call_command("migrate", verbosity=0)

    assert has_trigger()
