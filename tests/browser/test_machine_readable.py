"""What a page carries for machines is there for them, and no browser minds it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_browser_reads_the_structured_data_and_its_policy_lets_it_stand(page, story, deputy):
    # The fixture `page` fails the test if the Content-Security-Policy stops anything.
    for address in (story.get_absolute_url(), story.claims.first().get_absolute_url(), deputy.get_absolute_url()):
        page.goto(address)
        written = page.locator('script[type="application/ld+json"]').text_content()
        assert json.loads(written)["@context"] == "https://schema.org"


def test_following_a_search_follows_what_is_shown_when_filters_change_in_place(page, story):
    page.goto("/claims/")
    page.get_by_label("With figures").check()
    page.wait_for_url("**/claims/?figures=on")
    follow = page.get_by_role("complementary", name="Follow and download")
    expect(follow).to_contain_text("Follow this search")
    expect(follow.get_by_role("link", name="Atom")).to_have_attribute("href", "/claims/feed.atom?figures=on")
    with page.expect_download() as download:
        follow.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "claims.csv"
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
