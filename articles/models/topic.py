"""To be described."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.urls import reverse

from articles.db.lookups import related_rows
from sources.models import Source


class TopicQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """Those with a public story, each with `story_count` and of the newest story `newest`, when it came out,
        `headline`, `language` and `story`, its slug.
        """
        articles = related_rows(self, "articles")
        newest = articles.public().filter(topics=OuterRef("pk")).newest_first()
        filed = (
            articles.model.topics.through.objects.filter(topic=OuterRef("pk"))
            .filter(article__in=articles.public().order_by().values("pk"))
            .order_by()
            .values("topic")
        )
        return self.annotate(
            story_count=Subquery(filed.annotate(count=Count("pk")).values("count")[:1], output_field=IntegerField()),
            newest=Subquery(newest.values("published_at")[:1]),
            headline=Subquery(newest.values("live__headline")[:1]),
            language=Subquery(newest.values("language")[:1]),
            story=Subquery(newest.values("slug")[:1]),
        ).filter(story_count__gt=0)

    def by_name(self) -> Self:
        return self.order_by("name", "id")


class Topic(models.Model):
    """A subject that articles are filed under."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="topic_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:topic", args=[self.slug])


class PublisherHost(models.Model):
    """Which publisher a web host belongs to; an import takes the publisher from the URL by it."""

    host = models.CharField(
        max_length=253,
        unique=True,
        help_text="Without “www.”, in lower case: themoscowtimes.com. Its subdomains count too.",
    )
    name = models.CharField("publisher's name", max_length=200)
    publisher = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosts",
        help_text="Left empty, it is found or made by the name at the first story from this host.",
    )

    class Meta:
        ordering = ("host",)
        constraints = [
            models.CheckConstraint(condition=~Q(host=""), name="publisher_host_is_named"),
            models.CheckConstraint(condition=~Q(name=""), name="publisher_host_names_its_publisher"),
        ]

    def __str__(self) -> str:
        return f"{self.host}: {self.name}"
