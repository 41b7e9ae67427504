"""To be described."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models.claim import Claim


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
