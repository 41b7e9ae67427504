"""The image upload field: a cleaned image, or an error of the field."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from sources.images.forms import ImageUpload, ImageUploadField, process_uploads
from sources.images.renditions import is_processed_name
from tests.sources.images import files


def make_upload(data, name="bridge.jpg"):
    return SimpleUploadedFile(name, data)


def test_upload_is_cleaned_and_renamed():
    upload = ImageUploadField().clean(make_upload(files.make_camera_jpeg()))

    assert is_processed_name(upload.name)
    assert upload.original_name == "bridge.jpg"
    assert b"ecret" not in upload.read()


@pytest.mark.parametrize("name", ["bridge.html", "bridge.svg", "bridge.jpg.exe", "bridge"])
def test_other_file_extension_is_refused(name):
    with pytest.raises(forms.ValidationError, match="is not an image file extension") as error:
        ImageUploadField().clean(make_upload(files.make_image(), name))
    assert error.value.code == "wrong-ending"


def test_wrong_image_extension_is_corrected():
    assert ImageUploadField().clean(make_upload(files.make_image(format="PNG"), "bridge.jpg")).name.endswith(".png")


@pytest.mark.parametrize(
    "data",
    [
        files.SVG,
        files.HTML_WITH_SCRIPT,
        files.make_animation(),
        files.make_decompression_bomb(),
        files.make_image()[:500],
    ],
)
def test_invalid_file_is_an_error_of_the_field(data):
    with pytest.raises(forms.ValidationError):
        ImageUploadField().clean(make_upload(data))


def test_too_large_file_is_refused_before_it_is_read(monkeypatch):
    upload = make_upload(b"x")
    upload.size = 10**10

    monkeypatch.setattr(type(upload), "read", lambda *_: pytest.fail("read"))

    with pytest.raises(forms.ValidationError, match="larger than 25 MB"):
        ImageUploadField().clean(upload)


def test_same_file_twice_gets_two_random_names():
    first, second = (ImageUploadField().clean(make_upload(files.make_image())) for _ in range(2))

    assert first.name != second.name
    assert first.processed.digest == second.processed.digest


def test_missing_file_is_an_error_only_if_required():
    with pytest.raises(forms.ValidationError):
        ImageUploadField().clean(None)
    assert ImageUploadField(required=False).clean(None) is None
    with pytest.raises(forms.ValidationError, match="empty"):
        ImageUploadField().clean(make_upload(b""))


def test_uploads_of_a_form_are_processed_and_invalid_ones_stay():
    valid, invalid, other = make_upload(files.make_image()), make_upload(files.SVG), make_upload(files.make_image())
    uploads = MultiValueDict({"images-0-upload": [valid], "images-1-upload": [invalid], "table": [other]})

    process_uploads(uploads, "upload")

    assert isinstance(uploads["images-0-upload"], ImageUpload)
    assert uploads["images-1-upload"].read() == files.SVG
    assert uploads["table"] is other


def test_errors_are_translated(monkeypatch):
    monkeypatch.setattr("sources.images.forms.gettext", lambda text: f"[{text}]")

    with translation.override("en"), pytest.raises(forms.ValidationError) as error:
        ImageUploadField().clean(make_upload(b"GIF89a....", "bridge.jpg"))
    assert error.value.messages == ["[The file is [a GIF]. Choose a JPEG, PNG, WebP or AVIF file.]"]
