"""/articles/: what each filter shows and leaves out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.models import Source
from tests.factories import (
    ArticleFactory,
    SourceFactory,
    TopicFactory,
    get_source,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db


def shown(client, query=""):
    """The headlines of the stories on a list's first page."""
    response = client.get(f"/articles/{query}")
    assert response.status_code == 200, page_text(response)
    return [row.live.headline for row in response.context["page"].rows]


def test_list_shows_all_articles_newest_first(client):
    published_article(headline="Old", published_at=datetime(2024, 1, 1, tzinfo=UTC))
    published_article(headline="New", published_at=datetime(2024, 2, 1, tzinfo=UTC))
    assert shown(client) == ["New", "Old"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?after=2024-12-18", ["19th", "18th"]),
        ("?before=2024-12-18", ["18th", "17th"]),
        ("?after=2024-12-18&before=2024-12-18", ["18th"]),
        ("?after=2024-12-20", []),
        ("?after=2024-12-19&before=2024-12-17", []),
    ],
)
def test_date_filter_includes_both_days(client, query, expected):
    published_article(headline="17th", published_at=datetime(2024, 12, 17, 23, 59, 59, tzinfo=UTC))
    published_article(headline="18th", published_at=datetime(2024, 12, 18, 23, 59, 59, 999999, tzinfo=UTC))
    published_article(headline="19th", published_at=datetime(2024, 12, 19, tzinfo=UTC))
    assert shown(client, query) == expected


def test_date_filter_uses_the_newsroom_time_zone(client, settings):
    settings.TIME_ZONE = "America/New_York"
    late = datetime(2024, 12, 19, 2, 30, tzinfo=UTC)
    published_article(headline="Evening of the 18th", published_at=late)
    published_article(headline="The 19th", published_at=datetime(2024, 12, 19, tzinfo=UTC), published_precision="day")
    assert shown(client, "?before=2024-12-18") == ["Evening of the 18th"]
    assert shown(client, "?after=2024-12-19") == ["The 19th"]


def test_topic_filter(client):
    harbour = TopicFactory(name="Harbour", slug="harbour")
    published_article(headline="Ferry", topics=(harbour, TopicFactory(name="Town", slug="town")))
    published_article(headline="Choir", topics=(TopicFactory(name="Music", slug="music"),))
    assert shown(client, "?topic=harbour") == ["Ferry"]


def test_agency_filter(client):
    published_article(headline="Wire", agency=get_source("Northern Wire", Source.Kind.AGENCY))
    published_article(headline="Ours")
    slug = Source.objects.get(name="Northern Wire").slug
    assert shown(client, f"?agency={slug}") == ["Wire"]


@pytest.mark.parametrize(
    "asked", ["slug", "Bridge Inspectorate", "bridge  inspectorate", "The inspectors", "THE INSPECTORS"]
)
def test_source_filter_takes_slug_name_or_alias(client, story, inspectorate, asked):
    published_article(headline="Another")
    asked = inspectorate.slug if asked == "slug" else asked
    assert shown(client, f"?source={asked}") == ["Bridge has loose bolts"]


def test_source_filter_finds_unnamed_people_of_it(client):
    article = published_article(headline="Officials")
    council = get_source("Town Council", Source.Kind.ORGANISATION)
    make_claim(article, quote="At least 40 bolts are loose,", by=unnamed_speaker("an official", organisation=council))
    assert shown(client, "?source=Town+Council") == ["Officials"]


def test_source_filter_takes_the_name_of_a_merged_source(client, story, deputy):
    SourceFactory(name="A. Roe", slug="a-roe", merged_into=deputy)
    assert shown(client, "?source=A.+Roe") == ["Bridge has loose bolts"]
    assert shown(client, "?source=a-roe") == ["Bridge has loose bolts"]


def test_figures_filter(client, story):
    make_claim(published_article(headline="No figure"), quote="At least 40 bolts are loose,", by="Ada Roe")
    assert shown(client, "?figures=on") == ["Bridge has loose bolts"]


def test_article_with_many_matches_is_listed_once(client, story):
    for _ in range(3):
        make_claim(
            story,
            quote="Inspectors",
            by=["Ada Roe", "Per"],
            figures=[make_quantity("1", lower=1), make_quantity("2", lower=2)],
        )
    assert shown(client, "?figures=on&source=Ada+Roe") == ["Bridge has loose bolts"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bolts", True),
        ("BOLTS", True),
        ("inspectors hurt", True),
        ("bridge hurt", True),  # one in the headline, one in the text
        ("bolts zebra", False),
        ("100%25", False),
        ("_", False),
    ],
)
def test_text_filter_needs_all_words(client, story, asked, found):
    assert shown(client, f"?text={asked}") == (["Bridge has loose bolts"] if found else [])


def test_filters_combine(client, story):
    published_article(headline="Bolts elsewhere", paragraphs=["bolts"])
    assert shown(client, "?text=bolts&source=Ada+Roe&figures=on&after=2024-12-19") == ["Bridge has loose bolts"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?source=Nobody+Known", "No source called “Nobody Known” was found."),
        ("?source=Ada", "Did you mean Ada Roe?"),
        ("?topic=no-such-topic", "no-such-topic"),
        ("?agency=no-such-agency", "no-such-agency"),
        ("?after=yesterday", "Enter a valid date."),
        ("?after=0001-01-01", "This date is too early."),
        ("?before=9999-12-31", "This date is too late."),
        ("?text=" + "x" * 201, "at most 200 characters"),
    ],
)
def test_bad_value_shows_an_error(client, story, query, sentence):
    response = client.get(f"/articles/{query}")
    assert response.status_code == 400
    assert sentence in page_text(response)
    assert "Bridge has loose bolts" not in page_text(response)


def test_active_filters_can_be_removed(client, story):
    response = client.get("/articles/?text=bolts&figures=on&source=the+inspectors")
    assert "Text bolts : remove" in page_text(response)
    assert "Source Bridge Inspectorate : remove" in page_text(response)
    assert "/articles/?text=bolts&figures=on" in page_links(response)
    assert "/articles/?figures=on&source=the+inspectors" in page_links(response)


def test_no_results_offers_to_remove_filters(client, story):
    response = client.get("/articles/?text=zebra&figures=on")
    assert "No story matches all these filters" in page_text(response)
    assert "without “Text: zebra”" in page_text(response)
    assert "/articles/?figures=on" in page_links(response)


def test_empty_list_says_so(client):
    assert "Nothing here yet" in page_text(client.get("/articles/"))


def test_empty_parameters_redirect_to_the_url_without(client):
    response = client.get("/articles/?text=&source=&topic=&after=&before=2024-12-19&page=")
    assert response.status_code == 302
    assert response.headers["Location"] == "/articles/?before=2024-12-19"
    assert client.get("/articles/?text=").headers["Location"] == "/articles/"


def test_only_public_topics_and_agencies_are_offered(client):
    ArticleFactory(topics=(TopicFactory(name="Secret topic"),), agency=get_source("Secret Agency"))
    published_article(topics=(TopicFactory(name="Open topic"),), agency=get_source("Open Agency"))
    html = client.get("/articles/").content.decode()
    assert "Open topic" in html
    assert "Open Agency" in html
    assert "Secret" not in html


def test_choices_are_sorted_with_and_without_errors(client):
    for name in ("Zoo", "apples", "Mills"):
        published_article(topics=(TopicFactory(name=name, slug=name.lower()),))
    for query in ("", "?after=nonsense"):
        form = client.get(f"/articles/{query}").context["form"]
        labels = [str(label).partition(" (")[0] for _, label in form.fields["topic"].choices]
        assert labels == ["any", "apples", "Mills", "Zoo"]


@pytest.mark.parametrize(("query", "expected"), [("", 2), ("?source=Ada+Roe", 3), ("?topic=t&figures=on&text=the", 3)])
def test_query_count_does_not_grow(client, query, expected):
    topic = TopicFactory(slug="t")
    counts = []
    for number in (1, 9):
        for _ in range(number):
            article = published_article(topics=(topic,), agency=get_source("Northern Wire"))
            make_claim(
                article,
                quote="At least 40 bolts are loose,",
                by=["A", "Ada Roe"],
                figures=[make_quantity("4", lower=4)],
            )
        with CaptureQueriesContext(connection) as queries:
            shown(client, query)
        counts.append(len(queries))
    assert counts == [expected, expected]
