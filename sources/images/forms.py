"""Image uploads in forms. The field processes an upload when it validates it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sources.images.processing import (
    MAX_UPLOAD_BYTES,
    InvalidImageError,
    ProcessedImage,
    make_renditions,
    process_image,
)
from sources.images.renditions import CONTENT_TYPES, random_file_name

#: What the file chooser of the browser offers. The server checks the content.
ACCEPTED_CONTENT_TYPES = "image/jpeg,image/png,image/webp,image/avif"
#: Another extension is probably a wrong file.
ALLOWED_EXTENSIONS = ("jpg", "jpeg", "jpe", "jfif", "png", "webp", "avif")
#: Of a wrong extension, in the error.
MAX_SHOWN_EXTENSION_CHARS = 20
_HELP_TEXT = format_lazy(
    _(
        "JPEG, PNG, WebP or AVIF, at most {megabytes} MB. The place where it was taken and all other metadata are "
        "removed."
    ),
    megabytes=lazystr(MAX_UPLOAD_BYTES // 1_000_000),
)


class ImageUpload(SimpleUploadedFile):
    """A processed image with its renditions, under a new random name."""

    def __init__(self, processed: ProcessedImage, original_name: str = "") -> None:
        super().__init__(random_file_name(processed.suffix), processed.data, CONTENT_TYPES[processed.suffix])
        self.original_name = original_name
        self.processed = processed
        self.renditions = make_renditions(processed.data)


class ImageUploadField(forms.FileField):
    """A form field with an ImageUpload as value: cleaned, upright, renamed.

    An upload that is refused gives an error of this field, with a code.
    """

    widget = forms.ClearableFileInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _HELP_TEXT)
        kwargs.pop("max_length", None)  # of the name, which is replaced
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("accept", ACCEPTED_CONTENT_TYPES)

    def to_python(self, data: Any) -> Any:
        if isinstance(data, ImageUpload):
            return data
        upload = super().to_python(data)
        return process_upload(upload) if isinstance(upload, UploadedFile) else upload


def process_upload(upload: UploadedFile[bytes]) -> ImageUpload:
    """Return the processed image of an upload.

    Raise ValidationError with a code if it is refused.
    """
    extension = (upload.name or "").rpartition(".")[2].lower()
    if extension not in ALLOWED_EXTENSIONS:
        raise forms.ValidationError(
            _("“.%(extension)s” is not an image file extension. Choose a JPEG, PNG, WebP or AVIF file."),
            code="wrong-ending",
            params={"extension": extension[:MAX_SHOWN_EXTENSION_CHARS]},
        )
    upload.seek(0)
    # A file that is too large is refused before it is read: it may not fit into memory.
    content = (
        upload.read(MAX_UPLOAD_BYTES + 1) if (upload.size or 0) <= MAX_UPLOAD_BYTES else b"\0" * (MAX_UPLOAD_BYTES + 1)
    )
    try:
        return ImageUpload(process_image(content), original_name=upload.name or "")
    except InvalidImageError as error:
        raise _to_validation_error(error) from error


def process_uploads(files: MultiValueDict[str, UploadedFile[bytes]], field_name: str) -> None:
    """Replace the uploads of this form field by processed images.

    The field may have a form prefix.

    A refused upload stays as it is. The validation of its form then refuses it again, with the error.
    """
    for name, upload in list(files.items()):
        if isinstance(upload, UploadedFile) and (name == field_name or name.endswith(f"-{field_name}")):
            try:
                files[name] = process_upload(upload)
            except forms.ValidationError:
                upload.seek(0)


class ImageProcessingMixin:
    """For a ModelAdmin with an image upload in the form field `image_field_name`.

    It processes images, which takes seconds, before the admin's transaction starts. On SQLite that transaction makes
    every other editor's save wait.
    """

    image_field_name = "file"

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            process_uploads(request.FILES, self.image_field_name)
        response: HttpResponse = super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        return response


def _to_validation_error(error: InvalidImageError) -> forms.ValidationError:
    values = {name: gettext(value) for name, value in error.values.items()}
    return forms.ValidationError(gettext(error.message), code=error.code, params=values)
