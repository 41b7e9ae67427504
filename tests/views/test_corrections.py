"""/corrections/"""

from __future__ import annotations

import pytest

from articles.models import Correction
from articles.publishing.actions import correct, retract
from tests.factories import ArticleFactory, CorrectionFactory, published_article
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db


def test_corrections_are_listed_newest_first(client, editor):
    for slug in ("bridge", "ferry"):
        article = published_article(slug=slug, headline=f"The {slug}")
        correct(article, by=editor, kind="clarification", note=f"The {slug} is <open>.")
    page = client.get("/corrections/")
    assert page_text(page).index("The ferry is <open>.") < page_text(page).index("The bridge is <open>.")
    assert page_links(page)[:2] == ["/articles/ferry/", "/articles/bridge/"]
    assert "<open>" not in page.content.decode()
    assert "clarification" in page_text(page)


def test_retraction_is_listed(client, chief):
    article = published_article(slug="forged", headline="The letter", paragraphs=["The zeppelin fell."])
    retract(article, by=chief, note="The letter was forged.")
    page = client.get("/corrections/")
    assert "The letter was forged." in page_text(page)
    assert "zeppelin" not in page.content.decode()


@pytest.mark.parametrize("status", ["draft", "in_review", "scheduled"])
def test_corrections_of_hidden_articles_are_not_listed(client, status):
    CorrectionFactory(article=ArticleFactory(status=status), note="The zeppelin was a balloon.")
    for address in ("/corrections/", "/corrections/feed.atom", "/corrections/feed.json"):
        assert b"zeppelin" not in client.get(address).content


def test_empty_list_says_so(client):
    assert "Nothing has been corrected yet" in page_text(client.get("/corrections/"))


def test_list_is_paginated(client, django_assert_num_queries):
    article = published_article()
    for number in range(25):
        CorrectionFactory(article=article, note=f"Note {number}.")
    with django_assert_num_queries(1):
        first = client.get("/corrections/")
    second = client.get(f"/corrections/?page={first.context['page'].next}")
    shown = [note.pk for page in (first, second) for note in page.context["page"].rows]
    assert shown == list(Correction.objects.order_by("-created_at", "-id").values_list("pk", flat=True))
    assert client.get("/corrections/?page=bogus").status_code == 400
