"""Exports of filtered lists as CSV and JSON: streamed, without formulas."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.exports.tables import CHUNK_ROWS, csv_lines, escape_formula, join_in_chunks, json_list
from articles.models import Claim
from tests.factories import (
    BylineFactory,
    TopicFactory,
    get_source,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)

pytestmark = pytest.mark.django_db


def rows(client, url):
    """Return the rows of a CSV file as dictionaries."""
    response = client.get(url)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def objects(client, url):
    response = client.get(url)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(response.getvalue())


def test_csv_row_has_all_of_a_claim(client, story):
    first, second, third = rows(client, "/claims/export.csv")

    claim = Claim.objects.get(form="indirect")

    assert first == {
        "id": str(claim.public_id),
        "address": f"http://testserver/claims/{claim.public_id}/",
        "statement": "Inspectors counted at least 40 loose bolts",
        "quotes": "Inspectors counted at least 40 loose bolts",
        "form": "indirect",
        "modality": "asserted",
        "cue": "said",
        "origin": "Bridge Inspectorate",
        "origin_kind": "organisation",
        "passed_on_by": "Ada Roe",
        "speaker": "Ada Roe",
        "said_from": "",
        "said_to": "",
        "figures": "at least 40 bolts",
        "counts": "bolts",
        "lower": "40",
        "upper": "",
        "story": "Bridge has loose bolts",
        "story_address": "http://testserver/articles/bridge/",
        "published_at": "2024-12-19T12:00:00+00:00",
        "agency": "Northern Wire",
        "publisher": "The Quay",
        "language": "en",
        "review": "accepted",
        "checked": "one by one",
    }
    assert (second["quotes"], second["said_from"]) == ("We cannot wait, … Somebody will be hurt.", "2024-12-17")
    assert second["checked"] == "with its import"
    assert (third["origin"], third["origin_kind"]) == ("A senior official", "unnamed")


def test_claim_accepted_in_bulk_is_not_checked_one_by_one(client, story):
    story.claims.update(reviewed_how="bulk")

    assert {row["checked"] for row in rows(client, "/claims/export.csv")} == {"in bulk"}
    assert {row["reviewed_how"] for row in objects(client, "/claims/export.json")} == {"bulk"}


def test_json_claim_has_exchange_format_and_article(client, story):
    first, second, third = objects(client, "/claims/export.json")

    assert [hop["source"] for hop in first["hops"]] == ["Bridge Inspectorate", "Ada Roe"]
    assert first["quantities"][0]["lower"] == 40
    assert first["article"]["url"] == "http://testserver/articles/bridge/"
    assert second["quotes"] == ["We cannot wait,", "Somebody will be hurt."]

    text = story.live.text
    for found in (first, second, third):
        content = [anchor for anchor in found["anchors"] if anchor["part"] == "content"]
        assert [text[anchor["start"] : anchor["end"]] for anchor in content] == found["quotes"]

    assert third["hops"][0]["kind"] == "anonymous"


def test_quotes_are_cut_by_code_points(client):
    article = published_article(paragraphs=["\U0001f525\U0001f525 Ада сказала: «e\u0301тоù \U0001f6a2», and left."])
    quote = article.live.text[article.live.text.index("«") :]

    make_claim(article, quote=quote)

    assert objects(client, "/claims/export.json")[0]["quotes"] == [quote]


def test_article_is_exported_as_csv_and_json(client, story):
    BylineFactory(article=story, name="Per Holm")
    story.topics.add(TopicFactory(name="Harbour"))

    row, item = rows(client, "/articles/export.csv")[0], objects(client, "/articles/export.json")[0]

    assert (row["headline"], row["claims"], row["bylines"]) == ("Bridge has loose bolts", "3", "Per Holm")
    assert item["topics"] == ["Harbour"]
    assert item["url"] == row["address"] == "http://testserver/articles/bridge/"


@pytest.mark.parametrize("format", ["csv", "json"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [("", 3), ("?form=direct", 1), ("?speaker=Ada+Roe&text=", 2), ("?text=zeppelin", 0), ("?page=bogus", 3)],
)
def test_export_has_all_rows_of_the_filter(client, story, format, query, expected):
    found = (rows if format == "csv" else objects)(client, f"/claims/export.{format}{query}")

    assert len(found) == expected


def test_export_is_in_the_order_of_the_list(client):
    for year in (2021, 2023, 2022):
        article = published_article(paragraphs=[f"In {year}."], published_at=datetime(year, 1, 1, tzinfo=UTC))
        make_claim(article, quote=f"In {year}.")

    assert [row["quotes"] for row in rows(client, "/claims/export.csv")] == ["In 2023.", "In 2022.", "In 2021."]

    oldest = objects(client, "/claims/export.json?sort=oldest")

    assert [item["quotes"] for item in oldest] == [["In 2021."], ["In 2022."], ["In 2023."]]


@pytest.mark.parametrize("url", ["/claims/export.csv?kind=bogus", "/articles/export.json?source=Nobody"])
def test_bad_filter_of_export_is_refused_in_plain_text(client, story, url):
    response = client.get(url)

    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_csv_cells_do_not_begin_formulas(client, start):
    evil = f'{start}HYPERLINK("http://evil.example","x")'
    article = published_article(headline=evil, summary=evil, paragraphs=["It fell."], dateline=evil)
    article.topics.add(TopicFactory(name=evil))
    BylineFactory(article=article, name=evil)
    make_claim(
        article,
        quote="It fell.",
        statement=evil,
        cue=evil,
        by=unnamed_speaker(evil),
        figures=[make_quantity(evil, lower=-3)],
    )
    for url in ("/claims/export.csv", "/articles/export.csv"):
        (row,) = rows(client, url)
        for name, cell in row.items():
            assert not cell.startswith(start) or name == "lower", (name, cell)

    assert rows(client, "/claims/export.csv")[0]["statement"] == f"'{evil}"
    # A negative number is a number.
    assert rows(client, "/claims/export.csv")[0]["lower"] == "-3"


def test_escape_formula_leaves_other_cells_unchanged():
    assert [escape_formula(cell) for cell in ("a=b", "", 3, -3, None, "“-”")] == ["a=b", "", 3, -3, None, "“-”"]


def test_csv_cell_with_comma_quotes_and_line_break_is_read_back(client):
    article = published_article(headline='A, "B"\nC', paragraphs=["It fell."])

    make_claim(article, quote="It fell.")

    assert rows(client, "/claims/export.csv")[0]["story"] == 'A, "B"\nC'


def test_csv_bounds_are_plain_numbers(client):
    article = published_article(paragraphs=["It fell. It rose."])
    make_claim(article, quote="It fell.", figures=[make_quantity("1 million", lower=1_000_000, upper=1_000_000)])

    make_claim(article, quote="It rose.", figures=[{"raw": "2.5", "lower": "2.5", "upper": None}])

    assert [row["lower"] for row in rows(client, "/claims/export.csv")] == ["1000000", "2.5"]


def test_export_without_rows_is_an_empty_file(client):
    assert rows(client, "/claims/export.csv") == []
    assert objects(client, "/articles/export.json") == []


def test_export_is_an_attachment_without_indexing(client, story):
    response = client.get("/claims/export.csv")

    assert response.streaming
    assert response.headers["Content-Disposition"] == 'attachment; filename="claims.csv"'
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert response.getvalue().startswith("\ufeff".encode())


def test_exports_are_streamed():
    asked = []

    def endless():
        number = 0
        while True:
            asked.append(number)
            yield [number]
            number += 1

    pieces = join_in_chunks(csv_lines(["n"], endless()), size=10)
    next(pieces)
    next(pieces)
    assert len(asked) < 30
    asked.clear()
    pieces = join_in_chunks(json_list({"n": row[0]} for row in endless()), size=10)
    next(pieces)
    assert len(asked) < 15


@pytest.mark.parametrize(("url", "queries_per_chunk"), [("claims", 3), ("articles", 0)])
def test_queries_of_export_grow_by_chunk_and_not_by_row(client, monkeypatch, url, queries_per_chunk):
    assert CHUNK_ROWS >= 100

    for _ in range(12):
        article = published_article(paragraphs=["It fell."], agency=get_source("Wire", "agency"))
        make_claim(
            article,
            quote="It fell.",
            by=["Ada", unnamed_speaker("a man")],
            figures=[make_quantity("at least 3", lower=3)],
        )
    for size, chunks in ((100, 1), (4, 3)):
        monkeypatch.setattr("articles.exports.tables.CHUNK_ROWS", size)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/{url}/export.csv")
            assert len(response.getvalue().splitlines()) == 13
        # Rows come through one cursor; what belongs to them is fetched for each chunk.
        assert len(queries) == 1 + queries_per_chunk * chunks


@pytest.mark.parametrize("url", ["/claims/?form=direct", "/articles/?text=bolts"])
def test_filtered_list_links_to_its_exports_and_feeds(client, story, url):
    html = client.get(url).content.decode()

    path, _, query = url.partition("?")

    for end in ("export.csv", "export.json", "feed.atom", "feed.rss", "feed.json"):
        assert f'href="{path}{end}?{query}"' in html
    assert "export.csv" not in client.get("/sources/").content.decode()
    assert "export.csv" not in client.get(f"{path}?topic=bogus").content.decode()
