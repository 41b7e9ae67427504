"""Names of a picture's sizes follow from the picture's own name, and only developed pictures have sizes."""

import pytest

from sources.images.renditions import (
    is_immutable_name,
    is_processed_name,
    random_file_name,
    rendition_name,
    rendition_names,
    rendition_widths,
)

NAME = f"images/{'0f' * 16}.jpg"


@pytest.mark.parametrize(
    ("width", "made"),
    [
        (4, (4,)),
        (320, (320,)),
        (700, (320, 640, 700)),
        (1920, (320, 640, 960, 1280, 1920)),
        (4000, (320, 640, 960, 1280, 1920)),
    ],
)
def test_a_picture_is_made_in_no_more_than_its_own_width(width, made):
    assert rendition_widths(width) == made


def test_a_size_stands_beside_its_picture():
    assert rendition_name(NAME, 640, "webp") == NAME.replace(".jpg", "-640.webp")
    assert len(list(rendition_names(NAME, 700))) == 6


@pytest.mark.parametrize("name", ["images/bridge.jpg", "images/0f.png", NAME.replace(".jpg", ".svg")])
def test_what_was_kept_otherwise_has_no_sizes(name):
    assert rendition_name(name, 640, "webp") is None
    assert not is_immutable_name(name)


def test_a_name_that_the_store_changed_still_has_its_sizes():
    name = NAME.replace(".jpg", "_Ab3dE9z.jpg")
    assert rendition_name(name, 320, "jpg") == NAME.replace(".jpg", "_Ab3dE9z-320.jpg")
    assert is_immutable_name(name)


def test_a_new_name_is_nobodys_guess_and_has_sizes():
    names = {random_file_name("jpg") for _ in range(100)}
    assert len(names) == 100
    assert all(is_processed_name(name) for name in names)
    assert not is_processed_name(rendition_name(NAME, 320, "jpg"))
