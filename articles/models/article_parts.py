"""To be described."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.db.lookups import related_rows
from articles.models.article import Article, Revision
from sources.models import Source


class CorrectionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """Those of stories that have a page for readers; that of a retraction is the story's last word."""
        return self.filter(article__in=related_rows(self, "article").readable().order_by().values("pk"))

    def for_list(self) -> Self:
        """Everything a list of corrections touches, their stories' texts left unread: one query."""
        return self.select_related("article__live").defer("article__live__body", "article__live__text")

    def newest_first(self) -> Self:
        """The order of the corrections page; served by the index corrections_newest_first."""
        return self.order_by("-created_at", "-id")


class Byline(models.Model):
    """A name above the story, in order, and the source it is known to be."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="bylines")

    class Meta:
        ordering = ("order", "id")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="byline_has_a_name")]

    def __str__(self) -> str:
        return self.name


class RelatedLink(models.Model):
    """A related story: a title, and an address, one of our articles, or neither where copy gives none."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_links")
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=2000, blank=True)
    target = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="linked_from")

    class Meta:
        ordering = ("order", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="related_link_has_a_title"),
            models.CheckConstraint(
                condition=Q(url="") | Q(target__isnull=True),
                name="related_link_leads_to_one_place",
                violation_error_message="Give an address or an article, not both.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Correction(models.Model):
    """A public note that says what was wrong, tied to the revisions before and after."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CLARIFICATION = "clarification", _("clarification")
        UPDATE = "update", _("update")
        RETRACTION = "retraction", _("retraction")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.CORRECTION)
    note = models.TextField(help_text="For readers: what was wrong, and what is right.")
    before = models.ForeignKey(Revision, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    after = models.ForeignKey(Revision, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    claims: models.ManyToManyField[models.Model, models.Model] = models.ManyToManyField(
        "Claim", blank=True, related_name="corrections", verbose_name="affected claims"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [models.Index(F("created_at").desc(), F("id").desc(), name="corrections_newest_first")]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="correction_has_a_note")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note[:60]}"
