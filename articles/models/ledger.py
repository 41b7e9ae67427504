"""To be described."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from articles.models.claim import Claim


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
