"""Purging changed pages from an HTTP cache in front of the site."""

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction

from articles.claims import review
from articles.editing.revisions import create_revision
from articles.models import Claim
from articles.publishing import actions
from newsroom import cache_purge
from sources import merge
from tests.factories import ArticleFactory, get_source, make_claim, published_article

pytestmark = pytest.mark.django_db(transaction=True)


class Cache(BaseHTTPRequestHandler):
    """A server that remembers the PURGE requests it gets."""

    requests: list[tuple[str, str, str]] = []
    status = 200

    def do_PURGE(self):
        self.requests.append((self.command, self.path, self.headers["Host"]))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Keep the output of the tests clean."""


@pytest.fixture
def cache(settings):
    Cache.requests, Cache.status = [], 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Cache)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.PURGE_URL = f"http://127.0.0.1:{server.server_port}"
    settings.PURGE_HOST = "news.example"
    yield Cache
    server.shutdown()
    server.server_close()


def purged_paths(cache):
    cache_purge.wait_for_purges()
    return [path for _, path, _ in cache.requests]


def test_publishing_purges_what_it_changes(cache, editor):
    article, unchanged = ArticleFactory(status="in_review", paragraphs=["The bridge will close."]), published_article()
    actions.publish(article, by=editor)

    paths = purged_paths(cache)

    assert article.get_absolute_url() in paths
    assert {"/", "/articles/", "/claims/", "/articles/feed.atom", "/sitemap.xml"} <= set(paths)
    assert unchanged.get_absolute_url() not in paths
    assert len(paths) == len(set(paths))
    assert cache.requests[0] == ("PURGE", paths[0], "news.example")


def test_review_purges_the_claim_and_its_speakers(cache, editor):
    article = published_article()
    claim = make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe", review="proposed")
    review.accept_claims([claim], by=editor, how=Claim.ReviewMethod.DESK)

    paths = purged_paths(cache)

    assert claim.get_absolute_url() in paths
    assert get_source("Ada Roe").get_absolute_url() in paths


def test_merge_purges_both_sources_and_their_articles(cache, chief):
    article = published_article()
    make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe", review="accepted")
    kept, gone = get_source("Adda Roe"), get_source("Ada Roe")

    merge.merge_sources(kept, gone, by=chief)

    assert {article.get_absolute_url(), kept.get_absolute_url(), gone.get_absolute_url()} <= set(purged_paths(cache))


def test_change_of_a_draft_purges_nothing(cache, editor):
    create_revision(ArticleFactory(), headline="Another", summary="", body="Other words.", by=editor)

    assert purged_paths(cache) == []


def test_change_that_is_rolled_back_purges_nothing(cache, editor):
    with transaction.atomic():
        actions.publish(ArticleFactory(status="in_review", paragraphs=["The bridge will close."]), by=editor)
        transaction.set_rollback(True)

    assert purged_paths(cache) == []


def test_error_response_is_logged_and_purging_continues(cache, editor, caplog):
    cache.status = 403

    with caplog.at_level(logging.WARNING):
        actions.publish(ArticleFactory(status="in_review", paragraphs=["The bridge will close."]), by=editor)
        assert len(purged_paths(cache)) > 5

    assert "answered 403 to PURGE" in caplog.text


def test_unreachable_cache_is_logged(settings, editor, caplog):
    settings.PURGE_URL, settings.PURGE_HOST = "http://127.0.0.1:9", "news.example"

    with caplog.at_level(logging.WARNING):
        article = actions.publish(ArticleFactory(status="in_review", paragraphs=["The bridge will close."]), by=editor)
        cache_purge.wait_for_purges()

    assert article.status == "published"
    assert "cannot be reached" in caplog.text


def test_without_purge_url_no_query_is_made(settings, editor, django_assert_max_num_queries):
    settings.PURGE_URL = ""
    article = published_article()
    claim = make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe", review="proposed")

    with django_assert_max_num_queries(8):
        review.accept_claims([claim], by=editor, how=Claim.ReviewMethod.DESK)

    assert Claim.objects.get().review == "accepted"
