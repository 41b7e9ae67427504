"""A client for the review desk's JSON views, and an article to review."""

from __future__ import annotations

import json
import uuid

from django.test import Client
from django.urls import reverse

from articles.models import Article
from tests.factories import make_claim, make_quantity, published_article, unnamed_speaker

QUOTES = ("will close on Monday", "At least 40 bolts are loose,", "We cannot wait.")


class DeskClient:
    """An article's review desk, as its scripts use it: remembers sent versions."""

    def __init__(self, client: Client, article: Article) -> None:
        self.client, self.article = client, article
        self.refresh()

    def url(self, name=""):
        return reverse(f"admin:articles_article_desk{name}", args=[self.article.pk])

    def refresh(self):
        self.state = self.client.get(self.url("_state")).json()
        self.cards = {card["id"]: card for card in self.state["cards"]}
        return self

    @property
    def ids(self):
        return list(self.cards)

    def send(self, kind, *claims, **more):
        """Send an action on these claims; the first is its `claim`. Return the response."""
        body = {
            "id": str(uuid.uuid4()),
            "kind": kind,
            "seen": {pk: self.cards[pk]["version"] for pk in claims},
            "revision": self.state["revision"],
            **({"claim": claims[0]} if claims else {}),
            **more,
        }
        return self.client.post(self.url("_act"), json.dumps(body), content_type="application/json")

    def send_ok(self, kind, *claims, **more):
        """Send an action that must succeed. Update the cards and return the answer."""
        response = self.send(kind, *claims, **more)
        assert response.status_code == 200, response.content
        answer = response.json()
        self.cards.update({card["id"]: card for card in answer["cards"]})
        for pk in answer["removed"]:
            del self.cards[pk]
        self.state["undo"] = answer["undo"]
        return answer


def make_article_to_review() -> Article:
    """Return an article with three proposed claims, in the order of the text."""
    article = published_article(headline="Bridge closes")
    for quote in QUOTES:
        make_claim(
            article,
            quote=quote,
            by=[unnamed_speaker("an inspector", organisation="The inspectorate"), "Ada Roe"],
            figures=[make_quantity("At least 40", lower=40, counts="bolts")] if "40" in quote else [],
            review="proposed",
            confidence=0.9,
            extractor="rules-1",
        )
    return article
