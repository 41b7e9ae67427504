"""What is filed with stories: topics, corrections, pictures, imported files."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery

from articles.querysets.relations import related


class TopicQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """Those with a public story, each with `story_count` and of the newest story `newest`, when it came out,
        `headline`, `language` and `story`, its slug.
        """
        articles = related(self, "articles")
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


class CorrectionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """Those of stories that have a page for readers; that of a retraction is the story's last word."""
        return self.filter(article__in=related(self, "article").readable().order_by().values("pk"))

    def for_list(self) -> Self:
        """Everything a list of corrections touches, their stories' texts left unread: one query."""
        return self.select_related("article__live").defer("article__live__body", "article__live__text")

    def newest_first(self) -> Self:
        """The order of the corrections page; served by the index corrections_newest_first."""
        return self.order_by("-created_at", "-id")


class ImageQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def unused(self) -> Self:
        """Those in no story, of whatever status."""
        return self.filter(~Exists(related(self, "uses").filter(image=OuterRef("pk"))))

    def in_use(self) -> Self:
        """Those in any story."""
        return self.filter(Exists(related(self, "uses").filter(image=OuterRef("pk"))))


class ImportItemQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def unsettled(self) -> Self:
        """Files that came in with something odd and that nobody has dealt with; served by import_items_unsettled."""
        odd = self.filter(settled_at__isnull=True, outcome__in=["warned", "changed", "rejected"])
        return odd.exclude(run__state="undone").order_by("id")
