"""Topics and publisher websites in the admin."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.formatting import admin_link, count_subquery
from articles.models import Article, PublisherHost, Topic
from articles.text.url_keys import url_host


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "article_count")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        article_count = count_subquery(Article.topics.through.objects.all(), "topic")
        return super().get_queryset(request).annotate(annotated_article_count=article_count)  # type: ignore[no-any-return]

    @admin.display(description=_("stories"), ordering="annotated_article_count")
    def article_count(self, topic: Topic) -> int:
        return topic.annotated_article_count  # type: ignore[attr-defined, no-any-return]


class PublisherHostForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_host(self) -> str:
        """Return the host as imports look it up, also from a whole URL."""
        typed = self.cleaned_data["host"].strip().lower()
        host = url_host(typed if "://" in typed else f"//{typed}")
        if "." not in host:
            raise forms.ValidationError(gettext("Give the name of a website, for example themoscowtimes.com."))
        return host


@admin.register(PublisherHost)
class PublisherHostAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = PublisherHostForm
    list_display = ("host", "name", "publisher_link")
    list_select_related = ("publisher",)
    search_fields = ("host", "name")
    autocomplete_fields = ("publisher",)

    @admin.display(description=_("publisher"))
    def publisher_link(self, host: PublisherHost) -> SafeString | None:
        return admin_link(host.publisher)
