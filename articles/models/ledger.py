"""Ledgers, and the quantities that claims give."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.claim import Claim


class Ledger(models.Model):
    """A measure that editors name, for comparing the quantities filed under it."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    description = models.TextField(_("description"), blank=True)
    unit = models.CharField(
        _("unit"), max_length=40, blank=True, help_text=_("For example %, USD or km. Empty for a plain count.")
    )
    counts = models.TextField(
        _("counted words"),
        blank=True,
        help_text=_("What its figures count, as stories put it. One per line, for example killed, dead, fatalities."),
    )
    about = models.TextField(
        _("subject words"),
        blank=True,
        help_text=_("The claim or the headline must contain one of these. One per line, for example North Korean."),
    )
    files_itself = models.BooleanField(
        _("add automatically"),
        default=False,
        help_text=_("Add figures that match these words automatically. Otherwise they are only suggested."),
    )

    class Meta:
        ordering = ("name",)
        verbose_name = _("ledger")
        verbose_name_plural = _("ledgers")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="ledger_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:ledger", args=[self.slug])


class Quantity(models.Model):
    """A figure in a claim: its words, and the bounds they mean. None is open.

    "at least 100" = [100, ∞); "nearly 1,000" = [900, 1000); "fewer than 300" = [0, 300).
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="quantities", verbose_name=_("claim"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    raw = models.CharField(
        _("as written"), max_length=200, help_text=_("The words of the story. Readers always see these.")
    )
    counts = models.CharField(
        _("what is counted"), max_length=200, blank=True, help_text=_("For example “fatalities”.")
    )
    unit = models.CharField(
        _("unit"), max_length=40, blank=True, help_text=_("For example %, USD or km. Empty for a plain count.")
    )
    lower = models.DecimalField(_("at least"), max_digits=30, decimal_places=6, null=True, blank=True)
    upper = models.DecimalField(_("at most"), max_digits=30, decimal_places=6, null=True, blank=True)
    lower_inclusive = models.BooleanField(_("lower bound includes this number"), default=True)
    upper_inclusive = models.BooleanField(_("upper bound includes this number"), default=True)
    approximate = models.BooleanField(_("approximate"), default=False)
    ledger = models.ForeignKey(
        Ledger,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="quantities",
        verbose_name=_("ledger"),
    )

    class Meta:
        ordering = ("order", "id")
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        indexes = [models.Index("lower", "upper", name="quantity_by_bounds")]  # ClaimFilterSet.figure_min, figure_max
        constraints = [
            models.CheckConstraint(condition=~Q(raw=""), name="quantity_keeps_its_words"),
            models.CheckConstraint(
                condition=Q(lower__isnull=False) | Q(upper__isnull=False),
                name="quantity_has_a_bound",
                violation_error_message=_("Give a lower or an upper bound."),
            ),
            models.CheckConstraint(
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(upper__gte=F("lower")),
                name="quantity_bounds_are_in_order",
                violation_error_message=_("The upper bound cannot be below the lower one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.raw} {self.counts}".strip()
