"""Test what a search finds.

Both databases give the same results. Only what readers may see is found, the best and newest first.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.models import Article, Claim
from articles.search import candidates
from articles.search.results import SearchFilters
from articles.search.search import search
from tests.factories import ArticleFactory, TopicFactory, add_revision, get_source, make_claim, published_article

pytestmark = pytest.mark.django_db

STORIES = {
    "ferry": (
        "Ferry sinks off Skerry",
        "A ferry sank on Monday. At least 100 people were rescued, Captain Zoë Łukasz said. “Nobody is missing.”",
    ),
    "bridge": (
        "Bridge closed",
        "The bridge will close, the council said. A ferry replaces it. Don’t drive, police of South Korea’s Busan said.",
    ),
    "talks": ("Київ: переговори", "Міністр сказав, що переговори тривають. The minister met Lee Seong-kweun in Łódź."),
    "tokyo": ("東京の橋", "東京の橋が閉鎖された。 U.S. officials counted 1,000 cars. جسر المدينة مغلق"),
}
#: What is typed -> the stories that have it: the same table for whichever engine is there.
QUERIES = [
    ("ferry", {"ferry", "bridge"}),
    ("FERRIES", {"ferry", "bridge"}),
    ("sinking ferry", {"ferry"}),
    ("ferry -bridge", {"ferry"}),
    ("ferry NOT bridge", {"ferry"}),
    ("bridge OR minister", {"bridge", "talks"}),
    ("bridge | 東京の橋", {"bridge", "tokyo"}),
    ("clos*", {"bridge"}),
    ("closing", {"bridge"}),
    ('"at least 100"', {"ferry"}),
    ('"100 at least"', set()),
    ('"least one"', set()),
    ('"closing"', set()),
    ('"the bridge will"', {"bridge"}),
    ("“Nobody is missing”", {"ferry"}),
    ("zoe lukasz", {"ferry"}),
    ("ZOË ŁUKASZ", {"ferry"}),
    ("lodz", {"talks"}),
    ("Łódź", {"talks"}),
    ("Seong-kweun", {"talks"}),
    ("seong kweun", {"talks"}),
    ('"Lee Seong-kweun"', {"talks"}),
    ("don't drive", {"bridge"}),
    ("DON’T", {"bridge"}),
    ("Korea", {"bridge"}),
    ("korea's busan", {"bridge"}),
    ("переговори", {"talks"}),
    ("ПЕРЕГОВОРИ київ", {"talks"}),
    ("東京の橋", {"tokyo"}),
    ("東京*", {"tokyo"}),
    ("جسر", {"tokyo"}),
    ("1,000", {"tokyo"}),
    ("1000", set()),
    ("U.S.", {"tokyo"}),
    ("the", {"bridge", "talks"}),
    ("zebra", set()),
    ("ferry zebra", set()),
    ("'; DROP TABLE articles_article; --", set()),
    ("headline: ferry", set()),
    ("NEAR(ferry bridge)", set()),
    ("ferry & !bridge", {"bridge"}),
    ("{text} : ferry", set()),
]


@pytest.fixture
def stories(db):
    return {
        name: published_article(slug=name, headline=headline, text=text) for name, (headline, text) in STORIES.items()
    }


@pytest.mark.parametrize(("typed", "found"), QUERIES, ids=[typed for typed, _ in QUERIES])
def test_query_finds_the_same_with_every_backend(stories, typed, found):
    hits = search(typed, kind="stories", correct_spelling=False)
    assert {hit.article.slug for hit in hits.articles} == found
    assert hits.article_count == len(found)


@pytest.mark.parametrize(("typed", "found"), QUERIES, ids=[typed for typed, _ in QUERIES])
def test_text_filter_finds_what_search_finds(stories, typed, found):
    assert set(Article.objects.public().matching_text(typed).values_list("slug", flat=True)) == found


def test_text_filter_can_only_exclude(stories):
    assert set(Article.objects.public().matching_text("-ferry").values_list("slug", flat=True)) == {"talks", "tokyo"}


def shown(found):
    return [hit.article.slug for hit in found.articles]


# --- Claims and sources ---


@pytest.fixture
def said(db):
    story = published_article(text="“The ferry sank,” the captain said. The harbour is safe, Ada Roe told Per Lund.")
    make_claim(story, quote="The ferry sank,", by="Zoë Łukasz", statement="The ferry sank")
    make_claim(story, quote="The harbour is safe", by=["Ada Roe", "Per Lund"], statement="The harbour is safe")
    return story


def claims(typed, **kwargs):
    return {hit.claim.statement for hit in search(typed, correct_spelling=False, **kwargs).claims}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sinking OR sank", {"The ferry sank"}),
        ("harbour", {"The harbour is safe"}),
        ("roe", {"The harbour is safe"}),
        ("Per Lund", {"The harbour is safe"}),
        ("lukasz ferry", {"The ferry sank"}),
        ("ferry lukasz", {"The ferry sank"}),
        ("lukasz harbour", set()),
        ("roe -harbour", set()),
        ("roe -ferry", {"The harbour is safe"}),
    ],
)
def test_claims_are_found_by_statement_and_source(said, typed, found):
    assert claims(typed) == found


def test_claim_hit_has_speakers_with_matches_marked(said):
    (hit,) = search("Ada Roe").claims
    assert ["".join(piece.text for piece in speaker.name) for speaker in hit.speakers] == ["Ada Roe", "Per Lund"]
    assert [piece.is_match for piece in hit.speakers[0].name] == [True]


def test_sources_are_found_by_any_name_and_merged_ones(said):
    kept, gone = get_source("Ada Roe"), get_source("Adeline Roe")
    kept.names.create(name="The deputy", folded="deputy")
    gone.merged_into = kept
    gone.save()
    for typed in ("roe", "deputy", "adeline"):
        assert [hit.name for hit in search(typed).sources] == ["Ada Roe"], typed


def test_source_without_public_article_is_not_found():
    get_source("Secret Agent")
    assert not search("secret")


def test_renamed_source_is_found_by_its_new_name(said):
    ada = get_source("Ada Roe")
    ada.name = "Ada Quill"
    ada.save()
    ada.names.update(name="Ada Quill", folded="ada quill")
    assert [hit.name for hit in search("quill").sources] == ["Ada Quill"]
    assert not search("roe", correct_spelling=False).sources


# --- Who may see it ---


@pytest.mark.parametrize("status", ["draft", "in_review", "scheduled", "retracted"])
def test_hidden_article_and_its_claims_are_not_found(status):
    story = ArticleFactory(status=status, headline="Zeppelin lands", text="A zeppelin landed, Ada Roe said.")
    make_claim(story, quote="A zeppelin landed", by="Ada Roe", statement="A zeppelin landed")
    for typed in ("zeppelin", "zepellin", "Ada Roe", "zep"):
        found = search(typed)
        assert not found
        assert not found.is_corrected


@pytest.mark.parametrize("review", ["proposed", "rejected"])
def test_unaccepted_claim_is_not_found(said, review):
    make_claim(said, quote="The ferry", by="Ida Moe", statement="A zeppelin landed", review=review)
    assert not search("zeppelin").claims
    assert not search("Ida Moe").claims
    assert not search("Ida Moe").sources


def test_retracted_and_rejected_rows_are_not_found(said):
    Claim.objects.filter(statement="The ferry sank").update(
        review="rejected", reviewed_at=timezone.now(), reviewed_how="desk"
    )
    assert claims("ferry") == set()
    Article.objects.filter(pk=said.pk).update(status="retracted")
    assert not search("harbour")


def test_only_the_live_revision_is_found():
    story = published_article(headline="Ferry sinks", text="It sank.")
    add_revision(story, headline="Zeppelin sinks")
    assert not search("zeppelin", correct_spelling=False)
    add_revision(story, live=True, headline="Tram stops", text="It stopped.")
    assert not search("ferry", correct_spelling=False)
    assert shown(search("tram")) == [story.slug]


# --- Order ---


def test_headline_match_ranks_first():
    published_article(slug="text", headline="Monday", text="The ferry sank. " + "It rained. " * 50)
    published_article(slug="head", headline="Ferry sinks", text="It sank. " + "It rained. " * 50)
    assert shown(search("ferry")) == ["head", "text"]


def test_newer_of_equal_matches_ranks_first():
    for year in (2019, 2026, 2022):
        published_article(slug=f"of-{year}", headline="Ferry sinks", published_at=datetime(year, 3, 1, tzinfo=UTC))
    assert shown(search("ferry")) == ["of-2026", "of-2022", "of-2019"]


def test_sort_by_newest_ignores_score():
    published_article(slug="head", headline="Ferry sinks", published_at=datetime(2024, 3, 1, tzinfo=UTC))
    published_article(slug="text", headline="Monday", text="The ferry.", published_at=datetime(2024, 3, 2, tzinfo=UTC))
    assert shown(search("ferry", sort="newest")) == ["text", "head"]


# --- Narrowing, counting, pages ---


def test_facets_are_counted_and_filter(said):
    said.topics.add(TopicFactory(name="Sea", slug="sea"))
    published_article(headline="Ferry sails", published_at=datetime(2021, 5, 5, tzinfo=UTC))
    found = search("ferry")
    assert [(choice.value, choice.count) for choice in found.topics] == [("sea", 2)]  # a story and a claim
    assert [(choice.label, choice.count) for choice in found.speakers] == [("Zoë Łukasz", 1)]
    assert [(choice.value, choice.count) for choice in found.years] == [("2024", 2), ("2021", 1)]
    assert search("ferry", filters=SearchFilters(topic="sea")).article_count == 1
    assert search("ferry", filters=SearchFilters(year=2021)).article_count == 1
    assert search("ferry", filters=SearchFilters(year=2021)).claim_count == 0
    narrowed = search("ferry", filters=SearchFilters(source=get_source("Zoë Łukasz")))
    assert (narrowed.article_count, narrowed.claim_count) == (1, 1)


def test_ranked_matches_are_bounded_and_reported(monkeypatch):
    monkeypatch.setattr(candidates, "MAX_RANKED", 3)
    monkeypatch.setattr(candidates, "MAX_HEADLINE_MATCHES", 2)
    for number in range(6):
        published_article(slug=f"story-{number}", text="The ferry sank.")
    published_article(slug="old-head", headline="Ferry", published_at=datetime(2001, 1, 1, tzinfo=UTC))
    for number in range(6, 12):
        published_article(slug=f"story-{number}", text="The ferry sank.")
    found = search("ferry", kind="stories")
    assert found.has_more_articles
    assert found.article_count <= 3 + 2
    assert "old-head" in shown(found)


def test_pages_show_each_article_once():
    for number in range(5):
        published_article(slug=f"s{number}", headline="Ferry")
    pages = [shown(search("ferry", kind="stories", page=page, size=2)) for page in (1, 2, 3, 4)]
    assert sorted(slug for page in pages for slug in page) == [f"s{number}" for number in range(5)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert search("ferry", kind="stories", size=2).page_count == 3


# --- Forgiving ---


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("fery", "ferry"), ("skrery sinks", "skerry sinks"), ("reskued", "rescued"), ("bridgw closed", "bridge closed")],
)
def test_typo_is_corrected_if_nothing_is_found(stories, typed, meant):
    found = search(typed)
    assert found.articles
    assert found.is_corrected
    assert str(found.query) == meant


def test_last_word_may_become_a_prefix(stories):
    found = search("council bri")
    assert shown(found) == ["bridge"]
    assert str(found.query) == "council bri*"


def test_query_with_results_is_not_corrected(stories):
    assert not search("ferry").is_corrected
    assert not search('"fery"').is_corrected  # in quotation marks it is meant


# --- Cost and robustness ---


@pytest.mark.parametrize(("typed", "most"), [("ferry", 4), ("Ada Roe ferry", 4), ("fery", 7), ("zebra", 3)])
def test_query_count_does_not_grow(typed, most):
    search("warm up fery")  # what an engine asks once a process
    counts = []
    for number in (1, 9):
        for _ in range(number):
            article = published_article(headline="Ferry", topics=(TopicFactory(),))
            make_claim(
                article, quote="At least 40 bolts are loose,", by=["Ada Roe", "Per"], statement="The ferry sank"
            )
        with CaptureQueriesContext(connection) as queries:
            search(typed)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= most


@pytest.mark.slow
class NoQueryBreaks(TestCase):
    """Any text at all is a query, and finds nothing worse than nothing."""

    @classmethod
    def setUpTestData(cls):
        story = published_article(headline="Ferry sinks", text="A ferry sank, Ada Roe said. NOT 100 OR «AND» NEAR.")
        make_claim(story, quote="A ferry sank", by="Ada Roe", statement="A ferry sank")

    @settings(max_examples=150)
    @given(st.text(max_size=200) | st.text(alphabet="\"'*-|&!:(){}^~+<>\\%_ aORNTDferyÉ北ج\u0301", max_size=60))
    def test_any_text(self, typed):
        found = search(typed)
        for hit in found.articles:
            assert hit.article.live
        list(Article.objects.public().matching_text(typed)[:1])
        list(Claim.objects.public().matching_text(typed)[:1])

    @settings(max_examples=60)
    @given(st.lists(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True), min_size=1, max_size=6))
    def test_article_is_found_by_any_of_its_words(self, words):
        """However an engine's parser would take "1e5" or "0x3f", to it they are words."""
        story = published_article(headline="X", text=" ".join(words))
        quoted = " ".join(f'"{word}"' for word in words)
        assert story.pk in [hit.article.pk for hit in search(quoted, kind="stories", correct_spelling=False).articles]
        phrase = search('"' + " ".join(words) + '"', kind="stories", correct_spelling=False)
        assert story.pk in [hit.article.pk for hit in phrase.articles]


@pytest.mark.parametrize("typed", ["a" * 10_000, '"' * 10_000, "- " * 5_000, "x* " * 3_000, "(" * 10_000, "\x00\x00"])
def test_very_long_query_is_answered(stories, typed):
    search(typed)


def test_known_name_is_not_corrected(stories):
    published_article(headline="Monday", text="It rained.", publisher=get_source("Fery", "organisation"))
    found = search("fery")
    assert [hit.name for hit in found.sources] == ["Fery"]
    assert not found.is_corrected
