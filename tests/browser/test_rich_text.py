"""The rich text editor in a browser: what is typed and pasted is stored as HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from articles.models import Anchor, Article
from articles.text.body import sanitise_html
from newsroom.models import User
from tests.browser.conftest import PHONE_VIEWPORT, sign_in
from tests.factories import ArticleFactory, make_claim

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def form_of(open_page) -> Callable[..., Page]:
    """Open an article's form for a user."""

    def open_one(user: User, article: Article | None, *, ready: bool = True, **kwargs: Any) -> Page:
        page = open_page(**kwargs)
        sign_in(page, user)
        page.goto(f"/admin/articles/article/{article.pk}/change/" if article else "/admin/articles/article/add/")
        if ready:
            expect(page.locator("html[data-editor=ready][data-autosave=ready]")).to_be_attached()
        return page

    return open_one


@pytest.fixture
def article(db) -> Article:
    return ArticleFactory(headline="Bridge closes", body="<p>The bridge closes.</p>\n<p>Nobody asked why.</p>")


def text_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text:", exact=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def save(page: Page) -> None:
    with page.expect_navigation():  # after a second save, the message of the first would still be there
        page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()


def body_of(article: Article) -> str:
    article.refresh_from_db()
    return article.latest.body


def paste(page: Page, html: str) -> None:
    """Paste HTML, as a browser does from another program."""
    text_of(page).evaluate(
        """(node, html) => {
            const carried = new DataTransfer();
            carried.setData("text/html", html);
            node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
        }""",
        html,
    )


def test_typed_and_formatted_text_is_stored_as_html(form_of, editor, article):
    page = form_of(editor, article)
    text_of(page).click()
    keys = page.keyboard
    keys.press("Control+a")
    keys.type("Why it closes")
    press(page, "Heading")
    keys.press("Enter")
    keys.type("Bolts are ")
    press(page, "Bold")
    keys.type("loose")
    press(page, "Bold")
    keys.type(".")
    keys.press("Enter")
    press(page, "List")
    keys.type("One")
    keys.press("Enter")
    keys.type("Two")
    keys.press("Enter")
    keys.press("Enter")
    press(page, "Quote")
    keys.type("We cannot wait & see.")

    save(page)

    assert body_of(article) == (
        "<h2>Why it closes</h2>\n<p>Bolts are <strong>loose</strong>.</p>\n<ul>\n<li>One</li>\n<li>Two</li>\n</ul>\n"
        "<blockquote>We cannot wait &amp; see.</blockquote>"
    )
    assert article.latest.text == "Why it closes\n\nBolts are loose.\n\nOne\n\nTwo\n\nWe cannot wait & see."


def test_save_without_changes_keeps_the_text(form_of, editor):
    body = sanitise_html(
        '<h2>One</h2><p>A <strong>b</strong> <em>c</em> H<sub>2</sub>O<br>line &lt;p&gt; <a href="/articles/x/">link</a>'
        "</p><blockquote>Said</blockquote><blockquote>Said too</blockquote><ol><li>1</li><li>2</li></ol><h3>End</h3>"
    )
    article = ArticleFactory(body=body)
    page = form_of(editor, article)

    save(page)

    assert body_of(article) == body
    assert article.revisions.count() == 1

    # One more word changes only that word.
    text_of(page).locator("h3").click()
    page.keyboard.press("End")
    page.keyboard.type("ing")
    save(page)
    assert body_of(article) == body.replace("End", "Ending")


def test_claims_keep_their_place_after_an_edit(form_of, editor):
    article = ArticleFactory(paragraphs=["It rained 🚧 on Monday.", "Ada Roe said 40 bolts are loose."])
    kept = make_claim(article, quote="40 bolts are loose", by="Ada Roe")
    page = form_of(editor, article)
    text_of(page).locator("p").first.click()
    page.keyboard.press("Home")
    page.keyboard.type("All night long: ")
    save(page)

    article.refresh_from_db()

    assert article.latest.number == 2

    anchor = Anchor.objects.get(claim=kept, revision=article.latest, part="content")
    assert anchor.state != Anchor.State.LOST
    assert article.latest.text[anchor.start : anchor.end] == "40 bolts are loose"


def test_pasted_html_is_reduced_to_allowed_elements(form_of, editor, article):
    page = form_of(editor, article)
    text_of(page).click()
    page.keyboard.press("Control+a")

    paste(
        page,
        "<h1>Far</h1><div class=x><p><font face=Arial>Away <b>bold</b></font> <u>under</u></p></div>"
        '<p><a href="javascript:alert(1)">bad</a> <a href="https://example.org/" target=_blank>good</a></p>'
        "<ul><li>a<ul><li>nested</li></ul></li></ul><img src=x onerror=alert(1)><table><tr><td>cell</td></tr></table>",
    )

    expect(text_of(page)).to_contain_text("cell")
    for left_out in ("img", "table", "u", "font", "h1", "a[href^=javascript]", "a[target]", "li li"):
        expect(text_of(page).locator(left_out)).to_have_count(0)

    save(page)
    stored = body_of(article)
    assert stored == sanitise_html(stored)
    assert "<strong>bold</strong>" in stored
    assert '<a href="https://example.org/" rel="noopener noreferrer">good</a>' in stored
    assert "javascript" not in stored


def test_pasted_styles_become_elements(form_of, editor, article):
    page = form_of(editor, article)
    text_of(page).click()
    page.keyboard.press("Control+a")

    paste(
        page,
        "<style>p { color: red }</style>"
        '<b style="font-weight:normal" id="docs"><p><span style="font-weight:400">Plain, </span>'
        '<span style="color:#111;font-weight:700;font-style:italic">both</span> '
        '<span style="vertical-align:super">2</span></p></b>',
    )

    expect(text_of(page)).to_contain_text("Plain, both 2")

    save(page)
    stored = body_of(article)
    assert "<strong><em>both</em></strong>" in stored or "<em><strong>both</strong></em>" in stored
    assert stored.startswith("<p>Plain, ")
    assert "<sup>2</sup>" in stored


def test_link_is_set_changed_and_removed_by_keyboard(form_of, editor, article):
    page = form_of(editor, article)
    text_of(page).locator("p").first.click()
    keys = page.keyboard
    keys.press("Home")
    keys.press("Control+Shift+ArrowRight")
    keys.press("Control+k")

    address = page.get_by_label("Link address")

    expect(address).to_be_focused()

    address.fill("javascript:alert(1)")
    keys.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Enter an address such as")).to_be_visible()

    address.fill("example.org/bridge")
    keys.press("Enter")
    expect(text_of(page)).to_be_focused()
    expect(text_of(page).locator("a")).to_have_attribute("href", "https://example.org/bridge")
    assert page.url.endswith("/change/"), "Enter must set the link, not save the story"
    assert article.revisions.count() == 1

    keys.press("Control+k")
    expect(address).to_have_value("https://example.org/bridge")

    address.fill("/articles/other/")
    keys.press("Enter")
    save(page)
    assert '<a href="/articles/other/" rel="noopener noreferrer">' in body_of(article)

    text_of(page).locator("a").click()
    keys.press("Control+k")
    page.get_by_role("button", name="Remove link").click()
    save(page)
    assert "<a " not in body_of(article)


def test_undo_button_and_tab_key(form_of, editor, article):
    page = form_of(editor, article)
    text_of(page).locator("p").last.click()
    page.keyboard.press("End")

    page.keyboard.type(" Yet.")

    expect(text_of(page)).to_contain_text("Nobody asked why. Yet.")

    press(page, "Undo")
    expect(text_of(page)).not_to_contain_text("Yet.")

    press(page, "List")
    page.keyboard.press("Tab")
    expect(text_of(page)).not_to_be_focused()


def test_arrow_keys_move_in_the_toolbar(form_of, editor, article):
    page = form_of(editor, article)
    page.get_by_label("Summary").focus()
    page.keyboard.press("Tab")

    tools = page.get_by_role("toolbar")

    expect(tools.get_by_role("button", name="Heading", exact=True)).to_be_focused()

    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="Subheading")).to_be_focused()

    page.keyboard.press("End")
    expect(tools.get_by_role("button", name="HTML")).to_be_focused()

    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="Heading", exact=True)).to_be_focused()

    page.keyboard.press("Tab")
    expect(text_of(page)).to_be_focused()


def test_toolbar_shows_the_format_at_the_caret(form_of, editor):
    page = form_of(editor, ArticleFactory(body="<h2>Heading</h2>\n<p>Words</p>"))
    tool = page.get_by_role("toolbar").get_by_role("button", name="Heading", exact=True)

    text_of(page).locator("h2").click()

    expect(tool).to_have_attribute("aria-pressed", "true")

    text_of(page).locator("p").click()
    expect(tool).to_have_attribute("aria-pressed", "false")


def test_html_mode_text_is_kept(form_of, editor, article):
    page = form_of(editor, article)
    press(page, "HTML")

    area = page.locator("textarea[name=body]")

    expect(area).to_have_value("<p>The bridge closes.</p>\n<p>Nobody asked why.</p>")

    area.fill("Plain < words.\n\nAnd more.")
    press(page, "HTML")
    expect(text_of(page).locator("p")).to_have_text(["Plain < words.", "And more."])

    save(page)
    assert body_of(article) == "<p>Plain &lt; words.</p>\n<p>And more.</p>"


def test_unsaved_text_is_restored_into_the_editor(form_of, editor, article):
    page = form_of(editor, article)
    text_of(page).locator("p").last.click()
    page.keyboard.press("End")

    page.keyboard.type(" Typed and left.")

    expect(page.get_by_text("Draft autosaved")).to_be_visible()

    page.reload()
    expect(page.locator("html[data-editor=ready][data-autosave=ready]")).to_be_attached()
    expect(text_of(page)).not_to_contain_text("Typed and left.")

    page.get_by_role("button", name="Restore").click()
    expect(text_of(page)).to_contain_text("Nobody asked why. Typed and left.")
    expect(text_of(page)).to_be_focused()

    save(page)
    assert article.revisions.count() == 2
    assert "Typed and left." in body_of(article)


def test_textarea_works_without_scripts(form_of, editor, article):
    page = form_of(editor, article, ready=False, java_script_enabled=False)
    page.get_by_label("Text:", exact=True).fill("In plain\n\nparagraphs.")

    save(page)

    assert body_of(article) == "<p>In plain</p>\n<p>paragraphs.</p>"


def test_textarea_works_without_the_editor_library(form_of, open_page, editor, article):
    page = form_of(editor, article)
    page.route("**/django_prose_editor/editor*.js", lambda route: route.fulfill(status=404))

    page.reload()

    expect(page.locator("html[data-autosave=ready]")).to_be_attached()

    page.locator("textarea[name=body]").fill("Still written.")
    save(page)
    assert body_of(article) == "<p>Still written.</p>"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE_VIEWPORT])
def test_editor_is_accessible_on_desktop_and_phone(form_of, editor, article, viewport, scheme):
    page = form_of(editor, article, color_scheme=scheme, **({"viewport": viewport} if viewport else {}))
    text_of(page).locator("p").first.click()

    page.keyboard.press("Control+k")

    expect(page.get_by_label("Link address")).to_be_focused()

    results = Axe().run(page, options={"runOnly": RULES, "preload": False})
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
