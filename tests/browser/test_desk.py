"""The review desk in a browser: keyboard, conflicts, lost connections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, expect

from articles.errors import NoSpeakerError, changed_meanwhile
from articles.models import Article, Claim, DeskAction, Quantity
from newsroom.models import User
from record import log
from sources.models import Source
from tests.browser.conftest import PHONE_VIEWPORT, go_offline, sign_in
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
    """Open an article's review desk: `desk_of(editor, article, viewport=…)`."""

    def open_one(user: User, article: Article, **kwargs: object) -> Page:
        page = open_page(**kwargs)
        sign_in(page, user)
        page.goto(f"/admin/articles/article/{article.pk}/desk/")
        expect(page.locator("#desk[data-ready]")).to_be_visible()
        return page

    return open_one


@pytest.fixture
def article(db) -> Article:
    """A published article with three proposed claims."""
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


def expect_message(page: Page, text: str) -> None:
    expect(page.locator("#desk-message")).to_contain_text(text)


def select(page: Page, words: str) -> None:
    """Select text of the story, as a mouse does."""
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


# --- Review ---


def test_story_is_reviewed_and_published_by_keyboard(desk_of, editor):
    call_command("import_seeds", str(SEED), draft=True, quiet=True)
    article = Article.objects.get()
    waiting = article.claims.awaiting_review().count()
    assert waiting > 3
    page = desk_of(editor, article)
    expect(page.locator("#count")).to_have_text(f"{waiting} of {waiting} claims to review")
    expect(page.locator(".card[aria-current]")).to_be_focused()

    page.keyboard.press("a")
    expect_message(page, "Saved. Accepted")
    page.keyboard.press("r")
    expect_message(page, "Saved. Rejected")
    page.keyboard.press("e")
    page.keyboard.type("The statement as an editor puts it.")
    page.keyboard.press("Control+Enter")
    expect_message(page, "Saved. Edited “The statement as an editor puts it.”")
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.keyboard.type("Some Spokesman")
    expect(page.get_by_role("option", name="Create person “Some Spokesman”")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect_message(page, "Saved. Changed the speaker of")
    page.keyboard.press("u")
    expect_message(page, "Saved. Undone: Changed the speaker of")
    page.keyboard.press("Shift+A")
    page.keyboard.press("Enter")
    expect_message(page, "Saved. Accepted ")
    expect(page.locator("#count")).to_have_text(f"All claims reviewed: {waiting}")
    page.keyboard.press("Shift+P")
    dialog = page.get_by_role("dialog", name="Publish this story?")
    expect(dialog).to_contain_text("No warnings.")
    expect(dialog.get_by_role("button", name="Publish", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect_message(page, "Saved. The story is published")

    article.refresh_from_db()
    assert article.status == "published"
    reported = article.claims.filter(reporting=True).order_by("order", "pk")
    assert list(reported.values_list("review", flat=True)[:3]) == ["accepted", "rejected", "edited"]
    assert not article.claims.awaiting_review().exists()
    assert Source.objects.filter(name="Some Spokesman").exists()  # undo does not delete the new source


def test_click_on_mark_or_card_selects_both(desk_of, editor, article):
    page = desk_of(editor, article)
    page.locator("mark", has_text=QUOTES[2]).click()

    expect(page.locator(".card[aria-current] .statement")).to_have_text(QUOTES[2])

    page.locator(".card .statement", has_text=QUOTES[1]).click()
    expect(page.locator("mark.current")).to_have_text(QUOTES[1])


def test_overlapping_claims_can_all_be_clicked(desk_of, editor, article):
    make_claim(article, quote="40 bolts", statement="The inner one", by="Ada Roe", review="proposed")
    page = desk_of(editor, article)
    mark = page.locator("mark mark", has_text="40 bolts")

    mark.click(position={"x": 20, "y": 10})

    expect(page.locator(".card[aria-current] .statement")).to_have_text("The inner one")

    mark.click(position={"x": 50, "y": 10})  # elsewhere on it: two clicks at one place select a word
    expect(page.locator(".card[aria-current] .statement")).to_have_text(QUOTES[1])


def test_new_claim_from_text_with_emoji(desk_of, editor):
    article = ArticleFactory(paragraphs=["😀🎉 First.", "𠮷野家 😀 said it opens today, 🎉 and more."])
    page = desk_of(editor, article)
    select(page, "it opens today, 🎉")

    page.keyboard.press("n")

    expect_message(page, "Saved. Created claim “it opens today, 🎉”")
    expect(page.locator("mark.current")).to_have_text("it opens today, 🎉")

    anchor = article.claims.get().anchors.get()
    assert article.latest.text[anchor.start : anchor.end] == "it opens today, 🎉"


def test_text_is_selected_by_keyboard(desk_of, editor, article):
    page = desk_of(editor, article)
    page.keyboard.press("t")
    for _ in range(10):
        page.keyboard.press("Shift+ArrowRight")

    page.keyboard.press("n")

    expect_message(page, "Saved. Created claim “will close”")

    page.keyboard.press("Escape")
    assert article.claims.filter(statement="will close").exists()
    assert (
        page.locator("#article-text").inner_text().count("will close on Monday") == 1
    )  # nothing was typed into the text


def test_claim_is_moved_split_and_joined(desk_of, editor, article):
    page = desk_of(editor, article)
    select(page, "harbour bridge will close")

    page.keyboard.press("p")

    expect_message(page, "Saved. Moved")
    expect(page.locator("mark.current")).to_have_text("harbour bridge will close")

    page.keyboard.press("j")
    select(page, "40 bolts are loose")
    page.keyboard.press("x")
    expect_message(page, "Saved. Split")
    expect(page.locator(".card")).to_have_count(4)

    page.keyboard.press("o")
    expect_message(page, "Saved. Joined")

    page.keyboard.press("u")
    expect_message(page, "Undone: Joined")

    page.keyboard.press("u")
    expect_message(page, "Undone: Split")
    expect(page.locator(".card")).to_have_count(3)


def test_two_speakers_are_merged(desk_of, editor, article):
    page = desk_of(editor, article)
    page.keyboard.press("m")
    page.get_by_label("This speaker").select_option(label="an inspector (unnamed)")
    page.get_by_label("is the same as").select_option(label="Ada Roe")

    page.keyboard.press("Control+Enter")

    expect_message(page, "Saved. Marked as the same speaker: Ada Roe")
    expect(page.locator(".card .unnamed")).to_have_count(0)


def test_source_picker_finds_alias_and_duplicate(desk_of, editor, article):
    SourceFactory(name="National Intelligence Service", kind="organisation", names=["the spy agency"])
    page = desk_of(editor, article)
    page.keyboard.press("s")

    page.keyboard.type("spy ag")

    expect(page.get_by_role("option").first).to_contain_text("National Intelligence Service")

    page.keyboard.press("Control+a")
    page.keyboard.type("Adah Roe")
    expect(page.get_by_role("option", name="Ada Roe")).to_contain_text("probably the same")

    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect_message(page, "Saved. Changed the speaker of")
    assert set(article.claims.order_by("order")[0].hops.values_list("source__name", flat=True)) == {"Ada Roe"}
    assert not Source.objects.filter(name="Adah Roe").exists()


def test_figure_bounds_are_edited(desk_of, editor, article):
    page = desk_of(editor, article)
    page.keyboard.press("e")
    page.get_by_label("At most").fill("50")

    page.keyboard.press("Control+Enter")

    expect_message(page, "Saved. Edited")
    expect(page.locator(".card[aria-current] .bounds")).to_have_text("(40 to 50)")


def test_closing_a_changed_form_asks_first(desk_of, editor, article):
    page = desk_of(editor, article)
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
    page.keyboard.press("e")
    page.keyboard.type("Typed")

    page.keyboard.press("Escape")

    expect(page.get_by_label("Statement")).to_have_value("Typed")
    assert questions == ["Close and discard your changes?"]

    page.on("dialog", lambda dialog: None)


def test_double_click_acts_once(desk_of, editor, article):
    page = desk_of(editor, article)
    page.get_by_role("button", name="Reject: claim 1").dblclick()

    expect_message(page, "Saved. Rejected")
    assert states(article) == ["rejected", "proposed", "proposed"]
    assert DeskAction.objects.count() == 1


def test_letter_keys_can_be_switched_off(desk_of, editor, article):
    page = desk_of(editor, article)
    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.reload()

    page.keyboard.press("a")

    expect(page.locator("#count")).to_have_text("3 of 3 claims to review")

    page.get_by_role("button", name="Accept: claim 1").click()
    expect_message(page, "Saved. Accepted")


def test_hidden_suggestions_are_shown_on_demand(desk_of, editor, article):
    Claim.objects.filter(statement=QUOTES[1]).update(reporting=False)
    page = desk_of(editor, article)

    expect(page.locator("#count")).to_have_text("2 of 2 claims to review")
    expect(page.locator("mark.claim")).to_have_count(2)

    page.get_by_role("button", name="Hidden suggestions (1)").click()
    expect(page.locator(".card")).to_have_count(3)
    expect(page.locator("mark.claim")).to_have_count(3)

    page.keyboard.press("Shift+A")
    page.keyboard.press("Enter")
    expect_message(page, "Saved. Accepted 2 remaining claims")
    assert states(article) == ["accepted", "proposed", "accepted"]


# --- Two editors, lost connections, expired sessions ---


def test_stale_form_is_refused_and_keeps_its_input(desk_of, editor, chief, article):
    mine, theirs = desk_of(editor, article), desk_of(chief, article)
    mine.keyboard.press("e")
    mine.keyboard.type("My words")
    theirs.keyboard.press("e")
    theirs.keyboard.type("Their words")
    theirs.keyboard.press("Control+Enter")
    expect_message(theirs, "Saved. Edited “Their words”")

    mine.keyboard.press("Control+Enter")
    refused = mine.locator(".desk-form .refused")
    expect(refused).to_contain_text(changed_meanwhile([1], {}).sentence)
    expect(refused).to_contain_text(f"Changed in claim 1: statement, review ({chief.username}, ")
    expect(mine.get_by_label("Statement")).to_have_value("My words")
    expect(mine.locator(".card[aria-current] .statement")).to_have_text("Their words")
    assert article.claims.order_by("order")[0].statement == "Their words"

    mine.keyboard.press("Control+Enter")
    expect_message(mine, "Saved. Edited “My words”")
    assert article.claims.order_by("order")[0].statement == "My words"


def test_refresh_keeps_the_base_version_of_an_open_form(desk_of, editor, chief, article):
    mine, theirs = desk_of(editor, article), desk_of(chief, article)
    mine.keyboard.press("e")
    mine.keyboard.type("My words")

    theirs.keyboard.press("r")

    expect_message(theirs, "Saved. Rejected")

    mine.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_message(mine, "Claims changed by somebody else: 1.")
    expect(mine.locator(".card[aria-current] .badge").first).to_have_text("rejected")

    mine.keyboard.type(", and more")  # into the form still, and not onto the keys
    expect(mine.get_by_label("Statement")).to_have_value("My words, and more")

    mine.keyboard.press("Control+Enter")
    expect(mine.locator(".desk-form .refused")).to_contain_text(f"{chief.username}")
    assert article.claims.order_by("order")[0].statement == QUOTES[0]


def test_stale_review_is_refused_on_the_card(desk_of, editor, chief, article):
    mine, theirs = desk_of(editor, article), desk_of(chief, article)
    theirs.keyboard.press("r")

    expect_message(theirs, "Saved. Rejected")

    mine.keyboard.press("a")
    expect(mine.locator(".card[aria-current] .refused")).to_contain_text(
        f"Changed in claim 1: review ({chief.username}, "
    )
    expect(mine.locator(".card[aria-current] .badge").first).to_have_text("rejected")
    assert states(article) == ["rejected", "proposed", "proposed"]


def test_lost_answer_applies_the_action_once(desk_of, editor, article):
    page = desk_of(editor, article, routed=True)
    lost = []

    def lose_the_answer(route):
        if not lost:
            route.fetch()  # the server has done it, and nobody hears of it
        lost.append(route.request.post_data)
        route.abort("connectionreset")

    page.route("**/desk/act/", lose_the_answer)
    page.keyboard.press("a")
    expect(page.locator("#connection-problem")).to_contain_text("No connection. Not saved yet: 1.")
    assert states(article) == ["accepted", "proposed", "proposed"]
    page.unroute("**/desk/act/")
    expect_message(page, "Saved. Accepted")
    expect(page.locator("#connection-problem")).to_be_hidden()
    assert DeskAction.objects.count() == 1
    assert states(article) == ["accepted", "proposed", "proposed"]


def test_offline_actions_are_saved_in_order(desk_of, editor, article):
    page = desk_of(editor, article)
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
    assert states(article) == ["proposed"] * 3

    page.context.set_offline(False)
    expect_message(page, "Saved. Edited “Typed without a connection”")
    expect(page.locator(".card.unsaved")).to_have_count(0)
    assert DeskAction.objects.count() == 3


def test_unsaved_actions_survive_a_reload(desk_of, editor, article):
    page = desk_of(editor, article, routed=True)
    page.on("dialog", lambda dialog: dialog.accept())  # "leave the page?"
    page.route("**/desk/act/", lambda route: route.abort("connectionreset"))

    page.keyboard.press("a")

    expect(page.locator("#connection-problem")).to_be_visible()

    page.unroute("**/desk/act/")
    page.reload()
    expect_message(page, "Saved. Accepted")
    assert states(article) == ["accepted", "proposed", "proposed"]


def test_expired_session_keeps_the_form_input(desk_of, editor, article):
    page = desk_of(editor, article)
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
    expect_message(page, "Saved. Edited “Typed while the session ended”")
    expect(page.locator("#connection-problem")).to_be_hidden()
    assert Claim.objects.filter(statement="Typed while the session ended", reviewed_by=editor).exists()


@pytest.mark.parametrize("status", [404, 500])
def test_action_that_the_server_cannot_save_is_discarded(desk_of, editor, article, status):
    page = desk_of(editor, article, routed=True)
    page.route("**/desk/act/", lambda route: route.fulfill(status=status, content_type="text/html", body="Error"))
    problem = page.locator("#connection-problem")

    page.keyboard.press("a")
    page.keyboard.press("r")

    expect(problem).to_contain_text(f"The server cannot save a change (error {status}). Not saved yet: 2.")
    page.get_by_role("button", name="Discard this change").click()
    expect(problem).to_contain_text("Not saved yet: 1.")
    expect(page.locator(".card.unsaved")).to_have_count(1)
    expect(page.locator(".card").first.locator(".badge").first).to_have_text("proposed")
    page.unroute("**/desk/act/")
    page.get_by_role("button", name="Try again now").click()
    expect_message(page, "Saved. Rejected")
    expect(problem).to_be_hidden()
    assert states(article) == ["proposed", "rejected", "proposed"]


def test_discarded_edit_keeps_its_input(desk_of, editor, article):
    page = desk_of(editor, article, routed=True)
    page.route("**/desk/act/", lambda route: route.fulfill(status=500, content_type="text/html", body="Error"))
    page.keyboard.press("e")
    page.keyboard.type("Typed for nothing")
    page.keyboard.press("Control+Enter")

    page.get_by_role("button", name="Discard this change").click()

    expect(page.get_by_label("Statement")).to_have_value("Typed for nothing")
    expect(page.locator(".desk-form .refused")).to_contain_text("A change was discarded")
    expect(page.locator("#connection-problem")).to_be_hidden()


# --- Accessibility ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "viewport", [None, PHONE_VIEWPORT, {"width": 320, "height": 256}], ids=["wide", "phone", "400%"]
)
def test_desk_is_accessible(desk_of, editor, article, scheme, viewport):
    size = {"viewport": viewport} if viewport else {}
    page = desk_of(editor, article, color_scheme=scheme, **size)
    options = {"runOnly": {"type": "tag", "values": RULES}, "preload": False}

    for key in ("", "e", "s", "?"):
        if key:
            page.keyboard.press(key)
        found = Axe().run(page, options=options)
        assert not found.violations_count, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.keyboard.press("Escape")


def test_desk_works_by_touch_on_a_phone(desk_of, editor, article):
    page = desk_of(editor, article, viewport=PHONE_VIEWPORT, has_touch=True)
    page.get_by_role("button", name="Accept: claim 1").tap()

    expect_message(page, "Saved. Accepted")
    expect(page.locator(".card[aria-current] .statement")).to_have_text(QUOTES[1])
    expect(page.locator("mark.current")).to_be_in_viewport()


# --- Offsets ---


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


def test_figure_is_added_to_ledger_by_keyboard_and_undone(desk_of, editor, article):
    ledger = LedgerFactory(name="Loose bolts", counts="bolts")
    Quantity.objects.update(counts="bolts")
    page = desk_of(editor, article)
    page.keyboard.press("f")

    place = page.get_by_label("at least 40 bolts", exact=True)

    expect(place).to_be_focused()
    expect(place).to_have_value(str(ledger.pk))

    page.keyboard.press("Control+Enter")
    expect(page.locator("article.card").first).to_contain_text("in Loose bolts")
    expect(page.locator("#desk-message")).to_contain_text("Added figures to ledgers")
    assert article.claims.order_by("order").first().quantities.get().ledger == ledger

    page.keyboard.press("u")
    expect(page.locator("article.card").first).not_to_contain_text("in Loose bolts")
    assert article.claims.order_by("order").first().quantities.get().ledger is None


def test_only_a_chief_may_publish_with_warnings(desk_of, editor, chief):
    article = ArticleFactory(paragraphs=["“We cannot wait for the county any longer,” it was said."])
    one = make_claim(
        article, quote="We cannot wait for the county any longer,", by=unnamed_speaker("an aide"), review="accepted"
    )
    page = desk_of(editor, article)
    page.keyboard.press("Shift+P")
    dialog = page.get_by_role("dialog", name="Publish this story?")
    expect(dialog).to_contain_text("ask a chief to publish anyway")
    expect(dialog.get_by_role("button", name="Publish", exact=True)).to_be_disabled()
    dialog.locator("li button").first.click()
    expect(dialog).to_be_hidden()
    expect(page.locator(f"#card-{one.pk}")).to_be_focused()

    page = desk_of(chief, article)
    page.keyboard.press("Shift+P")
    dialog = page.get_by_role("dialog", name="Publish this story?")
    expect(dialog.get_by_label("Publish anyway")).to_be_focused()
    results = Axe().run(page, options={"runOnly": RULES, "preload": False})
    assert results.violations_count == 0, results.generate_report()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Shift+P")
    expect(dialog.get_by_label("Publish anyway")).to_be_focused()
    page.keyboard.press("Space")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect_message(page, "Saved. The story is published")
    assert log.entries_for(article)[0].details["warnings"]


def test_disabled_publish_button_looks_disabled(desk_of, chief):
    article = ArticleFactory(paragraphs=["“We cannot wait for the county any longer,” it was said."])
    page = desk_of(chief, article)
    page.keyboard.press("Shift+P")
    dialog = page.get_by_role("dialog", name="Publish this story?")
    button = dialog.get_by_role("button", name="Publish", exact=True)

    expect(button).to_be_disabled()
    disabled = button.evaluate("button => getComputedStyle(button).backgroundColor")
    dialog.get_by_label("Publish anyway").check()

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


def test_closed_dialog_does_not_answer_the_next_one(desk_of, editor):
    """The browser sends "close" late, when the dialog may be open again."""
    article = ArticleFactory(paragraphs=["“We cannot wait for the county any longer,” Ada Roe said."])
    make_claim(article, quote="We cannot wait for the county any longer,", by="Ada Roe", review="accepted")
    page = desk_of(editor, article)
    page.keyboard.press("Shift+P")
    dialog = page.get_by_role("dialog", name="Publish this story?")

    publish = dialog.get_by_role("button", name="Publish", exact=True)

    expect(publish).to_be_enabled()

    page.evaluate("""() => {
        document.getElementById("publish-dialog").close("");
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "P", shiftKey: true, bubbles: true }));
    }""")
    expect(publish).to_be_enabled()

    publish.click()
    expect_message(page, "Saved. The story is published")


# --- Accept many at once ---


def press_with_caps_lock(page: Page, letter: str) -> None:
    """Press a letter with Caps Lock on: the browser reports a capital without Shift."""
    session = page.context.new_cdp_session(page)
    key = {"key": letter, "code": f"Key{letter}", "windowsVirtualKeyCode": ord(letter), "text": letter}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


def test_caps_lock_accepts_one_claim_only(desk_of, editor, article):
    page = desk_of(editor, article)

    press_with_caps_lock(page, "A")

    expect_message(page, f"Saved. Accepted “{QUOTES[0]}”")
    assert states(article) == ["accepted", "proposed", "proposed"]


def test_caps_lock_does_not_open_publishing(desk_of, chief, article):
    page = desk_of(chief, article)

    press_with_caps_lock(page, "P")

    expect(page.locator("#desk-message")).to_contain_text("Select some text first.")  # what p alone does
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_accept_rest_asks_with_the_number(desk_of, editor, article):
    make_claim(article, quote="the town council", by=(), review="proposed")
    page = desk_of(editor, article)
    dialog = page.get_by_role("dialog", name="Accept 3 claims without looking at each?")

    page.keyboard.press("Shift+A")
    expect(dialog.get_by_role("button", name="Accept 3")).to_be_focused()
    expect(dialog).to_contain_text("Claims without a speaker: 1.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(".card[aria-current]")).to_be_focused()
    assert states(article) == ["proposed"] * 4

    page.keyboard.press("Shift+A")
    page.keyboard.press("Enter")
    expect_message(page, "Saved. Accepted 3 remaining claims")
    assert sorted(states(article)) == ["accepted"] * 3 + ["proposed"]


def test_new_claim_waits_until_its_speaker_is_saved(desk_of, editor, article):
    page = desk_of(editor, article)
    page.keyboard.press("t")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("n")
    expect_message(page, "Saved. Created claim")
    page.keyboard.press("Escape")
    made = article.claims.latest("pk")
    assert made.review == "proposed"

    page.keyboard.press("a")
    expect(page.locator(f"[data-claim='{made.pk}'] > .refused")).to_contain_text(str(NoSpeakerError([made.pk])))
    made.refresh_from_db()
    assert made.review == "proposed"
