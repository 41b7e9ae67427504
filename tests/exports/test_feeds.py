"""Feeds: their entries, their three formats, their filters."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.feedgenerator import rfc2822_date

from articles.exports.feeds import INVALID_XML_CHARS, strip_invalid_xml
from articles.models import Article, Claim, Correction
from articles.publishing.actions import correct, retract
from tests.factories import (
    BylineFactory,
    CorrectionFactory,
    SourceFactory,
    TopicFactory,
    add_revision,
    get_source,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)
from tests.views.helpers import page_links, parse_xml

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
FORMATS = ("atom", "rss", "json")


def atom(client, url="/articles/feed.atom"):
    response = client.get(url)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return parse_xml(response)


def rss(client, url="/articles/feed.rss"):
    response = client.get(url)
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    return parse_xml(response).find("channel")


def json_feed(client, url="/articles/feed.json"):
    response = client.get(url)
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    return json.loads(response.content)


def titles(client, url):
    """Return the titles of the entries, which are the same in all formats."""
    path, _, query = url.partition("?")
    query = f"?{query}" if query else ""
    as_json = [item["title"] for item in json_feed(client, f"{path}feed.json{query}")["items"]]
    as_atom = [
        entry.findtext(f"{ATOM}title") for entry in atom(client, f"{path}feed.atom{query}").iter(f"{ATOM}entry")
    ]
    as_rss = [item.findtext("title") for item in rss(client, f"{path}feed.rss{query}").iter("item")]
    assert as_json == as_atom == as_rss
    return as_json


# --- Entries ---


def test_atom_entry_has_required_elements(client):
    article = published_article(slug="bridge", headline="Bridge & harbour", summary="It closes <now>", language="uk")
    BylineFactory(article=article, name="Ada Roe", order=1)
    BylineFactory(article=article, name="Per Holm", order=2)
    article.topics.add(TopicFactory(name="Harbour"))

    feed = atom(client)

    assert feed.findtext(f"{ATOM}id") == "http://testserver/articles/feed.atom"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "On the Record"

    entry = feed.find(f"{ATOM}entry")

    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "uk"
    assert entry.findtext(f"{ATOM}title") == "Bridge & harbour"
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{article.public_id}"
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/articles/bridge/"
    assert entry.findtext(f"{ATOM}summary") == "<p>It closes &lt;now&gt;</p>"
    assert entry.findtext(f"{ATOM}published") == entry.findtext(f"{ATOM}updated") == "2024-12-19T12:00:00+00:00"
    assert [author.findtext(f"{ATOM}name") for author in entry.findall(f"{ATOM}author")] == ["Ada Roe", "Per Holm"]
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == ["Harbour"]


def test_rss_item_has_article_fields(client):
    article = published_article(slug="bridge", headline="Bridge closed", summary="Now")
    BylineFactory(article=article, name="Ada Roe")
    channel = rss(client)

    item = channel.find("item")

    assert item.findtext("link") == "http://testserver/articles/bridge/"
    assert item.findtext("guid") == f"urn:uuid:{article.public_id}"
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("pubDate") == rfc2822_date(article.published_at)
    assert item.findtext(f"{DC}creator") == "Ada Roe"
    assert channel.findtext("lastBuildDate") == rfc2822_date(article.published_at)


def test_json_feed_item_has_article_fields(client):
    article = published_article(slug="bridge", headline="Bridge closed", summary="Now")

    feed = json_feed(client)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "http://testserver/articles/"
    assert feed["items"] == [
        {
            "id": f"urn:uuid:{article.public_id}",
            "url": "http://testserver/articles/bridge/",
            "title": "Bridge closed",
            "content_html": "<p>Now</p>",
            "summary": "Now",
            "date_published": "2024-12-19T12:00:00+00:00",
            "date_modified": "2024-12-19T12:00:00+00:00",
            "language": "en",
        }
    ]


def test_claim_entry_has_chain_figures_and_article_link(client, story):
    entries = json_feed(client, "/claims/feed.json")["items"]

    assert [entry["title"] for entry in entries] == [
        "Bridge Inspectorate → Ada Roe: Inspectors counted at least 40 loose bolts",
        "Ada Roe: We cannot wait, Somebody will be hurt.",
        "A senior official: the bridge may close, and nothing else",
    ]

    first = Claim.objects.get(form="indirect")

    assert entries[0]["id"] == f"urn:uuid:{first.public_id}"
    assert entries[0]["url"] == f"http://testserver/claims/{first.public_id}/"
    assert "at least 40 bolts (40 or more)" in entries[0]["content_html"]
    assert f'<a href="http://testserver/articles/bridge/#c-{first.public_id.hex[:12]}">' in entries[0]["content_html"]


def test_claim_entry_date_is_newest_of_review_and_publication(client, story):
    accepted = timezone.now() - timedelta(days=1)
    Claim.objects.filter(form="direct").update(reviewed_at=accepted)
    Claim.objects.exclude(form="direct").update(reviewed_at=datetime(2020, 1, 1, tzinfo=UTC))

    first, second, _ = json_feed(client, "/claims/feed.json")["items"]

    assert second["date_modified"] == accepted.isoformat()
    assert first["date_modified"] == first["date_published"] == "2024-12-19T12:00:00+00:00"


def test_article_entry_date_changes_with_revision_and_correction(client, editor):
    article = published_article()

    assert json_feed(client)["items"][0]["date_modified"] == "2024-12-19T12:00:00+00:00"

    revision = add_revision(article, live=True)

    assert json_feed(client)["items"][0]["date_modified"] == revision.created_at.isoformat()

    correct(article, by=editor, kind="clarification", note="It was Monday.")

    assert json_feed(client)["items"][0]["date_modified"] == Correction.objects.get().created_at.isoformat()


def test_draft_of_published_article_leaves_feed_unchanged(client):
    article = published_article(headline="As it is")
    before = client.get("/articles/feed.atom").content

    add_revision(article, headline="As it may become")

    assert client.get("/articles/feed.atom").content == before


def test_long_statement_is_shortened_in_title_only(client):
    words = "The bolts are loose and " * 20 + "so on"
    make_claim(published_article(paragraphs=[words]), quote=words, by="Ada Roe")

    entry = json_feed(client, "/claims/feed.json")["items"][0]

    assert len(entry["title"]) <= 161
    assert entry["title"].endswith("…")
    assert entry["summary"] == words


def test_correction_entry_has_its_own_stable_id(client, editor):
    article = published_article(slug="bridge", headline="Bridge closed")
    correct(article, by=editor, kind="correction", note="It was <Monday>.")

    entry = json_feed(client, "/corrections/feed.json")["items"][0]

    assert entry["title"] == "Correction: Bridge closed"
    assert entry["content_html"] == "<p>It was &lt;Monday&gt;.</p>"
    assert uuid.UUID(entry["id"]) not in (article.public_id, *Claim.objects.values_list("public_id", flat=True))
    assert json_feed(client, "/corrections/feed.json")["items"][0]["id"] == entry["id"]


# --- Lists of entries ---


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("path", ["/articles/", "/claims/", "/corrections/"])
def test_empty_feed_is_the_same_each_time(client, path, format):
    response = client.get(f"{path}feed.{format}")

    assert response.status_code == 200
    assert client.get(f"{path}feed.{format}").content == response.content


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?form=direct", ["Ada Roe: We cannot wait, Somebody will be hurt."]),
        ("?speaker=Ada+Roe&figures=on", ["Bridge Inspectorate → Ada Roe: Inspectors counted at least 40 loose bolts"]),
        ("?kind=unnamed", ["A senior official: the bridge may close, and nothing else"]),
        ("?text=zeppelin", []),
    ],
)
def test_filtered_feed_has_the_entries_of_the_list(client, story, query, expected):
    assert titles(client, f"/claims/{query}") == expected


def test_article_feed_is_filtered(client, story):
    published_article(headline="Something else", summary="")

    assert titles(client, "/articles/?source=Ada+Roe") == ["Bridge has loose bolts"]


def test_filtered_feed_is_newest_first_in_any_list_order(client):
    for year in (2021, 2023, 2022):
        article = published_article(paragraphs=[f"In {year}."], published_at=datetime(year, 1, 1, tzinfo=UTC))
        make_claim(article, quote=f"In {year}.")

    assert titles(client, "/claims/?sort=oldest") == [
        "an official: In 2023.",
        "an official: In 2022.",
        "an official: In 2021.",
    ]


def test_feed_url_has_only_the_filters_in_use(client, story):
    feed = json_feed(client, "/claims/feed.json?speaker=ada+roe&text=&page=abc&sort=oldest&utm_source=x&form=direct")

    assert feed["feed_url"] == "http://testserver/claims/feed.json?speaker=ada+roe&form=direct"
    assert feed["home_page_url"] == "http://testserver/claims/?speaker=ada+roe&form=direct"
    assert "Ada Roe" in feed["title"]
    assert client.get(feed["home_page_url"].removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("query", "said"), [("?kind=bogus", "bogus"), ("?speaker=Nobody+Ever", "Nobody Ever"), ("?after=x", "date")]
)
def test_bad_filter_of_feed_is_refused_in_plain_text(client, story, format, query, said):
    response = client.get(f"/claims/feed.{format}{query}")

    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/plain")
    assert said in response.content.decode()


def test_source_feed_has_claims_said_and_passed_on(client, story, deputy):
    assert len(titles(client, deputy.get_absolute_url())) == 2

    gone = SourceFactory(merged_into=deputy)

    response = client.get(f"/sources/{gone.slug}/feed.rss")

    assert response.status_code == 301
    assert response.headers["Location"] == f"/sources/{deputy.slug}/feed.rss"


def test_agency_without_claims_has_an_empty_feed(client, story):
    assert titles(client, story.agency.get_absolute_url()) == []
    assert client.get(f"/sources/{SourceFactory().slug}/feed.atom").status_code == 404


def test_topic_feed_has_its_articles(client):
    topic = TopicFactory(name="Harbour", slug="harbour")
    published_article(headline="Ferry", topics=(topic,))

    published_article(headline="Choir")

    assert titles(client, "/topics/harbour/") == ["Ferry"]
    assert client.get("/topics/empty/feed.atom").status_code == 404


def test_retraction_moves_article_to_correction_feed(client, chief):
    article = published_article(headline="Forged", paragraphs=["It fell, Ada Roe said."])
    make_claim(article, quote="It fell,", by="Ada Roe")

    retract(article, by=chief, note="The letter was forged.")

    assert titles(client, "/articles/") == titles(client, "/claims/") == []
    assert titles(client, "/corrections/") == ["Retraction: Forged"]


# --- Formats and headers ---

ODD = "A\x07B\x0bC\x1fD\ufffeE\x85F\U0001f525G"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("path", ["/articles/", "/claims/", "/corrections/", "/topics/odd/"])
def test_odd_characters_do_not_break_a_feed(client, path, format):
    article = published_article(headline=ODD, summary=f"{ODD}]]> <![CDATA[ &amp; &bogus;", paragraphs=["It fell."])
    article.topics.add(TopicFactory(name=ODD, slug="odd"))
    BylineFactory(article=article, name=ODD)
    make_claim(
        article, quote="It fell.", statement=ODD, by=unnamed_speaker(ODD), figures=[make_quantity(ODD, lower=1)]
    )
    CorrectionFactory(article=article, note=ODD)

    response = client.get(f"{path}feed.{format}")

    assert response.status_code == 200

    if format == "json":
        assert json.loads(response.content)["items"]
    else:
        assert not INVALID_XML_CHARS.search(response.content.decode())
        assert "\U0001f525G" in "".join(parse_xml(response).itertext())


def test_strip_invalid_xml_removes_only_invalid_characters():
    assert strip_invalid_xml(ODD) == "ABCDE\x85F\U0001f525G"
    assert (
        strip_invalid_xml("\t\n\r \ud7ff\ue000\ufffd\U00010000\U0010ffff")
        == "\t\n\r \ud7ff\ue000\ufffd\U00010000\U0010ffff"
    )
    assert strip_invalid_xml("\ud800\udfff\uffff\x00") == ""


@pytest.mark.parametrize("format", FORMATS)
def test_unchanged_feed_is_answered_with_304(client, story, format):
    first = client.get(f"/claims/feed.{format}")

    again = client.get(f"/claims/feed.{format}", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert not again.content
    assert "max-age=300" in first.headers["Cache-Control"]

    Article.objects.update(status="retracted")
    changed = client.get(f"/claims/feed.{format}", headers={"If-None-Match": first.headers["ETag"]})

    assert changed.status_code == 200


def test_post_to_feed_is_not_allowed(client):
    assert client.post("/articles/feed.atom").status_code == 405


def test_urls_in_feeds_are_absolute(client, story):
    check = URLValidator(schemes=["http"])
    for path in ("/articles/feed.json", "/claims/feed.json"):
        feed = json_feed(client, path)
        for url in (feed["feed_url"], feed["home_page_url"], *(item["url"] for item in feed["items"])):
            try:
                check(url.replace("testserver", "testserver.example"))
            except ValidationError:
                pytest.fail(url)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("articles", 1), ("claims", 3), ("topics/t", 2), ("sources/ada", 4), ("corrections", 1)],
)
def test_feed_has_a_fixed_number_of_queries(client, django_assert_num_queries, path, expected):
    topic = TopicFactory(slug="t")
    ada = SourceFactory(name="Ada Roe", slug="ada")
    for _ in range(2):
        for _ in range(8):
            article = published_article(paragraphs=["It fell."], topics=(topic,), agency=get_source("Wire", "agency"))
            BylineFactory.create_batch(2, article=article)
            make_claim(
                article,
                quote="It fell.",
                by=[ada, unnamed_speaker("a man")],
                figures=[make_quantity("at least 3", lower=3)],
            )
            CorrectionFactory(article=article)
        with django_assert_num_queries(expected):
            client.get(f"/{path}/feed.atom")


@pytest.mark.parametrize("path", ["/", "/articles/", "/claims/?form=direct", "/corrections/", "/topics/t/"])
def test_head_of_page_links_to_its_feeds(client, story, path):
    story.topics.add(TopicFactory(slug="t"))
    head = client.get(path).content.decode().partition("</head>")[0]
    found = [line.partition('href="')[2].partition('"')[0] for line in head.split('<link rel="alternate"')[1:]]
    found = [href.replace("&amp;", "&") for href in found]
    own = path.partition("?")

    expected = "/articles/feed.atom" if path == "/" else f"{own[0]}feed.atom{own[1]}{own[2]}"

    assert expected in found
    for href in found:
        assert client.get(href).status_code == 200, href


def test_follow_page_links_to_existing_feeds(client, story, django_assert_num_queries):
    story.topics.add(TopicFactory(name="Harbour", slug="harbour"))
    TopicFactory(name="Empty", slug="empty")
    with django_assert_num_queries(2):
        page = client.get("/follow/")

    found = [href for href in page_links(page) if "feed." in href]

    assert {"/articles/feed.rss", "/topics/harbour/feed.atom", "/corrections/feed.json"} <= set(found)
    assert len(found) == 3 * (3 + 1 + 2)
    for href in found:
        assert client.get(href).status_code == 200, href
