"""Images in the admin: the image library, and the images of a story."""

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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.article_inlines import ArticlePartInline
from articles.admin.formatting import admin_link, count_subquery
from articles.editing.images import MAX_NAME_CHARS, get_or_create_image, record_file_change
from articles.models import ArticleImage, Image
from articles.permissions import require_user
from sources.images.forms import ImageProcessingMixin, ImageUpload, ImageUploadField
from sources.images.srcset import build_page_image
from sources.images.storage import store_image

#: Maximum width of an image in the lists and forms of the admin, in pixels.
THUMB_PIXELS, PREVIEW_PIXELS = 120, 480


def render_preview(image: Image, place: str, x: float = 0.5, y: float = 0.5) -> SafeString:
    """Return the HTML of an image with its focal point at (x, y).

    `place` is "thumb" or "preview": it sets the size.
    """
    return render_to_string(
        "admin/articles/image/picture.html",
        {
            "shown": build_page_image(image.file.name or "", image.width, image.height, x, y),
            "place": place,
            "sizes": f"{THUMB_PIXELS if place == 'thumb' else PREVIEW_PIXELS}px",
        },
    )


# --- Image library ---


class ImageForm(forms.ModelForm):  # type: ignore[type-arg]
    file = ImageUploadField(label=_("File"), widget=AdminFileWidget)

    class Meta:
        model = Image
        fields = ("file", "name")

    def clean_file(self) -> Any:
        """Refuse a file that the library has already."""
        file = self.cleaned_data["file"]
        if isinstance(file, ImageUpload):
            others = Image.objects.exclude(pk=self.instance.pk)
            existing = others.filter(digest=file.processed.digest).first()
            if existing is not None:
                text = gettext("This image is already in the library: {image}.")
                raise forms.ValidationError(format_html(text, image=admin_link(existing)), code="here-already")
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
    search_help_text = _("Search by file name, caption or credit.")
    readonly_fields = ("preview_image", "size", "article_links", "added_at")

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        return (
            ["file", "name"] if obj is None else ["preview_image", "file", "name", "size", "article_links", "added_at"]
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        use_count = count_subquery(ArticleImage.objects.all(), "image")
        return super().get_queryset(request).annotate(annotated_use_count=use_count)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        """Save the image; store a new file with its renditions."""
        upload = form.cleaned_data.get("file")
        if isinstance(upload, ImageUpload):
            store_image(obj.file, upload)
        super().save_model(request, obj, form, change)
        if change and isinstance(upload, ImageUpload):
            record_file_change(obj, by=require_user(request.user))

    class Media:
        css = {"all": ("newsroom/image_focus.css", "newsroom/image_focus_picker.css")}

    @admin.display(description=_("image"))
    def thumb(self, image: Image) -> SafeString:
        return render_preview(image, "thumb")

    @admin.display(description=_("image"))
    def preview_image(self, image: Image) -> SafeString:
        return render_preview(image, "preview")

    @admin.display(description=_("size in pixels"))
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}" if image.width else self.get_empty_value_display()

    @admin.display(description=_("uses"), ordering="annotated_use_count")
    def use_count(self, image: Image) -> int:
        return image.annotated_use_count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("stories"))
    def article_links(self, image: Image) -> SafeString | str:
        """Link each story that uses the image, once."""
        uses = image.uses.select_related("article__latest").order_by("article_id")
        articles = {use.article_id: use.article for use in uses}
        links = format_html_join(", ", "{}", ((admin_link(article),) for article in articles.values()))
        return links or self.get_empty_value_display()

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "<int:pk>/shown/", self.admin_site.admin_view(self.preview_data_view), name="articles_image_shown"
        )
        return [preview, *super().get_urls()]

    def preview_data_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Return the preview of an image chosen in a form: {src, width, height}."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        image = get_object_or_404(Image, pk=pk)
        preview = build_page_image(image.file.name or "", image.width, image.height)
        return JsonResponse({"src": preview.src, "width": preview.width, "height": preview.height})


# --- Images of a story ---


class ArticleImageForm(forms.ModelForm):  # type: ignore[type-arg]
    """Choose an image from the library, or upload one."""

    upload = ImageUploadField(label=_("Or upload a file"), required=False)

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
            "image": _("Image"),
            "focal_x": _("Focal point, horizontal"),
            "focal_y": _("Focal point, vertical"),
        }

    def clean(self) -> dict[str, Any]:
        """Store a valid upload even if other fields have errors.

        A browser does not send the file again when the corrected form is sent.
        """
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
    """Choose an image from the library only, for users who may not add images.

    Leaving the upload out of the shown fields is not enough: the form would still read it from a request.
    """

    upload = None  # type: ignore[assignment]


class ArticleImageInline(ArticlePartInline):
    model = ArticleImage
    form = ArticleImageForm
    formset = BaseInlineFormSet
    template = "admin/edit_inline/stacked.html"
    verbose_name = _("image")
    verbose_name_plural = _("images")
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
        """Offer the upload only to users who may add images and change the story."""
        if request.user.has_perm("articles.add_image") and self.has_change_permission(request, obj):
            return self.fields
        return tuple(("order", "image") if row == ("order", "image", "upload") else row for row in self.fields)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if not request.user.has_perm("articles.add_image"):
            kwargs["form"] = LibraryImageForm
        return super().get_formset(request, obj, **kwargs)

    @admin.display(description=_("image"))
    def focal_point_preview(self, use: ArticleImage) -> SafeString:
        """Show the image with its focal point. A script lets editors move the point."""
        preview = render_preview(use.image, "preview", use.focal_x, use.focal_y) if use.image else ""
        url = reverse("admin:articles_image_shown", args=[0])
        return render_to_string("admin/articles/image/focal.html", {"url": url, "preview": preview})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("alt", "caption"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)
