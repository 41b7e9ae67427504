"""Images in a browser: upload, focal point, layout shift, accessibility."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from PIL import ImageDraw
from playwright.sync_api import Page, expect

from articles.editing.images import get_or_create_image
from articles.models import Article, ArticleImage, Image
from sources.images.forms import process_upload
from tests.browser.conftest import DESKTOP_VIEWPORT, PHONE_VIEWPORT
from tests.browser.test_admin_review import RULES
from tests.browser.test_workflow import desk_of  # noqa: F401 - somebody of the newsroom, in a browser
from tests.factories import ArticleFactory, ArticleImageFactory, published_article
from tests.sources.images import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: JavaScript that adds up the layout shifts of a page (https://web.dev/articles/cls).
SHIFT = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
})"""


def harbour_jpeg(width: int = 1600, height: int = 1067) -> bytes:
    """Return a JPEG of a bridge with a lamp at its right end."""
    image = Pillow.new("RGB", (width, height), "#c9d6df")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 0.7, width, height), fill="#4a6b7c")
    draw.rectangle((0, height * 0.5, width, height * 0.56), fill="#38322c")
    draw.arc((width * 0.1, height * 0.2, width * 0.9, height * 1.1), 180, 360, fill="#38322c", width=18)
    draw.ellipse((width * 0.86, height * 0.12, width * 0.93, height * 0.24), fill="#f4c542")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=90)
    return written.getvalue()


def stored_image(data: bytes | None = None) -> Image:
    return get_or_create_image(process_upload(SimpleUploadedFile("harbour.jpg", data or harbour_jpeg())))


def violations(page: Page) -> str:
    """Return axe's report of an admin page; empty without violations."""
    found = Axe().run(page, options={"runOnly": RULES, "preload": False})
    return found.generate_report() if found.violations_count else ""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.jpg"
    path.write_bytes(harbour_jpeg())
    return path


@pytest.fixture
def draft() -> Article:
    return ArticleFactory(status="in_review", headline="Bridge closes")


def test_upload_image_and_move_focal_point_with_keys(desk_of, editor, draft, photo):  # noqa: F811
    page = desk_of(editor)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    page.get_by_text("Add another Image").click()
    row = page.locator("#images-0")
    row.get_by_label("Or upload a file").set_input_files(photo)
    surface = row.get_by_role("button", name="Focal point")
    expect(surface).to_be_visible()  # before anything is saved
    surface.focus()
    for key in ["ArrowRight"] * 8 + ["ArrowUp"] * 6 + ["ArrowLeft"]:
        surface.press(key)
    expect(row.get_by_role("button", name="Focal point: 85 % from the left, 20 % from the top")).to_be_focused()
    expect(row.get_by_role("status")).to_have_text("85 % from the left, 20 % from the top")

    assert violations(page) == ""
    row.get_by_label("Alternative text").fill("A bridge with a lamp")
    row.get_by_label("Credit:").fill("Ada Foto")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect(page.get_by_role("button", name="Focal point: 85 % from the left, 20 % from the top")).to_be_visible()
    use = ArticleImage.objects.get()
    assert (use.focal_x, use.focal_y, use.alt) == (0.85, 0.2, "A bridge with a lamp")
    assert (use.image.name, use.image.width) == ("harbour.jpg", 1600)
    assert violations(page) == ""


def test_click_sets_the_focal_point(desk_of, editor, draft):  # noqa: F811
    use = ArticleImageFactory(article=draft, image=stored_image())
    page = desk_of(editor)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    surface = page.get_by_role("button", name="Focal point")
    expect(surface.locator("img")).to_have_js_property("complete", True)
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    surface.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.18})
    expect(page.get_by_role("button", name="Focal point: 90 % from the left, 20 % from the top")).to_be_visible()
    page.get_by_role("spinbutton", name="Focal point, horizontal").fill("0.4")  # the fields move the point too
    expect(page.get_by_role("button", name="Focal point: 40 % from the left, 20 % from the top")).to_be_visible()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()

    use.refresh_from_db()
    assert (use.focal_x, use.focal_y) == (0.4, 0.2)


def test_image_chosen_from_library_is_shown_at_once(desk_of, editor, draft):  # noqa: F811
    stored_image()
    page = desk_of(editor)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    page.get_by_text("Add another Image").click()
    row = page.locator("#images-0")
    row.locator(".field-image .select2-selection, .fieldBox.field-image .select2-selection").first.click()
    page.get_by_role("option", name="harbour.jpg").click()
    expect(row.get_by_role("button", name="Focal point")).to_be_visible()


def test_unreadable_image_keeps_other_input(desk_of, editor, draft, tmp_path):  # noqa: F811
    fake = tmp_path / "harbour.jpg"
    fake.write_bytes(files.HTML_WITH_SCRIPT)
    page = desk_of(editor)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    page.get_by_text("Add another Image").click()
    row = page.locator("#images-0")
    row.get_by_label("Or upload a file").set_input_files(fake)
    row.get_by_label("Caption").fill("The bridge at night")
    page.get_by_label("Headline").fill("Bridge shuts")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("The file is not an image.")).to_be_visible()
    expect(page.locator("#images-0").get_by_label("Caption")).to_have_value("The bridge at night")
    expect(page.get_by_label("Headline")).to_have_value("Bridge shuts")

    assert not Image.objects.exists()


@pytest.fixture
def story() -> Article:
    story = published_article(headline="Bridge closes", paragraphs=["It will close."] * 12)
    ArticleImageFactory(
        article=story, image=stored_image(), alt="A bridge", credit="Ada Foto", focal_x=0.9, focal_y=0.2
    )
    return story


@pytest.mark.parametrize("address", ["/", "/articles/bridge/"])
def test_loading_image_does_not_shift_the_page(open_page: Callable[..., Page], story, address):
    page = open_page(viewport=PHONE_VIEWPORT, device_scale_factor=2)
    page.goto(story.get_absolute_url() if address != "/" else "/")
    image = page.locator("main picture img").first
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", True)

    assert image.evaluate("image => image.naturalWidth") > 0
    assert page.evaluate(SHIFT) < 0.01
    chosen = image.evaluate("image => image.currentSrc")
    assert chosen.endswith("-960.webp")  # 390 CSS pixels need 780 pixels on this screen: no larger file is loaded
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_VIEWPORT["width"]


def test_front_page_crop_keeps_the_focal_point(page: Page, story):
    page.goto("/")
    image = page.locator(".lead picture img")
    expect(image).to_have_css("object-position", "90% 20%")


@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", DESKTOP_VIEWPORT), ("dark", {"width": 320, "height": 700})]
)
def test_image_pages_of_admin_are_accessible(desk_of, editor, draft, scheme, viewport):  # noqa: F811
    use = ArticleImageFactory(article=draft, image=stored_image())
    page = desk_of(editor, color_scheme=scheme, viewport=viewport)
    for address in ("", "add/", f"{use.image.pk}/change/"):
        page.goto(f"/admin/articles/image/{address}")
        assert violations(page) == ""
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    expect(page.get_by_role("button", name="Focal point")).to_be_visible()

    assert violations(page) == ""
    tool = page.locator(".image-focus .tool").bounding_box()
    assert tool["x"] + tool["width"] <= viewport["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_with_images_are_accessible(open_page, story, axe, scheme):
    page = open_page(color_scheme=scheme)
    for address in ("/", story.get_absolute_url()):
        page.goto(address)
        expect(page.locator("main picture img").first).to_be_visible()
        assert axe(page) == ""
