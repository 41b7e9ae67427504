"""A form's field for a picture: what is uploaded comes out clean, or is an error of the field alone."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from sources.images.forms import ImageUpload, ImageUploadField, process_uploads
from sources.images.renditions import is_processed_name
from tests.sources.images import files


def given(data, name="bridge.jpg"):
    return SimpleUploadedFile(name, data)


def test_an_upload_comes_out_clean_and_renamed():
    made = ImageUploadField().clean(given(files.make_camera_jpeg()))
    assert is_processed_name(made.name)
    assert made.original_name == "bridge.jpg"
    assert b"ecret" not in made.read()


@pytest.mark.parametrize("name", ["bridge.html", "bridge.svg", "bridge.jpg.exe", "bridge"])
def test_a_name_of_something_else_is_refused(name):
    with pytest.raises(forms.ValidationError, match="name does not end in") as refused:
        ImageUploadField().clean(given(files.make_image(), name))
    assert refused.value.code == "wrong-ending"


def test_one_kind_of_picture_under_the_name_of_another_is_kept_as_what_it_is():
    assert ImageUploadField().clean(given(files.make_image(format="PNG"), "bridge.jpg")).name.endswith(".png")


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
def test_what_is_refused_is_an_error_of_the_field(data):
    with pytest.raises(forms.ValidationError):
        ImageUploadField().clean(given(data))


def test_a_file_too_large_is_refused_unread(monkeypatch):
    upload = given(b"x")
    upload.size = 10**10
    monkeypatch.setattr(type(upload), "read", lambda *_: pytest.fail("read"))
    with pytest.raises(forms.ValidationError, match="larger than 25 MB"):
        ImageUploadField().clean(upload)


def test_the_same_file_twice_has_two_names_that_tell_nothing():
    one, other = (ImageUploadField().clean(given(files.make_image())) for _ in range(2))
    assert one.name != other.name
    assert one.processed.digest == other.developed.digest


def test_nothing_is_an_error_where_a_picture_is_wanted_and_none_where_it_is_not():
    with pytest.raises(forms.ValidationError):
        ImageUploadField().clean(None)
    assert ImageUploadField(required=False).clean(None) is None
    with pytest.raises(forms.ValidationError, match="empty"):
        ImageUploadField().clean(given(b""))


def test_all_of_a_form_are_developed_before_it_is_checked_and_what_is_refused_stays_as_it_came():
    good, bad, other = given(files.make_image()), given(files.SVG), given(files.make_image())
    uploads = MultiValueDict({"images-0-upload": [good], "images-1-upload": [bad], "table": [other]})
    process_uploads(uploads, "upload")
    assert isinstance(uploads["images-0-upload"], ImageUpload)
    assert uploads["images-1-upload"].read() == files.SVG
    assert uploads["table"] is other


def test_the_sentences_are_marked_for_translation(monkeypatch):
    monkeypatch.setattr("sources.images.forms.gettext", lambda words: f"[{words}]")
    with translation.override("en"), pytest.raises(forms.ValidationError) as refused:
        ImageUploadField().clean(given(b"GIF89a....", "bridge.jpg"))
    assert refused.value.messages == ["[This is [a GIF], whatever its name ends in. Give a JPEG, PNG, WebP or AVIF.]"]
