"""The picture and the tags that go with a link wherever it is shared."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from django.core.cache import cache
from PIL import Image, ImageFont

from articles.display import share_image
from articles.display.share_image import ImageText, cached_image, draw_image, image_digest
from articles.models import Article, Claim
from tests.factories import TopicFactory, get_source, make_claim, published_article

FALLBACK = ImageText(headline="", site_name="On the Record")


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()
    yield
    cache.clear()


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image.convert("RGB")


def ink_at_the_edges(image):
    """Is anything but paper in the margins left and right, below the bar at the top?"""
    paper = image.getpixel((5, 300))
    sides = [image.crop((0, 20, 60, 630)), image.crop((1145, 20, 1200, 630))]
    return any(colour != paper for side in sides for _, colour in side.getcolors(100_000))


LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 12


@pytest.mark.parametrize(
    "headline",
    [
        "Bridge closes",
        "At least 100 North Korean soldiers killed in Kursk, says South Korean lawmaker " * 5,
        LONG,
        "",
        " \u200b\u2028\x07 ",
        "Міст у Києві закрито",
        "Η γέφυρα κλείνει",
        "\U0001f525\U0001f525\U0001f525",
        "日本の橋が閉鎖される" * 30,
        "أُغلق الجسر",
        "הגשר נסגר",
        "पुल बंद हो गया",
        "Z\u0300\u0301\u0302\u0303\u0304\u0305" * 40,
        "\ufffe\uffff\U0010ffff",
    ],
)
def test_image_is_drawn_for_any_text(headline):
    image = opened(draw_image(ImageText(headline, kicker=headline, footer=headline, site_name="On the Record")))
    assert image.size == (1200, 630)
    assert not ink_at_the_edges(image)


@pytest.mark.parametrize("headline", ["日本の橋", "أُغلق الجسر", "\U0001f525", "पुल"])
def test_missing_glyphs_are_left_out(headline):
    assert draw_image(ImageText(headline, kicker=headline, footer=headline, site_name="On the Record")) == draw_image(
        FALLBACK
    )


def test_emoji_are_left_out():
    assert draw_image(ImageText("Bridge closes \U0001f525")) == draw_image(ImageText("Bridge closes"))


def test_another_font_draws_other_scripts(settings, monkeypatch, tmp_path):
    """Name a font for other scripts.

    The project's own font is used as that font, and a font with only Latin letters as the default one.
    """
    latin = tmp_path / "latin.ttf"
    latin.write_bytes(ImageFont.load_default(24).font_bytes)
    known = share_image.DEFAULT_FONT
    monkeypatch.setattr(share_image, "DEFAULT_FONT", latin)
    assert draw_image(ImageText("Міст закрито", site_name="On the Record")) == draw_image(FALLBACK)
    settings.SHARE_FONTS = [str(known)]
    assert draw_image(ImageText("Міст закрито", site_name="On the Record")) != draw_image(FALLBACK)


def test_right_to_left_text_is_aligned_right(monkeypatch):
    # No font with such letters need be here: boxes stand in the same place.
    monkeypatch.setattr(share_image, "_has_glyph", lambda path, char: True)
    image = opened(draw_image(ImageText("הגשר", site_name="On the Record")))
    left, right = image.crop((72, 240, 400, 520)), image.crop((800, 240, 1128, 520))
    assert len(left.getcolors(100_000)) == 1
    assert len(right.getcolors(100_000)) > 1


def test_missing_font_file_is_ignored(settings):
    settings.SHARE_FONTS = ["/nowhere/at-all.ttf"]
    assert opened(draw_image(ImageText("日本", site_name="On the Record"))).size == (1200, 630)


def test_font_has_its_licence():
    fonts = share_image.DEFAULT_FONT.parent
    assert share_image.DEFAULT_FONT.is_file()
    assert "SIL OPEN FONT LICENSE" in (fonts / "SourceSerifPro-LICENSE.txt").read_text().upper()


def test_digest_depends_on_all_text():
    words = [
        ImageText("a"),
        ImageText("b"),
        ImageText("a", kicker="k"),
        ImageText("a", footer="k"),
        ImageText("a", site_name="k"),
    ]
    assert len({image_digest(one) for one in words}) == len(words)
    assert image_digest(ImageText("a")) == image_digest(ImageText("a"))


def test_image_is_drawn_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(share_image, "draw_image", lambda words: drawn.append(words) or b"png")
    assert [cached_image(ImageText("a")), cached_image(ImageText("a")), cached_image(ImageText("b"))] == [b"png"] * 3
    assert len(drawn) == 2


def test_image_file_is_small():
    assert (
        len(draw_image(ImageText("At least 100 killed in Kursk, says lawmaker " * 4, "Kursk", "AFP", "On the Record")))
        < 60_000
    )


# --- On the site ---


@pytest.mark.django_db
def test_conditional_request_draws_nothing(client, story, monkeypatch):
    first = client.get("/articles/bridge/share.png")
    assert first.headers["Content-Type"] == "image/png"
    monkeypatch.setattr(share_image, "draw_image", lambda words: pytest.fail("it was drawn"))
    cache.clear()
    again = client.get("/articles/bridge/share.png", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "max-age" in again.headers["Cache-Control"]


@pytest.mark.django_db
def test_new_headline_changes_the_image_url(client, story):
    def address():
        return tags(client, "/articles/bridge/")["og:image"]

    before = address()
    assert client.get(before.removeprefix("http://testserver")).status_code == 200
    revision = story.live
    story.live = story.revisions.create(
        number=2, headline="Bridge closes", body=revision.body, text=revision.text, digest="x"
    )
    story.save()
    assert address() != before


@pytest.mark.django_db
def test_share_image_of_every_page_exists(client, story, deputy):
    for path in (
        "/",
        "/claims/",
        "/articles/bridge/",
        deputy.get_absolute_url(),
        Claim.objects.first().get_absolute_url(),
    ):
        address = tags(client, path)["og:image"]
        assert address.startswith("http://testserver/")
        assert client.get(address.removeprefix("http://testserver")).headers["Content-Type"] == "image/png", path


@pytest.mark.django_db
def test_hidden_rows_have_no_share_image(client, story):
    made = make_claim(story, quote="nothing else", by="Ingrid Zeppelin", review="proposed")
    assert client.get(f"{made.get_absolute_url()}share.png").status_code == 404
    assert client.get(f"{get_source('Ingrid Zeppelin').get_absolute_url()}share.png").status_code == 404
    Article.objects.update(status="draft")
    assert client.get("/articles/bridge/share.png").status_code == 404


def tags(client, path):
    html = client.get(path).content.decode()
    return {name: unescape(value) for name, value in re.findall(r'<meta property="([^"]+)" content="([^"]*)"', html)}


@pytest.mark.django_db
def test_article_has_open_graph_properties(client, story):
    story.topics.add(TopicFactory(name="Harbour & quay"))
    found = tags(client, "/articles/bridge/?utm_source=x")
    assert found["og:type"] == "article"
    assert found["og:title"] == "Bridge has loose bolts"
    assert found["og:url"] == "http://testserver/articles/bridge/"
    assert found["og:description"] == "A deputy wants it closed"
    assert found["article:tag"] == "Harbour & quay"
    assert found["article:published_time"] == "2024-12-19T12:00:00+00:00"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    html = client.get("/articles/bridge/?utm_source=x").content.decode()
    assert '<link rel="canonical" href="http://testserver/articles/bridge/">' in html
    assert 'name="twitter:card" content="summary_large_image"' in html


@pytest.mark.django_db
def test_claim_and_source_have_open_graph_properties(client, story, deputy):
    found = tags(client, Claim.objects.get(form="indirect").get_absolute_url())
    assert found["og:title"] == "Inspectors counted at least 40 loose bolts"
    assert found["og:description"].startswith("Bridge Inspectorate → Ada Roe")
    assert tags(client, deputy.get_absolute_url())["og:type"] == "profile"


@pytest.mark.django_db
def test_retracted_article_shares_no_text(client, story):
    story.topics.add(TopicFactory(name="Harbour"))
    Article.objects.update(status="retracted")
    found = tags(client, "/articles/bridge/")
    assert found["og:description"] == "This story has been retracted."
    assert found["og:image:alt"] == "Retracted · Bridge has loose bolts"
    assert "article:tag" not in found


@pytest.mark.django_db
def test_share_properties_are_escaped(client):
    odd = '"><script>alert(1)</script>'
    published_article(headline=odd, summary=odd, slug="odd")
    html = client.get("/articles/odd/").content.decode()
    assert "<script>alert" not in html
    assert tags(client, "/articles/odd/")["og:title"] == odd
