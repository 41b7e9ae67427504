"""Topics, and the publishers of web hosts."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.db.lookups import related_rows
from sources.models import Source


class TopicQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """Return the topics with a public article, annotated for the topics page.

        `story_count` is the number of public articles. Of the newest one there are `newest` (its publication time),
        `headline`, `language` and `story` (its slug).
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

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    description = models.TextField(_("description"), blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="topic_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:topic", args=[self.slug])


class PublisherHost(models.Model):
    """The publisher of a web host. An import finds the publisher of a URL by it."""

    host = models.CharField(
        _("host"),
        max_length=253,
        unique=True,
        help_text=_("In lower case, without “www.”, for example themoscowtimes.com. Its subdomains are included."),
    )
    name = models.CharField(_("publisher's name"), max_length=200)
    publisher = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosts",
        verbose_name=_("publisher"),
        help_text=_("If empty, the first import from this host finds or creates the publisher by its name."),
    )

    class Meta:
        ordering = ("host",)
        verbose_name = _("publisher website")
        verbose_name_plural = _("publisher websites")
        constraints = [
            models.CheckConstraint(condition=~Q(host=""), name="publisher_host_is_named"),
            models.CheckConstraint(condition=~Q(name=""), name="publisher_host_names_its_publisher"),
        ]

    def __str__(self) -> str:
        return f"{self.host}: {self.name}"
