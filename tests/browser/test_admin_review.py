"""The plain review page in a browser, and the accessibility of all admin pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from articles.models import Article, Claim
from newsroom.models import User
from tests.browser.conftest import ZOOMED_VIEWPORT, find_hidden_focus, sign_in
from tests.factories import (
    AnchorFactory,
    ArticleFactory,
    ClaimLinkFactory,
    ClaimRepeatFactory,
    CorrectionFactory,
    ImportItemFactory,
    LedgerFactory,
    OriginalFactory,
    PossibleDuplicateFactory,
    PublisherHostFactory,
    SourceFactory,
    TopicFactory,
    add_revision,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: WCAG 2.2 AA. Axe's best-practice rules are left out: they fault Django's own pages.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUOTES = ("will close on Monday", "At least 40 bolts are loose,", "We cannot wait.")


@pytest.fixture
def page_of(open_page) -> Callable[..., Page]:
    """Open a page for a user who is logged in: `page_of(editor, viewport=…)`."""

    def open_one(user: User, **kwargs: object) -> Page:
        page = open_page(**kwargs)
        sign_in(page, user)
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
            figures=[make_quantity("at least 40", lower=40, ledger=LedgerFactory())],
            review="proposed",
            confidence=0.9,
        )
    return article


def states(article: Article) -> list[str]:
    return list(article.claims.order_by("order").values_list("review", flat=True))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_review_page_works_with_and_without_scripts(page_of, editor, article, scripts):
    page = page_of(editor, java_script_enabled=scripts)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    if scripts:
        page.goto(f"/admin/articles/article/{article.pk}/review/")  # with scripts the link leads to the desk
    else:
        page.get_by_role("link", name="Review claims").click()
    expect(page.locator(".review-bar p")).to_have_text("3 of 3 claims to review")

    page.get_by_role("button", name="Accept claim 1").click()
    expect(page.locator(".card.current .statement")).to_have_text(QUOTES[1])
    expect(page.locator("mark.current")).to_have_text(QUOTES[1])
    page.get_by_role("button", name="Reject claim 2").click()
    expect(page.locator(".card.current .statement")).to_have_text(QUOTES[2])
    assert states(article) == ["accepted", "rejected", "proposed"]

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".card.current .statement")).to_have_text(QUOTES[1])
    assert states(article) == ["accepted", "proposed", "proposed"]

    page.get_by_role("button", name="Accept all 2 remaining").click()
    page.get_by_role("button", name="Accept 2", exact=True).click()
    expect(page.locator(".review-bar p")).to_have_text("All 3 claims reviewed")
    assert states(article) == ["accepted"] * 3


def test_claim_is_reviewed_by_keyboard(page_of, editor, article):
    page = page_of(editor)
    first = article.claims.order_by("order").first()
    page.goto(f"/admin/articles/article/{article.pk}/review/?at={first.pk}#card-{first.pk}")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Accept claim 1":
            break

    page.keyboard.press("Enter")

    expect(page.locator(".card.current .statement")).to_have_text(QUOTES[1])
    assert states(article)[0] == "accepted"


def test_edit_from_a_card_returns_to_the_next_claim(page_of, editor, article):
    page = page_of(editor)
    page.goto(f"/admin/articles/article/{article.pk}/review/")
    page.get_by_role("link", name="Edit claim 1").click()
    page.get_by_label("Statement").fill("The bridge will close on Monday.")
    # The plain list has the same name until the widget replaces it.
    organisation = page.get_by_role("combobox", name="Organisation, row 1")
    organisation.and_(page.locator(".select2-selection")).click()
    page.get_by_role("searchbox", name="Organisation, row 1").fill("Ada")
    page.get_by_role("option", name="Ada Roe").click()

    page.get_by_role("button", name="Save and accept").click()

    expect(page.locator(".card.current .statement")).to_have_text(QUOTES[1])

    edited = article.claims.order_by("order").first()
    assert (edited.review, edited.statement) == ("edited", "The bridge will close on Monday.")
    assert edited.hops.first().organisation.name == "Ada Roe"


def test_story_is_edited_and_corrected(page_of, chief, article):
    page = page_of(chief)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.get_by_label("Text:", exact=True).fill("“At least 44 bolts are loose,” Ada Roe said.")

    page.get_by_role("button", name="Save and continue editing").click()

    expect(page.get_by_text("unpublished changes")).to_be_visible()

    page.get_by_role("link", name="Correct…").click()
    page.get_by_label("Note for readers").fill("There are 44 bolts.")
    page.get_by_label("Publish anyway (logged)").check()
    page.get_by_role("button", name="Correct", exact=True).click()
    expect(page.get_by_text("The correction of “Bridge closes” is published.")).to_be_visible()

    article.refresh_from_db()
    assert article.live.text == "“At least 44 bolts are loose,” Ada Roe said."
    assert article.corrections.get().before.number == 1


@pytest.fixture
def every_page(article, chief) -> list[str]:
    """Return the URLs of all admin pages, with data, and make chief a superuser."""
    chief.is_superuser = True
    chief.save()
    first = Claim.objects.first()
    ClaimLinkFactory(claim=first)
    ClaimRepeatFactory(claim=first)
    CorrectionFactory(article=article, before=article.live)
    PossibleDuplicateFactory()
    PublisherHostFactory()
    TopicFactory()
    add_revision(article)
    item = ImportItemFactory(
        article=article,
        original=OriginalFactory(),
        warnings=[{"code": "date-missing", "detail": "No date."}],
    )
    coming = ArticleFactory(status="in_review")
    ArticleFactory(status="scheduled")
    old = first.anchors.first()
    AnchorFactory(claim=first, revision=article.latest, start=old.start, end=old.end, state="lost")
    ledger = LedgerFactory(counts="bolts")
    twin = SourceFactory(name="A. Roe", description="Perhaps the same.")
    lists = (
        "article claim topic publisherhost image ledger claimlink repeatcluster importrun importitem original apikey"
    )
    return [
        "/admin/",
        *(f"/admin/articles/{name}/" for name in lists.split()),
        "/admin/sources/source/",
        "/admin/sources/possibleduplicate/",
        "/admin/auth/user/",
        "/admin/articles/article/add/",
        "/admin/articles/claim/add/",
        "/admin/articles/image/add/",
        "/admin/articles/ledger/add/",
        "/admin/articles/apikey/add/",
        "/admin/password_change/",
        f"/admin/articles/ledger/{ledger.pk}/figures/",
        f"/admin/articles/article/{article.pk}/desk/",
        f"/admin/articles/article/{article.pk}/compare/",
        f"/admin/articles/article/{article.pk}/preview/",
        f"/admin/articles/article/{coming.pk}/delete/",
        f"/admin/articles/article/{article.pk}/change/",
        f"/admin/articles/article/{article.pk}/review/",
        f"/admin/articles/article/{article.pk}/checks/",
        f"/admin/articles/article/{article.pk}/history/",
        f"/admin/articles/article/{article.pk}/publish/",
        f"/admin/articles/article/{coming.pk}/schedule/",
        f"/admin/articles/article/{coming.pk}/embargo/",
        f"/admin/articles/article/{coming.pk}/send-back/",
        "/admin/articles/claim/lost/",
        f"/admin/articles/article/{article.pk}/correct/",
        f"/admin/articles/article/{article.pk}/retract/",
        f"/admin/articles/revision/{article.latest_id}/change/",
        f"/admin/articles/claim/{first.pk}/change/",
        "/admin/articles/claim/undo/",
        f"/admin/articles/importrun/{item.run_id}/change/",
        f"/admin/articles/importrun/{item.run_id}/undo/",
        f"/admin/articles/importitem/{item.pk}/change/",
        f"/admin/articles/original/{item.original_id}/change/",
        f"/admin/sources/source/{first.hops.last().source_id}/change/",
        f"/admin/sources/source/{first.hops.last().source_id}/merge/",
        f"/admin/sources/source/{first.hops.last().source_id}/merge/?other={twin.pk}",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_admin_pages_are_accessible_and_fit_the_screen(page_of, chief, every_page, scheme, width):
    """Also checks the Content-Security-Policy: `open_page` fails on errors."""
    page = page_of(chief, color_scheme=scheme, viewport={"width": width, "height": 900})
    for url in every_page:
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, url
        # With preload, axe adds a style element, which the Content-Security-Policy blocks.
        found = Axe().run(page, options={"runOnly": RULES, "preload": False})
        assert found.violations_count == 0, f"{url}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{url} is too wide"


@pytest.mark.slow
def test_admin_pages_work_at_400_percent_zoom(page_of, chief, every_page):
    """WCAG 2.2, 1.4.10 and 2.4.11: no sideways scrolling, visible focus."""
    page = page_of(chief, viewport=ZOOMED_VIEWPORT)
    for url in every_page:
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{url} is too wide"
        assert find_hidden_focus(page) == "", url
