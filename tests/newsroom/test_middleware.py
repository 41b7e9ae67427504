"""Public pages: cache headers, ETag, compression, and no cookies."""

from __future__ import annotations

import gzip

import pytest
from django.conf import settings

from articles.models import Claim
from tests.factories import make_claim, make_quantity, published_article

pytestmark = pytest.mark.django_db

PAGES = ["/", "/articles/", "/claims/", "/sources/", "/ledgers/", "/topics/", "/search/?q=bolts", "/developers/"]


@pytest.fixture
def claim(db):
    return make_claim(published_article(), quote="At least 40 bolts are loose,", by="Ada Roe")


# --- Caching ---


@pytest.mark.parametrize("url", PAGES)
def test_public_page_may_be_cached_and_has_no_cookie(client, claim, url):
    response = client.get(url)

    assert "public" in response["Cache-Control"]
    assert "stale-while-revalidate" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
    assert not response.cookies


@pytest.mark.parametrize("url", PAGES)
def test_unchanged_page_is_not_sent_again(client, claim, url):
    etag = client.get(url)["ETag"]

    response = client.get(url, headers={"If-None-Match": etag})

    assert (response.status_code, response.content) == (304, b"")


def test_changed_page_is_sent_with_another_etag(client, claim):
    url = claim.article.get_absolute_url()
    etag = client.get(url)["ETag"]

    Claim.objects.update(review="rejected")
    response = client.get(url, headers={"If-None-Match": etag})

    assert response.status_code == 200
    assert response["ETag"] != etag
    assert "Last-Modified" not in response


def test_page_for_a_session_is_not_cached(client_of, editor, claim):
    response = client_of(editor).get("/claims/")

    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response


def test_admin_page_is_not_cached(client_of, editor):
    response = client_of(editor).get("/admin/")

    assert "public" not in response["Cache-Control"]
    assert "ETag" not in response


@pytest.mark.parametrize("url", ["/claims/?form=loud", "/claims/00000000-0000-0000-0000-000000000000/"])
def test_error_page_is_not_cached(client, url):
    assert "Cache-Control" not in client.get(url)


# --- Compression ---


def test_article_page_of_25_claims_is_under_60_kb(client, db):
    """The page and its static files, compressed, without images."""
    sentences = [f"At least {n + 20} pumps of district {n} failed last winter and nobody was told," for n in range(25)]
    article = published_article(paragraphs=[f"“{text}” engineer Ada Roe told reporters." for text in sentences])
    for text in sentences:
        make_claim(
            article, quote=text, by=["Water Board", "Ada Roe"], figures=[make_quantity("At least 20", lower=20)]
        )

    response = client.get(article.get_absolute_url(), headers={"Accept-Encoding": "gzip"})

    static_bytes = sum(
        len(gzip.compress((settings.BASE_DIR / "newsroom/static/newsroom" / name).read_bytes()))
        for name in ("site.css", "image_focus.css", "claim_notes.js", "mark.svg")
    )
    assert gzip.decompress(response.content).decode().count("<details") == 25
    assert len(response.content) + static_bytes < 60 * 1024


@pytest.mark.parametrize("url", ["/claims/", "/claims/feed.atom", "/developers/"])
def test_text_is_compressed_if_the_client_accepts_gzip(client, claim, url):
    plain = client.get(url)
    compressed = client.get(url, headers={"Accept-Encoding": "br, gzip;q=0.8"})

    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]
    assert compressed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in compressed["Vary"]
    assert gzip.decompress(compressed.content) == plain.content
    assert int(compressed["Content-Length"]) == len(compressed.content) < len(plain.content)


def test_unchanged_compressed_page_is_not_sent_again(client, claim):
    etag = client.get("/claims/", headers={"Accept-Encoding": "gzip"})["ETag"]

    response = client.get("/claims/", headers={"Accept-Encoding": "gzip", "If-None-Match": etag})

    assert (response.status_code, response.content) == (304, b"")


def test_streamed_export_is_compressed(client, claim):
    plain = client.get("/claims/export.csv").getvalue()

    response = client.get("/claims/export.csv", headers={"Accept-Encoding": "gzip"})

    assert response.streaming
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.getvalue()) == plain


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "br, gzip; q=0.0"])
def test_page_is_plain_if_the_client_does_not_accept_gzip(client, claim, accepted):
    assert "Content-Encoding" not in client.get("/claims/", headers={"Accept-Encoding": accepted})


def test_image_is_not_compressed(client, claim):
    url = f"{claim.article.get_absolute_url()}share.png"

    assert "Content-Encoding" not in client.get(url, headers={"Accept-Encoding": "gzip"})


@pytest.mark.parametrize("url", ["/claims/", "/claims/export.csv", "/admin/"])
def test_response_to_a_session_is_not_compressed(client_of, editor, claim, url):
    """The length of a compressed page could reveal a token in it."""
    response = client_of(editor).get(url, headers={"Accept-Encoding": "gzip"})

    assert response.status_code == 200
    assert "Content-Encoding" not in response


def test_login_page_is_not_compressed(client, db):
    response = client.get("/admin/login/", headers={"Accept-Encoding": "gzip"})

    assert "csrfmiddlewaretoken" in response.content.decode()
    assert "Content-Encoding" not in response
