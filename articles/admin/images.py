"""Pictures in the newsroom: the library of them, and their uses on a story's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.article_inlines import ArticlePartInline
from articles.admin.formatting import admin_link, count_subquery
from articles.editing.images import MAX_NAME_CHARS, get_or_create_image, record_file_change
from articles.models import ArticleImage, Image
from articles.permissions import require_user
from sources.images.forms import ImageProcessingMixin, ImageUpload, ImageUploadField
from sources.images.srcset import build_page_image
from sources.images.storage import store_image

#: Pixels across, at most, of a picture in the newsroom's lists and forms.
THUMB_PIXELS, PREVIEW_PIXELS = 120, 480


def render_preview(image: Image, place: str, x: float = 0.5, y: float = 0.5) -> SafeString:
    """A picture in the newsroom, as large as that place (thumb, preview) gives room."""
    return render_to_string(
        "admin/articles/image/picture.html",
        {
            "shown": build_page_image(image.file.name or "", image.width, image.height, x, y),
            "place": place,
            "sizes": f"{THUMB_PIXELS if place == 'thumb' else PREVIEW_PIXELS}px",
        },
    )


# --- The library ---


class ImageForm(forms.ModelForm):  # type: ignore[type-arg]
    file = ImageUploadField(label=_("File"), widget=AdminFileWidget)

    class Meta:
        model = Image
        fields = ("file", "name")

    def clean_file(self) -> Any:
        """A picture is kept once: the same file again is refused with where it is."""
        file = self.cleaned_data["file"]
        if isinstance(file, ImageUpload):
            known = Image.objects.filter(digest=file.processed.digest).exclude(pk=self.instance.pk).first()
            if known is not None:
                raise forms.ValidationError(
                    format_html("{} {}.", _("This picture is here already:"), admin_link(known)), code="here-already"
                )
            self.instance.digest = file.processed.digest
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if isinstance(file, ImageUpload) and not cleaned.get("name"):
            cleaned["name"] = file.original_name[:MAX_NAME_CHARS]
        return cleaned


@admin.register(Image)
class ImageAdmin(ImageProcessingMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    form = ImageForm
    list_display = ("thumb", "__str__", "size", "use_count", "added_at")
    list_display_links = ("__str__",)
    search_fields = ("name", "file", "uses__caption", "uses__credit")
    search_help_text = _("Names of files, captions and credits")
    readonly_fields = ("preview_image", "size", "article_links", "added_at")

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        return (
            ["file", "name"] if obj is None else ["preview_image", "file", "name", "size", "article_links", "added_at"]
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        rows = super().get_queryset(request)
        return rows.annotate(used=count_subquery(ArticleImage.objects.all(), "image"))  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        """Save the picture; a new file is stored with its sizes."""
        upload = form.cleaned_data.get("file")
        if isinstance(upload, ImageUpload):
            store_image(obj.file, upload)
        super().save_model(request, obj, form, change)
        if change and isinstance(upload, ImageUpload):
            record_file_change(obj, by=require_user(request.user))

    class Media:
        css = {"all": ("newsroom/image_focus.css", "newsroom/image_focus_picker.css")}

    @admin.display(description=_("picture"))
    def thumb(self, image: Image) -> SafeString:
        return render_preview(image, "thumb")

    @admin.display(description=_("picture"))
    def preview_image(self, image: Image) -> SafeString:
        return render_preview(image, "preview")

    @admin.display(description=_("pixels"))
    def size(self, image: Image) -> str | None:
        return f"{image.width} × {image.height}" if image.width else None

    @admin.display(description=_("uses"), ordering="used")
    def use_count(self, image: Image) -> int:
        return image.used  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("stories"))
    def article_links(self, image: Image) -> SafeString | None:
        """Where it is used, each story once."""
        uses = image.uses.select_related("article__latest").order_by("article_id")
        found = {use.article_id: use.article for use in uses}
        return format_html_join(", ", "{}", ((admin_link(article),) for article in found.values())) if found else None

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:pk>/shown/", self.admin_site.admin_view(self.preview_data_view), name="articles_image_shown")
        return [own, *super().get_urls()]

    def preview_data_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Where a picture's preview is, for a form in which it has just been chosen."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        image = get_object_or_404(Image, pk=pk)
        made = build_page_image(image.file.name or "", image.width, image.height)
        return JsonResponse({"src": made.src, "width": made.width, "height": made.height})


# --- A story's pictures ---


class ArticleImageForm(forms.ModelForm):  # type: ignore[type-arg]
    """One use of a picture: chosen from the library, or brought in here."""

    upload = ImageUploadField(label=_("Or a new file"), required=False)

    class Meta:
        model = ArticleImage
        fields = (
            "order",
            "image",
            "alt",
            "caption",
            "credit",
            "credit_source",
            "focal_x",
            "focal_y",
        )
        labels = {
            "image": _("Picture"),
            "focal_x": _("Focal point, from the left"),
            "focal_y": _("Focal point, from the top"),
        }

    def clean(self) -> dict[str, Any]:
        """Keep a good upload, whatever else is wrong with the page: a browser cannot send a file again by itself."""
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.pop("upload", None)
        if isinstance(upload, ImageUpload) and not cleaned.get("DELETE"):
            image = get_or_create_image(upload)
            cleaned["image"] = image
            data = QueryDict(mutable=True)
            data.update(self.data)
            data[self.add_prefix("image")] = str(image.pk)
            self.data = data
        return cleaned


class LibraryImageForm(ArticleImageForm):
    """For whoever may not add pictures: what is not among the fields would be taken from a request all the same."""

    upload = None  # type: ignore[assignment]


class ArticleImageInline(ArticlePartInline):
    model = ArticleImage
    form = ArticleImageForm
    formset = BaseInlineFormSet
    template = "admin/edit_inline/stacked.html"
    verbose_name = "picture"
    fields = (
        "focal_point_preview",
        ("order", "image", "upload"),
        ("focal_x", "focal_y"),
        "alt",
        "caption",
        ("credit", "credit_source"),
        "original_url",
    )
    readonly_fields = ("focal_point_preview",)
    autocomplete_fields = ("image", "credit_source")

    class Media:
        css = {"all": ("newsroom/image_focus.css", "newsroom/image_focus_picker.css")}
        js = (forms.Script("newsroom/image_focus_picker.js", type="module"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArticleImage]:
        return super().get_queryset(request).select_related("image", "credit_source")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever may not add pictures chooses from those that are here; whoever only reads is offered no upload."""
        if request.user.has_perm("articles.add_image") and self.has_change_permission(request, obj):
            return self.fields
        return tuple(("order", "image") if row == ("order", "image", "upload") else row for row in self.fields)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if not request.user.has_perm("articles.add_image"):
            kwargs["form"] = LibraryImageForm
        return super().get_formset(request, obj, **kwargs)

    @admin.display(description=_("picture"))
    def focal_point_preview(self, use: ArticleImage) -> SafeString:
        """The picture with its focal point, which a script lets editors move."""
        known = render_preview(use.image, "preview", use.focal_x, use.focal_y) if use.image else ""
        address = reverse("admin:articles_image_shown", args=[0])
        return render_to_string("admin/articles/image/focal.html", {"address": address, "picture": known})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("alt", "caption"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)
