"""The desk in a real browser: a story reviewed from start to publish with the keyboard alone, two editors on one story,
a connection lost in the middle of a save, a session that ends while somebody types.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, expect

from articles.models import Article, Claim, DeskAction, Quantity
from newsroom.models import User
from record import log
from sources.models import Source
from tests.browser.conftest import PHONE_VIEWPORT, go_offline
from tests.factories import (
    ArticleFactory,
    LedgerFactory,
    SourceFactory,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUOTES = ("will close on Monday", "At least 40 bolts are loose,", "We cannot wait.")
SEED = Path(__file__).parents[2] / "seeds" / "2024-12-19-at-least-100-killed-lawmaker-says.txt"


@pytest.fixture
def desk_of(open_page) -> Callable[..., Page]:
    """The desk of a story, open for somebody who is signed in: `desk_of(editor, story, viewport=…)`."""

    def open_one(user: User, article: Article, **kwargs: object) -> Page:
        page = open_page(**kwargs)
        page.goto("/robots.txt")  # somewhere, so that the cookie has a site
        sign_in(page, user)
        page.goto(f"/admin/articles/article/{article.pk}/desk/")
        expect(page.locator("#desk[data-ready]")).to_be_visible()
        return page

    return open_one


def sign_in(page: Page, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": page.url}
    page.context.add_cookies([cookie])


@pytest.fixture
def bridge(db) -> Article:
    """A published story whose three claims wait."""
    article = published_article(headline="Bridge closes")
    for quote in QUOTES:
        make_claim(
            article,
            quote=quote,
            by=[unnamed_speaker("an inspector", organisation="The inspectorate"), "Ada Roe"],
            figures=[make_quantity("at least 40", lower=40)],
            review="proposed",
            confidence=0.9,
            extractor="rules-1",
        )
    return article


def states(article: Article) -> list[str]:
    return list(article.claims.order_by("order", "pk").values_list("review", flat=True))


def saved(page: Page, words: str) -> None:
    expect(page.locator("#desk-message")).to_contain_text(words)


def select(page: Page, words: str) -> None:
    """Select words of the story, as a mouse does."""
    page.evaluate(
        """(words) => {
            const story = document.getElementById("article-text");
            const walker = document.createTreeWalker(story, NodeFilter.SHOW_TEXT);
            const nodes = [];
            let text = "";
            while (walker.nextNode()) { nodes.push([text.length, walker.currentNode]); text += walker.currentNode.data; }
            const at = text.indexOf(words);
            const place = (offset) => {
                const [from, node] = nodes.findLast(([start]) => start <= offset);
                return [node, offset - from];
            };
            const range = document.createRange();
            range.setStart(...place(at));
            range.setEnd(...place(at + words.length));
            const selection = document.getSelection();
            selection.removeAllRanges();
            selection.addRange(range);
        }""",
        words,
    )
    expect(page.locator("#desk.has-selection")).to_be_visible()


# --- What an editor does ---


def test_a_story_is_reviewed_from_start_to_publish_with_the_keyboard_alone(desk_of, editor):
    call_command("import_seeds", str(SEED), draft=True, quiet=True)
    article = Article.objects.get()
    waiting = article.claims.awaiting_review().count()
    assert waiting > 3
    page = desk_of(editor, article)
    expect(page.locator("#count")).to_have_text(f"{waiting} of {waiting} claims wait for review")
    expect(page.locator(".card[aria-current]")).to_be_focused()

    page.keyboard.press("a")
    saved(page, "Saved. Accepted")
    page.keyboard.press("r")
    saved(page, "Saved. Rejected")
    page.keyboard.press("e")
    page.keyboard.type("The statement as an editor puts it.")
    page.keyboard.press("Control+Enter")
    saved(page, "Saved. Edited “The statement as an editor puts it.”")
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.keyboard.type("Some Spokesman")
    expect(page.get_by_role("option", name="Make “Some Spokesman”: person")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    saved(page, "Saved. Changed who said")
    page.keyboard.press("u")
    saved(page, "Saved. Undone: Changed who said")
    page.keyboard.press("Shift+A")
    page.keyboard.press("Enter")
    saved(page, "Saved. Accepted the other")
    expect(page.locator("#count")).to_have_text(f"All claims judged: {waiting}")
    page.keyboard.press("Shift+P")
    asked = page.get_by_role("dialog", name="Publish this story?")
    expect(asked).to_contain_text("Nothing stands against it.")
    expect(asked.get_by_role("button", name="Publish", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    saved(page, "Saved. The story is published")

    article.refresh_from_db()
    assert article.status == "published"
    told = article.claims.filter(reporting=True).order_by("order", "pk")
    assert list(told.values_list("review", flat=True)[:3]) == ["accepted", "rejected", "edited"]
    assert not article.claims.awaiting_review().exists()
    assert Source.objects.filter(name="Some Spokesman").exists()  # what was typed is not unmade with the chain


def test_click_on_either_side_and_the_other_follows(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    page.locator("mark", has_text=QUOTES[2]).click()
    expect(page.locator(".card[aria-current] .statement")).to_have_text(QUOTES[2])
    page.locator(".card .statement", has_text=QUOTES[1]).click()
    expect(page.locator("mark.current")).to_have_text(QUOTES[1])


def test_of_overlapping_claims_each_can_be_reached_by_clicking(desk_of, editor, bridge):
    make_claim(bridge, quote="40 bolts", statement="The inner one", by="Ada Roe", review="proposed")
    page = desk_of(editor, bridge)
    mark = page.locator("mark mark", has_text="40 bolts")
    mark.click(position={"x": 20, "y": 10})
    expect(page.locator(".card[aria-current] .statement")).to_have_text("The inner one")
    mark.click(position={"x": 50, "y": 10})  # elsewhere on it: two clicks at one place select a word
    expect(page.locator(".card[aria-current] .statement")).to_have_text(QUOTES[1])


def test_a_new_claim_of_a_selection_beyond_the_basic_plane(desk_of, editor):
    article = ArticleFactory(paragraphs=["😀🎉 First.", "𠮷野家 😀 said it opens today, 🎉 and more."])
    page = desk_of(editor, article)
    select(page, "it opens today, 🎉")
    page.keyboard.press("n")
    saved(page, "Saved. Made a claim of “it opens today, 🎉”")
    expect(page.locator("mark.current")).to_have_text("it opens today, 🎉")
    anchor = article.claims.get().anchors.get()
    assert article.latest.text[anchor.start : anchor.end] == "it opens today, 🎉"


def test_words_are_selected_with_the_keyboard_alone(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    page.keyboard.press("t")
    for _ in range(10):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("n")
    saved(page, "Saved. Made a claim of “will close”")
    page.keyboard.press("Escape")
    assert bridge.claims.filter(statement="will close").exists()
    assert (
        page.locator("#article-text").inner_text().count("will close on Monday") == 1
    )  # nothing was typed into the text


def test_a_claim_is_anchored_anew_split_and_joined(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    select(page, "harbour bridge will close")
    page.keyboard.press("p")
    saved(page, "Saved. Said where")
    expect(page.locator("mark.current")).to_have_text("harbour bridge will close")
    page.keyboard.press("j")
    select(page, "40 bolts are loose")
    page.keyboard.press("x")
    saved(page, "Saved. Split")
    expect(page.locator(".card")).to_have_count(4)
    page.keyboard.press("o")
    saved(page, "Saved. Joined")
    page.keyboard.press("u")
    saved(page, "Undone: Joined")
    page.keyboard.press("u")
    saved(page, "Undone: Split")
    expect(page.locator(".card")).to_have_count(3)


def test_two_mentions_are_made_one(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    page.keyboard.press("m")
    page.get_by_label("This speaker").select_option(label="an inspector (unnamed)")
    page.get_by_label("is the same as").select_option(label="Ada Roe")
    page.keyboard.press("Control+Enter")
    saved(page, "Saved. Two mentions are one source: Ada Roe")
    expect(page.locator(".card .unnamed")).to_have_count(0)


def test_a_source_is_found_by_its_alias_and_a_likely_duplicate_is_shown(desk_of, editor, bridge):
    SourceFactory(name="National Intelligence Service", kind="organisation", names=["the spy agency"])
    page = desk_of(editor, bridge)
    page.keyboard.press("s")
    page.keyboard.type("spy ag")
    expect(page.get_by_role("option").first).to_contain_text("National Intelligence Service")
    page.keyboard.press("Control+a")
    page.keyboard.type("Adah Roe")
    expect(page.get_by_role("option", name="Ada Roe")).to_contain_text("probably the same")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    saved(page, "Saved. Changed who said")
    assert set(bridge.claims.order_by("order")[0].hops.values_list("source__name", flat=True)) == {"Ada Roe"}
    assert not Source.objects.filter(name="Adah Roe").exists()


def test_a_figures_bounds_are_corrected(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    page.keyboard.press("e")
    page.get_by_label("At most").fill("50")
    page.keyboard.press("Control+Enter")
    saved(page, "Saved. Edited")
    expect(page.locator(".card[aria-current] .bounds")).to_have_text("(40 to 50)")


def test_closing_a_form_does_not_lose_what_was_typed_without_asking(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.keyboard.press("e")
    page.keyboard.type("Typed")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Statement")).to_have_value("Typed")
    assert asked == ["Close, and lose what you have typed here?"]
    page.on("dialog", lambda dialog: None)


def test_holding_a_key_or_clicking_twice_does_a_thing_once(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    page.get_by_role("button", name="Reject: claim 1").dblclick()
    saved(page, "Saved. Rejected")
    assert states(bridge) == ["rejected", "proposed", "proposed"]
    assert DeskAction.objects.count() == 1


def test_letter_keys_can_be_switched_off(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    page.keyboard.press("?")
    page.get_by_label("Letter keys are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.reload()
    page.keyboard.press("a")
    expect(page.locator("#count")).to_have_text("3 of 3 claims wait for review")
    page.get_by_role("button", name="Accept: claim 1").click()
    saved(page, "Saved. Accepted")


def test_what_nobody_told_is_shown_on_demand(desk_of, editor, bridge):
    Claim.objects.filter(statement=QUOTES[1]).update(reporting=False)
    page = desk_of(editor, bridge)
    expect(page.locator("#count")).to_have_text("2 of 2 claims wait for review")
    expect(page.locator("mark.claim")).to_have_count(2)
    page.get_by_role("button", name="Thoughts and plans: 1").click()
    expect(page.locator(".card")).to_have_count(3)
    expect(page.locator("mark.claim")).to_have_count(3)
    page.keyboard.press("Shift+A")
    page.keyboard.press("Enter")
    saved(page, "Saved. Accepted the other 2")
    assert states(bridge) == ["accepted", "proposed", "accepted"]


# --- Two editors, a lost connection, a session that ends ---


def test_two_editors_on_one_story_lose_nothing(desk_of, editor, chief, bridge):
    mine, theirs = desk_of(editor, bridge), desk_of(chief, bridge)
    mine.keyboard.press("e")
    mine.keyboard.type("My words")
    theirs.keyboard.press("e")
    theirs.keyboard.type("Their words")
    theirs.keyboard.press("Control+Enter")
    saved(theirs, "Saved. Edited “Their words”")

    mine.keyboard.press("Control+Enter")
    refused = mine.locator(".desk-form .refused")
    expect(refused).to_contain_text("Not saved: somebody else has changed this claim.")
    expect(refused).to_contain_text(f"{chief.username} changed the statement, the judgement at")
    expect(mine.get_by_label("Statement")).to_have_value("My words")
    expect(mine.locator(".card[aria-current] .statement")).to_have_text("Their words")
    assert bridge.claims.order_by("order")[0].statement == "Their words"

    mine.keyboard.press("Control+Enter")
    saved(mine, "Saved. Edited “My words”")
    assert bridge.claims.order_by("order")[0].statement == "My words"


def test_what_others_do_is_seen_and_an_open_form_still_rests_on_what_it_was_opened_on(desk_of, editor, chief, bridge):
    mine, theirs = desk_of(editor, bridge), desk_of(chief, bridge)
    mine.keyboard.press("e")
    mine.keyboard.type("My words")
    theirs.keyboard.press("r")
    saved(theirs, "Saved. Rejected")
    mine.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(mine, "Changed by somebody else: 1.")
    expect(mine.locator(".card[aria-current] .badge").first).to_have_text("rejected")
    mine.keyboard.type(", and more")  # into the form still, and not onto the keys
    expect(mine.get_by_label("Statement")).to_have_value("My words, and more")
    mine.keyboard.press("Control+Enter")
    expect(mine.locator(".desk-form .refused")).to_contain_text(f"{chief.username}")
    assert bridge.claims.order_by("order")[0].statement == QUOTES[0]


def test_what_another_has_judged_is_not_judged_over(desk_of, editor, chief, bridge):
    mine, theirs = desk_of(editor, bridge), desk_of(chief, bridge)
    theirs.keyboard.press("r")
    saved(theirs, "Saved. Rejected")
    mine.keyboard.press("a")
    expect(mine.locator(".card[aria-current] .refused")).to_contain_text(f"{chief.username} changed the judgement")
    expect(mine.locator(".card[aria-current] .badge").first).to_have_text("rejected")
    assert states(bridge) == ["rejected", "proposed", "proposed"]


def test_an_answer_lost_in_the_middle_of_a_save_does_the_action_once(desk_of, editor, bridge):
    page = desk_of(editor, bridge, routed=True)
    lost = []

    def lose_the_answer(route):
        if not lost:
            route.fetch()  # the server has done it, and nobody hears of it
        lost.append(route.request.post_data)
        route.abort("connectionreset")

    page.route("**/desk/act/", lose_the_answer)
    page.keyboard.press("a")
    expect(page.locator("#connection-problem")).to_contain_text("No connection. Not saved yet: 1.")
    assert states(bridge) == ["accepted", "proposed", "proposed"]
    page.unroute("**/desk/act/")
    saved(page, "Saved. Accepted")
    expect(page.locator("#connection-problem")).to_be_hidden()
    assert DeskAction.objects.count() == 1
    assert states(bridge) == ["accepted", "proposed", "proposed"]


def test_what_is_done_without_a_connection_is_saved_in_order_once_it_is_back(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    go_offline(page)
    page.keyboard.press("a")
    page.keyboard.press("r")
    page.keyboard.press("k")
    page.keyboard.press("e")
    page.keyboard.type("Typed without a connection")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#connection-problem")).to_contain_text("Not saved yet: 3.")
    expect(page.locator(".card[aria-current] .statement")).to_have_text("Typed without a connection")
    expect(page.locator(".card.unsaved")).to_have_count(2)
    assert states(bridge) == ["proposed"] * 3
    page.context.set_offline(False)
    saved(page, "Saved. Edited “Typed without a connection”")
    expect(page.locator(".card.unsaved")).to_have_count(0)
    assert DeskAction.objects.count() == 3


def test_what_was_not_saved_when_the_page_was_left_is_saved_when_it_is_back(desk_of, editor, bridge):
    page = desk_of(editor, bridge, routed=True)
    page.on("dialog", lambda dialog: dialog.accept())  # "leave the page?"
    page.route("**/desk/act/", lambda route: route.abort("connectionreset"))
    page.keyboard.press("a")
    expect(page.locator("#connection-problem")).to_be_visible()
    page.unroute("**/desk/act/")
    page.reload()
    saved(page, "Saved. Accepted")
    assert states(bridge) == ["accepted", "proposed", "proposed"]


def test_a_session_that_ends_while_somebody_types_loses_nothing(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    page.keyboard.press("e")
    page.keyboard.type("Typed while the session ended")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#connection-problem")).to_contain_text("You are signed out. Not saved yet: 1.")
    expect(page.locator(".card[aria-current] .statement")).to_have_text("Typed while the session ended")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").click()
    tab = opened.value
    tab.get_by_label("Username").fill(editor.username)
    tab.get_by_label("Password").fill("a quiet word")
    tab.get_by_role("button", name="Log in").click()
    tab.wait_for_url("**/admin/")
    tab.close()
    saved(page, "Saved. Edited “Typed while the session ended”")
    expect(page.locator("#connection-problem")).to_be_hidden()
    assert Claim.objects.filter(statement="Typed while the session ended", reviewed_by=editor).exists()


# --- Looks ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "viewport", [None, PHONE_VIEWPORT, {"width": 320, "height": 256}], ids=["wide", "phone", "400%"]
)
def test_axe_finds_nothing_wrong_with_the_desk(desk_of, editor, bridge, scheme, viewport):
    size = {"viewport": viewport} if viewport else {}
    page = desk_of(editor, bridge, color_scheme=scheme, **size)
    options = {"runOnly": {"type": "tag", "values": RULES}, "preload": False}
    for key in ("", "e", "s", "?"):
        if key:
            page.keyboard.press(key)
        found = Axe().run(page, options=options)
        assert not found.violations_count, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.keyboard.press("Escape")


def test_the_desk_is_used_by_touch_on_a_phone(desk_of, editor, bridge):
    page = desk_of(editor, bridge, viewport=PHONE_VIEWPORT, has_touch=True)
    page.get_by_role("button", name="Accept: claim 1").tap()
    saved(page, "Saved. Accepted")
    expect(page.locator(".card[aria-current] .statement")).to_have_text(QUOTES[1])
    expect(page.locator("mark.current")).to_be_in_viewport()


# --- The counting of characters ---


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("plain words", 0, 5, [10, 15]),
        ("😀 plain", 3, 8, [12, 17]),
        ("𠮷野家 said", 0, 4, [10, 13]),
        ("  spaces  ", 0, 10, [12, 18]),
        ("👩‍👩‍👧 family", 0, 8, [10, 15]),
        (" \n ", 0, 3, None),
    ],
)
def test_code_units_become_code_points(page, text, start, end, expected):
    page.goto("/robots.txt")
    found = page.evaluate(
        """async ([text, start, end]) => {
            const { toCodePoints } = await import("/static/newsroom/desk/text_offsets.js");
            return toCodePoints(text, start, end, 10);
        }""",
        [text, start, end],
    )
    assert found == expected


def test_a_figure_is_filed_with_the_keyboard_and_taken_back(desk_of, editor, bridge):
    ledger = LedgerFactory(name="Loose bolts", counts="bolts")
    Quantity.objects.update(counts="bolts")
    page = desk_of(editor, bridge)
    page.keyboard.press("f")
    place = page.get_by_label("at least 40 bolts", exact=True)
    expect(place).to_be_focused()
    expect(place).to_have_value(str(ledger.pk))
    page.keyboard.press("Control+Enter")
    expect(page.locator("article.card").first).to_contain_text("in Loose bolts")
    expect(page.locator("#desk-message")).to_contain_text("Filed the figures of")
    assert bridge.claims.order_by("order").first().quantities.get().ledger == ledger
    page.keyboard.press("u")
    expect(page.locator("article.card").first).not_to_contain_text("in Loose bolts")
    assert bridge.claims.order_by("order").first().quantities.get().ledger is None


def test_a_chief_publishes_over_warnings_and_an_editor_is_led_to_them(desk_of, editor, chief):
    article = ArticleFactory(paragraphs=["“We cannot wait for the county any longer,” it was said."])
    one = make_claim(
        article, quote="We cannot wait for the county any longer,", by=unnamed_speaker("an aide"), review="accepted"
    )
    page = desk_of(editor, article)
    page.keyboard.press("Shift+P")
    asked = page.get_by_role("dialog", name="Publish this story?")
    expect(asked).to_contain_text("ask a chief to publish over them")
    expect(asked.get_by_role("button", name="Publish", exact=True)).to_be_disabled()
    asked.locator("li button").first.click()
    expect(asked).to_be_hidden()
    expect(page.locator(f"#card-{one.pk}")).to_be_focused()

    page = desk_of(chief, article)
    page.keyboard.press("Shift+P")
    asked = page.get_by_role("dialog", name="Publish this story?")
    expect(asked.get_by_label("Publish over these warnings")).to_be_focused()
    results = Axe().run(page, options={"runOnly": RULES, "preload": False})
    assert results.violations_count == 0, results.generate_report()
    page.keyboard.press("Escape")
    expect(asked).to_be_hidden()
    page.keyboard.press("Shift+P")
    expect(asked.get_by_label("Publish over these warnings")).to_be_focused()
    page.keyboard.press("Space")
    asked.get_by_role("button", name="Publish", exact=True).click()
    saved(page, "Saved. The story is published")
    assert log.entries_for(article)[0].details["warnings"]


def test_disabled_publish_button_looks_disabled(desk_of, chief):
    article = ArticleFactory(paragraphs=["“We cannot wait for the county any longer,” it was said."])
    page = desk_of(chief, article)
    page.keyboard.press("Shift+P")
    dialog = page.get_by_role("dialog", name="Publish this story?")
    button = dialog.get_by_role("button", name="Publish", exact=True)

    expect(button).to_be_disabled()
    disabled = button.evaluate("button => getComputedStyle(button).backgroundColor")
    dialog.get_by_label("Publish over these warnings").check()

    expect(button).to_be_enabled()
    assert button.evaluate("button => getComputedStyle(button).backgroundColor") != disabled


def test_arabic_text_and_card_run_from_right_to_left(desk_of, editor):
    article = published_article(paragraphs=["The bridge is closed.", "قال المفتش إن الجسر مغلق."])
    make_claim(article, quote="الجسر مغلق", by=unnamed_speaker("المفتش"), review="proposed")

    page = desk_of(editor, article)

    blocks = page.locator("#desk .block")
    expect(blocks.first).to_have_css("direction", "ltr")
    expect(blocks.last).to_have_css("direction", "rtl")
    expect(page.locator(".card .statement")).to_have_css("direction", "rtl")


def test_a_question_that_is_put_away_does_not_answer_the_next(desk_of, editor):
    """The browser tells of a dialog's closing later, when it may be open again."""
    article = ArticleFactory(paragraphs=["“We cannot wait for the county any longer,” Ada Roe said."])
    make_claim(article, quote="We cannot wait for the county any longer,", by="Ada Roe", review="accepted")
    page = desk_of(editor, article)
    page.keyboard.press("Shift+P")
    asked = page.get_by_role("dialog", name="Publish this story?")
    publish = asked.get_by_role("button", name="Publish", exact=True)
    expect(publish).to_be_enabled()
    page.evaluate("""() => {
        document.getElementById("publish-dialog").close("");
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "P", shiftKey: true, bubbles: true }));
    }""")
    expect(publish).to_be_enabled()
    publish.click()
    saved(page, "Saved. The story is published")


# --- Accepting many at once ---


def caps_lock(page: Page, letter: str) -> None:
    """Press a letter's key while Caps Lock is on: the browser says its capital, and that Shift is up."""
    session = page.context.new_cdp_session(page)
    key = {"key": letter, "code": f"Key{letter}", "windowsVirtualKeyCode": ord(letter), "text": letter}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


def test_caps_lock_accepts_one_claim_only(desk_of, editor, bridge):
    page = desk_of(editor, bridge)

    caps_lock(page, "A")

    saved(page, f"Saved. Accepted “{QUOTES[0]}”")
    assert states(bridge) == ["accepted", "proposed", "proposed"]


def test_caps_lock_does_not_open_publishing(desk_of, chief, bridge):
    page = desk_of(chief, bridge)

    caps_lock(page, "P")

    expect(page.locator("#desk-message")).to_contain_text("Select the words in the text first.")  # what p alone does
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_accepting_the_rest_asks_with_the_number(desk_of, editor, bridge):
    make_claim(bridge, quote="the town council", by=(), review="proposed")
    page = desk_of(editor, bridge)
    asked = page.get_by_role("dialog", name="Accept 3 claims without looking at each?")

    page.keyboard.press("Shift+A")
    expect(asked.get_by_role("button", name="Accept 3")).to_be_focused()
    expect(asked).to_contain_text("Claims that name nobody who said them: 1.")
    page.keyboard.press("Escape")
    expect(asked).to_be_hidden()
    expect(page.locator(".card[aria-current]")).to_be_focused()
    assert states(bridge) == ["proposed"] * 4

    page.keyboard.press("Shift+A")
    page.keyboard.press("Enter")
    saved(page, "Saved. Accepted the other 3")
    assert sorted(states(bridge)) == ["accepted"] * 3 + ["proposed"]


def test_new_claim_waits_until_its_speaker_is_saved(desk_of, editor, bridge):
    page = desk_of(editor, bridge)
    page.keyboard.press("t")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("n")
    saved(page, "Saved. Made a claim of")
    page.keyboard.press("Escape")
    made = bridge.claims.latest("pk")
    assert made.review == "proposed"

    page.keyboard.press("a")
    expect(page.locator(f"[data-claim='{made.pk}'] > .refused")).to_contain_text("has no speaker")
    made.refresh_from_db()
    assert made.review == "proposed"
