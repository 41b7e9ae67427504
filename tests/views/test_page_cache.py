"""Test the cache of article pages.

A page takes one small query and one read of the cache. It never shows what is out of date.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.claims import review
from articles.editing.revisions import create_revision
from articles.models import Article, Claim
from articles.publishing import actions
from sources import merge
from tests.admin.desks import DeskClient
from tests.factories import ArticleFactory, get_source, make_claim, published_article

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("page_cache")]

QUOTE = "At least 40 bolts are loose,"


@pytest.fixture
def story(db):
    article = published_article(headline="Bridge closes")
    make_claim(article, quote=QUOTE, by="Ada Roe", review="accepted")
    return article


def page(client, story, **headers):
    return client.get(story.get_absolute_url(), headers=headers).content.decode()


def test_cached_page_takes_one_query(client, story, django_assert_num_queries):
    first = page(client, story)
    with django_assert_num_queries(1):
        assert page(client, story) == first
    with django_assert_num_queries(1):
        assert client.head(story.get_absolute_url()).status_code == 200


def test_cached_page_is_served_like_a_fresh_one(client, story):
    first = client.get(story.get_absolute_url())
    again = client.get(story.get_absolute_url())
    assert dict(first.headers) == dict(again.headers)
    assert client.get(story.get_absolute_url(), headers={"If-None-Match": again["ETag"]}).status_code == 304


def test_desk_action_shows_at_once(client, story, editor, client_of):
    assert "Ada Roe" in page(client, story)
    desk = DeskClient(client_of(editor), story)
    desk.send_ok("reject", desk.ids[0])
    assert "cites" not in page(client, story).split('class="passage"')[0]
    assert 'class="notes"' not in page(client, story)
    desk.send_ok("undo")
    assert 'class="notes"' in page(client, story)


def test_review_outside_the_desk_shows_at_once(client, story, editor):
    page(client, story)
    review.reject_claims(list(Claim.objects.all()), by=editor, how=Claim.ReviewMethod.DESK)
    assert 'class="notes"' not in page(client, story)


def test_merge_and_its_undo_show_at_once(client, story, chief):
    assert "Ada Roe" in page(client, story)
    made = merge.merge_sources(get_source("Adda Roe"), get_source("Ada Roe"), by=chief)
    assert "Adda Roe" in page(client, story)
    merge.undo_merge(made, by=chief)
    assert "Adda Roe" not in page(client, story)


def test_correction_and_retraction_show_at_once(client, story, editor, chief):
    page(client, story)
    create_revision(story, headline="Bridge stays open", summary="", body=story.latest.text, by=editor)
    assert "Bridge stays open" not in page(client, story)
    actions.correct(
        Article.objects.get(pk=story.pk), by=chief, kind="correction", note="It stays open.", over=_warnings(story)
    )
    assert "It stays open." in page(client, story)
    actions.retract(Article.objects.get(pk=story.pk), by=chief, note="All of it was wrong.")
    assert "This story has been retracted." in page(client, story)
    assert QUOTE not in page(client, story)


def _warnings(story):
    from articles.publishing.article_checks import open_warnings

    return [warning.key for warning in open_warnings(Article.objects.get(pk=story.pk))]


def test_scheduled_article_appears_at_its_time(client):
    story = ArticleFactory(status="scheduled", published_at=timezone.now() + timedelta(hours=1))
    assert client.get(story.get_absolute_url()).status_code == 404
    Article.objects.filter(pk=story.pk).update(published_at=timezone.now() - timedelta(seconds=1))
    assert client.get(story.get_absolute_url()).status_code == 200
    Article.objects.filter(pk=story.pk).update(published_at=timezone.now() + timedelta(hours=1))
    assert client.get(story.get_absolute_url()).status_code == 404


def test_cached_page_has_the_host_of_the_request(client, story, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    assert "http://one.example/" in page(client, story, host="one.example")
    assert "http://one.example/" not in page(client, story, host="two.example")


def test_url_with_query_is_not_cached(client, story, django_assert_num_queries):
    page(client, story)
    told = Claim.objects.get()
    answer = client.get(f"{story.get_absolute_url()}?claim={told.public_id}&v=1").content.decode()
    assert answer != page(client, story)


def test_user_with_session_gets_no_cached_page(client, story, editor, client_of):
    page(client, story)
    answer = client_of(editor).get(story.get_absolute_url())
    assert "no-store" in answer["Cache-Control"]
