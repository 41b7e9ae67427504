"""Planner statistics, and the plans of lists."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from articles.db import statistics
from articles.facets import ALL_ROWS, count_facets
from articles.filters import ClaimFilterSet
from articles.models import Article, Claim
from articles.queries.sources import public_sources, with_capped_claim_counts
from sources.models import Source
from tests.factories import SourceFactory, make_claim, published_article

pytestmark = pytest.mark.django_db

#: Statistics of SQLite's ANALYZE with 3,000 articles: table, index, rows and equal rows.
OF_3000_STORIES = [
    ("articles_article", "article_newest", "3000 1 1"),
    ("articles_article", "article_by_status", "3000 3000 1 1"),
    ("articles_claim", "claim_in_text_order", "50347 17 1 1"),
    ("articles_anchor", "anchor_of_claim", "156593 4 4 2 2"),
    ("articles_anchor", "anchor_by_place", "156593 55 2"),
    ("articles_hop", "hop_by_source", "61240 40 1"),
    ("articles_quantity", "quantity_by_bounds", "26000 14 13"),
    ("articles_revision", "revision_number_is_unique", "3000 1 1"),
]
#: With 10,000 articles. It samples a few hundred equal rows, so it takes a common status for a rare one.
OF_10_000_STORIES = [
    ("articles_article", "article_newest", "10935 3 1"),
    ("articles_article", "article_by_status", "5304 401 3 1"),
    ("articles_claim", "claim_in_text_order", "184408 16 1 1"),
    ("articles_anchor", "anchor_of_claim", "623875 4 4 1 1"),
    ("articles_anchor", "anchor_by_place", "586845 45 1"),
    ("articles_hop", "hop_by_source", "222687 401 1"),
    ("articles_hop", "articles_hop_source_id_c3db2690", "129312 401"),
    ("articles_quantity", "quantity_by_bounds", "45279 267 67"),
    ("articles_revision", "revision_number_is_unique", "10470 1 1"),
    ("sources_source", "source_by_name", "7770 1 1"),
    ("sources_source", "sources_source_merged_into_id_4696868e", "6960 401"),
]


@pytest.fixture(params=[OF_3000_STORIES, OF_10_000_STORIES], ids=["3,000", "10,000"])
def large(request):
    """Make SQLite believe that its tables are large."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.executemany("INSERT INTO sqlite_stat1 VALUES (%s, %s, %s)", request.param)
        cursor.execute("ANALYZE sqlite_schema")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


def rows_of(table: str) -> int:
    """Return the number of rows by the statistics; -1 without statistics."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT max(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = %s", [table])
            found = cursor.fetchone()[0]
            return -1 if found is None else int(found)
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])


@pytest.mark.sqlite
def test_import_updates_the_statistics(tmp_path):
    (tmp_path / "one.txt").write_text("Ferry Stops\nBy Ada Roe\nMay 1, 2024\n\nThe ferry stops, Ada Roe said.\n")

    assert rows_of("articles_claim") == -1

    call_command("import_seeds", str(tmp_path))

    assert rows_of("articles_claim") == Claim.objects.count() > 0


def test_many_new_rows_update_the_statistics():
    SourceFactory.create_batch(7)
    statistics.analyze_after_adding(statistics.POSTGRESQL_MIN_NEW_ROWS)

    assert rows_of("sources_source") == Source.objects.count()


@pytest.mark.parametrize(
    "rows",
    [
        lambda: Article.objects.public().newest_first()[:21],
        lambda: Claim.objects.public().newest_first()[:21],
        lambda: with_capped_claim_counts(public_sources().by_name())[:21],
    ],
    ids=["stories", "claims", "sources"],
)
@pytest.mark.sqlite
def test_list_is_read_in_index_order_and_not_sorted(large, rows):
    plan = rows().explain()

    assert "article_newest" in plan or "source_by_name" in plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan  # ties within an article may be sorted


@pytest.mark.sqlite
def test_anchors_are_found_by_their_claim(large):
    plan = Claim.objects.public().newest_first()[:21].explain()
    assert plan.count("USING COVERING INDEX anchor_of_claim") == 2


def test_facet_counts_find_their_rows_once(django_assert_num_queries):
    story = published_article()
    make_claim(story, quote="We cannot wait.", form="direct", by=SourceFactory(name="Ada Roe"))

    filters = ClaimFilterSet({"form": "direct"}, queryset=Claim.objects.public())

    assert filters.is_valid()
    assert filters.form  # its choices are queried when it is made

    with django_assert_num_queries(1) as queries:
        facets = count_facets(filters, ClaimFilterSet.choice_counters)
    sql = queries.captured_queries[0]["sql"]

    # Once for all choices, and once for those of the filter in use, which are counted without it.
    assert sql.count("articles_anchor") == 2 * Claim.objects.public().query.__str__().count("articles_anchor")
    assert facets.total == 1
    assert facets.counts["form"] == {"direct": 1}
    assert ALL_ROWS not in facets.counts


def test_filter_without_results_counts_nothing():
    make_claim(published_article(), quote="We cannot wait.")
    filters = ClaimFilterSet({}, queryset=Claim.objects.none())

    assert filters.is_valid()

    facets = count_facets(filters, ClaimFilterSet.choice_counters)

    assert facets.total == 0
    assert not any(facets.counts.values())
