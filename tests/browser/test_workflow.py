"""Publishing steps, checks and lost passages in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.editing.revisions import create_revision
from articles.models import Anchor, Article
from newsroom.models import User
from tests.browser.conftest import sign_in
from tests.factories import ArticleFactory, make_claim, published_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OLD = "Inspectors counted 40 loose bolts, Ada Roe said. It will close 🚧 soon, Ada Roe said. It rained."
NEW = "Inspectors found 44 loose bolts, Ada Roe said. It 🚧 may shut soon, Ada Roe said. It rained."


@pytest.fixture
def desk_of(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page for a user who is logged in."""

    def open_one(user: User, **kwargs: object) -> Page:
        page = open_page(**kwargs)
        sign_in(page, user)
        return page

    return open_one


@pytest.fixture
def lost(editor: User) -> Article:
    """An article with two claims that lost their text in an edit."""
    article = published_article(paragraphs=[OLD], headline="Bolts")
    make_claim(article, quote="Inspectors counted 40 loose bolts", by="Ada Roe", statement="There are 40 loose bolts")
    make_claim(article, quote="It will close 🚧 soon", by="Ada Roe", statement="It closes")
    create_revision(article, headline="Bolts", summary="", body=NEW, by=editor)
    article.refresh_from_db()
    return article


def states(article: Article) -> list[tuple[str, str]]:
    anchors = Anchor.objects.filter(revision=article.latest, part="content", claim__review="accepted")
    text = article.latest.text
    return [(anchor.state, text[anchor.start : anchor.end]) for anchor in anchors.order_by("claim_id")]


def test_story_is_sent_back_checked_and_scheduled(desk_of, reporter, editor):
    article = ArticleFactory(
        status="in_review", headline="Bridge closes", paragraphs=["“The span has to close now,” a sign reads."]
    )
    theirs, ours = desk_of(editor), desk_of(reporter)
    theirs.goto("/admin/")
    theirs.get_by_role("link", name="1 Sent for review").click()
    theirs.get_by_role("link", name="Bridge closes").click()
    theirs.get_by_role("link", name="Send back…").click()
    theirs.get_by_label("Note for the writer").fill("Where does the sign stand?")
    theirs.get_by_role("button", name="Send back").click()
    expect(theirs.get_by_text("“Bridge closes” was sent back to its writer.")).to_be_visible()

    ours.goto("/admin/")
    ours.get_by_role("region", name="Sent back").get_by_role("link", name="Bridge closes").click()
    expect(ours.get_by_role("note")).to_contain_text("Where does the sign stand?")
    ours.get_by_role("link", name="Send for review…").click()
    ours.get_by_label("Note for colleagues").fill("At the north end.")
    ours.get_by_role("button", name="Send for review").click()
    expect(ours.get_by_role("note")).to_have_count(0)

    theirs.goto(f"/admin/articles/article/{article.pk}/change/")
    theirs.get_by_role("link", name="Publish…").click()
    expect(theirs.get_by_role("button", name="Publish")).to_have_count(0)
    theirs.get_by_role("link", name="Fix or dismiss").click()
    theirs.get_by_role("link", name="The span has to close now,").click()
    expect(theirs.locator("mark:target")).to_have_text("The span has to close now,")
    theirs.get_by_text("Dismiss…").click()
    theirs.get_by_label("Reason").fill("A sign on the bridge")
    theirs.get_by_role("button", name="Dismiss warning").click()
    expect(theirs.locator(".review-bar p")).to_have_text("All warnings are dismissed")
    theirs.get_by_role("link", name="Schedule…").click()
    theirs.get_by_label("Time").fill("2199-01-01T06:00")
    theirs.get_by_role("button", name="Schedule").click()
    expect(theirs.get_by_text("“Bridge closes” is scheduled for")).to_be_visible()
    theirs.get_by_role("link", name="History").click()
    expect(theirs.get_by_text("At the north end.")).to_be_visible()
    expect(theirs.locator("li.entry")).to_have_count(4)


def test_lost_passages_are_placed_by_keyboard(desk_of, editor, lost):
    page = desk_of(editor)
    page.goto("/admin/")

    page.get_by_role("link", name="2 Claims that lost their place").click()

    expect(page.locator("article.lost-anchor")).to_have_count(2)
    expect(page.locator(".keys")).to_be_visible()  # shown once the script listens

    page.keyboard.press("j")
    expect(page.locator("article.lost-anchor.current h2")).to_have_text("It closes")

    page.keyboard.press("k")
    expect(page.locator("article.lost-anchor.current h2")).to_have_text("There are 40 loose bolts")

    page.keyboard.press("a")
    expect(page.get_by_text("Found a place for “There are 40 loose bolts”.")).to_be_visible()
    expect(page.locator("article.lost-anchor")).to_have_count(1)
    expect(page.locator(".keys")).to_be_visible()
    assert states(lost)[0] == ("exact", "Inspectors found 44 loose bolts")

    page.keyboard.press("x")
    expect(page.get_by_text("No lost passages:")).to_be_visible()
    assert lost.claims.get(statement="It closes").review == "rejected"


def test_lost_passage_is_placed_by_selecting_after_emoji(desk_of, editor, lost):
    page = desk_of(editor)
    page.goto("/admin/articles/claim/lost/")
    row = page.locator("article.lost-anchor").nth(1)
    row.get_by_text("Select in the whole new text").click()

    page.evaluate(
        """() => {
          const block = document.querySelectorAll("article.lost-anchor")[1].querySelector(".full-text p");
          const text = block.firstChild;
          const start = text.data.indexOf("may shut"), range = document.createRange();
          range.setStart(text, start);
          range.setEnd(text, start + "may shut soon".length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )

    expect(row.get_by_label("The passage, exactly as in the new text")).to_have_value("may shut soon")
    expect(row.locator("input[name=near]")).to_have_value(str(NEW.index("may shut")))

    row.get_by_role("button", name="Use this text").click()
    expect(page.get_by_text("Found a place for “It closes”.")).to_be_visible()
    assert states(lost)[1] == ("exact", "may shut soon")


def test_lost_passage_is_placed_without_scripts(desk_of, editor, lost):
    page = desk_of(editor, java_script_enabled=False)
    page.goto("/admin/articles/claim/lost/")

    page.locator("article.lost-anchor").first.get_by_role("button", name="Use this passage").first.click()

    expect(page.locator("article.lost-anchor")).to_have_count(1)
    assert states(lost)[0][0] == "exact"


def test_bulk_publish_asks_first(desk_of, editor):
    for number in range(3):
        ArticleFactory(status="in_review", headline=f"Quiet {number}", paragraphs=["It rained."])
    page = desk_of(editor)
    page.goto("/admin/articles/article/?waits=review")
    page.get_by_role("checkbox", name="Select all objects").check()
    page.get_by_label("Action:").select_option(label="Publish selected stories")

    page.locator(".actions button[type=submit]").click()

    expect(page.locator(".lead")).to_contain_text("3 of 3 selected stories will be published.")
    assert not Article.objects.public().exists()

    page.get_by_role("button", name="Publish 3 stories").click()
    expect(page.get_by_text("Published or scheduled 3 stories.")).to_be_visible()
    assert Article.objects.public().count() == 3
