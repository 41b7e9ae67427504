"""Test the search page.

Its URL says what is shown. It escapes what it shows, and it helps a reader who found nothing.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.search.search import PAGE_SIZE
from tests.factories import ArticleFactory, TopicFactory, get_source, make_claim, published_article
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db


def test_page_without_query_shows_help(client):
    response = client.get("/search/")
    assert response.status_code == 200
    assert "both words, in any form" in page_text(response)


def test_results_link_articles_claims_and_sources(client, story, deputy):
    response = client.get("/search/?q=Ada+Roe")
    found = page_links(response)
    assert {story.get_absolute_url(), deputy.get_absolute_url()} <= set(found)
    assert [claim.get_absolute_url() in found for claim in story.claims.order_by("order")] == [True, True, False]
    assert "Sources: Ada Roe person" in page_text(response)


def test_matches_are_marked_and_escaped(client):
    published_article(headline="<b>Ferry</b> & co", text="A <i>ferry</i> sank & “sank” again.")
    html = client.get("/search/?q=ferry").content.decode()
    assert '&lt;b&gt;<mark class="hit">Ferry</mark>&lt;/b&gt; &amp; co' in html
    assert 'A &lt;i&gt;<mark class="hit">ferry</mark>&lt;/i&gt; sank &amp;' in html
    assert "<b>Ferry" not in html


def test_query_is_repeated_in_the_box_escaped(client):
    html = client.get("/search/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in html
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in html


def test_each_kind_has_its_url_and_pages(client):
    for number in range(PAGE_SIZE + 3):
        made = published_article(headline=f"Ferry {number}", slug=f"ferry-{number}")
        make_claim(made, quote="At least 40 bolts are loose,", statement=f"The ferry sank {number} times")
    both = client.get("/search/?q=ferry")
    assert f"All {PAGE_SIZE + 3} stories" in page_text(both)
    assert "/search/?q=ferry&kind=claims" in page_links(both)
    seen, address = [], "/search/?q=ferry&kind=stories"
    while address:
        response = client.get(address)
        found = page_links(response)
        seen += [link for link in found if link.startswith("/articles/ferry-")]
        onward = [link for link in found if link.startswith("?") and "page=" in link and "More" in page_text(response)]
        address = "/search/" + onward[-1] if onward else ""
    assert len(seen) == len(set(seen)) == PAGE_SIZE + 3
    assert "No claim" not in page_text(client.get("/search/?q=ferry&kind=claims"))
    assert "This page does not exist" in page_text(client.get("/search/?q=ferry&kind=stories&page=9"))


def test_facets_can_be_applied_and_removed(client, story, deputy):
    story.topics.add(TopicFactory(name="Bridges", slug="bridges"))
    published_article(headline="Bridge painted", published_at="2021-03-01T12:00Z")
    response = client.get("/search/?q=bridge")
    assert {"/search/?q=bridge&topic=bridges", "/search/?q=bridge&year=2021"} <= set(page_links(response))
    narrowed = client.get("/search/?q=bridge&topic=bridges")
    assert "Bridge painted" not in page_text(narrowed)
    assert "Topic Bridges : remove" in page_text(narrowed)
    assert "/search/?q=bridge" in page_links(narrowed)
    assert deputy.name in page_text(client.get("/search/?q=bolts&source=ada-roe"))


def test_no_results_offers_broader_queries(client, story):
    response = client.get('/search/?q=bridge+xylophone+"qqqqq wwwww"&topic=none')
    assert "No results for “bridge xylophone" in page_text(response)
    assert "/search/?q=bridge+xylophone&topic=none" in page_links(response)
    assert "without “Topic: none”" in page_text(response)
    assert "Try another word" in page_text(client.get("/search/?q=xylophone"))


def test_typo_is_corrected_and_shown(client, story):
    text = page_text(client.get("/search/?q=brigde"))
    assert "No results for brigde . Showing bridge" in text
    assert "Bridge has loose bolts" in text


@pytest.mark.parametrize(
    ("typed", "said"), [("!!!", "Nothing to search for"), ("-bridge", "only excludes words"), ("a " * 900, "")]
)
def test_query_without_words_is_explained(client, story, typed, said):
    response = client.get("/search/", {"q": typed})
    assert response.status_code == 200
    assert said in page_text(response)


@pytest.mark.parametrize(
    "query",
    [
        "kind=x",
        "sort=x",
        "year=x",
        "year=3",
        "page=0",
        "page=x",
        "page=1e9",
        "source=nobody",
        "topic=%2F",
        "topic=%00",
    ],
)
def test_bad_parameter_is_400_and_named(client, story, query):
    response = client.get(f"/search/?q=bridge&{query}")
    assert response.status_code == 400
    assert query.split("=")[0] in page_text(response)
    assert "/search/?q=bridge" in page_links(response)


def test_empty_parameters_redirect_to_the_url_without(client):
    response = client.get("/search/?q=ferry&kind=&topic=&page=")
    assert response.status_code == 302
    assert response.url == "/search/?q=ferry"


def test_hidden_source_or_topic_is_like_an_unknown_one(client, story):
    ArticleFactory(topics=(TopicFactory(name="Secret", slug="secret"),))
    get_source("Secret Agent")
    for name in ("source=secret-agent", "topic=secret"):
        hidden = client.get(f"/search/?q=bridge&{name}")
        unknown = client.get(f"/search/?q=bridge&{name.replace('secret', 'nosuch')}")
        assert hidden.status_code == unknown.status_code
        assert "Secret" not in page_text(hidden)


def test_search_pages_are_not_indexed(client):
    assert '<meta name="robots" content="noindex, follow">' in client.get("/search/?q=x").content.decode()


@pytest.mark.parametrize("address", ["/", "/articles/", "/claims/", "/sources/", "/nothing/"])
def test_every_page_has_a_search_box(client, address):
    html = client.get(address).content.decode()
    assert '<form class="site-search" action="/search/" method="get" role="search"' in html


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("q=ferry", 4),
        ("q=ferry&kind=claims", 3),
        ("q=ferry&source=ada-roe-1", 5),
        ("q=fery", 7),
        ("q=zebra", 3),
        ("", 0),
    ],
)
def test_query_count_does_not_grow(client, query, most):
    get_source("Per")
    get_source("Ada Roe")
    client.get("/search/?q=warmth")  # what an engine asks once a process
    counts = []
    for number in (1, 9):
        for _ in range(number):
            article = published_article(headline="Ferry", topics=(TopicFactory(),))
            make_claim(
                article, quote="At least 40 bolts are loose,", by=["Ada Roe", "Per"], statement="The ferry sank"
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/search/?{query}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= most


class NoQueryBreaksThePage(TestCase):
    @classmethod
    def setUpTestData(cls):
        published_article(headline="Ferry sinks", text="A ferry sank, Ada Roe said.")

    @pytest.mark.slow
    @settings(max_examples=60)
    @given(st.text(max_size=120))
    def test_any_text_is_answered(self, typed):
        typed = typed.encode("utf-8", "replace").decode()
        response = self.client.get(f"/search/?q={quote(typed)}", follow=True)
        assert response.status_code == 200

    @settings(max_examples=40)
    @given(st.binary(max_size=60))
    def test_any_bytes_are_answered(self, typed):
        assert self.client.get(f"/search/?q={quote(typed)}", follow=True).status_code == 200


def test_very_long_query_is_answered(client):
    assert client.get("/search/", {"q": "ferry " * 1_700}).status_code == 200
