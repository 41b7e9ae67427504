"""Structured data, feeds and downloads in a browser."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_structured_data_passes_the_content_security_policy(page, story, deputy):
    # The fixture `page` fails the test if the Content-Security-Policy blocks something.
    for url in (story.get_absolute_url(), story.claims.first().get_absolute_url(), deputy.get_absolute_url()):
        page.goto(url)
        text = page.locator('script[type="application/ld+json"]').text_content()
        assert json.loads(text)["@context"] == "https://schema.org"


def test_feed_and_download_links_follow_the_filters(page, story):
    page.goto("/claims/")
    page.get_by_label("With figures").check()
    page.wait_for_url("**/claims/?figures=on")

    follow = page.get_by_role("complementary", name="Follow and download")

    expect(follow).to_contain_text("Follow these results")
    expect(follow.get_by_role("link", name="Atom")).to_have_attribute("href", "/claims/feed.atom?figures=on")

    with page.expect_download() as download:
        follow.get_by_role("link", name="CSV").click()

    assert download.value.suggested_filename == "claims.csv"

    rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()

    assert len(rows) == 2
