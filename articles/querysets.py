"""Every query the pages use, named. A view, feed or API never builds one of its own.

What readers may see is said here once: ArticleQuerySet.public() and ClaimQuerySet.public().
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone


class ArticleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """What readers may list: published, or scheduled for a time that has come, with a live revision.

        A scheduled story so appears at its time without a worker. A retracted one leaves every list.
        """
        return self.filter(status__in=["published", "scheduled"], published_at__lte=timezone.now(), live__isnull=False)

    def readable(self) -> Self:
        """What has a page of its own for readers: what is public, and what was retracted (its page says so)."""
        return self.filter(
            status__in=["published", "scheduled", "retracted"],
            published_at__lte=timezone.now(),
            live__isnull=False,
        )

    def newest_first(self) -> Self:
        """The order of every public list; served by the index article_public_list."""
        return self.order_by("-published_at", "-id")

    def for_export(self) -> Self:
        """Everything articles.exporting touches, in a fixed number of queries a chunk."""
        return self.select_related("publisher", "agency", "latest", "live").prefetch_related(
            "bylines",
            "images",
            "related_links",
            "topics",
            "corrections",
            "import_items",
            "claims__anchors",
            "claims__quantities",
            "claims__hops__source",
            "claims__hops__organisation",
        )


class ClaimQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def shown(self) -> Self:
        """Accepted or edited: fit for readers, if the article is."""
        return self.filter(review__in=["accepted", "edited"])

    def public(self) -> Self:
        """What readers may see: shown claims of public articles whose words stand in the live revision.

        So neither a claim found in the draft of a published story, nor one whose words a
        correction took out, is shown.
        """
        anchors = self.model._meta.get_field("anchors").related_model
        return self.shown().filter(
            Exists(
                anchors.objects.filter(
                    claim=OuterRef("pk"), revision=OuterRef("article__live"), part="content"
                ).exclude(state="lost")
            ),
            article__status__in=["published", "scheduled"],
            article__published_at__lte=timezone.now(),
        )

    def waiting(self) -> Self:
        """The review queue, oldest first; served by the index claim_review_queue."""
        return self.filter(review="proposed").order_by("id")


class HopQuerySet(models.QuerySet):  # type: ignore[type-arg]
    pass


class AnchorQuerySet(models.QuerySet):  # type: ignore[type-arg]
    pass
