"""A cache in front of the site is told exactly what to forget, after the fact and never in the editor's way."""

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
    """Writes down what it is told to forget."""

    told: list[tuple[str, str, str]] = []
    status = 200

    def do_PURGE(self):
        self.told.append((self.command, self.path, self.headers["Host"]))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Not on the tests' output."""


@pytest.fixture
def cache(settings):
    Cache.told, Cache.status = [], 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Cache)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.PURGE_URL = f"http://127.0.0.1:{server.server_port}"
    settings.PURGE_HOST = "news.example"
    yield Cache
    server.shutdown()
    server.server_close()


def told(cache):
    cache_purge.wait_for_purges()
    return [path for _, path, _ in cache.told]


def test_publishing_purges_what_it_changes(cache, editor):
    story, other = ArticleFactory(status="in_review", paragraphs=["The bridge will close."]), published_article()
    actions.publish(story, by=editor)
    paths = told(cache)
    assert story.get_absolute_url() in paths
    assert {"/", "/articles/", "/claims/", "/articles/feed.atom", "/sitemap.xml"} <= set(paths)
    assert other.get_absolute_url() not in paths
    assert len(paths) == len(set(paths))
    assert cache.told[0] == ("PURGE", paths[0], "news.example")


def test_a_claims_judgement_purges_its_page_and_its_speakers(cache, editor):
    story = published_article()
    told_by = make_claim(story, quote="At least 40 bolts are loose,", by="Ada Roe", review="proposed")
    review.accept_claims([told_by], by=editor, how=Claim.ReviewMethod.DESK)
    paths = told(cache)
    assert told_by.get_absolute_url() in paths
    assert get_source("Ada Roe").get_absolute_url() in paths


def test_a_merge_purges_the_stories_of_both(cache, chief):
    story = published_article()
    make_claim(story, quote="At least 40 bolts are loose,", by="Ada Roe", review="accepted")
    kept, gone = get_source("Adda Roe"), get_source("Ada Roe")
    merge.merge_sources(kept, gone, by=chief)
    assert {story.get_absolute_url(), kept.get_absolute_url(), gone.get_absolute_url()} <= set(told(cache))


def test_a_draft_purges_nothing(cache, editor):
    create_revision(ArticleFactory(), headline="Another", summary="", body="Other words.", by=editor)
    assert told(cache) == []


def test_what_did_not_happen_purges_nothing(cache, editor):
    with transaction.atomic():
        actions.publish(ArticleFactory(status="in_review", paragraphs=["The bridge will close."]), by=editor)
        transaction.set_rollback(True)
    assert told(cache) == []


def test_a_cache_that_refuses_is_logged_and_asked_on(cache, editor, caplog):
    cache.status = 403
    with caplog.at_level(logging.WARNING):
        actions.publish(ArticleFactory(status="in_review", paragraphs=["The bridge will close."]), by=editor)
        assert len(told(cache)) > 5
    assert "answered 403 to PURGE" in caplog.text


def test_a_cache_that_is_not_there_is_in_nobodys_way(settings, editor, caplog):
    settings.PURGE_URL, settings.PURGE_HOST = "http://127.0.0.1:9", "news.example"
    with caplog.at_level(logging.WARNING):
        story = actions.publish(ArticleFactory(status="in_review", paragraphs=["The bridge will close."]), by=editor)
        cache_purge.wait_for_purges()
    assert story.status == "published"
    assert "cannot be reached" in caplog.text


def test_without_a_cache_nothing_is_looked_up(settings, editor, django_assert_max_num_queries):
    settings.PURGE_URL = ""
    story = published_article()
    told_by = make_claim(story, quote="At least 40 bolts are loose,", by="Ada Roe", review="proposed")
    with django_assert_max_num_queries(8):
        review.accept_claims([told_by], by=editor, how=Claim.ReviewMethod.DESK)
    assert Claim.objects.get().review == "accepted"
