"""Test the public pages in a language made for the tests.

It puts every text of the site into brackets. So text outside of brackets must come from the newsroom.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.translation import trans_real

from tests.factories import CorrectionFactory, LedgerFactory, TopicFactory

pytestmark = pytest.mark.django_db

SHOWN = frozenset(("alt", "title", "placeholder", "aria-label"))
UNSPOKEN = frozenset(("script", "style", "code", "pre", "textarea"))
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{2,}")
#: The same in every language: names of formats, and the site's own.
NAMES = frozenset("On the Record Atom RSS JSON Feed CSV UTC Web Annotation ninjs ninja OpenAPI".split())


class Spoken(HTMLParser):
    """What a page shows or has read out, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unspoken = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unspoken += tag in UNSPOKEN
        self.pieces += [value for name, value in attrs if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self._unspoken -= tag in UNSPOKEN

    def handle_data(self, data: str) -> None:
        if not self._unspoken:
            self.pieces.append(data)


@pytest.fixture
def bracketed(monkeypatch):
    """The language."""
    said = {
        "gettext": lambda message: f"⟦{message}⟧",
        "pgettext": lambda context, message: f"⟦{message}⟧",
        "ngettext": lambda one, many, n: f"⟦{one if n == 1 else many}⟧",
        "npgettext": lambda context, one, many, n: f"⟦{one if n == 1 else many}⟧",
    }
    for name, function in said.items():
        monkeypatch.setattr(trans_real, name, function)
        monkeypatch.setitem(translation._trans.__dict__, name, function)  # what was looked up is kept there


def written() -> str:
    """All words that stand in the database."""
    return "\n".join(
        str(value)
        for model in apps.get_models()
        if model._meta.app_label in ("articles", "sources")
        for row in model._default_manager.values_list(
            *[field.name for field in model._meta.fields if isinstance(field, models.CharField | models.TextField)]
        )
        for value in row
        if value
    )


PAGES = (
    "/", "/articles/", "/articles/?text=zebra", "/articles/bridge/", "/claims/", "/claims/?text=zebra&figures=on",
    "/claims/?anyone=nobody&after=soon", "/claims/?page=wrong", "/sources/", "/sources/?text=zebra", "/topics/", "/topics/bridges/",
    "/corrections/", "/ledgers/", "/ledgers/bolts/", "/search/", "/search/?q=zebra", "/search/?q=bolts", "/nothing/", "CLAIM", "SOURCE",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_word_of_the_site_is_translated(client, story, deputy, bracketed, page):
    story.topics.add(TopicFactory(name="Bridges", slug="bridges"))
    CorrectionFactory(article=story, note="The bolts are on the north side.").claims.add(story.claims.first())
    story.claims.first().quantities.update(ledger=LedgerFactory(name="Loose bolts", slug="bolts", counts="bolts"))
    addresses = {"CLAIM": story.claims.first().get_absolute_url(), "SOURCE": deputy.get_absolute_url()}
    spoken = Spoken()
    spoken.feed(client.get(addresses.get(page, page)).content.decode())
    text, known = "", {*WORD.findall(written() + page), *NAMES}
    left = []
    for piece in spoken.pieces:
        text += piece
        if text.count("⟦") > text.count("⟧"):
            continue  # a sentence with a link in it is several pieces
        while text != (outside := BRACKETED.sub(" ", text)):
            text = outside  # a date within a sentence is a pair within a pair
        left += [word for word in WORD.findall(text) if word not in known]
        text = ""
    assert left == []
