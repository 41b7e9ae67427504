"""Pictures in forms: an upload is developed when it is checked, and comes out clean or as an error of its field."""

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

#: What the browser's chooser offers. What is in the file is checked, not its name.
ACCEPTED_CONTENT_TYPES = "image/jpeg,image/png,image/webp,image/avif"
#: Endings that a picture's name may have. Anything else is a sign that something else was meant.
ALLOWED_EXTENSIONS = ("jpg", "jpeg", "jpe", "jfif", "png", "webp", "avif")
#: Characters of a wrong ending that an error repeats.
MAX_SHOWN_EXTENSION_CHARS = 20
_HELP_TEXT = format_lazy(
    _(
        "JPEG, PNG, WebP or AVIF, at most {most} MB. Where it was taken, and all else a camera notes beside the "
        "picture, is taken out."
    ),
    most=lazystr(MAX_UPLOAD_BYTES // 1_000_000),
)


class ImageUpload(SimpleUploadedFile):
    """A developed picture and its sizes on their way into the store, under a new name."""

    def __init__(self, processed: ProcessedImage, original_name: str = "") -> None:
        super().__init__(random_file_name(processed.suffix), processed.data, CONTENT_TYPES[processed.suffix])
        self.original_name = original_name
        self.processed = processed
        self.renditions = make_renditions(processed.data)


class ImageUploadField(forms.FileField):
    """A form's field for a picture. What comes out is a PictureUpload: clean, upright, renamed.

    An upload that cannot be kept is an error of this field alone, with its code and what to do.
    """

    widget = forms.ClearableFileInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _HELP_TEXT)
        kwargs.pop("max_length", None)  # of the name, which is made anew
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("accept", ACCEPTED_CONTENT_TYPES)

    def to_python(self, data: Any) -> Any:
        if isinstance(data, ImageUpload):
            return data
        given = super().to_python(data)
        return process_upload(given) if isinstance(given, UploadedFile) else given


def process_upload(upload: UploadedFile[bytes]) -> ImageUpload:
    """An upload as it came -> what can be stored. ValidationError with a code says why not."""
    ending = (upload.name or "").rpartition(".")[2].lower()
    if ending not in ALLOWED_EXTENSIONS:
        raise forms.ValidationError(
            _("A picture's name does not end in “.%(ending)s”. Give a JPEG, PNG, WebP or AVIF."),
            code="wrong-ending",
            params={"ending": ending[:MAX_SHOWN_EXTENSION_CHARS]},
        )
    upload.seek(0)
    # Refused before it is read: what is too large may not fit into memory.
    content = (
        upload.read(MAX_UPLOAD_BYTES + 1) if (upload.size or 0) <= MAX_UPLOAD_BYTES else b"\0" * (MAX_UPLOAD_BYTES + 1)
    )
    try:
        return ImageUpload(process_image(content), original_name=upload.name or "")
    except InvalidImageError as error:
        raise _to_validation_error(error) from error


def process_uploads(files: MultiValueDict[str, UploadedFile[bytes]], ending_in: str) -> None:
    """Put a developed picture in the place of each upload whose field has that name, alone or behind a prefix.

    What is refused stays as it came, and is refused again with a sentence when its form is checked.
    """
    for name, upload in list(files.items()):
        if isinstance(upload, UploadedFile) and (name == ending_in or name.endswith(f"-{ending_in}")):
            try:
                files[name] = process_upload(upload)
            except forms.ValidationError:
                upload.seek(0)


class ImageProcessingMixin:
    """For a ModelAdmin whose form takes pictures in the field `picture_field`.

    Developing takes seconds. The admin checks and saves a form in one transaction, which on SQLite keeps every
    other editor's save waiting: so the pictures are developed before it begins.
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
