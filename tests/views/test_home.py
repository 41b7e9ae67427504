"""/ and what stands around every page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    PUBLISHED_AT,
    ArticleImageFactory,
    ImageFactory,
    TopicFactory,
    make_claim,
    make_quantity,
    published_article,
)
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db


def test_empty_site_says_so(client):
    response = client.get("/")
    assert response.status_code == 200
    assert "Nothing has been published yet" in page_text(response)


def test_articles_are_shown_newest_first(client):
    for days, headline in ((2, "Oldest"), (0, "Newest"), (1, "Middle")):
        published_article(headline=headline, published_at=PUBLISHED_AT - timedelta(days=days))
    said = page_text(client.get("/"))
    assert said.index("Newest") < said.index("Middle") < said.index("Oldest")


def test_article_card_shows_its_metadata(client, story):
    story.topics.add(TopicFactory(name="Bridges", slug="bridges"))
    said = page_text(client.get("/"))
    assert "Bridges Bridge has loose bolts A deputy wants it closed Northern Wire 19 December 2024 3 claims" in said


def test_first_paragraph_replaces_a_missing_deck(client):
    published_article(paragraphs=["The first.", "The second."])
    said = page_text(client.get("/"))
    assert "The first." in said
    assert "The second." not in said


def test_long_first_paragraph_is_cut_after_a_sentence(client):
    published_article(paragraphs=["This is a sentence of some length, is it not. " * 20])
    said = page_text(client.get("/"))
    assert said.count("This is a sentence") == 6
    assert "not. 19 December" in said


def test_lead_article_shows_its_image(client, story):
    use = ArticleImageFactory(article=story, image=ImageFactory(), credit="Falk")
    html = client.get("/").content.decode()
    assert f'src="/media/{use.image.file.name}"' in html
    assert client.get(f"/media/{use.image.file.name}").status_code == 200


def test_latest_claims_are_the_first_of_each_article(client, story):
    later = published_article(
        headline="Ferry", paragraphs=["It sank, Ada Roe said. It rose."], published_at=PUBLISHED_AT + timedelta(days=1)
    )
    make_claim(later, quote="It rose.", by="Ada Roe")
    make_claim(
        later, quote="It sank", by="Ada Roe", figures=[make_quantity("twelve", lower=12, upper=12, counts="boats")]
    )
    said = page_text(client.get("/"))
    claimed = said[said.index("Latest claims") :]
    assert "twelve boats It sank Ada Roe in Ferry" in claimed
    assert "at least 40 bolts Inspectors counted" in claimed
    assert "It rose." not in claimed
    assert claimed.index("It sank") < claimed.index("Inspectors counted")


def test_most_quoted_sources_are_ordered_by_claims(client, story):
    said = page_text(client.get("/"))
    assert "Most quoted Ada Roe 2 claims Bridge Inspectorate 1 claim" in said


def test_header_links_to_every_section(client, story):
    for address in ("/articles/", "/claims/", "/sources/"):
        assert address in page_links(client.get("/"), within="header")
        assert client.get(address).status_code == 200


def test_query_count_does_not_grow(client):
    counts = []
    for number in (1, 9):
        for _ in range(number):
            article = published_article(topics=(TopicFactory(),))
            ArticleImageFactory(article=article, image=ImageFactory())
            make_claim(
                article, quote="At least 40 bolts are loose,", by=["A", "B"], figures=[make_quantity("40", lower=40)]
            )
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))
    assert counts == [6, 6]


@pytest.mark.parametrize("address", ["/", "/articles/", "/claims/", "/sources/", "/nothing/", "/robots.txt"])
def test_response_has_no_cookie_and_a_strict_policy(client, address):
    response = client.get(address)
    assert not response.cookies
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["/", "/articles/", "/claims/", "/sources/", "/nothing/"])
def test_pages_have_no_inline_script_or_style(client, story, address):
    html = client.get(address).content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert "<script>" not in html
    assert not [part for part in html.split("<script")[1:] if " src=" not in part.split(">")[0]]
    assert "//" not in "".join(part.split('"')[0] for part in html.split(' src="')[1:])


def test_robots_may_read_everything_but_admin_and_exports(client):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /articles/export.",
        "Disallow: /claims/export.",
        "",
        "Sitemap: http://testserver/sitemap.xml",
        "Sitemap: http://testserver/news-sitemap.xml",
    ]


def test_most_quoted_are_counted_over_newest_articles(client, monkeypatch):
    monkeypatch.setattr("articles.queries.sources.MAX_RECENT_ARTICLES", 2)
    quote = "At least 40 bolts are loose,"
    for number in range(4):
        make_claim(
            published_article(published_at=PUBLISHED_AT + timedelta(days=number)), quote=quote, by=f"Speaker {number}"
        )
    shown = [source.name for source in client.get("/").context["sources"]]
    assert shown == ["Speaker 2", "Speaker 3"]
