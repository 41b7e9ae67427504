"""Tasks of readers from the home page to the end, with and without scripts.

Who first gave a figure; following a source; a link to a passage that was edited; figures compared over time.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.editing.revisions import create_revision
from articles.models import Article
from articles.publishing.actions import correct
from articles.publishing.article_checks import open_warnings
from tests.factories import LedgerFactory, make_claim, make_quantity, published_article
from tests.views.conftest import FIRST_PARAGRAPH, SECOND_PARAGRAPH, THIRD_PARAGRAPH

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def reader(open_page, request) -> Page:
    return open_page(java_script_enabled=request.param)


def publish_correction(story: Article, paragraphs: list[str], by) -> None:
    """Correct the text of a published article."""
    create_revision(
        story, headline=story.latest.headline, summary=story.latest.summary, body="\n\n".join(paragraphs), by=by
    )
    warnings = [warning.key for warning in open_warnings(Article.objects.get(pk=story.pk))]
    correct(Article.objects.get(pk=story.pk), by=by, kind="correction", note="Corrected.", over=warnings)


def test_origin_of_a_figure_is_found_by_search(reader, story):
    reader.goto("/")
    # The header of a wide page has the search box.
    reader.get_by_role("searchbox", name="Search stories and claims").first.fill("loose bolts")
    reader.keyboard.press("Enter")

    reader.get_by_role("link", name="Inspectors counted at least 40 loose bolts").first.click()

    expect(reader.get_by_role("heading", level=1)).to_have_text("Inspectors counted at least 40 loose bolts")

    chain = reader.get_by_role("list", name="How it reached us").get_by_role("listitem")

    expect(chain.first).to_contain_text("Bridge Inspectorate")
    expect(chain.nth(1)).to_contain_text("Ada Roe")
    expect(reader.get_by_text("40 or more bolts")).to_be_visible()


def test_source_feed_gets_new_claims(reader, story, deputy):
    reader.goto("/sources/")
    reader.get_by_role("link", name="Ada Roe").first.click()
    feed = reader.get_by_role("complementary", name="Follow and download").get_by_role("link", name="Atom")
    url = feed.get_attribute("href")

    before = reader.request.get(url).text()

    assert "We cannot wait" in before

    later = published_article(paragraphs=["The bridge is closed, Ada Roe said."])
    make_claim(later, quote="The bridge is closed", by=deputy)

    after = reader.request.get(url).text()

    assert "The bridge is closed" in after
    assert "The bridge is closed" not in before


@pytest.mark.parametrize(
    ("paragraphs", "message"),
    [
        (
            [FIRST_PARAGRAPH, SECOND_PARAGRAPH, THIRD_PARAGRAPH.replace("nothing else", "much else")],
            "It has not changed since then.",
        ),
        (
            ["It was announced late.", FIRST_PARAGRAPH, SECOND_PARAGRAPH, THIRD_PARAGRAPH],
            "but it is in another place now.",
        ),
        ([FIRST_PARAGRAPH, THIRD_PARAGRAPH], "It has been removed from the story since then."),
    ],
    ids=["unchanged", "moved", "gone"],
)
def test_link_to_an_edited_passage_shows_what_changed(reader, story, chief, paragraphs, message):
    story.live.live_from = timezone.now() - timedelta(days=3)
    story.live.save()
    reader.goto(story.get_absolute_url())
    claim = story.claims.get(form="direct")
    link = reader.locator(f'.to-passage[href*="{claim.public_id}"]')
    url = link.get_attribute("href")
    publish_correction(story, paragraphs, chief)
    reader.goto(url)

    status = reader.get_by_role("status").filter(has_text="You followed a link to a sentence of")

    expect(status).to_contain_text(message)

    if "removed" in message:
        expect(status.locator("mark")).to_contain_text("We cannot wait")


def test_figures_of_a_ledger_are_compared_over_time(reader, story):
    ledger = LedgerFactory(name="Loose bolts", slug="bolts", counts="bolts")
    later = published_article(headline="More bolts", paragraphs=["Some 60 bolts are loose, Bo Lind said."])
    make_claim(
        later,
        quote="Some 60 bolts are loose",
        by="Bo Lind",
        figures=[make_quantity("Some 60", lower=55, upper=65, counts="bolts")],
    )
    for claim in (story.claims.get(form="indirect"), later.claims.get()):
        claim.quantities.update(ledger=ledger)
    reader.goto("/")
    reader.get_by_role("navigation", name="Sections").get_by_role("link", name="Ledgers").click()

    reader.get_by_role("link", name="Loose bolts").first.click()

    expect(reader.get_by_text("2 figures · 2 stories · 2 original sources")).to_be_visible()

    rows = reader.locator(".ledger-table tbody tr")

    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="at least 40")).to_contain_text("Bridge Inspectorate")
    expect(rows.filter(has_text="Some 60")).to_contain_text("Bo Lind")

    bars = reader.locator(".chart-box .wide svg .row")

    expect(bars).to_have_count(2)

    bars.filter(has_text="Some 60").get_by_role("link").click()

    expect(reader.get_by_role("heading", level=1)).to_have_text("Some 60 bolts are loose")
