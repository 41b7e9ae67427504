"""Test keyset pagination.

Nothing is shown twice or left out, whatever is added in between. No cursor breaks a page.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from articles.models import Article
from articles.pagination import BadCursorError, order_checksum, paginate
from sources.models import Source
from tests.factories import PUBLISHED_AT, make_claim, published_article
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db


def newest_first():
    return Article.objects.public().for_list().newest_first()


def stories(count, **kwargs):
    return [published_article(published_at=PUBLISHED_AT - timedelta(hours=n // 3), **kwargs) for n in range(count)]


def walk(rows, size):
    """Every page from the first to the last."""
    pages = [paginate(rows(), size=size)]
    while pages[-1].next:
        pages.append(paginate(rows(), pages[-1].next, size=size))
    return pages


@pytest.mark.parametrize(
    ("count", "size", "pages"), [(0, 3, 1), (2, 3, 1), (3, 3, 1), (4, 3, 2), (9, 3, 3), (10, 4, 3)]
)
def test_next_pages_show_each_row_once_in_order(count, size, pages):
    stories(count)
    walked = walk(newest_first, size)
    assert [row.pk for part in walked for row in part.rows] == [row.pk for row in newest_first()]
    assert len(walked) == pages


def test_previous_pages_are_the_same_pages():
    stories(10)
    walked = walk(newest_first, 4)
    at = walked[-1]
    for expected in reversed(walked[:-1]):
        at = paginate(newest_first(), at.previous, size=4)
        assert [row.pk for row in at.rows] == [row.pk for row in expected.rows]
    assert at.previous == ""


def test_new_article_does_not_shift_pages():
    stories(6)
    first = paginate(newest_first(), size=3)
    expected = [row.pk for row in newest_first()[3:]]
    published_article(published_at=PUBLISHED_AT + timedelta(days=1))
    assert [row.pk for row in paginate(newest_first(), first.next, size=3).rows] == expected


def test_cursor_of_a_deleted_row_works():
    stories(6)
    first = paginate(newest_first(), size=3)
    expected = [row.pk for row in newest_first()[3:]]
    Article.objects.filter(pk=first.rows[-1].pk).update(status="draft")
    assert [row.pk for row in paginate(newest_first(), first.next, size=3).rows] == expected


def test_cursor_has_microseconds():
    for micro in range(4):
        published_article(published_at=PUBLISHED_AT + timedelta(microseconds=micro))
    assert len({row.pk for part in walk(newest_first, 1) for row in part.rows}) == 4


def test_longest_names_fit_in_a_cursor():
    for number in range(3):
        Source.objects.create(name="김" * 199 + str(number), slug=f"kim-{number}")

    def rows():
        return Source.objects.order_by("name", "id")

    assert len({row.pk for part in walk(rows, 1) for row in part.rows}) == 3


def test_pages_keep_the_filters(client):
    for article in stories(25, headline="Bridge"):
        make_claim(article, quote="At least 40 bolts are loose,", by="Ada Roe")
    stories(5, headline="Something else")
    seen, address = [], "/articles/?text=bridge&source=Ada+Roe"
    response = client.get(address)
    for _ in range(2):
        seen += [row.pk for row in response.context["page"].rows]
        onward = [link for link in page_links(response) if "page=" in link]
        assert all("text=bridge" in link and "source=Ada" in link for link in onward)
        response = client.get("/articles/" + onward[-1])
    assert len(seen) == len(set(seen)) == 25


def test_claims_and_sources_are_paginated(client):
    article = published_article(paragraphs=[" ".join(f"Number {number}." for number in range(45))])
    for number in range(45):
        make_claim(article, quote=f"Number {number}.", by=f"Speaker No {number:02}")
    for address in ("/claims/", "/claims/?sort=oldest", "/sources/"):
        response, seen = client.get(address), []
        while True:
            shown = response.context["page"]
            seen += [row.pk for row in shown.rows]
            if not shown.next:
                break
            response = client.get(address + ("&" if "?" in address else "?") + f"page={shown.next}")
        assert len(seen) == len(set(seen)) == 45, address


def test_page_without_rows_says_so(client):
    stories(21)
    cursor = client.get("/articles/").context["page"].next
    Article.objects.filter(pk__in=[row.pk for row in newest_first()[20:]]).update(status="draft")
    response = client.get(f"/articles/?page={cursor}")
    assert response.status_code == 200
    assert "This page no longer exists" in page_text(response)


STORIES, CLAIMS, SOURCES = (
    order_checksum(order)
    for order in (
        ("-published_at", "-id"),
        ("-article__published_at", "-article_id", "order", "id"),
        ("name", "id"),
    )
)


def packed(*parts, rows=STORIES):
    return base64.urlsafe_b64encode(json.dumps([rows, *parts]).encode()).decode().rstrip("=")


WHEN = "2024-12-19T12:00:00+00:00"
BAD = {
    "nonsense": "nonsense",
    "not base64": "%%%",
    "not ASCII": "ключ",
    "not JSON": base64.urlsafe_b64encode(b"{").decode(),
    "not text": base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    "NUL": "\x00",
    "too long": "A" * 5000,
    "deeply nested": base64.urlsafe_b64encode(b"[" * 1400).decode(),
    "an object": base64.urlsafe_b64encode(b'{"a": 1}').decode(),
    "a number": base64.urlsafe_b64encode(b"7").decode(),
    "made for other rows": packed("n", WHEN, 1, rows=SOURCES),
    "no direction": packed(WHEN, 1),
    "an unknown direction": packed("x", WHEN, 1),
    "too few values": packed("n", WHEN),
    "too many values": packed("n", WHEN, 1, 1),
    "a time without a zone": packed("n", "2024-12-19T12:00:00", 1),
    "no time": packed("n", "soon", 1),
    "the beginning of time, east of Greenwich": packed("n", "0001-01-01T00:00:00+14:00", 1),
    "the end of time, west of Greenwich": packed("n", "9999-12-31T23:59:59-12:00", 1),
    "a word for a number": packed("n", WHEN, "1; DROP TABLE"),
    "a truth for a number": packed("n", WHEN, True),
    "a number without end": base64.urlsafe_b64encode(f'[{STORIES},"n","{WHEN}",Infinity]'.encode()).decode(),
    "a number too great": packed("n", WHEN, 2**63),
    "a fraction": packed("n", WHEN, 1.5),
    "nothing": packed("n", WHEN, None),
    "a list": packed("n", [WHEN], [1]),
}


@pytest.mark.parametrize("cursor", BAD.values(), ids=BAD.keys())
def test_bad_cursor_is_400_with_link_to_first_page(client, cursor):
    stories(1)
    with pytest.raises(BadCursorError):
        paginate(newest_first(), cursor)
    response = client.get("/articles/", {"page": cursor})
    assert response.status_code == 400
    assert "The link to this page is damaged. Start again at the first page." in page_text(response)
    assert "/articles/" in page_links(response)


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63 - 1), 0])
def test_largest_ids_are_valid(client, number):
    stories(1)
    assert client.get("/articles/", {"page": packed("n", WHEN, number)}).status_code == 200
    assert client.get("/claims/", {"page": packed("p", WHEN, number, number, number, rows=CLAIMS)}).status_code == 200


def test_cursor_of_another_list_is_refused(client):
    stories(21)
    cursor = client.get("/articles/").context["page"].next
    assert client.get(f"/claims/?page={cursor}").status_code == 400
    assert client.get(f"/sources/?page={cursor}").status_code == 400


@pytest.mark.parametrize("name", ["\x00", "\ud800"])
def test_lone_surrogate_is_refused(client, name):
    assert client.get("/sources/", {"page": packed("n", name, 1, rows=SOURCES)}).status_code == 400
