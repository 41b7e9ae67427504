"""Reading the paper: each thing a reader comes for, with scripts and without, wide and narrow, by hand and by key."""

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
def paper(story, deputy):
    """Every kind of page has something on it. Gives their addresses."""
    story.topics.add(TopicFactory(name="Bridges", slug="bridges"))
    ArticleImageFactory(article=story, image=ImageFactory(), alt="A bridge", caption="The bridge.", credit="Falk")
    CorrectionFactory(article=story, note="The bolts are on the north side.").claims.add(story.claims.first())
    RelatedLinkFactory(article=story, title="Earlier", url="https://elsewhere.example/")
    gone = published_article(status="retracted", headline="Mayor resigns")
    CorrectionFactory(article=gone, kind="retraction", note="He did not.")
    story.claims.first().quantities.update(ledger=LedgerFactory(name="Loose bolts", slug="bolts", counts="bolts"))
    for number in range(25):
        other = published_article(headline=f"Story number {number}", paragraphs=["It may rain, Per Aasen said."])
        make_claim(other, quote="It may rain", by="Per Aasen", form="indirect")
    return {
        "home": "/",
        "stories": "/articles/",
        "story": story.get_absolute_url(),
        "story with a note open": f"{story.get_absolute_url()}#note-{claim_key(story.claims.first())}",
        "retracted story": gone.get_absolute_url(),
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
def test_axe_finds_nothing_wrong_with_any_page(open_page, axe, paper, scheme, width):
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    for name, address in paper.items():
        page.goto(address)
        assert axe(page) == "", name


@pytest.mark.parametrize("width", [320, 2000])
def test_no_page_is_wider_than_the_window(open_page, paper, width):
    page = open_page(viewport={"width": width, "height": 900})
    for name, address in paper.items():
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("width", [320, 1280])
def test_a_site_that_runs_from_right_to_left_is_not_wider_than_the_window(open_page, paper, settings, width):
    settings.LANGUAGE_CODE = "ar"
    page = open_page(viewport={"width": width, "height": 900})
    for name, address in paper.items():
        page.goto(address)
        assert page.locator("html").get_attribute("dir") == "rtl", name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.goto(paper["story"])
    # The story's own language runs its own way.
    expect(page.locator(".words").first).to_have_attribute("dir", "ltr")


def test_at_four_hundred_per_cent_the_focus_stays_in_sight(open_page, paper):
    """And nothing is to be scrolled sideways but tables and charts in themselves."""
    page = open_page(viewport=ZOOMED_VIEWPORT, reduced_motion="reduce")
    for name, address in paper.items():
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED_VIEWPORT["width"], name
        assert find_hidden_focus(page) == "", name


def test_words_may_be_twice_as_large(open_page, paper):
    """WCAG 1.4.10: 1280 pixels at 400 % are 320; here with the letters doubled besides."""
    page = open_page(viewport={"width": 640, "height": 900})
    for name, address in paper.items():
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, name


def test_from_the_front_page_to_who_said_it(page, story):
    page.goto("/")
    page.get_by_role("link", name="Bridge has loose bolts").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge has loose bolts")
    expect(page.get_by_text("3 claims · 2 quoted sources · 3 original sources")).to_be_visible()
    found = story.claims.get(form="indirect")
    note = page.locator(f"#note-{claim_key(found)}")
    expect(note.locator(".note-body")).not_to_be_visible()
    page.locator(f"#{claim_key(found)}").click()
    expect(note.get_by_role("list", name="How it reached us")).to_be_visible()
    expect(note).to_contain_text("40 or more bolts")
    note.get_by_role("link", name="Bridge Inspectorate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge Inspectorate")


def test_one_note_is_open_at_a_time_and_the_text_does_not_move(page, story):
    page.goto(story.get_absolute_url())
    last = page.locator(".words").last
    before = last.bounding_box()
    for found in story.claims.all():
        page.locator(f"#ref-{claim_key(found)}").click()
        expect(page.locator(".note[open]")).to_have_attribute("id", f"note-{claim_key(found)}")
        expect(page.locator("mark.chosen").first).to_have_attribute("data-mark", claim_key(found))
    assert last.bounding_box() == before
    page.get_by_role("heading", level=1).click()
    expect(page.locator(".note[open]")).to_have_count(0)


def test_with_the_keyboard_alone(page, story):
    page.goto(story.get_absolute_url())
    key = claim_key(story.claims.order_by("order").first())
    page.locator(f"#ref-{key}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#note-{key} summary")).to_be_focused()
    expect(page.locator(f"#note-{key}")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator(f"#ref-{key}")).to_be_focused()
    expect(page.locator(".note[open]")).to_have_count(0)


def test_the_first_tab_leads_past_the_masthead(page, story):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_on_a_phone_a_touch_opens_the_note_below_its_paragraph(narrow, story):
    narrow.goto(story.get_absolute_url())
    key = claim_key(story.claims.get(form="direct"))
    narrow.locator(f"#{key}").tap()
    inside = narrow.locator(f"#note-{key} .note-body")
    expect(inside).to_be_visible()
    paragraph = narrow.locator(".words", has=narrow.locator(f"#{key}")).element_handle()
    # Both at one moment: the page may be scrolling to the note.
    below = "(note, words) => note.getBoundingClientRect().top >= words.getBoundingClientRect().bottom"
    assert inside.evaluate(below, paragraph)


def test_on_a_wide_screen_it_stands_in_the_margin(page, story):
    page.goto(story.get_absolute_url())
    key = claim_key(story.claims.get(form="direct"))
    text, note = page.locator(".words").first.bounding_box(), page.locator(f"#note-{key}").bounding_box()
    assert note["x"] >= text["x"] + text["width"]


def test_a_link_to_a_passage_opens_its_note_and_shows_its_words(page, story):
    key = claim_key(story.claims.get(form="direct"))
    page.goto(f"{story.get_absolute_url()}#{key}")
    expect(page.locator(f"#note-{key}")).to_have_attribute("open", "")
    expect(page.locator(f"#{key}")).to_be_in_viewport()


def test_the_marks_can_be_put_away_and_stay_away_from_story_to_story(page, paper, story):
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


def test_without_scripts_the_notes_are_footnotes_with_links_back_and_forth(without_scripts, story):
    page = without_scripts
    page.goto(story.get_absolute_url())
    key = claim_key(story.claims.get(form="direct"))
    page.locator(f"#ref-{key}").click()
    assert page.url.endswith(f"#note-{key}")
    inside = page.locator(f"#note-{key} .note-body")
    expect(inside).to_be_visible()
    inside.get_by_role("link", name="Back to the passage").click()
    assert page.url.endswith(f"#{key}")
    expect(page.locator(f"#{key}")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Hide the marks")).to_have_count(0)


def test_without_scripts_everything_somebody_said_is_found_by_filters(without_scripts, story):
    page = without_scripts
    page.goto("/claims/")
    page.get_by_label("Anyone in the chain").fill("the inspectors")
    page.get_by_role("button", name="Apply").click()
    assert page.url.endswith("/claims/?anyone=the+inspectors")
    expect(page.locator(".claim-row")).to_have_count(2)
    expect(page.locator(".claim-row").first).to_contain_text("Bridge Inspectorate")
    expect(page.locator(".claim-row").first).to_contain_text("Ada Roe")


def test_filters_work_in_place_the_address_says_what_is_shown_and_back_goes_back(page, story):
    page.goto("/claims/")
    page.evaluate("window.stayed = true")
    expect(page.locator(".claim-row")).to_have_count(3)
    page.get_by_label("With figures").check()
    expect(page.locator(".claim-row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/claims/\?figures=on$"))
    page.get_by_label("Anyone in the chain").fill("Ada Roe")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/claims/\?(?=.*figures=on)(?=.*anyone=Ada(\+|%20)Roe)"))
    expect(page.locator("#announce")).to_have_text("1 result")
    assert page.evaluate("window.stayed")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/claims/\?figures=on$"))
    expect(page.get_by_label("Anyone in the chain")).to_have_value("")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/claims/$"))
    expect(page.locator(".claim-row")).to_have_count(3)
    expect(page.get_by_label("With figures")).not_to_be_checked()


def test_a_condition_is_taken_out_in_place(page, story):
    page.goto("/claims/?figures=on&anyone=Ada+Roe")
    page.get_by_role("link", name="With figures").click()
    expect(page).to_have_url(re.compile(r"/claims/\?anyone=Ada\+Roe$"))
    expect(page.locator(".claim-row")).to_have_count(2)
    expect(page.get_by_label("With figures")).not_to_be_checked()


def test_a_name_that_nobody_has_says_so_in_place(page, story):
    page.goto("/claims/")
    page.get_by_label("Anyone in the chain").fill("Ada")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("No source called “Ada” was found. Did you mean Ada Roe?")).to_be_visible()


def test_on_a_phone_the_filters_are_folded_away_and_on_a_desk_they_stand_beside(page, narrow, story):
    page.goto("/claims/")
    expect(page.get_by_label("Text")).to_be_visible()
    narrow.goto("/claims/")
    expect(narrow.get_by_label("Text")).not_to_be_visible()
    narrow.get_by_text("Filter", exact=True).click()
    expect(narrow.get_by_label("Text")).to_be_visible()


def test_nothing_is_asked_of_any_other_house_and_nothing_is_kept(page, paper, live_server):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for address in paper.values():
        page.goto(address)
    assert asked
    assert [url for url in asked if not url.startswith(str(live_server))] == []
    assert page.context.cookies() == []


def test_printed_every_note_is_there_to_read(page, story):
    page.goto(story.get_absolute_url())
    page.emulate_media(media="print")
    for found in story.claims.all():
        expect(page.locator(f"#note-{claim_key(found)} .chain")).to_be_visible()
    expect(page.get_by_role("navigation", name="Sections")).not_to_be_visible()


def test_who_wants_no_motion_gets_none(open_page, story):
    page = open_page(reduced_motion="reduce")
    page.goto(story.get_absolute_url())
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("getComputedStyle(document.querySelector('mark.claim')).transitionDuration") == "0s"
