"""Test that the indexes follow every change.

A write may take any path. The indexes also come back after a migration drops their triggers.
"""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, models

from articles.fulltext import index as indexing
from articles.fulltext.backends import get_backend
from articles.fulltext.backends.base import CLAIM_INDEX, INDEXES, NAME_INDEX, REVISION_INDEX
from articles.fulltext.checks import check_full_text
from articles.fulltext.query import parse_query
from articles.importing import runs
from articles.models import Article, Claim, Revision
from articles.search.search import search
from sources.models import SourceName
from tests.factories import ArticleFactory, RevisionFactory, add_revision, get_source, make_claim, published_article

pytestmark = pytest.mark.django_db


def ids(index, typed):
    """The rows that an index has a query's words of, whoever may see them."""
    searches = get_backend()
    with connection.cursor() as cursor:
        cursor.execute(searches.matching_ids_sql(index), [searches.match_expression(parse_query(typed), index)])
        return {row[0] for row in cursor.fetchall()}


def test_new_revision_is_found_by_all_its_text():
    made = RevisionFactory(headline="Ferry sinks", summary="No one is hurt", text="A ferry sank off Skerry.")
    assert ids(REVISION_INDEX, "sinks") == ids(REVISION_INDEX, "hurt") == ids(REVISION_INDEX, "skerry") == {made.pk}


def test_bulk_created_rows_are_found():
    article = ArticleFactory()
    Claim.objects.bulk_create(
        [Claim(article=article, statement=f"The ferry sank {n} times", form="direct") for n in range(30)]
    )
    assert len(ids(CLAIM_INDEX, "ferry")) == 30
    Claim.objects.filter(statement__contains="29").delete()
    assert len(ids(CLAIM_INDEX, "ferry")) == 29


def test_changed_statement_is_indexed_again():
    made = make_claim(published_article(), quote="At least 40 bolts are loose,", statement="The ferry sank")
    Claim.objects.filter(pk=made.pk).update(statement="The bridge broke")
    assert ids(CLAIM_INDEX, "ferry") == set()
    assert ids(CLAIM_INDEX, "bridge") == {made.pk}
    made.statement = "The harbour froze"
    made.save()
    Claim.objects.bulk_update([made], ["statement"])
    assert ids(CLAIM_INDEX, "bridge") == set()
    assert ids(CLAIM_INDEX, "harbour") == {made.pk}


def test_review_keeps_the_entry():
    made = make_claim(published_article(), quote="At least 40 bolts are loose,", statement="The ferry sank")
    Claim.objects.filter(pk=made.pk).update(confidence=0.5)
    assert ids(CLAIM_INDEX, "ferry") == {made.pk}


def test_deleted_name_is_not_found():
    ada = get_source("Ada Roe")
    name = ada.names.get()
    SourceName.objects.filter(pk=name.pk).update(name="Ada Lund", folded="ada lund")
    assert ids(NAME_INDEX, "roe") == set()
    assert ids(NAME_INDEX, "lund") == {name.pk}
    ada.names.all().delete()
    assert ids(NAME_INDEX, "lund") == set()


def test_deleted_rows_leave_no_entry():
    article = published_article(headline="Ferry sinks")
    make_claim(article, quote="At least 40 bolts are loose,", statement="The ferry sank")
    article.delete()
    assert ids(REVISION_INDEX, "ferry") == ids(CLAIM_INDEX, "ferry") == set()


def test_very_long_text_is_found_by_its_start():
    made = RevisionFactory(text=" ".join(f"w{n}x" for n in range(120_000)))
    assert ids(REVISION_INDEX, "w17x") == {made.pk}
    made.article.delete()


def entries(index):
    with connection.cursor() as cursor:
        table = index.table + ("_docsize" if connection.vendor == "sqlite" else "")
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - names of our own
        return cursor.fetchone()[0]


def test_reindex_rebuilds_all_and_counts():
    article = published_article(headline="Ferry sinks", summary="")
    make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe", statement="The ferry sank")
    for index in INDEXES:
        get_backend().clear_index("default", index)
    assert [entries(index) for index in INDEXES] == [0, 0, 0]
    said = StringIO()
    call_command("reindex", stdout=said)
    assert said.getvalue().startswith("3 rows indexed")
    assert search("ferry").article_count == search("ferry").claim_count == 1
    assert search("Ada Roe").sources


def test_reindex_is_idempotent():
    made = RevisionFactory(headline="Ferry sinks")
    indexing.reindex()
    indexing.reindex()
    assert entries(REVISION_INDEX) == 1
    made.delete()
    assert ids(REVISION_INDEX, "ferry") == set()


def test_row_without_entry_can_change_and_be_deleted():
    made = make_claim(published_article(), quote="At least 40 bolts are loose,", statement="The ferry sank")
    get_backend().clear_index("default", CLAIM_INDEX)
    Claim.objects.filter(pk=made.pk).update(statement="The bridge broke")
    made.article.delete()
    assert ids(CLAIM_INDEX, "ferry") == set()
    RevisionFactory()
    indexing.reindex()


def test_row_changed_during_a_fill_is_indexed_once():
    made = make_claim(published_article(), quote="At least 40 bolts are loose,", statement="The ferry sank")
    get_backend().clear_index("default", CLAIM_INDEX)
    Claim.objects.filter(pk=made.pk).update(statement="The bridge broke")
    get_backend().fill_index("default", CLAIM_INDEX, 1, made.pk)
    assert entries(CLAIM_INDEX) == 1
    assert ids(CLAIM_INDEX, "bridge") == {made.pk}
    Claim.objects.filter(pk=made.pk).update(statement="The harbour froze")
    assert ids(CLAIM_INDEX, "bridge") == set()


def test_interrupted_fill_is_repeated_by_migrate():
    made = RevisionFactory(headline="Ferry sinks")
    get_backend().clear_index("default", REVISION_INDEX)
    assert get_backend().missing_indexes("default") == [REVISION_INDEX]
    indexing.install_indexes()
    assert get_backend().missing_indexes("default") == []
    assert ids(REVISION_INDEX, "ferry") == {made.pk}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("model", "column", "index"), [(Revision, "note", REVISION_INDEX), (Claim, "cue", CLAIM_INDEX)]
)
def test_triggers_return_after_a_table_is_rebuilt(model, column, index):
    article = published_article(headline="Ferry sinks")
    made = make_claim(article, quote="At least 40 bolts are loose,", statement="The ferry sank")
    field = model._meta.get_field(column)
    wider = models.CharField(max_length=301, blank=True, default="")
    wider.set_attributes_from_name(column)
    wider.model = model
    try:
        with connection.schema_editor() as editor:
            editor.alter_field(model, field, wider)
        if connection.vendor == "sqlite":
            assert index in get_backend().missing_indexes("default"), "SQLite rebuilds the table without its triggers"
            with connection.cursor() as cursor:  # a migration's own work, while nobody looks
                cursor.execute("UPDATE articles_claim SET statement = 'The tram stopped'")
        else:
            Claim.objects.update(statement="The tram stopped")
        call_command("migrate", verbosity=0)
        assert get_backend().missing_indexes("default") == []
        if connection.vendor == "postgresql" or index is CLAIM_INDEX:
            assert ids(CLAIM_INDEX, "tram") == {made.pk}
            assert ids(CLAIM_INDEX, "ferry") == set()
        assert ids(REVISION_INDEX, "ferry") == {article.live_id}
        add_revision(article, live=True, headline="Tram stops")
        assert search("tram stops").article_count == 1
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(model, wider, field)
        call_command("migrate", verbosity=0)
    assert get_backend().missing_indexes("default") == []


@pytest.mark.postgresql
def test_suggestions_without_trigrams_share_first_letters(monkeypatch):
    monkeypatch.setattr("articles.fulltext.backends.postgresql.has_trigrams", lambda using="default": False)
    published_article(headline="Ferry sinks off Skerry")
    indexing.reindex()
    assert [hit.article.live.headline for hit in search("skrery").articles] == ["Ferry sinks off Skerry"]
    assert Article.objects.count() == 1


@pytest.mark.postgresql
def test_check_reports_missing_trigrams(monkeypatch):
    assert check_full_text(databases=["default"]) == []
    monkeypatch.setattr("articles.fulltext.checks.has_trigrams", lambda using: False)
    (said,) = check_full_text(databases=["default"])
    assert said.id == "articles.W001"
    assert "CREATE EXTENSION pg_trgm" in said.hint


@pytest.mark.sqlite
def test_check_accepts_sqlite_with_full_text_search():
    assert check_full_text(databases=["default"]) == []


@pytest.mark.postgresql
def test_import_updates_the_word_list(monkeypatch):
    monkeypatch.setattr("articles.fulltext.backends.postgresql.MAX_LATEST_REVISIONS", 0)
    published_article(headline="Ferry sinks off Skerry")
    assert not search("skrery")
    runs.finish_run(runs.start_run({}, by=None))
    assert search("skrery").articles
    published_article(headline="Tram stops in Marwick")
    runs.finish_run(runs.start_run({}, by=None))
    assert search("marwik").articles
