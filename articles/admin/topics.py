"""What stories and claims are filed under: topics, publishers' hosts, ledgers, links, repeats."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from articles.admin.formatting import admin_link, count_subquery
from articles.models import (
    Article,
    PublisherHost,
    Topic,
)
from articles.text.url_keys import url_host


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "article_count")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        rows = super().get_queryset(request)
        return rows.annotate(stories=count_subquery(Article.topics.through.objects.all(), "topic"))  # type: ignore[no-any-return]

    @admin.display(description="stories", ordering="stories")
    def article_count(self, topic: Topic) -> int:
        return topic.stories  # type: ignore[attr-defined, no-any-return]


class PublisherHostForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_host(self) -> str:
        """As an import looks it up, whatever was pasted: a URL, capitals, "www."."""
        given = self.cleaned_data["host"].strip().lower()
        host = url_host(given if "://" in given else f"//{given}")
        if "." not in host:
            raise forms.ValidationError("Give a host such as themoscowtimes.com.")
        return host


@admin.register(PublisherHost)
class PublisherHostAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = PublisherHostForm
    list_display = ("host", "name", "publisher_link")
    list_select_related = ("publisher",)
    search_fields = ("host", "name")
    autocomplete_fields = ("publisher",)

    @admin.display(description="publisher")
    def publisher_link(self, host: PublisherHost) -> SafeString | None:
        return admin_link(host.publisher)
