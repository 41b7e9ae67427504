"""Public pages are kept by caches for a short while, told apart by an ETag, and set no cookie."""

from __future__ import annotations

import pytest

from articles.models import Claim
from tests.factories import claim, published_article

pytestmark = pytest.mark.django_db

PAGES = ["/", "/articles/", "/claims/", "/sources/", "/ledgers/", "/topics/", "/search/?q=bolts", "/developers/"]


@pytest.fixture
def told(db):
    return claim(published_article(), quote="At least 40 bolts are loose,", by="Ada Roe")


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


def test_an_article_page_is_small(client, told):
    import gzip

    page = client.get(told.article.get_absolute_url()).content
    assert len(gzip.compress(page)) < 60_000
