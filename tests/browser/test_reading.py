"""Public pages in a browser: accessibility, claim notes, filters.

Also without scripts and on a phone.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from articles.display.marked_text import claim_key
from tests.browser.conftest import ZOOMED_VIEWPORT, find_hidden_focus
from tests.factories import (
    ArticleImageFactory,
    CorrectionFactory,
    ImageFactory,
    LedgerFactory,
    RelatedLinkFactory,
    TopicFactory,
    make_claim,
    published_article,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(story, deputy):
    """Fill every kind of page. Return their URLs by name."""
    story.topics.add(TopicFactory(name="Bridges", slug="bridges"))
    ArticleImageFactory(article=story, image=ImageFactory(), alt="A bridge", caption="The bridge.", credit="Falk")
    CorrectionFactory(article=story, note="The bolts are on the north side.").claims.add(story.claims.first())
    RelatedLinkFactory(article=story, title="Earlier", url="https://elsewhere.example/")
    retracted = published_article(status="retracted", headline="Mayor resigns")
    CorrectionFactory(article=retracted, kind="retraction", note="He did not.")
    story.claims.first().quantities.update(ledger=LedgerFactory(name="Loose bolts", slug="bolts", counts="bolts"))
    for number in range(25):
        other = published_article(headline=f"Story number {number}", paragraphs=["It may rain, Per Aasen said."])
        make_claim(other, quote="It may rain", by="Per Aasen", form="indirect")
    return {
        "home": "/",
        "stories": "/articles/",
        "story": story.get_absolute_url(),
        "story with a note open": f"{story.get_absolute_url()}#note-{claim_key(story.claims.first())}",
        "retracted story": retracted.get_absolute_url(),
        "claims": "/claims/",
        "claims, filtered": "/claims/?anyone=the+inspectors&form=indirect",
        "claims, none": "/claims/?text=zebra&figures=on",
        "claims, wrong": "/claims/?anyone=nobody&after=soon",
        "claim": story.claims.first().get_absolute_url(),
        "sources": "/sources/",
        "source": deputy.get_absolute_url(),
        "topics": "/topics/",
        "topic": "/topics/bridges/",
        "corrections": "/corrections/",
        "follow": "/follow/",
        "search": "/search/",
        "search, found": "/search/?q=bridge",
        "search, claims": "/search/?q=Ada+Roe&kind=claims&sort=newest",
        "search, narrowed": "/search/?q=rain&topic=bridges&year=2024",
        "search, forgiven": "/search/?q=brigde",
        "search, wrong": "/search/?q=bridge&year=never",
        "ledgers": "/ledgers/",
        "ledger": "/ledgers/bolts/",
        "for developers": "/developers/",
        "nothing": "/nothing/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_errors(open_page, axe, pages, scheme, width):
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    for name, url in pages.items():
        page.goto(url)
        assert axe(page) == "", name


@pytest.mark.parametrize("width", [320, 2000])
def test_pages_fit_the_window(open_page, pages, width):
    page = open_page(viewport={"width": width, "height": 900})
    for name, url in pages.items():
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("width", [320, 1280])
def test_right_to_left_pages_fit_the_window(open_page, pages, settings, width):
    settings.LANGUAGE_CODE = "ar"
    page = open_page(viewport={"width": width, "height": 900})
    for name, url in pages.items():
        page.goto(url)
        assert page.locator("html").get_attribute("dir") == "rtl", name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    page.goto(pages["story"])

    # The article keeps the direction of its language.
    expect(page.locator(".words").first).to_have_attribute("dir", "ltr")


def test_focus_stays_visible_at_400_percent_zoom(open_page, pages):
    """Only tables and charts may scroll sideways."""
    page = open_page(viewport=ZOOMED_VIEWPORT, reduced_motion="reduce")
    for name, url in pages.items():
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED_VIEWPORT["width"], name
        assert find_hidden_focus(page) == "", name


def test_pages_fit_with_text_at_200_percent(open_page, pages):
    """WCAG 1.4.4."""
    page = open_page(viewport={"width": 640, "height": 900})
    for name, url in pages.items():
        page.goto(url)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, name


def test_reader_goes_from_home_page_to_the_source(page, story):
    page.goto("/")

    page.get_by_role("link", name="Bridge has loose bolts").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge has loose bolts")
    expect(page.get_by_text("3 claims · 2 quoted sources · 3 original sources")).to_be_visible()

    claim = story.claims.get(form="indirect")

    note = page.locator(f"#note-{claim_key(claim)}")

    expect(note.locator(".note-body")).not_to_be_visible()

    page.locator(f"#{claim_key(claim)}").click()

    expect(note.get_by_role("list", name="How it reached us")).to_be_visible()
    expect(note).to_contain_text("40 or more bolts")

    note.get_by_role("link", name="Bridge Inspectorate").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge Inspectorate")


def test_one_note_is_open_and_the_text_does_not_move(page, story):
    page.goto(story.get_absolute_url())
    last = page.locator(".words").last
    before = last.bounding_box()

    for claim in story.claims.all():
        page.locator(f"#ref-{claim_key(claim)}").click()
        expect(page.locator(".note[open]")).to_have_attribute("id", f"note-{claim_key(claim)}")
        expect(page.locator("mark.chosen").first).to_have_attribute("data-mark", claim_key(claim))

    assert last.bounding_box() == before

    page.get_by_role("heading", level=1).click()

    expect(page.locator(".note[open]")).to_have_count(0)


def test_note_is_opened_and_closed_by_keyboard(page, story):
    page.goto(story.get_absolute_url())
    key = claim_key(story.claims.order_by("order").first())
    page.locator(f"#ref-{key}").focus()

    page.keyboard.press("Enter")

    expect(page.locator(f"#note-{key} summary")).to_be_focused()
    expect(page.locator(f"#note-{key}")).to_have_attribute("open", "")

    page.keyboard.press("Escape")

    expect(page.locator(f"#ref-{key}")).to_be_focused()
    expect(page.locator(".note[open]")).to_have_count(0)


def test_first_tab_is_the_skip_link(page, story):
    page.goto("/")

    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_tap_on_a_phone_opens_the_note_below_its_paragraph(narrow, story):
    narrow.goto(story.get_absolute_url())
    key = claim_key(story.claims.get(form="direct"))
    narrow.locator(f"#{key}").tap()

    body = narrow.locator(f"#note-{key} .note-body")

    expect(body).to_be_visible()

    paragraph = narrow.locator(".words", has=narrow.locator(f"#{key}")).element_handle()

    # Both positions at one time, because the page may be scrolling to the note.
    is_below = "(note, words) => note.getBoundingClientRect().top >= words.getBoundingClientRect().bottom"

    assert body.evaluate(is_below, paragraph)


def test_note_is_in_the_margin_of_a_wide_screen(page, story):
    page.goto(story.get_absolute_url())
    key = claim_key(story.claims.get(form="direct"))

    text, note = page.locator(".words").first.bounding_box(), page.locator(f"#note-{key}").bounding_box()

    assert note["x"] >= text["x"] + text["width"]


def test_link_to_a_passage_opens_its_note_and_scrolls_to_it(page, story):
    key = claim_key(story.claims.get(form="direct"))

    page.goto(f"{story.get_absolute_url()}#{key}")

    expect(page.locator(f"#note-{key}")).to_have_attribute("open", "")
    expect(page.locator(f"#{key}")).to_be_in_viewport()


def test_hidden_marks_stay_hidden_in_other_articles(page, pages, story):
    other = published_article(paragraphs=["It may rain, Per Aasen said."])
    make_claim(other, quote="It may rain", by="Per Aasen")
    page.goto(story.get_absolute_url())

    page.get_by_role("button", name="Hide the marks").click()

    expect(page.locator(".notes").first).not_to_be_visible()
    expect(page.locator("a.ref").first).not_to_be_visible()

    page.goto(other.get_absolute_url())

    expect(page.locator(".notes").first).not_to_be_visible()

    page.get_by_role("button", name="Show the marks").click()

    expect(page.locator(".notes").first).to_be_visible()


def test_notes_without_scripts_are_footnotes_with_links(without_scripts, story):
    page = without_scripts
    page.goto(story.get_absolute_url())
    key = claim_key(story.claims.get(form="direct"))

    page.locator(f"#ref-{key}").click()

    assert page.url.endswith(f"#note-{key}")

    body = page.locator(f"#note-{key} .note-body")

    expect(body).to_be_visible()

    body.get_by_role("link", name="Back to the passage").click()

    assert page.url.endswith(f"#{key}")
    expect(page.locator(f"#{key}")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Hide the marks")).to_have_count(0)


def test_filters_work_without_scripts(without_scripts, story):
    page = without_scripts
    page.goto("/claims/")
    page.get_by_label("Anyone in the chain").fill("the inspectors")

    page.get_by_role("button", name="Apply").click()

    assert page.url.endswith("/claims/?anyone=the+inspectors")
    expect(page.locator(".claim-row")).to_have_count(2)
    expect(page.locator(".claim-row").first).to_contain_text("Bridge Inspectorate")
    expect(page.locator(".claim-row").first).to_contain_text("Ada Roe")


def test_filters_update_the_page_the_url_and_the_history(page, story):
    page.goto("/claims/")

    page.evaluate("window.sameDocument = true")

    expect(page.locator(".claim-row")).to_have_count(3)

    page.get_by_label("With figures").check()

    expect(page.locator(".claim-row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/claims/\?figures=on$"))

    page.get_by_label("Anyone in the chain").fill("Ada Roe")

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/claims/\?(?=.*figures=on)(?=.*anyone=Ada(\+|%20)Roe)"))
    expect(page.locator("#announce")).to_have_text("1 result")
    assert page.evaluate("window.sameDocument")

    page.go_back()

    expect(page).to_have_url(re.compile(r"/claims/\?figures=on$"))
    expect(page.get_by_label("Anyone in the chain")).to_have_value("")

    page.go_back()

    expect(page).to_have_url(re.compile(r"/claims/$"))
    expect(page.locator(".claim-row")).to_have_count(3)
    expect(page.get_by_label("With figures")).not_to_be_checked()


def test_active_filter_is_removed_without_reload(page, story):
    page.goto("/claims/?figures=on&anyone=Ada+Roe")

    page.get_by_role("link", name="With figures").click()

    expect(page).to_have_url(re.compile(r"/claims/\?anyone=Ada\+Roe$"))
    expect(page.locator(".claim-row")).to_have_count(2)
    expect(page.get_by_label("With figures")).not_to_be_checked()


def test_unknown_name_is_reported_without_reload(page, story):
    page.goto("/claims/")
    page.get_by_label("Anyone in the chain").fill("Ada")

    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_text("No source called “Ada” was found. Did you mean Ada Roe?")).to_be_visible()


def test_filters_are_folded_on_a_phone_only(page, narrow, story):
    page.goto("/claims/")

    expect(page.get_by_label("Text")).to_be_visible()

    narrow.goto("/claims/")

    expect(narrow.get_by_label("Text")).not_to_be_visible()

    narrow.get_by_text("Filter", exact=True).click()

    expect(narrow.get_by_label("Text")).to_be_visible()


def test_pages_make_no_third_party_requests_and_set_no_cookies(page, pages, live_server):
    requested = []
    page.on("request", lambda request: requested.append(request.url))

    for url in pages.values():
        page.goto(url)

    assert requested
    assert [url for url in requested if not url.startswith(str(live_server))] == []
    assert page.context.cookies() == []


def test_printed_page_shows_every_note(page, story):
    page.goto(story.get_absolute_url())

    page.emulate_media(media="print")

    for claim in story.claims.all():
        expect(page.locator(f"#note-{claim_key(claim)} .chain")).to_be_visible()
    expect(page.get_by_role("navigation", name="Sections")).not_to_be_visible()


def test_reduced_motion_disables_animation(open_page, story):
    page = open_page(reduced_motion="reduce")

    page.goto(story.get_absolute_url())

    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("getComputedStyle(document.querySelector('mark.claim')).transitionDuration") == "0s"
