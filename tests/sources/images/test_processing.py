"""An upload becomes a clean picture and its sizes, or is refused with a sentence; nothing of its own bytes stays."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sources.images import processing
from sources.images.processing import InvalidImageError, make_renditions, process_image
from tests.sources.images import files

JPEG = files.make_image(320, 200)
WHOLE = {format: files.make_image(320, 200, format) for format in ("JPEG", "PNG", "WEBP", "AVIF")}


def opened(data):
    return Image.open(io.BytesIO(data))


def is_red(pixel):
    return pixel[0] > 200 and pixel[2] < 60


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_kind_is_read(format):
    made = process_image(files.make_image(format=format))
    assert (made.width, made.height) == (800, 600)
    assert opened(made.data).format == ("PNG" if format == "PNG" else "JPEG")


def test_a_picture_on_its_side_is_turned_upright():
    made = process_image(files.make_camera_jpeg(orientation=6))  # the camera was held so that left is up
    image = opened(made.data)
    assert image.size == (made.width, made.height) == (600, 800)
    assert is_red(image.getpixel((300, 100)))
    assert not is_red(image.getpixel((300, 700)))


@pytest.mark.parametrize("upload", [files.make_camera_jpeg(), files.make_png_with_text()])
def test_nothing_that_a_camera_noted_stays(upload):
    assert b"Secret" in upload
    made = process_image(upload)
    for data in (made.data, *make_renditions(made.data).values()):
        image = opened(data)
        assert not dict(image.getexif())
        assert not {"comment", "exif", "xmp", "icc_profile", "Author"} & image.info.keys()
        assert b"ecret" not in data


def test_what_stands_behind_a_picture_stays_behind():
    made = process_image(JPEG + files.HTML_WITH_SCRIPT)
    assert all(b"script" not in data for data in (made.data, *make_renditions(made.data).values()))


def test_the_same_upload_gives_the_same_bytes():
    one, other = process_image(JPEG), process_image(JPEG)
    assert one == other
    assert make_renditions(one.data) == make_renditions(other.data)
    assert one.digest != process_image(files.make_image(321, 200)).digest


def test_sizes_are_never_wider_than_the_picture_and_keep_its_shape():
    made = make_renditions(process_image(files.make_image(1000, 500)).data)
    assert {width for width, _ in made} == {320, 640, 960, 1000}
    for (width, suffix), data in made.items():
        assert opened(data).size == (width, width // 2)
        assert opened(data).format == {"webp": "WEBP", "jpg": "JPEG"}[suffix]


def test_what_shows_through_stays_so_and_is_white_where_it_cannot():
    written = io.BytesIO()
    Image.new("RGBA", (400, 300), (255, 0, 0, 0)).save(written, "PNG")
    made = make_renditions(process_image(written.getvalue()).data)
    assert opened(made[320, "webp"]).convert("RGBA").getpixel((9, 9))[3] == 0
    assert min(opened(made[320, "jpg"]).getpixel((9, 9))) > 250


@pytest.mark.parametrize(
    ("mode", "format"), [("CMYK", "JPEG"), ("L", "JPEG"), ("L", "PNG"), ("P", "PNG"), ("1", "PNG")]
)
def test_other_ways_to_write_colours_are_read(mode, format):
    written = io.BytesIO()
    Image.new("RGB", (64, 64), "white").convert(mode).save(written, format)
    assert min(opened(process_image(written.getvalue()).data).convert("RGB").getpixel((5, 5))) > 240


def test_sixteen_bits_a_pixel_are_not_cut_off():
    written = io.BytesIO()
    Image.new("I;16", (64, 64), 0x8000).save(written, "PNG")
    assert 120 <= opened(process_image(written.getvalue()).data).convert("L").getpixel((5, 5)) <= 136


def test_a_very_large_picture_is_kept_smaller(monkeypatch):
    monkeypatch.setattr(processing, "MAX_SIDE_PIXELS", 500)
    assert (process_image(JPEG).width, process_image(files.make_image(1000, 400)).width) == (320, 500)


def test_a_very_large_picture_on_its_side_is_turned_too(monkeypatch):
    monkeypatch.setattr(processing, "MAX_SIDE_PIXELS", 400)
    made = process_image(files.make_camera_jpeg(orientation=6))
    assert (made.width, made.height) == opened(made.data).size == (300, 400)
    assert is_red(opened(made.data).getpixel((150, 50)))


@pytest.mark.parametrize(
    ("upload", "code", "word"),
    [
        (b"", "not-a-picture", "empty"),
        (files.SVG, "not-a-picture", "SVG"),
        (files.HTML_WITH_SCRIPT, "not-a-picture", "no picture"),
        (b"%PDF-1.7 ...", "not-a-picture", "PDF"),
        (files.make_image(format="GIF"), "not-a-picture", "GIF"),
        (files.make_animation("WEBP"), "animated", "moves"),
        (files.make_animation("PNG"), "animated", "moves"),
        (JPEG[: len(JPEG) // 2], "damaged", "cut off"),
        (files.make_image(format="PNG")[:300], "damaged", "cut off"),
        (files.make_decompression_bomb(), "too-many-pixels", "pixels"),
        (files.make_decompression_bomb(9000, 6000), "too-many-pixels", "9000 × 6000"),
        (JPEG + b"\0" * processing.MAX_UPLOAD_BYTES, "too-many-bytes", "MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(upload, code, word):
    with pytest.raises(InvalidImageError, match=word) as refused:
        process_image(upload)
    assert refused.value.code == code


def test_a_phones_second_picture_behind_the_first_is_no_animation():
    written = io.BytesIO()
    first, second = Image.new("RGB", (64, 48), "red"), Image.new("RGB", (32, 24), "blue")
    first.save(written, "MPO", save_all=True, append_images=[second])
    assert process_image(written.getvalue()).width == 64


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
@given(place=st.floats(0, 1), rubbish=st.binary(min_size=1, max_size=8))
def test_whatever_is_damaged_is_read_or_refused(format, place, rubbish):
    refused, whole = None, WHOLE[format]
    at = int(place * (len(whole) - 1))
    try:
        process_image(whole[:at] + rubbish + whole[at + len(rubbish) :])
    except InvalidImageError as error:
        refused = str(error)
    assert refused is None or refused.endswith(".")
