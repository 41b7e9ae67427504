"""Parts of the story form below its text: bylines, links, corrections, revisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db import models
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.formatting import admin_link, badge
from articles.models import Byline, Correction, RelatedLink, Revision
from articles.permissions import may_write
from sources.formsets import TableFormSet


class ArticlePartInline(admin.TabularInline):  # type: ignore[type-arg]
    """Allow changes by users who may change the story itself."""

    extra = 0
    formset: type[BaseInlineFormSet[Any, Any, Any]] = TableFormSet
    formfield_overrides = {models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_write(request.user, obj) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_write(request.user, obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_write(request.user, obj) and super().has_delete_permission(request, obj)


class BylineInline(ArticlePartInline):
    model = Byline
    fields = ("order", "name", "source")
    autocomplete_fields = ("source",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Byline]:
        return super().get_queryset(request).select_related("source")


class RelatedLinkInline(ArticlePartInline):
    model = RelatedLink
    fk_name = "article"
    fields = ("order", "title", "url", "target")
    autocomplete_fields = ("target",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RelatedLink]:
        return super().get_queryset(request).select_related("target__latest")


class CorrectionInline(ArticlePartInline):
    """Let editors fix the wording of correction notes.

    New ones are made by the steps “Correct” and “Retract”.
    """

    model = Correction
    fields = ("kind", "note", "before", "after", "author", "created_at")
    readonly_fields = ("kind", "before", "after", "author", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        return super().get_queryset(request).select_related("before", "after", "author")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "note":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RevisionInline(admin.TabularInline):  # type: ignore[type-arg]
    """List the revisions of the text, newest first."""

    model = Revision
    fields = readonly_fields = ("version", "shown", "author", "note", "created_at")
    extra = max_num = 0
    can_delete = False
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        revisions = super().get_queryset(request).select_related("article", "author")
        return revisions.defer("body", "text", "summary").order_by("-number")

    @admin.display(description=_("revision"))
    def version(self, revision: Revision) -> SafeString | None:
        return admin_link(revision, f"{revision.number}: {revision.headline}")

    @admin.display(description=_("state"))
    def shown(self, revision: Revision) -> SafeString | str:
        if revision.pk == revision.article.live_id:
            return badge("published", gettext("live"))
        return badge("draft", gettext("draft")) if revision.pk == revision.article.latest_id else ""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
