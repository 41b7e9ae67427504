"""A claim: one attributed statement, its chain, where it stands, and the figures in it.

Which claims readers may see is decided in one place: ClaimQuerySet.public().
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Coalesce, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.db.functions import json_rows
from articles.db.lookups import has_status, is_published_between, related_rows
from articles.fulltext.backends.base import CLAIM_INDEX
from articles.fulltext.lookups import search_condition
from articles.models.article import Article, Revision
from sources.models import Source


class ClaimQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def shown(self) -> Self:
        """Accepted or edited: fit for readers, if the article is."""
        return self.filter(review__in=["accepted", "edited"])

    def with_speaker(self) -> Self:
        """Those that name somebody who said them: a source, or somebody unnamed. Served by the hops' unique index."""
        return self.filter(Exists(related_rows(self, "hops").filter(claim=OuterRef("pk"))))

    def public(self) -> Self:
        """What readers may see: shown claims of public articles whose words stand, all of them, in the live revision.

        So neither a claim found in the draft of a published story, nor one of whose words a
        correction changed any, nor one that nobody is named for, is shown.
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
        """What readers see marked in a story, in the order of the text: four queries with all it touches."""
        return self.public()._for_article_text(article, article.live_id)

    def for_article_preview(self, article: Article, revision: int) -> Self:
        """What readers would see marked if a revision of a story were live: as many queries."""
        content = related_rows(self, "anchors").filter(claim=OuterRef("pk"), revision=revision, part="content")
        stands = (
            self.shown()
            .with_speaker()
            .filter(Exists(content.exclude(state="lost")), ~Exists(content.filter(state="lost")))
        )
        return stands._for_article_text(article, revision)

    def _for_article_text(self, article: Article, revision: int | None) -> Self:
        anchors = related_rows(self, "anchors").filter(revision=revision).exclude(state="lost").order_by("start")
        corrected = self.model._meta.get_field("corrections").through.objects.all()
        return (
            self.filter(article=article)
            .order_by("order", "id")
            .annotate(
                shown_corrections=json_rows(
                    corrected,
                    "claim",
                    kind="correction__kind",
                    note="correction__note",
                    created_at="correction__created_at",
                )
            )
            .prefetch_related(Prefetch("anchors", anchors, to_attr="standing"), *self._chain_prefetches())
        )

    def for_list(self) -> Self:
        """Everything a list of claims touches, their stories' texts left unread: three queries."""
        return (
            self.select_related("article__live", "article__agency", "article__publisher")
            .defer("article__live__body", "article__live__text")
            .prefetch_related(*self._chain_prefetches())
        )

    def for_search_results(self) -> Self:
        """Everything a claim found by a search touches, in one query: `shown_hops` are its hops as JSON."""
        hops = related_rows(self, "hops")
        return (
            self.select_related("article__live", "article__publisher", "article__agency")
            .defer("article__live__body", "article__live__text")
            .annotate(
                shown_hops=json_rows(hops, "claim", "position", "mention", name="source__name", slug="source__slug")
            )
        )

    def for_page(self) -> Self:
        """Everything a claim's page touches, its story's text and its cluster of repeats too: three queries."""
        return self.select_related(
            "article__live", "article__agency", "article__publisher", "repeat"
        ).prefetch_related(*self._chain_prefetches())

    def with_live_anchors(self) -> Self:
        """Each with `words`: its anchors of all parts in the live revision, and on each `quoted`, what stands there.

        The words are cut out by the database, so that no story's whole text is read. One query more.
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
        """By their stories' publication, newest first, then in the order of the text."""
        return self.order_by("-article__published_at", "-article_id", "order", "id")

    def oldest_first(self) -> Self:
        return self.order_by("article__published_at", "article_id", "order", "id")

    def involving(self, source: Source) -> Self:
        """Said by this source or passed on by it; what its unnamed people said too. No row repeats."""
        hops = related_rows(self, "hops").by_source(source)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def originating_with(self, source: Source) -> Self:
        """First said by this source, or by its unnamed people."""
        hops = related_rows(self, "hops").by_source(source).filter(position=1)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def spoken_by(self, source: Source) -> Self:
        """Told to the outlet by this source: it is the last hop."""
        later = related_rows(self, "hops").filter(claim=OuterRef("claim"), position__gt=OuterRef("position"))
        hops = related_rows(self, "hops").by_source(source).filter(~Exists(later))
        return self.filter(pk__in=hops.order_by().values("claim"))

    def passed_on_by(self, source: Source) -> Self:
        """In whose chain this source stands after the origin."""
        hops = related_rows(self, "hops").by_source(source).filter(position__gt=1)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def from_source_kind(self, kind: str) -> Self:
        """First said by this kind of source; "unnamed" is a kind here."""
        origins = related_rows(self, "hops").filter(position=1)
        wanted = origins.filter(source__isnull=True) if kind == "unnamed" else origins.filter(source__kind=kind)
        return self.filter(pk__in=wanted.order_by().values("claim"))

    def with_quantities(self) -> Self:
        return self.filter(pk__in=related_rows(self, "quantities").order_by().values("claim"))

    def with_quantity_between(self, low: object = None, high: object = None) -> Self:
        """With a figure whose bounds overlap [low, high]; an end that is None is open."""
        figures = related_rows(self, "quantities").all()
        if low is not None:
            figures = figures.filter(Q(upper__isnull=True) | Q(upper__gte=low))
        if high is not None:
            figures = figures.filter(Q(lower__isnull=True) | Q(lower__lte=high))
        return self.filter(pk__in=figures.order_by().values("claim"))

    def matching_text(self, words: str) -> Self:
        """Whose statement says that, as articles.fulltext.query reads it."""
        return self.filter(search_condition(words, CLAIM_INDEX, "pk", using=self.db))

    def confirmed_repeats_of(self, claim: Claim) -> Self:
        """The other claims of its cluster of repeats, as far as editors confirmed that they say the same."""
        repeat = getattr(claim, "repeat", None)
        if repeat is None or repeat.state != "confirmed":
            return self.none()
        return self.filter(repeat__cluster=repeat.cluster_id, repeat__state="confirmed").exclude(pk=claim.pk)

    def filed_under(self, topic: str) -> Self:
        """Those of stories filed under the topic with this slug."""
        filed = related_rows(self, "article").model.topics.through.objects.filter(topic__slug=topic)
        return self.filter(article__in=filed.values("article"))

    def published_between(self, first: date | None = None, last: date | None = None) -> Self:
        """Of stories published on these days or between them, as published_in says."""
        return self.filter(is_published_between(first, last, prefix="article__"))

    def stated_between(self, first: date | None = None, last: date | None = None) -> Self:
        """Said on these days or between them, where the days it may have been said on overlap them."""
        found = self
        if first is not None:
            found = found.filter(stated_to__gte=first)
        if last is not None:
            found = found.filter(stated_from__lte=last)
        return found

    def for_api(self) -> Self:
        """Everything the exchange form of a claim and its story's name touch: five queries a page."""
        standing = related_rows(self, "anchors").filter(revision=F("claim__article__live")).order_by("start", "end")
        return self.select_related("article", "article__live").prefetch_related(
            "hops__source", "hops__organisation", "quantities", Prefetch("anchors", standing)
        )

    def _chain_prefetches(self) -> tuple[Prefetch, ...]:  # type: ignore[type-arg]
        hops = related_rows(self, "hops").select_related("source", "organisation").order_by("position")
        return Prefetch("hops", hops, to_attr="chain"), Prefetch("quantities", to_attr="figures")

    def form_counts(self, ids: Any) -> Any:
        """How many of these claims are direct, indirect and mixed."""
        return self._value_counts("form", ids)

    def modality_counts(self, ids: Any) -> Any:
        """How many of these claims are asserted, expected, …"""
        return self._value_counts("modality", ids)

    def _value_counts(self, field: str, ids: Any) -> Any:
        return self.filter(pk__in=ids).order_by().values(value=F(field)).annotate(count=Count("pk"))

    def awaiting_review(self) -> Self:
        """The review queue, oldest first; served by the index claim_review_queue.

        Thoughts and plans that nobody told are shown on demand and wait for nobody.
        """
        return self.filter(review="proposed", reporting=True).order_by("id")

    def with_lost_anchors(self) -> Self:
        """Those of which a passage is not found in the latest revision, rejected ones left out.

        Served by the index anchor_lost_queue.
        """
        lost = related_rows(self, "anchors").lost().filter(part="content", claim=OuterRef("pk"))
        return self.filter(Exists(lost))


class HopQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def origin_kind_counts(self, ids: Any) -> Any:
        """How many of these claims were first said by each kind of source, or by somebody "unnamed"."""
        origins = self.filter(position=1, claim__in=ids).order_by()
        kind = Coalesce("source__kind", Value("unnamed"))
        return origins.annotate(value=kind).values("value").annotate(count=Count("pk"))

    def by_source(self, source: Source) -> Self:
        """Those of this source, and of its people whom copy leaves unnamed."""
        return self.filter(Q(source=source) | Q(source__isnull=True, organisation=source))

    def public(self) -> Self:
        """Those of claims that readers may see."""
        return self.filter(Exists(related_rows(self, "claim").public().filter(pk=OuterRef("claim")).order_by()))


class ClaimDetailQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Names and roles that copy gives the sources of a claim."""

    def public(self) -> Self:
        """Return those that readers can find in a public claim: in its live revision, and still of one of its hops."""
        claims = related_rows(self, "claim")
        hops = related_rows(claims, "hops").filter(claim=OuterRef("claim"), source=OuterRef("source"))
        return self.filter(
            Exists(claims.public().filter(pk=OuterRef("claim"), article__live=OuterRef("revision")).order_by()),
            Exists(hops.order_by()),
        )


class AnchorQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def lost(self) -> Self:
        """Those in a story's latest revision whose words are not found there, of claims that nobody rejected."""
        return self.filter(state="lost", revision=F("claim__article__latest")).exclude(claim__review="rejected")

    def lost_queue(self) -> Self:
        """What waits for a new place: each lost passage of what was said, oldest first, with all its page touches."""
        return self.lost().filter(part="content").select_related("claim__article", "revision").order_by("id")

    def content_in_revision(self, revision: Revision | None) -> Self:
        """Where the words of claims stand in a revision, in the order of its text."""
        return self.filter(revision=revision, part="content").exclude(state="lost").order_by("start", "end")


class Claim(models.Model):
    """What was said, in an article, by the speakers of its hops."""

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

    #: Review states that readers may see, where the article is public too.
    SHOWN_REVIEWS = (Review.ACCEPTED, Review.EDITED)

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="claims")
    order = models.PositiveIntegerField(default=0, help_text="Its place in the text: the start of its first words.")
    statement = models.TextField(help_text="What was said, readable by itself.")
    form = models.CharField(max_length=8, choices=Form)
    modality = models.CharField(max_length=8, choices=Modality, default=Modality.ASSERTED)
    cue = models.CharField(max_length=200, blank=True, help_text="The words that attribute: “said”.")
    stated_from = models.DateField(null=True, blank=True)
    stated_to = models.DateField(null=True, blank=True)
    stated_words = models.CharField(max_length=100, blank=True, help_text="As the copy has it: “Tuesday”.")
    review = models.CharField(max_length=8, choices=Review, default=Review.PROPOSED)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewed_claims",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_how = models.CharField(max_length=6, choices=ReviewMethod, blank=True)
    extractor = models.CharField(
        max_length=60,
        blank=True,
        help_text="Version of the extractor that proposed it; empty for an editor's own.",
    )
    confidence = models.FloatField(null=True, blank=True, help_text="The extractor's, from 0 to 1.")
    reporting = models.BooleanField(
        default=True, help_text="Somebody tells it. A thought, a plan or what is left unsaid is shown on demand only."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("article", "order", "id")
        permissions = [("review_claim", "Can accept, reject and edit claims")]
        indexes = [
            models.Index(  # ClaimQuerySet.awaiting_review()
                fields=["id"], condition=Q(review="proposed", reporting=True), name="claim_review_queue"
            ),
            models.Index("article", "order", "id", name="claim_in_text_order"),  # an article's claims
            models.Index("stated_from", name="claim_by_day_said"),  # ClaimFilter.stated_after / stated_before
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
                violation_error_message="Give both days, the first not after the last.",
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


class Hop(models.Model):
    """One step of a claim's chain: hop 1 is the origin, the last is who spoke to the outlet.

    Either a source, or a number that tells the unnamed speakers of one article apart. Two
    articles' unnamed officials are never one.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="hops")
    position = models.PositiveSmallIntegerField(help_text="1 is the origin.")
    mention = models.CharField(max_length=300, blank=True, help_text="The words of the copy: “the lawmaker”.")
    verb = models.CharField(max_length=100, blank=True)
    explicit = models.BooleanField(default=True, help_text="Said in the text, not inferred from it.")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="hops")
    unnamed = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Tells the article's unnamed speakers apart: 1, 2, …"
    )
    organisation = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hops_of_its_people",
        help_text="Whom they speak for, where the text says so.",
    )

    objects = HopQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        indexes = [
            models.Index("source", "claim", name="hop_by_source"),  # ClaimQuerySet.involving, a source's page
            models.Index("organisation", "claim", name="hop_by_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "position"],
                name="hop_positions_do_not_repeat",
                violation_error_message="Two hops of a claim cannot have the same position.",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="hops_count_from_one"),
            models.CheckConstraint(
                condition=Q(source__isnull=False, unnamed__isnull=True)
                | Q(source__isnull=True, unnamed__isnull=False),
                name="hop_is_a_source_or_unnamed",
                violation_error_message="Choose a source, or give a number for somebody unnamed: one of the two.",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | ~Q(mention=""),
                name="unnamed_hop_keeps_its_mention",
                violation_error_message="Somebody unnamed needs the words of the copy.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.source) if self.source_id else self.mention


class ClaimName(models.Model):
    """A name by which a claim's copy calls a source, in one revision: what vouches for a learned name."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="names")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="claim_names", db_index=False)
    folded = models.CharField(max_length=200)

    objects = ClaimDetailQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        verbose_name_plural = "names in claims"
        indexes = [models.Index("source", "folded", name="claim_name_of_source")]  # speaking.public_names

    def __str__(self) -> str:
        return self.folded


class ClaimRole(models.Model):
    """A role that a claim's copy gives a source, in one revision: what vouches for a learned affiliation."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="roles")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="claim_roles", db_index=False)
    role = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="claim_roles_of_members", null=True, blank=True
    )

    objects = ClaimDetailQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        verbose_name_plural = "roles in claims"
        indexes = [models.Index("source", "role", name="claim_role_of_source")]  # speaking.public_roles

    def __str__(self) -> str:
        return self.role


class Anchor(models.Model):
    """Where a part of a claim stands in one revision's text, code points, [start, end).

    The quoted words are never stored: the revision is immutable and has them. Spans are indexed
    and not unique: claims that move pass over one another's old places.
    """

    class Part(models.TextChoices):
        CONTENT = "content", _("content")
        CUE = "cue", _("cue")
        SOURCE = "source", _("source")

    class State(models.TextChoices):
        EXACT = "exact", _("exact")
        MOVED = "moved", _("moved")
        LOST = "lost", _("lost")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="anchors")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="anchors")
    part = models.CharField(max_length=7, choices=Part)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    state = models.CharField(max_length=5, choices=State, default=State.EXACT)

    objects = AnchorQuerySet.as_manager()

    class Meta:
        ordering = ("start", "end")
        indexes = [
            models.Index("revision", "start", name="anchor_by_place"),  # marking a text
            models.Index("claim", "revision", "part", "state", name="anchor_of_claim"),  # ClaimQuerySet.public()
            models.Index("state", "id", condition=Q(state="lost"), name="anchor_lost_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="anchor_covers_something",
                violation_error_message="The end must come after the start.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.start}–{self.end}"
