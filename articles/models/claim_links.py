"""Relations between claims: links, and repeats of the same statement."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.claim import Claim


class ClaimLink(models.Model):
    """One claim supports, contradicts or updates another.

    Repeats are not links: see ClaimRepeat.
    """

    class Kind(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        CONTRADICTS = "contradicts", _("contradicts")
        UPDATES = "updates", _("updates")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="links", verbose_name=_("claim"))
    other = models.ForeignKey(
        Claim, on_delete=models.CASCADE, related_name="linked_from", verbose_name=_("other claim")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PROPOSED)

    class Meta:
        ordering = ("id",)
        verbose_name = _("related claim")
        verbose_name_plural = _("related claims")
        constraints = [
            models.UniqueConstraint(fields=["claim", "other", "kind"], name="claim_link_is_made_once"),
            models.CheckConstraint(condition=~Q(claim=F("other")), name="claim_is_not_linked_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.get_kind_display()} {self.other}"


class RepeatCluster(models.Model):
    """A group of claims that say the same thing, from any number of outlets."""

    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("What the claims have in common."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("repeated statement")
        verbose_name_plural = _("repeated statements")

    def __str__(self) -> str:
        return self.note or gettext("repeated statement %(number)d") % {"number": self.pk or 0}


class ClaimRepeat(models.Model):
    """A claim's membership in a cluster of repeats."""

    cluster = models.ForeignKey(
        RepeatCluster, on_delete=models.CASCADE, related_name="members", verbose_name=_("repeated statement")
    )
    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="repeat", verbose_name=_("claim"))
    state = models.CharField(_("state"), max_length=9, choices=ClaimLink.State, default=ClaimLink.State.PROPOSED)

    class Meta:
        ordering = ("id",)
        verbose_name = _("repeat")
        verbose_name_plural = _("repeats")

    def __str__(self) -> str:
        return f"{self.cluster}: {self.claim}"
