"""Test images on public pages and in exports.

There are sizes for each screen. The original is never shown.
"""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.editing.images import get_or_create_image
from sources.images.forms import process_upload
from sources.portraits import set_portrait
from tests.factories import (
    ArticleFactory,
    ArticleImageFactory,
    ImageFactory,
    SourceFactory,
    make_claim,
    published_article,
)
from tests.sources.images import files
from tests.views.helpers import parse_xml

pytestmark = pytest.mark.django_db

MEDIA = "{http://search.yahoo.com/mrss/}"
DOORS = ("", "ninjs.json")
FEEDS = ("/articles/feed.atom", "/articles/feed.rss", "/articles/feed.json")


def upload(width=2000, height=1000):
    return process_upload(SimpleUploadedFile("bridge.jpg", files.make_image(width, height)))


@pytest.fixture
def use():
    story = published_article(slug="bridge")
    return ArticleImageFactory(
        article=story, image=get_or_create_image(upload()), alt="A bridge", credit="Falk", focal_x=0.3
    )


def stem(use):
    return use.image.file.name.rpartition(".")[0]


def html(client, address="/articles/bridge/"):
    return client.get(address).content.decode()


def test_image_has_all_sizes_and_dimensions(client, use):
    page = html(client)
    webp = ", ".join(f"/media/{stem(use)}-{width}.webp {width}w" for width in (320, 640, 960, 1280, 1920))
    assert f'<source type="image/webp" srcset="{webp}" sizes="' in page
    image = re.search(r"<picture>.*?(<img[^>]*>)", page, re.DOTALL)[1]
    assert f'srcset="{webp.replace(".webp", ".jpg")}"' in image
    for attribute in (f'src="/media/{stem(use)}-640.jpg"', 'width="2000"', 'height="1000"', 'fetchpriority="high"'):
        assert attribute in image
    assert "lazy" not in image


def test_every_named_rendition_exists(client, use):
    for address in sorted(set(re.findall(r"/media/[\w/.-]+", html(client) + html(client, "/")))):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert len(b"".join(answer)) > 0


def test_front_page_and_lists_use_the_focal_point(client, use):
    published_article(slug="newer", published_at=use.article.published_at.replace(year=2025))
    for address in ("/", "/articles/"):
        page = html(client, address)
        assert f"{stem(use)}-320.webp 320w" in page, address
        assert 'class="focus-x-30 focus-y-50"' in page
        assert 'loading="lazy"' in page


def test_original_file_is_not_served(client, use):
    original = use.image.file.name
    addresses = ("/", "/articles/", "/articles/bridge/", "/articles/bridge/ninjs.json", *FEEDS)
    for address in addresses:
        told = html(client, address)
        assert stem(use) in told, address
        assert original not in told, address


def test_json_ld_has_image_and_size(client, use):
    found = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html(client))[1])
    image = found["image"][0]
    assert image["url"] == f"http://testserver/media/{stem(use)}-1280.jpg"
    assert image["width"] == {"@type": "QuantitativeValue", "value": 1280, "unitCode": "E37"}
    assert (image["height"]["value"], image["creditText"]) == (640, "Falk")


def test_feeds_have_image_alt_and_credit(client, use):
    url = f"http://testserver/media/{stem(use)}-1280.jpg"
    for address in FEEDS[:2]:
        content = parse_xml(client.get(address)).find(f".//{MEDIA}content")
        assert content.attrib == {"url": url, "medium": "image", "width": "1280", "height": "640"}
        assert content.find(f"{MEDIA}credit").text == "Falk"
        assert content.find(f"{MEDIA}description").text == "A bridge"
    assert json.loads(html(client, FEEDS[2]))["items"][0]["image"] == url


def test_ninjs_has_renditions(client, use):
    picture = json.loads(html(client, "/articles/bridge/ninjs.json"))["associations"][0]
    assert [size["width"] for size in picture["renditions"]] == [320, 640, 960, 1280, 1920]
    assert {size["contentType"] for size in picture["renditions"]} == {"image/jpeg"}
    assert picture["renditions"][-1]["height"] == 960


def test_unprocessed_image_is_shown_as_it_is(client):
    old = ArticleImageFactory(article=published_article(slug="bridge"), image=ImageFactory(), alt="A bridge")
    page = html(client)
    assert f'src="/media/{old.image.file.name}"' in page
    assert 'alt="A bridge" width="4" height="3"' in page
    assert "srcset" not in page


def test_image_names_cannot_be_guessed(client):
    hidden = ArticleImageFactory(article=ArticleFactory(status="draft"), image=get_or_create_image(upload()))
    assert re.fullmatch(r"images/[0-9a-f]{32}\.jpg", hidden.image.file.name)
    for address in ("/", "/articles/", *FEEDS):
        assert stem(hidden) not in html(client, address)


def test_source_page_shows_the_portrait(client):
    source = SourceFactory(name="Ada Roe", slug="ada-roe", picture_credit="Falk")
    set_portrait(source, upload(300, 400))
    source.save()
    make_claim(published_article(), quote="At least 40 bolts are loose,", by=source)
    page = html(client, "/sources/ada-roe/")
    name = source.picture.name.rpartition(".")[0]
    assert f"/media/{name}-300.webp 300w" in page
    assert source.picture.name not in page
    assert "<figcaption>Falk</figcaption>" in page
    found = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert found["mainEntity"]["image"]["url"] == f"http://testserver/media/{name}-300.jpg"


@pytest.mark.parametrize("address", ["/", "/articles/", "/articles/bridge/"])
def test_images_need_no_query(client, use, address):
    counts = []
    for more in (0, 4):
        for _ in range(more):
            ArticleImageFactory(article=use.article, image=ImageFactory())
            ArticleImageFactory(article=published_article(), image=ImageFactory())
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_cached_page_shows_replaced_image_file_at_once(client, client_of, editor, use, page_cache):
    before = stem(use)
    assert before in html(client)
    assert before in html(client)  # kept by now
    file = SimpleUploadedFile("other.jpg", files.make_image(500, 400))
    client_of(editor).post(f"/admin/articles/image/{use.image_id}/change/", {"file": file, "name": "n"})
    use.refresh_from_db()
    assert stem(use) in html(client)
    assert before not in html(client)


# --- The files themselves ---


def test_processed_image_is_immutable_and_sandboxed(client, client_of, editor, use):
    for browser in (client, client_of(editor)):
        answer = browser.get(f"/media/{stem(use)}-640.webp")
        assert answer["Content-Type"] == "image/webp"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "Set-Cookie" not in answer
        again = browser.get(f"/media/{stem(use)}-640.webp", headers={"If-Modified-Since": answer["Last-Modified"]})
        assert again.status_code == 304


def test_other_image_is_cached_for_an_hour(client):
    image = ImageFactory()
    assert client.get(f"/media/{image.file.name}")["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("name", ["images/page.html", "images/drawing.svg", "notes.txt", "images/", "../settings.py"])
def test_only_images_are_served(client, settings, tmp_path, name):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "images").mkdir()
    if not name.startswith("..") and not name.endswith("/"):
        (tmp_path / name).write_text("<script>")
    assert client.get(f"/media/{name}").status_code == 404


def test_image_refuses_other_methods(client, use):
    assert client.post(f"/media/{use.image.file.name}").status_code == 405
