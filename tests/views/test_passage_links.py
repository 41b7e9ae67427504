"""Test links to passages after an edit.

A link shows whether the passage is unchanged, moved, changed or removed.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.display.marked_text import claim_key
from articles.display.passage_links import text_fragment
from articles.editing.revisions import create_revision
from articles.publishing import actions, article_checks
from tests.factories import make_claim, published_article
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db

QUOTE = "At least 40 bolts are loose,"
FIRST = "The harbour bridge will close on Monday, the town council said."
SECOND = "“At least 40 bolts are loose,” engineer Ada Roe told reporters. “We cannot wait.”"


@pytest.fixture
def told(chief):
    article = published_article()
    article.live.live_from = timezone.now() - timedelta(days=3)
    article.live.save()
    return make_claim(article, quote=QUOTE, by="Ada Roe")


def edit(told, by, *paragraphs, out=True):
    create_revision(told.article, headline="Bridge", summary="", body="\n\n".join(paragraphs), by=by)
    told.article.refresh_from_db()
    if out:
        told.article.live = told.article.latest
        told.article.save()


def followed(client, told, **query):
    query = {"claim": str(told.public_id), "v": "1", **query}
    response = client.get(told.article.get_absolute_url(), query)
    assert response.status_code == 200
    return response


def test_unchanged_passage_is_reported(client, told):
    assert followed(client, told).context["followed"].state == "same"
    assert "It has not changed since then" in page_text(followed(client, told))


def test_every_note_links_to_its_passage(client, told):
    page = client.get(told.article.get_absolute_url())
    assert any(f"claim={told.public_id}" in link and "v=1" in link for link in page_links(page))


def test_draft_does_not_change_the_report(client, told, chief):
    edit(told, chief, "Rain fell all night.", out=False)
    assert followed(client, told).context["followed"].state == "same"
    assert followed(client, told, v="2").context["followed"].state == "unknown"
    assert "Rain fell" not in followed(client, told, v="2").content.decode()


def test_moved_passage_is_reported(client, told, chief):
    told.article.claims.filter(review="proposed").delete()
    edit(told, chief, "Rain fell all night.", FIRST, SECOND)
    assert followed(client, told).context["followed"].state == "moved"


def test_removed_passage_is_shown_as_it_was(client, told, chief):
    edit(told, chief, FIRST, "Nothing else is known.")
    response = followed(client, told)
    assert response.context["followed"].state == "gone"
    assert QUOTE in page_text(response)
    assert "has been removed from the story" in page_text(response)


@pytest.mark.parametrize("review", ["rejected", "proposed"])
def test_hidden_claim_is_unknown(client, told, review):
    type(told).objects.filter(pk=told.pk).update(
        review=review,
        **({"reviewed_at": None, "reviewed_how": ""} if review == "proposed" else {}),
    )
    assert followed(client, told).context["followed"].state == "unknown"


@pytest.mark.parametrize(
    "query", [{"v": "99"}, {"v": "x"}, {"v": "9" * 40}, {"claim": "nonsense"}, {"claim": ""}, {"v": "-1"}]
)
def test_bad_link_shows_the_article(client, told, query):
    response = followed(client, told, **query)
    assert response.context["followed"].state == "unknown"
    assert "no longer shown, or never was" in page_text(response)


def test_retracted_article_reports_no_passage(client, told):
    told.article.status = "retracted"
    told.article.save()
    assert QUOTE not in followed(client, told).content.decode()


def test_passage_link_takes_three_queries(client, told):
    with CaptureQueriesContext(connection) as plain:
        client.get(told.article.get_absolute_url())
    with CaptureQueriesContext(connection) as linked:
        followed(client, told)
    assert len(linked) == len(plain) + 3


def test_publishing_sets_when_a_revision_went_live(chief):
    article = published_article(status="in_review")
    article.claims.all().delete()
    later = timezone.now() + timedelta(days=1)
    article = actions.publish(article, by=chief, at=later, over=_shown(article))
    article.live.refresh_from_db()
    assert article.live.live_from == later
    article = actions.unschedule(article, by=chief)
    article.latest.refresh_from_db()
    assert article.latest.live_from is None


def _shown(article):
    """The warnings that a chief has looked at."""
    return [warning.key for warning in article_checks.open_warnings(article)]


@pytest.mark.parametrize(
    ("said", "fragment"),
    [
        ("At least 40", ":~:text=At%20least%2040"),
        (
            "one two three four five-six, seven eight & nine",
            ":~:text=one%20two%20three%20four,seven%20eight%20%26%20nine",
        ),
        ("well-known", ":~:text=well%2Dknown"),
    ],
)
def test_text_fragment_encodes_the_words(said, fragment):
    assert text_fragment(said) == fragment


def test_claim_page_links_to_its_words(client, told):
    assert any(
        link.endswith("#" + claim_key(told) + text_fragment(QUOTE))
        for link in page_links(client.get(told.get_absolute_url()))
    )
