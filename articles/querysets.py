"""Every query the pages use, named. A view, feed or API never builds one of its own.

What readers may see is said here once: ArticleQuerySet.public() and ClaimQuerySet.public().
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.jsonrows import json_rows

if TYPE_CHECKING:
    from articles.models import Article, Claim
    from sources.models import Source


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

    def for_list(self) -> Self:
        """Everything a list of stories touches, in one query: live revision, bylines, how many claims."""
        claims = _of(self, "claims").public().filter(article=OuterRef("pk")).order_by().values("article")
        return self.select_related("live", "agency", "publisher").annotate(
            shown_bylines=json_rows(_of(self, "bylines"), "article", "order", "name"),
            shown_images=json_rows(_of(self, "images"), "article", "order", "credit"),
            claim_count=Coalesce(
                Subquery(claims.annotate(count=Count("pk")).values("count")[:1], output_field=IntegerField()), 0
            ),
        )

    def for_page(self) -> Self:
        """Everything an article's page touches but its claims, in one query."""
        corrections = _of(self, "corrections")
        topics = self.model.topics.through.objects.all()
        links = _of(self, "related_links")
        return self.select_related("live", "agency", "publisher").annotate(
            shown_bylines=json_rows(_of(self, "bylines"), "article", "order", "name", source="source__slug"),
            shown_images=json_rows(
                _of(self, "images"),
                "article",
                "order",
                "caption",
                "alt",
                "credit",
                file="image__file",
                width="image__width",
                height="image__height",
                source="credit_source__slug",
            ),
            shown_links=json_rows(
                links, "article", "order", "title", "url", slug="target__slug", status="target__status"
            ),
            shown_corrections=json_rows(corrections, "article", "kind", "note", "created_at"),
            shown_topics=json_rows(topics, "article", name="topic__name", slug="topic__slug"),
        )

    def quoting(self, source: Source) -> Self:
        """Those with a public claim that this source has a part in. A subquery, so that no row repeats."""
        claims = _of(self, "claims").public().involving(source)
        return self.filter(pk__in=claims.order_by().values("article"))

    def with_figures(self) -> Self:
        """Those with a public claim that has a figure."""
        claims = _of(self, "claims").public().with_figures()
        return self.filter(pk__in=claims.order_by().values("article"))

    def saying(self, words: str) -> Self:
        """Those whose headline or text has every one of the words, in any order."""
        found = self
        for word in words.split():
            found = found.filter(Q(live__headline__icontains=word) | Q(live__text__icontains=word))
        return found

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
        return self.shown().filter(
            Exists(
                _of(self, "anchors")
                .filter(claim=OuterRef("pk"), revision=OuterRef("article__live"), part="content")
                .exclude(state="lost")
            ),
            article__status__in=["published", "scheduled"],
            article__published_at__lte=timezone.now(),
        )

    def in_live(self, article: Article) -> Self:
        """What readers see marked in a story, in the order of the text: four queries with all it touches."""
        anchors = _of(self, "anchors").filter(revision=article.live_id).exclude(state="lost").order_by("start")
        return (
            self.public()
            .filter(article=article)
            .order_by("order", "id")
            .prefetch_related(Prefetch("anchors", anchors, to_attr="standing"), *self._said_by())
        )

    def for_list(self) -> Self:
        """Everything a list of claims touches: three queries."""
        return self.select_related("article__live", "article__agency", "article__publisher").prefetch_related(
            *self._said_by()
        )

    def newest_first(self) -> Self:
        """By their stories' publication, newest first, then in the order of the text."""
        return self.order_by("-article__published_at", "-article_id", "order", "id")

    def oldest_first(self) -> Self:
        return self.order_by("article__published_at", "article_id", "order", "id")

    def involving(self, source: Source) -> Self:
        """Said by this source or passed on by it; what its unnamed people said too. No row repeats."""
        hops = _of(self, "hops").filter(Q(source=source) | Q(source__isnull=True, organisation=source))
        return self.filter(pk__in=hops.order_by().values("claim"))

    def originating_with(self, source: Source) -> Self:
        """First said by this source, or by its unnamed people."""
        hops = _of(self, "hops").filter(Q(source=source) | Q(source__isnull=True, organisation=source), position=1)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def spoken_by(self, source: Source) -> Self:
        """Told to the outlet by this source: it is the last hop."""
        later = _of(self, "hops").filter(claim=OuterRef("claim"), position__gt=OuterRef("position"))
        hops = _of(self, "hops").filter(Q(source=source) | Q(source__isnull=True, organisation=source), ~Exists(later))
        return self.filter(pk__in=hops.order_by().values("claim"))

    def from_kind(self, kind: str) -> Self:
        """First said by this kind of source; "unnamed" is a kind here."""
        origins = _of(self, "hops").filter(position=1)
        wanted = origins.filter(source__isnull=True) if kind == "unnamed" else origins.filter(source__kind=kind)
        return self.filter(pk__in=wanted.order_by().values("claim"))

    def with_figures(self) -> Self:
        return self.filter(pk__in=_of(self, "quantities").order_by().values("claim"))

    def with_figure_between(self, low: object = None, high: object = None) -> Self:
        """With a figure whose bounds overlap [low, high]; an end that is None is open."""
        figures = _of(self, "quantities").all()
        if low is not None:
            figures = figures.filter(Q(upper__isnull=True) | Q(upper__gte=low))
        if high is not None:
            figures = figures.filter(Q(lower__isnull=True) | Q(lower__lte=high))
        return self.filter(pk__in=figures.order_by().values("claim"))

    def saying(self, words: str) -> Self:
        """Whose statement has every one of the words, in any order."""
        found = self
        for word in words.split():
            found = found.filter(statement__icontains=word)
        return found

    def same_elsewhere(self, claim: Claim) -> Self:
        """Other claims of the cluster of repeats that a claim is in."""
        repeat = getattr(claim, "repeat", None)
        return self.filter(repeat__cluster=repeat.cluster_id).exclude(pk=claim.pk) if repeat else self.none()

    def _said_by(self) -> tuple[Prefetch, ...]:  # type: ignore[type-arg]
        hops = _of(self, "hops").select_related("source", "organisation").order_by("position")
        return Prefetch("hops", hops, to_attr="chain"), Prefetch("quantities", to_attr="figures")

    def waiting(self) -> Self:
        """The review queue, oldest first; served by the index claim_review_queue."""
        return self.filter(review="proposed").order_by("id")


class HopQuerySet(models.QuerySet):  # type: ignore[type-arg]
    pass


class AnchorQuerySet(models.QuerySet):  # type: ignore[type-arg]
    pass


def _of(queryset: models.QuerySet, relation: str) -> models.QuerySet:  # type: ignore[type-arg]
    """The rows on the other side of a relation, all of them, without importing their model here."""
    return queryset.model._meta.get_field(relation).related_model._default_manager.all()
