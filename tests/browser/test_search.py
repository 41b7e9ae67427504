"""Searching in a browser: results as somebody types, an address that says them, a way back, and no need of scripts."""

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


def stories(page):
    return page.get_by_role("region", name="Results").get_by_role("article")


def test_results_come_while_somebody_types_and_the_address_says_them(page, ferries):
    page.goto("/search/")
    page.get_by_label("Words to look for").press_sequentially("ferr", delay=30)
    expect(stories(page)).to_have_count(2)
    expect(page).to_have_url("/search/?q=ferr")
    page.keyboard.type("y pai", delay=30)
    expect(stories(page)).to_have_count(1)
    expect(page).to_have_url("/search/?q=ferry%20pai")
    expect(page.get_by_label("Words to look for")).to_be_focused()
    expect(page.locator("#announce")).to_have_text("1 story, 0 claims")
    page.reload()
    expect(stories(page)).to_have_count(1)


def test_back_leads_to_what_was_shown_before(page, ferries):
    page.goto("/search/?q=ferry")
    page.get_by_role("link", name="Sea", exact=True).first.click()
    expect(stories(page)).to_have_count(1)
    expect(page).to_have_url("/search/?q=ferry&topic=sea")
    page.get_by_role("link", name="remove").click()
    expect(stories(page)).to_have_count(2)
    page.go_back()
    expect(page).to_have_url("/search/?q=ferry&topic=sea")
    expect(stories(page)).to_have_count(1)
    page.go_back()
    expect(page).to_have_url("/search/?q=ferry")
    expect(stories(page)).to_have_count(2)


def test_what_was_taken_out_stays_out_while_somebody_types_on(page, ferries):
    page.goto("/search/?q=ferry&topic=sea")
    page.get_by_role("link", name="remove").click()
    expect(stories(page)).to_have_count(2)
    page.get_by_label("Words to look for").fill("painted")
    expect(page).to_have_url("/search/?q=painted")
    expect(stories(page)).to_have_count(1)


def test_what_is_narrowed_stays_so_while_somebody_types_on(page, ferries):
    page.goto("/search/?q=ferry")
    page.get_by_role("link", name="Stories", exact=False).nth(1).click()
    expect(page).to_have_url("/search/?q=ferry&kind=stories")
    page.get_by_label("Words to look for").fill("ferry painted")
    expect(page).to_have_url("/search/?q=ferry%20painted&kind=stories")
    expect(stories(page)).to_have_count(1)


def test_the_box_of_any_page_leads_there(page, ferries):
    page.goto("/claims/")
    page.get_by_label("Search stories and claims").fill("skerry")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?q=skerry")
    expect(page.locator("mark.hit").first).to_have_text("Skerry")


def test_a_phone_has_a_way_there(narrow, ferries):
    narrow.goto("/")
    narrow.get_by_role("navigation", name="Sections").get_by_role("link", name="Search").tap()
    narrow.get_by_label("Words to look for").fill("ferry")
    narrow.keyboard.press("Enter")
    expect(stories(narrow)).to_have_count(2)


def test_it_works_without_scripts(without_scripts, ferries):
    page = without_scripts
    page.goto("/search/")
    page.get_by_label("Words to look for").fill("fery")
    page.get_by_role("button", name="Search").last.click()
    expect(stories(page)).to_have_count(2)
    expect(page.get_by_text("Showing")).to_be_visible()
    page.get_by_role("link", name="Sea", exact=True).first.click()
    expect(stories(page)).to_have_count(1)
