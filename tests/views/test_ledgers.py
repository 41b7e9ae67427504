"""/ledgers/: one measure, every figure of it, and filing figures under it."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from articles.claims.filing import file_quantities, suggest_quantities
from articles.display.ledger_chart import WIDE
from articles.models import Ledger, Quantity
from tests.factories import LedgerFactory, make_claim, make_quantity, published_article, unnamed_speaker
from tests.views.helpers import page_links, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def bolts(db):
    return LedgerFactory(name="Loose bolts", slug="bolts", counts="bolts", about="bridge")


def filed(ledger, raw, by, *, lower=40, upper=None, review="accepted", **story):
    """A figure of a story of its own, filed."""
    article = published_article(**story)
    made = make_claim(
        article,
        quote="At least 40 bolts are loose,",
        by=by,
        review=review,
        figures=[make_quantity(raw, lower=lower, upper=upper, counts="bolts")],
    )
    made.quantities.update(ledger=ledger)
    return made


def test_figures_are_in_the_chart_and_the_table(client, bolts):
    made = filed(bolts, "at least 40", ["Ada Roe", "Bo Lind"])
    response = client.get("/ledgers/bolts/")
    html = response.content.decode()
    assert html.count('<svg xmlns="http://www.w3.org/2000/svg" class="chart"') == 2
    assert made.get_absolute_url() in page_links(response)
    assert "at least 40" in page_text(response)
    assert [line.origin for line in response.context["figures"]] == ["Ada Roe"]
    assert [line.speaker for line in response.context["figures"]] == ["Bo Lind"]


def test_original_sources_are_counted_once(client, bolts):
    for _ in range(3):
        filed(bolts, "at least 40", "Ada Roe")
    filed(bolts, "some 40", unnamed_speaker("an official"))
    filed(bolts, "some 40", unnamed_speaker("an official"))
    response = client.get("/ledgers/bolts/")
    assert "5 figures · 5 stories · 3 original sources" in page_text(response)


@pytest.mark.parametrize("review", ["proposed", "rejected"])
def test_hidden_figures_are_in_no_ledger(client, bolts, review):
    filed(bolts, "at least 40", "Ada Roe", review=review)
    for address in ("/ledgers/bolts/", "/ledgers/bolts.svg"):
        assert client.get(address).status_code == 404
    assert "Loose bolts" not in page_text(client.get("/ledgers/"))
    assert "Loose bolts" not in page_text(client.get("/"))


def test_figures_of_a_retracted_article_leave_the_ledger(client, bolts):
    filed(bolts, "at least 40", "Ada Roe")
    gone = filed(bolts, "some 99", "Bo Lind")
    gone.article.status = "retracted"
    gone.article.save()
    for address in ("/ledgers/bolts/", "/ledgers/bolts.svg", "/ledgers/", "/"):
        assert "some 99" not in client.get(address).content.decode()
    assert "1 figure ·" in page_text(client.get("/ledgers/bolts/"))


def test_svg_is_complete_by_itself(client, bolts):
    filed(bolts, "at least 40", "Ada Roe")
    answer = client.get("/ledgers/bolts.svg")
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert b"http://testserver/ledgers/bolts/" in answer.content


def test_embed_html_is_an_image_with_a_link(client, bolts):
    bolts.name = 'Bolts "loose" <b>'
    bolts.save()
    filed(bolts, "at least 40", "Ada Roe")
    snippet = client.get("/ledgers/bolts/").context["embed_html"]
    assert 'src="http://testserver/ledgers/bolts.svg"' in snippet
    assert "<b>" not in snippet
    assert "<script" not in snippet


def test_claim_page_shows_other_figures_of_the_ledger(client, bolts):
    here = filed(bolts, "at least 40", "Ada Roe")
    other = filed(bolts, "nearly 60", "Bo Lind")
    response = client.get(here.get_absolute_url())
    assert other.get_absolute_url() in page_links(response)
    assert "nearly 60" in page_text(response)
    assert "/ledgers/bolts/" in page_links(response)


def test_front_page_shows_updated_ledgers(client, bolts):
    filed(bolts, "at least 40", "Ada Roe")
    assert "Loose bolts" in page_text(client.get("/"))


def test_query_count_does_not_grow(client, bolts):
    counts = []
    for number in (1, 9):
        for _ in range(number):
            filed(bolts, "at least 40", ["Ada Roe", unnamed_speaker("an official")])
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/ledgers/bolts/").status_code == 200
        counts.append(len(queries))
    assert counts == [3, 3]


def test_long_ledger_is_paginated_and_its_end_is_drawn(client, bolts, monkeypatch):
    monkeypatch.setattr("articles.views.ledgers.ROWS_PER_PAGE", 3)
    monkeypatch.setattr("articles.views.ledgers.MAX_CHARTED_FIGURES", 4)
    for number in range(8):
        filed(bolts, f"at least {number}", "Ada Roe", lower=number)
    response = client.get("/ledgers/bolts/")
    assert [line.quantity.raw for line in response.context["figures"]] == ["at least 0", "at least 1", "at least 2"]
    assert response.context["charted"] == 4
    following = client.get("/ledgers/bolts/?page=" + response.context["page"].next)
    assert [line.quantity.raw for line in following.context["figures"]] == ["at least 3", "at least 4", "at least 5"]
    assert client.get("/ledgers/bolts/?page=nonsense").status_code == 400


# --- Filing ---


def test_figures_that_count_the_same_are_suggested(bolts):
    story = published_article(headline="Bridge closed")
    fits = make_claim(
        story, quote="At least 40 bolts are loose,", figures=[make_quantity("40", lower=40, counts="bolts")]
    )
    make_claim(story, quote="We cannot wait.", figures=[make_quantity("3", lower=3, counts="weeks")])
    make_claim(
        story,
        quote="At least 40 bolts are loose,",
        review="rejected",
        figures=[make_quantity("9", lower=9, counts="bolts")],
    )
    elsewhere = published_article(headline="A ship", paragraphs=["It has 40 bolts, she said."])
    make_claim(elsewhere, quote="It has 40 bolts", figures=[make_quantity("40", lower=40, counts="bolts")])
    assert [row.claim for row in suggest_quantities(bolts)] == [fits]
    file_quantities([fits.quantities.get().pk], bolts)
    assert suggest_quantities(bolts) == []


def test_ledger_without_terms_suggests_nothing(bolts):
    bolts.counts = ""
    make_claim(published_article(), quote="We cannot wait.", figures=[make_quantity("40", lower=40, counts="bolts")])
    assert suggest_quantities(bolts) == []


def test_editor_files_suggested_figures_and_undoes_it(client_of, editor, bolts):
    made = make_claim(
        published_article(headline="Bridge closed"),
        quote="At least 40 bolts are loose,",
        figures=[make_quantity("40", lower=40, counts="bolts")],
    )
    quantity = made.quantities.get()
    desk, page = client_of(editor), f"/admin/articles/ledger/{bolts.pk}/figures/"
    assert "40 bolts" in desk.get(page).content.decode()
    assert desk.post(page, {"verb": "file", "figure": [quantity.pk]}).status_code == 302
    quantity.refresh_from_db()
    assert quantity.ledger == bolts
    assert "Undo the last change (1 figure)" in desk.get(page).content.decode()
    desk.post(page, {"verb": "undo"})
    quantity.refresh_from_db()
    assert quantity.ledger is None


def test_filing_needs_permission(client_of, reader, bolts):
    assert client_of(reader).get(f"/admin/articles/ledger/{bolts.pk}/figures/").status_code in (302, 403)


def test_command_creates_ledgers_and_files_figures(tmp_path, capsys):
    table = tmp_path / "ledgers.tsv"
    table.write_text("# a comment\nLoose bolts\t\tbolts; screws\tbridge\tHow many.\n", encoding="utf-8")
    make_claim(
        published_article(headline="Bridge closed"),
        quote="At least 40 bolts are loose,",
        figures=[make_quantity("40", lower=40, counts="bolts")],
    )
    call_command("file_figures", ledgers=table)
    call_command("file_figures", ledgers=table)
    ledger = Ledger.objects.get()
    assert (ledger.counts, ledger.slug, ledger.quantities.count()) == ("bolts\nscrews", "loose-bolts", 1)


def test_bad_table_reports_the_line(tmp_path):
    table = tmp_path / "ledgers.tsv"
    table.write_text("Loose bolts\tbolts\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 1: expected 5 columns, found 2"):
        call_command("file_figures", ledgers=table)
    assert not Quantity.objects.filter(ledger__isnull=False).exists()


def test_png_is_drawn_and_used_as_share_image(client, bolts, django_assert_num_queries):
    filed(bolts, "at least 40", "Ada Roe", lower=40)
    filed(bolts, "40 to 60", "Bo Lind", lower=40, upper=60)
    with django_assert_num_queries(3):
        answer = client.get("/ledgers/bolts.png")
    assert answer["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width == 2 * WIDE.width
        assert len(picture.convert("RGB").getcolors()) > 5
    assert answer.content == client.get("/ledgers/bolts.png").content
    page = client.get("/ledgers/bolts/").content.decode()
    assert 'property="og:image" content="http://testserver/ledgers/bolts.png?v=' in page


def test_hidden_figures_are_in_no_image_feed_or_sitemap(client, bolts):
    filed(bolts, "at least 40", "Ada Roe", review="proposed")
    for address in ("/ledgers/bolts.png", "/ledgers/bolts/feed.atom"):
        assert client.get(address).status_code == 404
    assert "/ledgers/" not in client.get("/sitemaps/ledgers-0.xml").content.decode()


def test_ledger_has_feeds(client, bolts):
    made = filed(bolts, "at least 40", "Ada Roe")
    filed(LedgerFactory(), "at least 41", "Bo Lind")
    for form in ("atom", "rss", "json"):
        feed = client.get(f"/ledgers/bolts/feed.{form}").content.decode()
        assert made.get_absolute_url() in feed
        assert "Bo Lind" not in feed
    assert "/ledgers/bolts/feed.atom" in page_links(client.get("/ledgers/bolts/"))


def test_ledger_is_in_the_sitemap(client, bolts):
    cache.clear()
    filed(bolts, "at least 40", "Ada Roe")
    assert "/sitemaps/ledgers-0.xml" in client.get("/sitemap.xml").content.decode()
    assert "<loc>http://testserver/ledgers/bolts/</loc>" in client.get("/sitemaps/ledgers-0.xml").content.decode()
