"""What stories and claims are filed under: topics, publishers' hosts, pictures, ledgers, links, repeats."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.addresses import host_of
from articles.admin.showing import count_of, link
from articles.models import (
    Article,
    ArticleImage,
    ClaimLink,
    ClaimRepeat,
    Image,
    Ledger,
    PublisherHost,
    Quantity,
    RepeatCluster,
    Topic,
)
from sources.formsets import TableFormSet


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "stories")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        rows = super().get_queryset(request)
        return rows.annotate(stories=count_of(Article.topics.through.objects.all(), "topic"))  # type: ignore[no-any-return]

    @admin.display(description="stories", ordering="stories")
    def stories(self, topic: Topic) -> int:
        return topic.stories  # type: ignore[attr-defined, no-any-return]


class PublisherHostForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_host(self) -> str:
        """As an import looks it up, whatever was pasted: a URL, capitals, "www."."""
        given = self.cleaned_data["host"].strip().lower()
        host = host_of(given if "://" in given else f"//{given}")
        if "." not in host:
            raise forms.ValidationError("Give a host such as themoscowtimes.com.")
        return host


@admin.register(PublisherHost)
class PublisherHostAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = PublisherHostForm
    list_display = ("host", "name", "source")
    list_select_related = ("publisher",)
    search_fields = ("host", "name")
    autocomplete_fields = ("publisher",)

    @admin.display(description="publisher")
    def source(self, host: PublisherHost) -> SafeString | None:
        return link(host.publisher)


class ImageForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Image
        fields = ("file",)

    def clean_file(self) -> Any:
        """A picture is kept once: the same bytes again are refused with where they are."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            self.instance.digest = digest.hexdigest()
            known = Image.objects.filter(digest=self.instance.digest).exclude(pk=self.instance.pk).first()
            if known is not None:
                raise forms.ValidationError(format_html("This picture is here already: {}.", link(known)))
        return file


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = ImageForm
    list_display = ("__str__", "size", "used", "added_at")
    search_fields = ("file",)
    fields = ("file", "size", "added_at")
    readonly_fields = ("size", "added_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        rows = super().get_queryset(request)
        return rows.annotate(used=count_of(ArticleImage.objects.all(), "image"))  # type: ignore[no-any-return]

    @admin.display(description="pixels")
    def size(self, image: Image) -> str | None:
        return f"{image.width} × {image.height}" if image.width else None

    @admin.display(description="uses", ordering="used")
    def used(self, image: Image) -> int:
        return image.used  # type: ignore[attr-defined, no-any-return]


@admin.register(Ledger)
class LedgerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "unit", "filed")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ledger]:
        rows = super().get_queryset(request)
        return rows.annotate(filed=count_of(Quantity.objects.all(), "ledger"))  # type: ignore[no-any-return]

    @admin.display(description="figures", ordering="filed")
    def filed(self, ledger: Ledger) -> SafeString:
        """How many, leading to their claims."""
        claims = reverse("admin:articles_claim_changelist")
        count = ledger.filed  # type: ignore[attr-defined]
        return format_html('<a href="{}?quantities__ledger__id__exact={}">{}</a>', claims, ledger.pk, count)


@admin.register(ClaimLink)
class ClaimLinkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("one", "kind", "another", "state")
    list_display_links = ("kind",)
    list_filter = ("kind", "state")
    list_select_related = ("claim", "other")
    search_fields = ("claim__statement", "other__statement")
    autocomplete_fields = ("claim", "other")
    show_full_result_count = False

    @admin.display(description="claim")
    def one(self, row: ClaimLink) -> SafeString | None:
        return link(row.claim)

    @admin.display(description="other claim")
    def another(self, row: ClaimLink) -> SafeString | None:
        return link(row.other)


class ClaimRepeatInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ClaimRepeat
    formset = TableFormSet
    autocomplete_fields = ("claim",)
    extra = 1


@admin.register(RepeatCluster)
class RepeatClusterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "members_count", "created_at")
    search_fields = ("note", "members__claim__statement")
    inlines = (ClaimRepeatInline,)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RepeatCluster]:
        rows = super().get_queryset(request)
        return rows.annotate(size=count_of(ClaimRepeat.objects.all(), "cluster"))  # type: ignore[no-any-return]

    @admin.display(description="claims", ordering="size")
    def members_count(self, cluster: RepeatCluster) -> int:
        return cluster.size  # type: ignore[attr-defined, no-any-return]
