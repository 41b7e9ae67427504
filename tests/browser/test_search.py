"""The search page in a browser: results while typing, URL and history.

Also without scripts.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.factories import TopicFactory, published_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ferries(db):
    published_article(headline="Ferry sinks off Skerry", slug="sinks", topics=(TopicFactory(name="Sea", slug="sea"),))
    published_article(headline="Ferry painted", slug="painted", topics=(TopicFactory(name="Town", slug="town"),))
    published_article(headline="Bridge closed", slug="bridge")


def found_articles(page):
    return page.get_by_role("region", name="Results").get_by_role("article")


def test_typing_updates_results_and_url(page, ferries):
    page.goto("/search/")

    page.get_by_label("Words to look for").press_sequentially("ferr", delay=30)

    expect(found_articles(page)).to_have_count(2)
    expect(page).to_have_url("/search/?q=ferr")

    page.keyboard.type("y pai", delay=30)

    expect(found_articles(page)).to_have_count(1)
    expect(page).to_have_url("/search/?q=ferry%20pai")
    expect(page.get_by_label("Words to look for")).to_be_focused()
    expect(page.locator("#announce")).to_have_text("1 story, 0 claims")

    page.reload()

    expect(found_articles(page)).to_have_count(1)


def test_back_shows_the_previous_results(page, ferries):
    page.goto("/search/?q=ferry")

    page.get_by_role("link", name="Sea", exact=True).first.click()

    expect(found_articles(page)).to_have_count(1)
    expect(page).to_have_url("/search/?q=ferry&topic=sea")

    page.get_by_role("link", name="remove").click()

    expect(found_articles(page)).to_have_count(2)

    page.go_back()

    expect(page).to_have_url("/search/?q=ferry&topic=sea")
    expect(found_articles(page)).to_have_count(1)

    page.go_back()

    expect(page).to_have_url("/search/?q=ferry")
    expect(found_articles(page)).to_have_count(2)


def test_removed_filter_stays_removed_while_typing(page, ferries):
    page.goto("/search/?q=ferry&topic=sea")

    page.get_by_role("link", name="remove").click()

    expect(found_articles(page)).to_have_count(2)

    page.get_by_label("Words to look for").fill("painted")

    expect(page).to_have_url("/search/?q=painted")
    expect(found_articles(page)).to_have_count(1)


def test_filter_stays_while_typing(page, ferries):
    page.goto("/search/?q=ferry")

    page.get_by_role("link", name="Stories", exact=False).nth(1).click()

    expect(page).to_have_url("/search/?q=ferry&kind=stories")

    page.get_by_label("Words to look for").fill("ferry painted")

    expect(page).to_have_url("/search/?q=ferry%20painted&kind=stories")
    expect(found_articles(page)).to_have_count(1)


def test_search_box_of_any_page_opens_the_search_page(page, ferries):
    page.goto("/claims/")
    page.get_by_label("Search stories and claims").fill("skerry")

    page.keyboard.press("Enter")

    expect(page).to_have_url("/search/?q=skerry")
    expect(page.locator("mark.hit").first).to_have_text("Skerry")


def test_search_is_reached_on_a_phone(narrow, ferries):
    narrow.goto("/")
    narrow.get_by_role("navigation", name="Sections").get_by_role("link", name="Search").tap()
    narrow.get_by_label("Words to look for").fill("ferry")

    narrow.keyboard.press("Enter")

    expect(found_articles(narrow)).to_have_count(2)


def test_search_works_without_scripts(without_scripts, ferries):
    page = without_scripts
    page.goto("/search/")
    page.get_by_label("Words to look for").fill("fery")

    page.get_by_role("button", name="Search").last.click()

    expect(found_articles(page)).to_have_count(2)
    expect(page.get_by_text("Showing")).to_be_visible()

    page.get_by_role("link", name="Sea", exact=True).first.click()

    expect(found_articles(page)).to_have_count(1)
