"""Feeds and exports refuse parameters that they do not know; pages ignore them."""

from __future__ import annotations

import pytest

from articles.parameters import unknown_parameters
from tests.factories import make_claim, published_article
from tests.views.helpers import page_links

pytestmark = pytest.mark.django_db

URLS = [
    *(f"/claims/feed.{end}" for end in ("atom", "rss", "json")),
    *(f"/claims/export.{end}" for end in ("csv", "json")),
]


@pytest.fixture(autouse=True)
def said() -> None:
    make_claim(published_article(), quote="At least 40 bolts are loose,", by="Ada Roe")


@pytest.mark.parametrize("url", URLS)
def test_typo_in_a_parameter_is_refused(client, url):
    answer = client.get(f"{url}?orign=ada-roe")

    assert answer.status_code == 400
    assert answer.content.decode() == "unknown parameter “orign”; did you mean “origin”?\n"


@pytest.mark.parametrize("url", ["/articles/feed.atom", "/articles/export.csv"])
def test_filter_of_claims_is_unknown_to_articles(client, url):
    assert client.get(f"{url}?origin=ada-roe").status_code == 400


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("query", ["origin=Ada+Roe", "page=x&sort=oldest", "utm_source=letter", "gclid=1"])
def test_known_parameters_and_trackers_are_allowed(client, url, query):
    assert client.get(f"{url}?{query}").status_code == 200


def test_page_ignores_unknown_parameter_and_drops_it(client):
    page = client.get("/claims/?orign=x&form=direct")

    taken = [link for link in page_links(page) if "export." in link or "feed." in link]
    assert page.status_code == 200
    assert "/claims/export.csv?form=direct" in taken
    assert not [link for link in taken if "orign" in link]


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        (["origin"], []),
        (["orign"], ["unknown parameter “orign”; did you mean “origin”?"]),
        (["xyz"], ["unknown parameter “xyz”"]),
        (["orign", "xyz"], ["unknown parameter “orign”; did you mean “origin”?", "unknown parameter “xyz”"]),
        (["utm_campaign", "fbclid"], []),
    ],
)
def test_each_unknown_parameter_has_its_message(given, sentences):
    assert unknown_parameters(given, ["origin", "speaker"]) == sentences
