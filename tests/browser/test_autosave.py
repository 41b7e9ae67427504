"""The story form in a browser: autosave, conflicts, versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from articles.models import Article, AutosavedText, Revision
from newsroom.models import User
from tests.browser.conftest import PHONE_VIEWPORT, go_offline, sign_in
from tests.factories import ArticleFactory, published_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def form_of(open_page) -> Callable[..., Page]:
    """Open an article's form for a user."""

    def open_one(user: User, article: Article | None, **kwargs: Any) -> Page:
        page = open_page(**kwargs)
        sign_in(page, user)
        go(page, article)
        return page

    return open_one


def go(page: Page, article: Article | None) -> None:
    page.goto(f"/admin/articles/article/{article.pk}/change/" if article else "/admin/articles/article/add/")
    expect(page.locator("html[data-autosave=ready]")).to_be_attached()


def headline(page: Page) -> Any:
    return page.get_by_label("Headline")


@pytest.fixture
def article(db) -> Article:
    return ArticleFactory(headline="Bridge closes", status="in_review")


def test_unsaved_text_is_restored_after_leaving_the_page(form_of, editor, article):
    page = form_of(editor, article)
    headline(page).fill("Bridge stays open after all")

    expect(page.get_by_text("Draft autosaved")).to_be_visible()

    go(page, article)
    expect(headline(page)).to_have_value("Bridge closes")
    expect(page.get_by_text("Unsaved text from")).to_contain_text("Bridge stays open after all")

    page.get_by_role("button", name="Restore").click()
    expect(headline(page)).to_have_value("Bridge stays open after all")

    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()

    article.refresh_from_db()
    assert article.latest.headline == "Bridge stays open after all"
    assert not page.get_by_text("Unsaved text from").is_visible()


def test_unsaved_text_can_be_discarded(form_of, editor, article):
    page = form_of(editor, article)
    headline(page).fill("Nonsense")

    expect(page.get_by_text("Draft autosaved")).to_be_visible()

    go(page, article)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("button", name="Discard")).to_have_count(0)
    assert not AutosavedText.objects.filter(headline="Nonsense").exists()


def test_unsaved_text_of_a_new_story_is_restored(form_of, editor):
    page = form_of(editor, None)
    headline(page).fill("A new story")

    expect(page.get_by_text("Draft autosaved")).to_be_visible()

    go(page, None)
    page.get_by_role("button", name="Restore").click()
    expect(headline(page)).to_have_value("A new story")


def test_second_save_shows_both_texts(form_of, editor, chief, article):
    mine, theirs = form_of(editor, article), form_of(chief, article)
    headline(mine).fill("Bridge closes on Friday")
    expect(mine.get_by_text(f"{chief.username} has this story open too.")).to_be_visible()
    headline(theirs).fill("Bridge closes on Monday")
    expect(theirs.get_by_text(f"{editor.username} is editing this story too")).to_be_visible()
    theirs.get_by_role("button", name="Save and continue editing").click()
    expect(theirs.get_by_text("was changed successfully")).to_be_visible()

    mine.get_by_role("button", name="Save and continue editing").click()
    both = mine.get_by_role("region", name="Revision 2 and your text, side by side")
    expect(both.locator("del")).to_have_text("Monday")
    expect(both.locator("ins")).to_have_text("Friday")
    results = Axe().run(mine, options={"runOnly": RULES, "preload": False})
    assert results.violations_count == 0, results.generate_report()
    expect(headline(mine)).to_have_value("Bridge closes on Friday")
    mine.get_by_role("button", name="Save and continue editing").click()
    expect(mine.get_by_text("was changed successfully")).to_be_visible()
    assert list(Revision.objects.order_by("number").values_list("headline", flat=True)) == [
        "Bridge closes",
        "Bridge closes on Monday",
        "Bridge closes on Friday",
    ]


def test_expired_session_keeps_the_text(form_of, editor, article):
    page = form_of(editor, article)
    Session.objects.all().delete()

    headline(page).fill("Typed while signed out")

    expect(page.get_by_role("alert")).to_contain_text("You are signed out.")

    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("alert")).to_contain_text("You are signed out.")
    assert article.revisions.count() == 1

    sign_in(page, editor)
    page.context.clear_cookies(name="csrftoken")  # signing in gives another
    other = page.context.new_page()
    other.goto(page.url)
    other.close()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()

    article.refresh_from_db()
    assert article.latest.headline == "Typed while signed out"


def test_lost_connection_keeps_the_text(form_of, editor, article):
    page = form_of(editor, article)
    go_offline(page)

    headline(page).fill("Typed without a connection")

    expect(page.get_by_role("alert")).to_contain_text("No connection.")

    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved: no connection.")
    expect(headline(page)).to_have_value("Typed without a connection")

    page.context.set_offline(False)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()

    article.refresh_from_db()
    assert article.latest.headline == "Typed without a connection"


def test_versions_are_compared_restored_and_previewed(form_of, editor, article):
    page = form_of(editor, article)
    headline(page).fill("Bridge stays open")

    page.get_by_role("button", name="Save and continue editing").click()

    expect(page.get_by_text("was changed successfully")).to_be_visible()

    page.get_by_role("link", name="Compare versions").click()
    expect(page.locator(".compared-part ins").first).to_have_text("stays open")

    results = Axe().run(page, options={"runOnly": RULES, "preload": False})
    assert results.violations_count == 0, results.generate_report()

    page.get_by_role("button", name="Restore revision 1").click()
    expect(page.get_by_text("Revision 1 was restored as revision 3.")).to_be_visible()
    expect(headline(page)).to_have_value("Bridge closes")

    page.get_by_role("link", name="Preview").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Bridge closes", level=1)).to_be_visible()

    wide = page.locator("iframe").bounding_box()["width"]
    page.get_by_label("Phone").check()
    expect(page.locator(".preview-stage.phone")).to_be_visible()
    assert page.locator("iframe").bounding_box()["width"] < 400 < wide


@pytest.mark.parametrize("viewport", [None, PHONE_VIEWPORT])
def test_form_compare_and_preview_are_accessible(form_of, editor, viewport):
    article = published_article()
    page = form_of(editor, article, **({"viewport": viewport} if viewport else {}))

    for name in ("change", "compare", "preview"):
        page.goto(f"/admin/articles/article/{article.pk}/{name}/")
        results = Axe().run(page, options={"runOnly": RULES, "preload": False})
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_read_only_form_runs_without_script_errors(open_page, reporter):
    """A reporter may only read a published article: its page has no fields."""
    article = published_article(headline="Bridge closes")
    page = open_page()
    sign_in(page, reporter)

    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.wait_for_load_state("networkidle")

    expect(page.get_by_role("heading", name="Bridge closes").first).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_count(0)


def test_view_on_site_link_has_a_visible_arrow(form_of, editor):
    """Django's arrow is a white image, for dark buttons."""
    page = form_of(editor, published_article())

    link = page.get_by_role("link", name="View on site")

    expect(link).to_have_css("background-image", "none")
    assert "↗" in link.evaluate("link => getComputedStyle(link, '::after').content")
