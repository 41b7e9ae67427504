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

from sources.images.processing import MAX_BYTES, Developed, UnfitError, develop, sizes
from sources.images.renditions import TYPES, new_name

#: What the browser's chooser offers. What is in the file is checked, not its name.
ACCEPT = "image/jpeg,image/png,image/webp,image/avif"
#: Endings that a picture's name may have. Anything else is a sign that something else was meant.
ENDINGS = ("jpg", "jpeg", "jpe", "jfif", "png", "webp", "avif")
#: Characters of a wrong ending that an error repeats.
SHOWN_ENDING = 20
_HELP = format_lazy(
    _(
        "JPEG, PNG, WebP or AVIF, at most {most} MB. Where it was taken, and all else a camera notes beside the "
        "picture, is taken out."
    ),
    most=lazystr(MAX_BYTES // 1_000_000),
)


class PictureUpload(SimpleUploadedFile):
    """A developed picture and its sizes on their way into the store, under a new name."""

    def __init__(self, developed: Developed, given_name: str = "") -> None:
        super().__init__(new_name(developed.suffix), developed.data, TYPES[developed.suffix])
        self.given_name = given_name
        self.developed = developed
        self.sizes = sizes(developed.data)


class PictureField(forms.FileField):
    """A form's field for a picture. What comes out is a PictureUpload: clean, upright, renamed.

    An upload that cannot be kept is an error of this field alone, with its code and what to do.
    """

    widget = forms.ClearableFileInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _HELP)
        kwargs.pop("max_length", None)  # of the name, which is made anew
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("accept", ACCEPT)

    def to_python(self, data: Any) -> Any:
        if isinstance(data, PictureUpload):
            return data
        given = super().to_python(data)
        return developed(given) if isinstance(given, UploadedFile) else given


def developed(upload: UploadedFile[bytes]) -> PictureUpload:
    """An upload as it came -> what can be stored. ValidationError with a code says why not."""
    ending = (upload.name or "").rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise forms.ValidationError(
            _("A picture's name does not end in “.%(ending)s”. Give a JPEG, PNG, WebP or AVIF."),
            code="wrong-ending",
            params={"ending": ending[:SHOWN_ENDING]},
        )
    upload.seek(0)
    # Refused before it is read: what is too large may not fit into memory.
    content = upload.read(MAX_BYTES + 1) if (upload.size or 0) <= MAX_BYTES else b"\0" * (MAX_BYTES + 1)
    try:
        return PictureUpload(develop(content), given_name=upload.name or "")
    except UnfitError as error:
        raise _said(error) from error


def develop_all(files: MultiValueDict[str, UploadedFile[bytes]], ending_in: str) -> None:
    """Put a developed picture in the place of each upload whose field has that name, alone or behind a prefix.

    What is refused stays as it came, and is refused again with a sentence when its form is checked.
    """
    for name, upload in list(files.items()):
        if isinstance(upload, UploadedFile) and (name == ending_in or name.endswith(f"-{ending_in}")):
            try:
                files[name] = developed(upload)
            except forms.ValidationError:
                upload.seek(0)


class DevelopsFirst:
    """For a ModelAdmin whose form takes pictures in the field `picture_field`.

    Developing takes seconds. The admin checks and saves a form in one transaction, which on SQLite keeps every
    other editor's save waiting: so the pictures are developed before it begins.
    """

    picture_field = "file"

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            develop_all(request.FILES, self.picture_field)
        response: HttpResponse = super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        return response


def _said(error: UnfitError) -> forms.ValidationError:
    values = {name: gettext(value) for name, value in error.values.items()}
    return forms.ValidationError(gettext(error.sentence), code=error.code, params=values)
