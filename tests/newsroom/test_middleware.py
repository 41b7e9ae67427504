"""Public pages are kept by caches for a short while, told apart by an ETag, and set no cookie."""

from __future__ import annotations

import gzip

import pytest
from django.conf import settings

from articles.models import Claim
from tests.factories import make_claim, make_quantity, published_article

pytestmark = pytest.mark.django_db

PAGES = ["/", "/articles/", "/claims/", "/sources/", "/ledgers/", "/topics/", "/search/?q=bolts", "/developers/"]


@pytest.fixture
def told(db):
    return make_claim(published_article(), quote="At least 40 bolts are loose,", by="Ada Roe")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_kept_for_a_while_and_not_sent_twice(client, told, address):
    first = client.get(address)
    assert "public" in first["Cache-Control"]
    assert "stale-while-revalidate" in first["Cache-Control"]
    assert not first.cookies
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_has_changed_is_sent(client, told):
    address = told.article.get_absolute_url()
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    Claim.objects.update(review="rejected")
    changed = client.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed["ETag"] != etag
    assert "Last-Modified" not in changed


def test_whoever_has_a_session_gets_nothing_that_is_kept(client_of, editor, told):
    answer = client_of(editor).get("/claims/")
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer


def test_the_newsroom_is_never_kept(client_of, editor):
    assert "public" not in client_of(editor).get("/admin/")["Cache-Control"]


@pytest.mark.parametrize("address", ["/claims/?form=loud", "/claims/00000000-0000-0000-0000-000000000000/"])
def test_errors_are_not_kept(client, address):
    assert "Cache-Control" not in client.get(address)


def test_an_article_page_is_small_with_all_that_belongs_to_it(client, db):
    """At most 60 KB compressed with everything but pictures; a story of 25 claims is a long one."""
    words = [f"At least {n + 20} pumps of district {n} failed last winter and nobody was told," for n in range(25)]
    story = published_article(paragraphs=[f"“{line}” engineer Ada Roe told reporters." for line in words])
    for line in words:
        make_claim(story, quote=line, by=["Water Board", "Ada Roe"], figures=[make_quantity("At least 20", lower=20)])
    answer = client.get(story.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
    static = sum(
        len(gzip.compress((settings.BASE_DIR / "newsroom/static/newsroom" / name).read_bytes()))
        for name in ("site.css", "image_focus.css", "claim_notes.js", "mark.svg")
    )
    assert gzip.decompress(answer.content).decode().count("<details") == 25
    assert len(answer.content) + static < 60 * 1024


@pytest.mark.parametrize("address", ["/claims/", "/claims/feed.atom", "/developers/"])
def test_text_goes_out_compressed_to_whoever_takes_it(client, told, address):
    plain = client.get(address)
    assert "Content-Encoding" not in plain
    small = client.get(address, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert gzip.decompress(small.content) == plain.content
    assert int(small["Content-Length"]) == len(small.content) < len(plain.content)
    again = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": small["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("takes", ["", "br", "gzip;q=0", "br, gzip; q=0.0"])
def test_whoever_does_not_take_it_is_given_it_plain(client, told, takes):
    assert "Content-Encoding" not in client.get("/claims/", headers={"Accept-Encoding": takes})


def test_what_has_a_session_is_not_compressed(client_of, editor, told):
    """The length of a compressed page with a token in it would tell of the token."""
    answer = client_of(editor).get("/claims/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer
    assert "Content-Encoding" not in client_of(editor).get("/admin/", headers={"Accept-Encoding": "gzip"})
