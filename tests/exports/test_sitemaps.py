"""What search engines are told of: the sitemaps and the news sitemap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from articles.exports import sitemaps
from articles.models import Article
from articles.publishing.actions import retract
from tests.factories import CorrectionFactory, TopicFactory, get_source, make_claim, published_article
from tests.views.helpers import parse_xml

pytestmark = pytest.mark.django_db

SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.fixture(autouse=True)
def nothing_kept():
    """The index is kept for an hour; each test begins without one."""
    cache.clear()
    yield
    cache.clear()


def locations(client, address):
    """The paths that a sitemap or an index names."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.headers["Content-Type"].startswith("application/xml")
    found = parse_xml(response)
    return [loc.text.removeprefix("http://testserver") for loc in found.iter(f"{SITE}loc")]


def everything(client):
    return [path for chunk in locations(client, "/sitemap.xml") for path in locations(client, chunk)]


def test_every_page_that_readers_have_is_named_once_and_answers(client, story, deputy):
    story.topics.add(TopicFactory(slug="harbour"))
    named = everything(client)
    assert len(named) == len(set(named))
    assert {"/articles/bridge/", "/topics/harbour/", deputy.get_absolute_url()} <= set(named)
    assert {made.get_absolute_url() for made in story.claims.all()} <= set(named)
    for path in named:
        assert client.get(path).status_code == 200, path


def test_the_index_is_found_by_robots(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    addresses = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap: ")]
    assert addresses == ["http://testserver/sitemap.xml", "http://testserver/news-sitemap.xml"]
    for address in addresses:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_a_file_has_no_more_than_its_chunk_and_together_they_have_all(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "CHUNK_ROWS", 3)
    slugs = {published_article(paragraphs=["It fell."]).slug for _ in range(8)}
    chunks = [chunk for chunk in locations(client, "/sitemap.xml") if "stories" in chunk]
    files = [locations(client, chunk) for chunk in chunks]
    assert len(chunks) >= 3
    assert all(0 < len(file) <= 3 for file in files)
    assert {path.split("/")[2] for file in files for path in file} == slugs


def test_the_protocols_limits_are_kept():
    longest = len("<url><loc></loc><lastmod>2024-12-19</lastmod></url>") + 300
    assert sitemaps.CHUNK_ROWS <= 50_000
    assert sitemaps.CHUNK_ROWS * longest <= 50_000_000


def test_a_story_says_when_it_last_changed(client):
    article = published_article()
    corrected = CorrectionFactory(article=article).created_at
    found = parse_xml(client.get("/sitemaps/stories-0.xml"))
    assert found.findtext(f"{SITE}url/{SITE}lastmod") == corrected.date().isoformat()


def test_what_is_retracted_leaves_and_who_has_the_file_hears_of_it(client, chief, story, deputy):
    first = client.get("/sitemaps/stories-0.xml")
    assert "Last-Modified" not in first.headers
    retract(story, by=chief, note="Forged.")
    again = client.get("/sitemaps/stories-0.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert not [path for path in everything(client) if "bridge" in path or "claims" in path or "sources" in path]


def test_who_has_a_file_that_did_not_change_is_told_so(client, story):
    first = client.get("/sitemaps/stories-0.xml")
    again = client.get("/sitemaps/stories-0.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "address", ["/sitemaps/drafts-0.xml", "/sitemaps/stories-x.xml", "/sitemaps/stories-0.xml?p=9", "/sitemaps/"]
)
def test_there_is_no_other_file(client, story, address):
    assert client.get(address).status_code == 404


def test_a_number_beyond_all_rows_is_an_empty_file_and_no_fault(client):
    assert locations(client, "/sitemaps/stories-9999.xml") == []
    assert client.get(f"/sitemaps/stories-{'9' * 30}.xml").status_code in (200, 404)


def test_without_anything_public_the_index_is_empty(client):
    assert locations(client, "/sitemap.xml") == []
    assert locations(client, "/news-sitemap.xml") == []


@pytest.mark.parametrize("section", ["stories", "claims", "sources", "topics"])
def test_they_cost_the_same_for_one_row_and_for_many(client, section, django_assert_num_queries):
    for count in (1, 10):
        for number in range(count):
            topic = TopicFactory()
            article = published_article(paragraphs=["It fell."], topics=(topic,))
            make_claim(article, quote="It fell.", by=f"Speaker {count}-{number}")
        with django_assert_num_queries(1):
            client.get(f"/sitemaps/{section}-0.xml")
        cache.clear()
        with django_assert_num_queries(5):
            client.get("/sitemap.xml")
        with django_assert_num_queries(0):  # kept
            client.get("/sitemap.xml")


def test_the_news_are_those_of_two_days(client):
    now = timezone.now()
    for days, slug in ((0, "today"), (1, "yesterday"), (3, "old")):
        published_article(slug=slug, headline=f"A & <{slug}>\x0b", published_at=now - timedelta(days=days, hours=1))
    published_article(slug="tomorrow", status="scheduled", published_at=now + timedelta(hours=1))
    found = parse_xml(client.get("/news-sitemap.xml"))
    assert [loc.text for loc in found.iter(f"{SITE}loc")] == [
        "http://testserver/articles/today/",
        "http://testserver/articles/yesterday/",
    ]
    assert next(found.iter(f"{NEWS}title")).text == "A & <today>"
    assert next(found.iter(f"{NEWS}language")).text == "en"
    assert next(found.iter(f"{NEWS}name")).text == "On the Record"


def test_of_a_story_whose_day_alone_is_known_the_news_say_no_hour(client):
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    article = published_article(published_at=midnight, published_precision=Article.Precision.DAY, language="pt-BR")
    found = parse_xml(client.get("/news-sitemap.xml"))
    assert next(found.iter(f"{NEWS}publication_date")).text == article.published_at.date().isoformat()
    assert next(found.iter(f"{NEWS}language")).text == "pt"


def test_the_news_cost_one_query(client, django_assert_num_queries):
    for number in range(5):
        published_article(published_at=timezone.now(), agency=get_source(f"Wire {number}", "agency"))
    with django_assert_num_queries(1):
        client.get("/news-sitemap.xml")
