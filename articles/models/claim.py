"""Claims: attributed statements found in articles.

ClaimQuerySet.public() alone decides which claims readers may see.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.db.functions import json_rows
from articles.db.lookups import has_status, is_published_between, related_rows
from articles.fulltext.backends.base import CLAIM_INDEX
from articles.fulltext.conditions import search_condition
from articles.models.article import Article
from sources.models import Source


class ClaimQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def shown(self) -> Self:
        """Return accepted and edited claims."""
        return self.filter(review__in=["accepted", "edited"])

    def with_speaker(self) -> Self:
        """Return the claims that have a hop: a source or an unnamed speaker.

        The unique index of hops serves it.
        """
        return self.filter(Exists(related_rows(self, "hops").filter(claim=OuterRef("pk"))))

    def public(self) -> Self:
        """Return the claims that readers may see.

        They are accepted or edited, have a speaker, belong to a public article, and no part of their content is lost
        in the live revision. So these are left out: claims found only in the draft of a published article, and claims
        of which a correction changed any words.
        """
        content = related_rows(self, "anchors").filter(
            claim=OuterRef("pk"), revision=OuterRef("article__live"), part="content"
        )
        return (
            self.shown()
            .filter(
                Exists(content.exclude(state="lost")),
                ~Exists(content.filter(state="lost")),
                has_status("published", "scheduled", using=self.db, of="article__status"),
                article__published_at__lte=timezone.now(),
            )
            .with_speaker()
        )

    def for_article_page(self, article: Article) -> Self:
        """Return the claims to mark in the live text, in its order. Four queries."""
        return self.public()._for_article_text(article, article.live_id)

    def for_article_preview(self, article: Article, revision: int) -> Self:
        """Return the claims to mark if this revision were live. Four queries."""
        content = related_rows(self, "anchors").filter(claim=OuterRef("pk"), revision=revision, part="content")
        shown = (
            self.shown()
            .with_speaker()
            .filter(Exists(content.exclude(state="lost")), ~Exists(content.filter(state="lost")))
        )
        return shown._for_article_text(article, revision)

    def _for_article_text(self, article: Article, revision: int | None) -> Self:
        anchors = related_rows(self, "anchors").filter(revision=revision).exclude(state="lost").order_by("start")
        corrections = self.model._meta.get_field("corrections").through.objects.all()
        return (
            self.filter(article=article)
            .order_by("order", "id")
            .annotate(
                shown_corrections=json_rows(
                    corrections,
                    "claim",
                    kind="correction__kind",
                    note="correction__note",
                    created_at="correction__created_at",
                )
            )
            .prefetch_related(Prefetch("anchors", anchors, to_attr="standing"), *self._chain_prefetches())
        )

    def for_list(self) -> Self:
        """Load all that a list of claims shows in three queries, without texts."""
        return (
            self.select_related("article__live", "article__agency", "article__publisher")
            .defer("article__live__body", "article__live__text")
            .prefetch_related(*self._chain_prefetches())
        )

    def for_search_results(self) -> Self:
        """Load all that a search result shows in one query, hops as JSON in `shown_hops`."""
        hops = related_rows(self, "hops")
        return (
            self.select_related("article__live", "article__publisher", "article__agency")
            .defer("article__live__body", "article__live__text")
            .annotate(
                shown_hops=json_rows(hops, "claim", "position", "mention", name="source__name", slug="source__slug")
            )
        )

    def for_page(self) -> Self:
        """Load all that a claim's page shows, with text and cluster, in three queries."""
        return self.select_related(
            "article__live", "article__agency", "article__publisher", "repeat"
        ).prefetch_related(*self._chain_prefetches())

    def with_live_anchors(self) -> Self:
        """Prefetch the anchors in the live revision as `words`. One query more.

        Each has `quoted`, the text it covers. The database cuts it out, so no whole text is read.
        """
        anchors = (
            related_rows(self, "anchors")
            .filter(revision=F("claim__article__live"))
            .exclude(state="lost")
            .annotate(quoted=Substr("revision__text", F("start") + 1, F("end") - F("start")))
            .order_by("start", "end")
        )
        return self.prefetch_related(Prefetch("anchors", anchors, to_attr="words"))

    def newest_first(self) -> Self:
        """Sort by publication of the article, newest first, then by the order in its text."""
        return self.order_by("-article__published_at", "-article_id", "order", "id")

    def oldest_first(self) -> Self:
        return self.order_by("article__published_at", "article_id", "order", "id")

    def involving(self, source: Source) -> Self:
        """Return the claims with this source or its unnamed people in the chain.

        A subquery: no claim is returned twice. The same goes for the three methods below.
        """
        hops = related_rows(self, "hops").by_source(source)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def originating_with(self, source: Source) -> Self:
        """Return the claims with this source or its unnamed people as first hop."""
        hops = related_rows(self, "hops").by_source(source).filter(position=1)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def spoken_by(self, source: Source) -> Self:
        """Return the claims with this source as last hop: it told the outlet."""
        later = related_rows(self, "hops").filter(claim=OuterRef("claim"), position__gt=OuterRef("position"))
        hops = related_rows(self, "hops").by_source(source).filter(~Exists(later))
        return self.filter(pk__in=hops.order_by().values("claim"))

    def passed_on_by(self, source: Source) -> Self:
        """Return the claims with this source in the chain after the first hop."""
        hops = related_rows(self, "hops").by_source(source).filter(position__gt=1)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def from_source_kind(self, kind: str) -> Self:
        """Return the claims with a first hop of a kind of source, or "unnamed"."""
        origins = related_rows(self, "hops").filter(position=1)
        wanted = origins.filter(source__isnull=True) if kind == "unnamed" else origins.filter(source__kind=kind)
        return self.filter(pk__in=wanted.order_by().values("claim"))

    def with_quantities(self) -> Self:
        return self.filter(pk__in=related_rows(self, "quantities").order_by().values("claim"))

    def with_quantity_between(self, low: object = None, high: object = None) -> Self:
        """Return the claims with a figure that overlaps [low, high]. None is open."""
        quantities = related_rows(self, "quantities").all()
        if low is not None:
            quantities = quantities.filter(Q(upper__isnull=True) | Q(upper__gte=low))
        if high is not None:
            quantities = quantities.filter(Q(lower__isnull=True) | Q(lower__lte=high))
        return self.filter(pk__in=quantities.order_by().values("claim"))

    def matching_text(self, query: str) -> Self:
        """Return the claims with a statement that matches a search.

        articles.fulltext.query has the query language.
        """
        return self.filter(search_condition(query, CLAIM_INDEX, "pk", using=self.db))

    def confirmed_repeats_of(self, claim: Claim) -> Self:
        """Return the other claims of its cluster that editors confirmed to say the same."""
        repeat = getattr(claim, "repeat", None)
        if repeat is None or repeat.state != "confirmed":
            return self.none()
        return self.filter(repeat__cluster=repeat.cluster_id, repeat__state="confirmed").exclude(pk=claim.pk)

    def filed_under(self, topic: str) -> Self:
        """Return the claims of articles with the topic of this slug."""
        filed = related_rows(self, "article").model.topics.through.objects.filter(topic__slug=topic)
        return self.filter(article__in=filed.values("article"))

    def published_between(self, first: date | None = None, last: date | None = None) -> Self:
        """Return the claims of articles published from `first` to `last`, both included.

        See articles.db.lookups.is_published_between.
        """
        return self.filter(is_published_between(first, last, prefix="article__"))

    def stated_between(self, first: date | None = None, last: date | None = None) -> Self:
        """Return the claims that may have been stated on these days."""
        claims = self
        if first is not None:
            claims = claims.filter(stated_to__gte=first)
        if last is not None:
            claims = claims.filter(stated_from__lte=last)
        return claims

    def for_api(self) -> Self:
        """Load the exchange form of claims and their article's name in five queries."""
        anchors = related_rows(self, "anchors").filter(revision=F("claim__article__live")).order_by("start", "end")
        return self.select_related("article", "article__live").prefetch_related(
            "hops__source", "hops__organisation", "quantities", Prefetch("anchors", anchors)
        )

    def _chain_prefetches(self) -> tuple[Prefetch, ...]:  # type: ignore[type-arg]
        hops = related_rows(self, "hops").select_related("source", "organisation").order_by("position")
        return Prefetch("hops", hops, to_attr="chain"), Prefetch("quantities", to_attr="figures")

    def form_counts(self, ids: Any) -> Any:
        """Count the claims with these ids by form."""
        return self._value_counts("form", ids)

    def modality_counts(self, ids: Any) -> Any:
        """Count the claims with these ids by modality."""
        return self._value_counts("modality", ids)

    def _value_counts(self, field: str, ids: Any) -> Any:
        return self.filter(pk__in=ids).order_by().values(value=F(field)).annotate(count=Count("pk"))

    def awaiting_review(self) -> Self:
        """Return the review queue, oldest first. The index claim_review_queue serves it.

        Thoughts and plans that nobody reported are shown on demand and need no review.
        """
        return self.filter(review="proposed", reporting=True).order_by("id")

    def with_lost_anchors(self) -> Self:
        """Return claims with content that is lost in the latest revision.

        Rejected claims are left out. The index anchor_lost_queue serves it.
        """
        lost = related_rows(self, "anchors").lost().filter(part="content", claim=OuterRef("pk"))
        return self.filter(Exists(lost))


class Claim(models.Model):
    """An attributed statement in an article. Its hops say who made it."""

    class Form(models.TextChoices):
        DIRECT = "direct", _("direct")
        INDIRECT = "indirect", _("indirect")
        MIXED = "mixed", _("mixed")

    class Modality(models.TextChoices):
        ASSERTED = "asserted", _("outright")
        EXPECTED = "expected", _("expected")
        POSSIBLE = "possible", _("possible")
        PLANNED = "planned", _("planned")
        DENIED = "denied", _("a denial")

    class Review(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        EDITED = "edited", _("edited")
        REJECTED = "rejected", _("rejected")

    class ReviewMethod(models.TextChoices):
        DESK = "desk", _("at the desk")
        BULK = "bulk", _("in bulk")
        IMPORT = "import", _("on import")

    #: Review states of claims that readers may see, if the article is public.
    SHOWN_REVIEWS = (Review.ACCEPTED, Review.EDITED)

    public_id = models.UUIDField(_("public id"), unique=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="claims", verbose_name=_("story"))
    order = models.PositiveIntegerField(
        _("place in the text"), default=0, help_text=_("Where its first words begin, in characters.")
    )
    statement = models.TextField(_("statement"), help_text=_("What was said, understandable on its own."))
    form = models.CharField(_("form"), max_length=8, choices=Form)
    modality = models.CharField(_("stated as"), max_length=8, choices=Modality, default=Modality.ASSERTED)
    cue = models.CharField(
        _("attribution"),
        max_length=200,
        blank=True,
        help_text=_("The words that attribute the statement, for example “said”."),
    )
    stated_from = models.DateField(_("said from"), null=True, blank=True)
    stated_to = models.DateField(_("said to"), null=True, blank=True)
    stated_words = models.CharField(
        _("date as written"), max_length=100, blank=True, help_text=_("The words of the story, for example “Tuesday”.")
    )
    review = models.CharField(_("review"), max_length=8, choices=Review, default=Review.PROPOSED)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_claims",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reviewed_how = models.CharField(_("how it was reviewed"), max_length=6, choices=ReviewMethod, blank=True)
    extractor = models.CharField(
        _("extractor"),
        max_length=60,
        blank=True,
        help_text=_("Version of the software that suggested it. Empty if an editor added it."),
    )
    confidence = models.FloatField(
        _("confidence"), null=True, blank=True, help_text=_("How sure the software is, from 0 to 1.")
    )
    reporting = models.BooleanField(
        _("reported"),
        default=True,
        help_text=_("Somebody said or wrote it. Off for thoughts, plans and omissions, which are shown on demand."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("article", "order", "id")
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        permissions = [("review_claim", "Can accept, reject and edit claims")]
        indexes = [
            models.Index(  # ClaimQuerySet.awaiting_review()
                fields=["id"], condition=Q(review="proposed", reporting=True), name="claim_review_queue"
            ),
            models.Index("article", "order", "id", name="claim_in_text_order"),  # an article's claims
            models.Index("stated_from", name="claim_by_day_said"),  # ClaimFilterSet.stated_after, stated_before
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(statement=""), name="claim_states_something"),
            models.CheckConstraint(
                condition=Q(review="proposed", reviewed_at__isnull=True, reviewed_how="")
                | (~Q(review="proposed") & Q(reviewed_at__isnull=False) & ~Q(reviewed_how="")),
                name="judged_claim_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="confidence_is_between_0_and_1",
            ),
            models.CheckConstraint(
                condition=Q(stated_from__isnull=True, stated_to__isnull=True)
                | Q(stated_from__isnull=False, stated_to__isnull=False, stated_to__gte=F("stated_from")),
                name="claim_was_stated_in_a_span_of_days",
                violation_error_message=_("Give both days, the first not after the last."),
            ),
        ]

    def __str__(self) -> str:
        return self.statement if len(self.statement) <= 80 else self.statement[:79] + "…"

    def get_absolute_url(self) -> str:
        return reverse("articles:claim", args=[self.public_id])

    @property
    def is_individually_checked(self) -> bool:
        """Return whether an editor reviewed this claim alone, not in bulk or on import."""
        return self.reviewed_how == self.ReviewMethod.DESK
