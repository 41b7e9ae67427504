"""A claim: one attributed statement, its chain, where it stands, and the figures in it.

Which claims readers may see is decided in one place: ClaimQuerySet.public().
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Revision
from articles.querysets import AnchorQuerySet, ClaimQuerySet, GivenQuerySet, HopQuerySet
from sources.models import Source


class Claim(models.Model):
    """What was said, in an article, by the speakers of its hops."""

    class Form(models.TextChoices):
        DIRECT = "direct", _("direct")
        INDIRECT = "indirect", _("indirect")
        MIXED = "mixed", _("mixed")

    class Modality(models.TextChoices):
        ASSERTED = "asserted", _("asserted")
        EXPECTED = "expected", _("expected")
        POSSIBLE = "possible", _("possible")
        PLANNED = "planned", _("planned")
        DENIED = "denied", _("denied")

    class Review(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        EDITED = "edited", _("edited")
        REJECTED = "rejected", _("rejected")

    class How(models.TextChoices):
        DESK = "desk", _("at the desk")
        BULK = "bulk", _("in bulk")
        IMPORT = "import", _("on import")

    #: Review states that readers may see, where the article is public too.
    SHOWN = (Review.ACCEPTED, Review.EDITED)

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
    reviewed_how = models.CharField(max_length=6, choices=How, blank=True)
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
            models.Index(  # ClaimQuerySet.waiting()
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

    objects = GivenQuerySet.as_manager()

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

    objects = GivenQuerySet.as_manager()

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


class Ledger(models.Model):
    """A measure that editors name, and the quantities filed under it, side by side."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    description = models.TextField(blank=True)
    unit = models.CharField(max_length=40, blank=True, help_text="%, USD, km; empty for a plain count.")
    counts = models.TextField(
        blank=True, help_text="What its figures count, in the copy's words, one a line: killed, dead, fatalities."
    )
    about = models.TextField(
        blank=True, help_text="Words of which the statement or the headline has one, one a line: North Korean."
    )
    files_itself = models.BooleanField(
        default=False, help_text="File what fits these words as it comes in. Otherwise it is suggested to you."
    )

    class Meta:
        ordering = ("name",)
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="ledger_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:ledger", args=[self.slug])


class Quantity(models.Model):
    """A figure in a claim: the words readers see, and the bounds they mean. None is open.

    "at least 100" = [100, ∞); "nearly 1,000" = [900, 1000); "fewer than 300" = [0, 300).
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="quantities")
    order = models.PositiveSmallIntegerField(default=0)
    raw = models.CharField(max_length=200, help_text="The words of the copy; always what readers see.")
    counts = models.CharField(max_length=200, blank=True, help_text="What is counted: “fatalities”.")
    unit = models.CharField(max_length=40, blank=True, help_text="%, USD, km; empty for a plain count.")
    lower = models.DecimalField(max_digits=30, decimal_places=6, null=True, blank=True)
    upper = models.DecimalField(max_digits=30, decimal_places=6, null=True, blank=True)
    lower_inclusive = models.BooleanField(default=True)
    upper_inclusive = models.BooleanField(default=True)
    approximate = models.BooleanField(default=False)
    ledger = models.ForeignKey(Ledger, on_delete=models.SET_NULL, null=True, blank=True, related_name="quantities")

    class Meta:
        ordering = ("order", "id")
        verbose_name_plural = "quantities"
        indexes = [models.Index("lower", "upper", name="quantity_by_bounds")]  # ClaimFilter.figure_min / figure_max
        constraints = [
            models.CheckConstraint(condition=~Q(raw=""), name="quantity_keeps_its_words"),
            models.CheckConstraint(
                condition=Q(lower__isnull=False) | Q(upper__isnull=False), name="quantity_has_a_bound"
            ),
            models.CheckConstraint(
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(upper__gte=F("lower")),
                name="quantity_bounds_are_in_order",
                violation_error_message="The upper bound cannot be below the lower one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.raw} {self.counts}".strip()


class ClaimLink(models.Model):
    """How one claim stands to another. Repeats are not links: they are clusters (ClaimRepeat)."""

    class Kind(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        CONTRADICTS = "contradicts", _("contradicts")
        UPDATES = "updates", _("updates")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=11, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["claim", "other", "kind"], name="claim_link_is_made_once"),
            models.CheckConstraint(condition=~Q(claim=F("other")), name="claim_is_not_linked_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.kind} {self.other}"


class RepeatCluster(models.Model):
    """Claims that say the same thing: one cluster, however many outlets repeat it."""

    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.note or f"cluster {self.pk}"


class ClaimRepeat(models.Model):
    """A claim's place in a cluster of repeats."""

    cluster = models.ForeignKey(RepeatCluster, on_delete=models.CASCADE, related_name="members")
    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="repeat")
    state = models.CharField(max_length=9, choices=ClaimLink.State, default=ClaimLink.State.PROPOSED)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.claim} in {self.cluster}"
