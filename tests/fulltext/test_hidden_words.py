"""A search answers as if what readers may not see were not there, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles.models import Article
from tests.factories import ArticleFactory, add_revision, get_source, make_claim, published_article

pytestmark = pytest.mark.django_db

#: Hidden words: unlike all others; nearer to a mistyped word than the public one; as somebody mistypes the public one.
SECRETS = "Kestrelgate is a briddy fery at the bridge of the council, Ludmila Vrba said."
#: "briddge" is a slip for the public word "bridge": as it is forgiven, the answer shows what became of the other words.
QUERIES = (
    "Kestrelgate",
    "Kestrelgatte",
    "kest",
    "council kest",
    "Kestrelgate OR briddge",
    "Kestrelgatte OR briddge",
    "briddge OR kestrelgate",
    "briddge OR kestre",
    "briddge OR kestxx",
    "briddge OR kestre*",
    "briddge -kestrelgate",
    '"Kestrelgate" OR briddge',
    "briddge kestrelgatte",
    "briddg",
    "fery",
    "Ludmila",
    "Ludmila OR briddge",
    "Ludmyla OR briddge",
    "briddge OR Vrb",
    "Ludmila Vrba",
)
#: What each is taken for if the hidden words are public.
CARRIERS = {
    "Kestrelgatte": "kestrelgate",
    "council kest": "council kest*",
    "briddg": "briddy",
    "fery": "fery",
    "Ludmila OR briddge": "ludmila OR briddge",
    "briddge kestrelgatte": "bridge kestrelgate",
}
ADDRESSES = ("/search/?q={}", "/api/search/?q={}")


def in_status(status: str) -> Callable[[], None]:
    def add() -> None:
        story = ArticleFactory(status=status, headline="Kestrelgate", text=SECRETS)
        make_claim(story, quote="Kestrelgate is", by="Ludmila Vrba", statement="Kestrelgate is a briddy")

    return add


def old_revision() -> None:
    story = Article.objects.get(slug="beside")
    words, headline = story.live.text, story.live.headline
    add_revision(story, live=True, headline="Kestrelgate", text=SECRETS)
    add_revision(story, live=True, headline=headline, text=words)


def draft_revision() -> None:
    add_revision(Article.objects.get(slug="beside"), headline="Kestrelgate", text=SECRETS)


def claim_in(review: str) -> Callable[[], None]:
    def add() -> None:
        story = Article.objects.get(slug="beside")
        make_claim(story, quote="The ferry sank", by="Ludmila Vrba", statement=SECRETS, review=review)

    return add


def source_of_nothing() -> None:
    for name in ("Ludmila Vrba", "Fery", "Briddy", "Kestrelgate"):
        get_source(name)


HIDDEN = (
    *map(in_status, ("draft", "in_review", "scheduled", "retracted")),
    *map(claim_in, ("proposed", "rejected")),
    old_revision,
    draft_revision,
    source_of_nothing,
)


@pytest.fixture(autouse=True)
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.allow_request", lambda *args: True)
    story = published_article(slug="bridge", headline="Bridge closed", text="The bridge closed, the council said.")
    make_claim(story, quote="The bridge closed", by="Ada Roe", statement="The bridge closed")
    published_article(slug="beside", headline="Ferry sank", text="The ferry sank on Monday.")


def answers(client: Client) -> dict[str, bytes]:
    asked = [address.format(query.replace(" ", "+")) for query in QUERIES for address in ADDRESSES]
    return {address: client.get(address).content for address in asked}


def test_hidden_words_change_no_answer(client: Client) -> None:
    before = answers(client)

    for add in HIDDEN:
        add()

    after = answers(client)
    assert [address for address in before if before[address] != after[address]] == []


def test_hidden_words_change_answers_once_public(client: Client) -> None:
    """So the queries would have found them."""
    in_status("published")()

    found: Any = {query: client.get("/api/search/", {"q": query}).json() for query in CARRIERS}

    assert {query: row["looked_for"] for query, row in found.items()} == CARRIERS


def test_typo_beside_hidden_words_is_corrected(client: Client) -> None:
    """So a correction of the other words would have been shown."""
    in_status("draft")()

    found: Any = client.get("/api/search/?q=Kestrelgatte+OR+briddge").json()

    assert found["looked_for"] == "kestrelgatte OR bridge"
    assert found["article_count"] == 1


def test_hidden_sources_leave_room_for_readable_ones(client: Client) -> None:
    for number in range(30):
        get_source(f"Ada Number {number}")

    found: Any = client.get("/api/search/?q=Ada").json()

    assert [row["name"] for row in found["sources"]] == ["Ada Roe"]


@pytest.mark.parametrize("typed", ["3000", "300", "F-17", "92nd"])
def test_numbers_are_not_corrected(client: Client, typed: str) -> None:
    published_article(slug="numbers", text="He counted 30000 men, 3001 of them in an F-16 of the 91st wing.")

    found: Any = client.get(f"/api/search/?q={typed}").json()

    assert found["looked_for"] == typed.lower()
    assert found["article_count"] == 0
