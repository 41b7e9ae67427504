"""/topics/ and /topics/<slug>/"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.factories import ArticleFactory, TopicFactory, make_claim, published_article
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour(db):
    return TopicFactory(name="Harbour", slug="harbour", description="Bridges and ferries.")


def test_list_shows_article_count_and_latest_article(client, harbour):
    published_article(headline="Old", published_at=datetime(2024, 1, 1, tzinfo=UTC), topics=(harbour,))
    published_article(headline="New", published_at=datetime(2024, 2, 1, tzinfo=UTC), topics=(harbour,), slug="new")
    page = client.get("/topics/")
    assert "Harbour Bridges and ferries. New 2 stories · last 1 February 2024" in page_text(page).replace(
        " last", " · last"
    )
    assert {"/topics/harbour/", "/articles/new/"} <= set(page_links(page))
    assert "Old" not in page_text(page)


def test_topic_shows_newest_articles_and_most_quoted(client, harbour):
    for day, headline in ((1, "First"), (3, "Third"), (2, "Second")):
        article = published_article(
            headline=headline,
            published_at=datetime(2024, 1, day, tzinfo=UTC),
            topics=(harbour,),
            paragraphs=["It fell. It rose."],
        )
        make_claim(article, quote="It fell.", by="Ada Roe")
    make_claim(article, quote="It rose.", by="Per Holm")
    other = published_article(paragraphs=["Choirs sang."])
    make_claim(other, quote="Choirs sang.", by="Ingrid")
    page = client.get("/topics/harbour/")
    assert [story.live.headline for story in page.context["page"].rows] == ["Third", "Second", "First"]
    assert [(voice.name, voice.claims) for voice in page.context["sources"]] == [("Ada Roe", 3), ("Per Holm", 1)]
    assert "/claims/?topic=harbour" in page_links(page)
    assert "Ingrid" not in page_text(page)


@pytest.mark.parametrize("status", ["draft", "in_review", "scheduled", "retracted"])
def test_topic_without_public_articles_is_404(client, harbour, status):
    ArticleFactory(status=status, topics=(harbour,))
    assert "Harbour" not in client.get("/topics/").content.decode()
    assert client.get("/topics/harbour/").status_code == 404


def test_empty_list_says_so(client):
    assert "No topics yet" in page_text(client.get("/topics/"))


def test_list_is_paginated(client, harbour):
    for day in range(1, 26):
        published_article(headline=f"Day {day}", published_at=datetime(2024, 1, day, tzinfo=UTC), topics=(harbour,))
    first = client.get("/topics/harbour/")
    second = client.get(f"/topics/harbour/?page={first.context['page'].next}")
    assert len(first.context["page"].rows) == 20
    assert second.context["page"].rows[0].live.headline == "Day 5"
    damaged = client.get("/topics/harbour/?page=bogus")
    assert damaged.status_code == 400
    assert "damaged" in page_text(damaged)


def test_query_count_does_not_grow(client, harbour, django_assert_num_queries):
    for count in (1, 12):
        for number in range(count):
            article = published_article(
                paragraphs=["It fell."], topics=(harbour, TopicFactory(name=f"T{count}-{number}"))
            )
            make_claim(article, quote="It fell.", by=["Ada Roe", f"Speaker {count}-{number}"])
        with django_assert_num_queries(1):
            client.get("/topics/")
        with django_assert_num_queries(3):
            client.get("/topics/harbour/")


def test_article_links_to_its_topics(client, harbour):
    published_article(topics=(harbour,), slug="bridge")
    assert "/topics/harbour/" in page_links(client.get("/articles/bridge/"))
    assert "/topics/harbour/" in page_links(client.get("/articles/"))
