"""What a claim consists of: the hops of its chain, and its anchors in texts."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.db.lookups import related_rows
from articles.models.article import Revision
from articles.models.claim import Claim
from sources.models import Source


class HopQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def origin_kind_counts(self, ids: Any) -> Any:
        """Count the claims with these ids by the kind of their first source.

        "unnamed" is a kind here.
        """
        origins = self.filter(position=1, claim__in=ids).order_by()
        kind = Coalesce("source__kind", Value("unnamed"))
        return origins.annotate(value=kind).values("value").annotate(count=Count("pk"))

    def by_source(self, source: Source) -> Self:
        """Return the hops of a source, and of its people who are not named."""
        return self.filter(Q(source=source) | Q(source__isnull=True, organisation=source))

    def public(self) -> Self:
        """Return the hops of claims that readers may see."""
        return self.filter(Exists(related_rows(self, "claim").public().filter(pk=OuterRef("claim")).order_by()))


class Hop(models.Model):
    """One step of a claim's chain: 1 is the origin, the last told the outlet.

    It is a source, or a number that tells the unnamed speakers of one article apart. Unnamed speakers of two
    articles are never the same.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="hops", verbose_name=_("claim"))
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("1 is the original source."))
    mention = models.CharField(
        _("as written"),
        max_length=300,
        blank=True,
        help_text=_("How the story mentions the speaker, for example “the lawmaker”."),
    )
    verb = models.CharField(_("verb"), max_length=100, blank=True)
    explicit = models.BooleanField(
        _("named in the text"), default=True, help_text=_("Off if the software inferred this step.")
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="hops", verbose_name=_("source")
    )
    unnamed = models.PositiveSmallIntegerField(
        _("unnamed speaker"),
        null=True,
        blank=True,
        help_text=_("A number that tells the unnamed speakers of a story apart: 1, 2, …"),
    )
    organisation = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hops_of_its_people",
        verbose_name=_("organisation"),
        help_text=_("Whom an unnamed speaker speaks for, if the text says so."),
    )

    objects = HopQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        verbose_name = _("hop")
        verbose_name_plural = _("hops")
        indexes = [
            models.Index("source", "claim", name="hop_by_source"),  # ClaimQuerySet.involving(), a source's page
            models.Index("organisation", "claim", name="hop_by_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "position"],
                name="hop_positions_do_not_repeat",
                violation_error_message=_("Two hops of a claim cannot have the same position."),
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="hops_count_from_one"),
            models.CheckConstraint(
                condition=Q(source__isnull=False, unnamed__isnull=True)
                | Q(source__isnull=True, unnamed__isnull=False),
                name="hop_is_a_source_or_unnamed",
                violation_error_message=_("Choose a source, or give the number of an unnamed speaker, not both."),
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | ~Q(mention=""),
                name="unnamed_hop_keeps_its_mention",
                violation_error_message=_("For an unnamed speaker, give the words of the story."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.source) if self.source_id else self.mention


class AnchorQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def lost(self) -> Self:
        """Return the lost anchors in latest revisions, except of rejected claims."""
        return self.filter(state="lost", revision=F("claim__article__latest")).exclude(claim__review="rejected")

    def lost_queue(self) -> Self:
        """Return the lost content anchors, oldest first, with all their page shows."""
        return self.lost().filter(part="content").select_related("claim__article", "revision").order_by("id")

    def content_in_revision(self, revision: Revision | None) -> Self:
        """Return the content anchors of a revision that are not lost, in text order."""
        return self.filter(revision=revision, part="content").exclude(state="lost").order_by("start", "end")


class Anchor(models.Model):
    """The place of a part of a claim in one revision's text.

    `start` and `end` are code points, half-open. The quoted words are not stored, because the revision never changes.
    Spans are indexed but not unique: while claims move, one may have the old place of another.
    """

    class Part(models.TextChoices):
        CONTENT = "content", _("content")
        CUE = "cue", _("cue")
        SOURCE = "source", _("source")

    class State(models.TextChoices):
        EXACT = "exact", _("exact")
        MOVED = "moved", _("moved")
        LOST = "lost", _("lost")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="anchors", verbose_name=_("claim"))
    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="anchors", verbose_name=_("revision")
    )
    part = models.CharField(_("part"), max_length=7, choices=Part)
    start = models.PositiveIntegerField(_("start"), help_text=_("The first character, counted from 0."))
    end = models.PositiveIntegerField(_("end"), help_text=_("The character after the last one."))
    state = models.CharField(_("state"), max_length=5, choices=State, default=State.EXACT)

    objects = AnchorQuerySet.as_manager()

    class Meta:
        ordering = ("start", "end")
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        indexes = [
            models.Index("revision", "start", name="anchor_by_place"),  # marked claims of a text
            models.Index("claim", "revision", "part", "state", name="anchor_of_claim"),  # ClaimQuerySet.public()
            models.Index("state", "id", condition=Q(state="lost"), name="anchor_lost_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="anchor_covers_something",
                violation_error_message=_("The end must come after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.start}–{self.end}"
