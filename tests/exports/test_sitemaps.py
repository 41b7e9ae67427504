"""The sitemaps and the news sitemap."""

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
def empty_cache():
    """Begin without a cached index."""
    cache.clear()
    yield
    cache.clear()


def locations(client, url):
    """Return the paths in a sitemap or an index."""
    response = client.get(url)
    assert response.status_code == 200, url
    assert response.headers["Content-Type"].startswith("application/xml")
    found = parse_xml(response)
    return [loc.text.removeprefix("http://testserver") for loc in found.iter(f"{SITE}loc")]


def all_paths(client):
    return [path for chunk in locations(client, "/sitemap.xml") for path in locations(client, chunk)]


def test_sitemaps_list_each_public_page_once(client, story, deputy):
    story.topics.add(TopicFactory(slug="harbour"))

    paths = all_paths(client)

    assert len(paths) == len(set(paths))
    assert {"/articles/bridge/", "/topics/harbour/", deputy.get_absolute_url()} <= set(paths)
    assert {claim.get_absolute_url() for claim in story.claims.all()} <= set(paths)
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_robots_txt_names_the_sitemaps(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    urls = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap: ")]

    assert urls == ["http://testserver/sitemap.xml", "http://testserver/news-sitemap.xml"]
    for url in urls:
        assert client.get(url.removeprefix("http://testserver")).status_code == 200


def test_sitemaps_have_all_rows_in_chunks(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "CHUNK_ROWS", 3)
    slugs = {published_article(paragraphs=["It fell."]).slug for _ in range(8)}
    chunks = [chunk for chunk in locations(client, "/sitemap.xml") if "stories" in chunk]

    files = [locations(client, chunk) for chunk in chunks]

    assert len(chunks) >= 3
    assert all(0 < len(file) <= 3 for file in files)
    assert {path.split("/")[2] for file in files for path in file} == slugs


def test_chunks_are_within_the_protocol_limits():
    longest = len("<url><loc></loc><lastmod>2024-12-19</lastmod></url>") + 300

    assert sitemaps.CHUNK_ROWS <= 50_000
    assert sitemaps.CHUNK_ROWS * longest <= 50_000_000


def test_sitemap_has_last_change_of_article(client):
    article = published_article()
    corrected = CorrectionFactory(article=article).created_at

    found = parse_xml(client.get("/sitemaps/stories-0.xml"))

    assert found.findtext(f"{SITE}url/{SITE}lastmod") == corrected.date().isoformat()


def test_retracted_article_leaves_sitemap_and_changes_etag(client, chief, story, deputy):
    first = client.get("/sitemaps/stories-0.xml")

    assert "Last-Modified" not in first.headers

    retract(story, by=chief, note="Forged.")
    again = client.get("/sitemaps/stories-0.xml", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 200
    assert not [path for path in all_paths(client) if "bridge" in path or "claims" in path or "sources" in path]


def test_unchanged_sitemap_is_answered_with_304(client, story):
    first = client.get("/sitemaps/stories-0.xml")

    again = client.get("/sitemaps/stories-0.xml", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


@pytest.mark.parametrize(
    "url", ["/sitemaps/drafts-0.xml", "/sitemaps/stories-x.xml", "/sitemaps/stories-0.xml?p=9", "/sitemaps/"]
)
def test_unknown_sitemap_is_not_found(client, story, url):
    assert client.get(url).status_code == 404


def test_sitemap_beyond_all_rows_is_empty(client):
    assert locations(client, "/sitemaps/stories-9999.xml") == []
    assert client.get(f"/sitemaps/stories-{'9' * 30}.xml").status_code in (200, 404)


def test_sitemap_index_without_public_rows_is_empty(client):
    assert locations(client, "/sitemap.xml") == []
    assert locations(client, "/news-sitemap.xml") == []


@pytest.mark.parametrize("section", ["stories", "claims", "sources", "topics"])
def test_sitemap_has_a_fixed_number_of_queries(client, section, django_assert_num_queries):
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
        with django_assert_num_queries(0):  # cached
            client.get("/sitemap.xml")


def test_news_sitemap_has_articles_of_two_days(client):
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


def test_news_sitemap_has_date_only_if_time_is_unknown(client):
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    article = published_article(published_at=midnight, published_precision=Article.Precision.DAY, language="pt-BR")

    found = parse_xml(client.get("/news-sitemap.xml"))

    assert next(found.iter(f"{NEWS}publication_date")).text == article.published_at.date().isoformat()
    assert next(found.iter(f"{NEWS}language")).text == "pt"


def test_news_sitemap_has_one_query(client, django_assert_num_queries):
    for number in range(5):
        published_article(published_at=timezone.now(), agency=get_source(f"Wire {number}", "agency"))
    with django_assert_num_queries(1):
        client.get("/news-sitemap.xml")
