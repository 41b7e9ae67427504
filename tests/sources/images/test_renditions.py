"""Names of renditions follow from the image name.

Only processed images have renditions.
"""

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
    ("width", "widths"),
    [
        (4, (4,)),
        (320, (320,)),
        (700, (320, 640, 700)),
        (1920, (320, 640, 960, 1280, 1920)),
        (4000, (320, 640, 960, 1280, 1920)),
    ],
)
def test_renditions_are_not_wider_than_the_image(width, widths):
    assert rendition_widths(width) == widths


def test_rendition_is_in_the_folder_of_its_image():
    assert rendition_name(NAME, 640, "webp") == NAME.replace(".jpg", "-640.webp")
    assert len(list(rendition_names(NAME, 700))) == 6


@pytest.mark.parametrize("name", ["images/bridge.jpg", "images/0f.png", NAME.replace(".jpg", ".svg")])
def test_unprocessed_image_has_no_renditions(name):
    assert rendition_name(name, 640, "webp") is None
    assert not is_immutable_name(name)


def test_image_renamed_by_the_storage_has_renditions():
    name = NAME.replace(".jpg", "_Ab3dE9z.jpg")

    assert rendition_name(name, 320, "jpg") == NAME.replace(".jpg", "_Ab3dE9z-320.jpg")
    assert is_immutable_name(name)


def test_random_names_are_unique_and_have_renditions():
    names = {random_file_name("jpg") for _ in range(100)}

    assert len(names) == 100
    assert all(is_processed_name(name) for name in names)
    assert not is_processed_name(rendition_name(NAME, 320, "jpg"))
