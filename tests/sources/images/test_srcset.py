"""Images on pages: srcset, size and focal point."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

from sources.images.srcset import build_page_image, choose_jpeg, list_jpegs

STEM = f"images/{'0f' * 16}"
NAME = f"{STEM}.jpg"


def test_srcset_has_each_width():
    image = build_page_image(NAME, 400, 300)

    assert image.webp == f"/media/{STEM}-320.webp 320w, /media/{STEM}-400.webp 400w"
    assert image.jpeg == image.webp.replace(".webp", ".jpg")
    assert (image.width, image.height) == (400, 300)


def test_src_is_a_rendition_and_never_the_original():
    assert build_page_image(NAME, 3000, 2000).src == f"/media/{STEM}-640.jpg"
    assert build_page_image(NAME, 200, 100).src == f"/media/{STEM}-200.jpg"


def test_single_jpeg_is_the_largest_that_fits():
    assert choose_jpeg(NAME, 4000, 3000) == list_jpegs(NAME, 4000, 3000)[3]
    assert choose_jpeg(NAME, 4000, 3000).url == f"/media/{STEM}-1280.jpg"
    assert (choose_jpeg(NAME, 4000, 3000).width, choose_jpeg(NAME, 4000, 3000).height) == (1280, 960)
    assert choose_jpeg(NAME, 4000, 3000, max_width=10).url == f"/media/{STEM}-1920.jpg"


@pytest.mark.parametrize(("name", "width"), [("images/bridge.jpg", 800), (NAME, None)])
def test_unprocessed_image_is_shown_without_srcset(name, width):
    image = build_page_image(name, width, width)

    assert (image.src, image.webp, image.jpeg) == (f"/media/{name}", "", "")


@pytest.mark.parametrize(
    ("point", "classes"),
    [
        ((0.5, 0.5), "focus-x-50 focus-y-50"),
        ((0.0, 1.0), "focus-x-0 focus-y-100"),
        ((0.37, 0.93), "focus-x-35 focus-y-95"),
        ((-1.0, 2.0), "focus-x-0 focus-y-100"),
    ],
)
def test_focal_point_is_rounded_to_a_class(point, classes):
    assert build_page_image(NAME, 800, 600, *point).focus == classes


def test_stylesheet_has_a_rule_for_each_focus_step():
    css = Path(find("newsroom/image_focus.css")).read_text()

    for axis in "xy":
        for step in range(0, 101, 5):
            assert f".focus-{axis}-{step} {{ --focus-{axis}: {step}%; }}" in css
