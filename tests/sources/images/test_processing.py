"""Image processing: an upload gives a clean image and renditions, or an error."""

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


def open_image(data):
    return Image.open(io.BytesIO(data))


def is_red(pixel):
    return pixel[0] > 200 and pixel[2] < 60


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_each_format_is_accepted(format):
    processed = process_image(files.make_image(format=format))

    assert (processed.width, processed.height) == (800, 600)
    assert open_image(processed.data).format == ("PNG" if format == "PNG" else "JPEG")


def test_rotated_image_is_turned_upright():
    processed = process_image(files.make_camera_jpeg(orientation=6))  # the left side is up

    image = open_image(processed.data)

    assert image.size == (processed.width, processed.height) == (600, 800)
    assert is_red(image.getpixel((300, 100)))
    assert not is_red(image.getpixel((300, 700)))


@pytest.mark.parametrize("upload", [files.make_camera_jpeg(), files.make_png_with_text()])
def test_metadata_is_removed(upload):
    assert b"Secret" in upload

    processed = process_image(upload)
    for data in (processed.data, *make_renditions(processed.data).values()):
        image = open_image(data)
        assert not dict(image.getexif())
        assert not {"comment", "exif", "xmp", "icc_profile", "Author"} & image.info.keys()
        assert b"ecret" not in data


def test_data_after_the_image_is_removed():
    processed = process_image(JPEG + files.HTML_WITH_SCRIPT)

    assert all(b"script" not in data for data in (processed.data, *make_renditions(processed.data).values()))


def test_same_upload_gives_the_same_bytes():
    first, second = process_image(JPEG), process_image(JPEG)

    assert first == second
    assert make_renditions(first.data) == make_renditions(second.data)
    assert first.digest != process_image(files.make_image(321, 200)).digest


def test_renditions_are_not_wider_and_keep_the_aspect_ratio():
    processed = make_renditions(process_image(files.make_image(1000, 500)).data)

    assert {width for width, _ in processed} == {320, 640, 960, 1000}
    for (width, suffix), data in processed.items():
        assert open_image(data).size == (width, width // 2)
        assert open_image(data).format == {"webp": "WEBP", "jpg": "JPEG"}[suffix]


def test_transparency_is_kept_in_webp_and_white_in_jpeg():
    output = io.BytesIO()
    Image.new("RGBA", (400, 300), (255, 0, 0, 0)).save(output, "PNG")

    processed = make_renditions(process_image(output.getvalue()).data)

    assert open_image(processed[320, "webp"]).convert("RGBA").getpixel((9, 9))[3] == 0
    assert min(open_image(processed[320, "jpg"]).getpixel((9, 9))) > 250


@pytest.mark.parametrize(
    ("mode", "format"), [("CMYK", "JPEG"), ("L", "JPEG"), ("L", "PNG"), ("P", "PNG"), ("1", "PNG")]
)
def test_other_colour_modes_are_accepted(mode, format):
    output = io.BytesIO()

    Image.new("RGB", (64, 64), "white").convert(mode).save(output, format)

    assert min(open_image(process_image(output.getvalue()).data).convert("RGB").getpixel((5, 5))) > 240


def test_sixteen_bit_image_is_not_clipped():
    output = io.BytesIO()

    Image.new("I;16", (64, 64), 0x8000).save(output, "PNG")

    assert 120 <= open_image(process_image(output.getvalue()).data).convert("L").getpixel((5, 5)) <= 136


def test_large_image_is_scaled_down(monkeypatch):
    monkeypatch.setattr(processing, "MAX_SIDE_PIXELS", 500)

    assert (process_image(JPEG).width, process_image(files.make_image(1000, 400)).width) == (320, 500)


def test_large_rotated_image_is_turned_upright(monkeypatch):
    monkeypatch.setattr(processing, "MAX_SIDE_PIXELS", 400)

    processed = process_image(files.make_camera_jpeg(orientation=6))

    assert (processed.width, processed.height) == open_image(processed.data).size == (300, 400)
    assert is_red(open_image(processed.data).getpixel((150, 50)))


@pytest.mark.parametrize(
    ("upload", "code", "word"),
    [
        (b"", "not-a-picture", "empty"),
        (files.SVG, "not-a-picture", "SVG"),
        (files.HTML_WITH_SCRIPT, "not-a-picture", "not an image"),
        (b"%PDF-1.7 ...", "not-a-picture", "PDF"),
        (files.make_image(format="GIF"), "not-a-picture", "GIF"),
        (files.make_animation("WEBP"), "animated", "animated"),
        (files.make_animation("PNG"), "animated", "animated"),
        (JPEG[: len(JPEG) // 2], "damaged", "incomplete"),
        (files.make_image(format="PNG")[:300], "damaged", "incomplete"),
        (files.make_decompression_bomb(), "too-many-pixels", "pixels"),
        (files.make_decompression_bomb(9000, 6000), "too-many-pixels", "9000 × 6000"),
        (JPEG + b"\0" * processing.MAX_UPLOAD_BYTES, "too-many-bytes", "MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_invalid_upload_is_refused_with_code_and_message(upload, code, word):
    with pytest.raises(InvalidImageError, match=word) as refused:
        process_image(upload)
    assert refused.value.code == code


def test_second_image_of_a_phone_jpeg_is_not_an_animation():
    output = io.BytesIO()
    first, second = Image.new("RGB", (64, 48), "red"), Image.new("RGB", (32, 24), "blue")

    first.save(output, "MPO", save_all=True, append_images=[second])

    assert process_image(output.getvalue()).width == 64


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
@given(position=st.floats(0, 1), noise=st.binary(min_size=1, max_size=8))
def test_damaged_image_is_accepted_or_refused(format, position, noise):
    refused, whole = None, WHOLE[format]
    at = int(position * (len(whole) - 1))

    try:
        process_image(whole[:at] + noise + whole[at + len(noise) :])
    except InvalidImageError as error:
        refused = str(error)

    assert refused is None or refused.endswith(".")
