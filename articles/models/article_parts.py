"""What belongs to one article: bylines, related links, corrections."""

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
        """Return the corrections of articles that have a page for readers.

        The note of a retraction is among them.
        """
        return self.filter(article__in=related_rows(self, "article").readable().order_by().values("pk"))

    def for_list(self) -> Self:
        """Load all that a list of corrections shows in one query, without texts."""
        return self.select_related("article__live").defer("article__live__body", "article__live__text")

    def newest_first(self) -> Self:
        """Sort as the corrections page does. The index corrections_newest_first serves it."""
        return self.order_by("-created_at", "-id")


class Byline(models.Model):
    """A name above the story, and the source that it belongs to, if known."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines", verbose_name=_("story"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=200)
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bylines",
        verbose_name=_("source"),
        help_text=_("The person or agency of this name, if known."),
    )

    class Meta:
        ordering = ("order", "id")
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="byline_has_a_name")]

    def __str__(self) -> str:
        return self.name


class RelatedLink(models.Model):
    """A related story: its title, and a URL, one of our articles, or neither."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="related_links", verbose_name=_("story")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("URL"), max_length=2000, blank=True)
    target = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="linked_from",
        verbose_name=_("our story"),
    )

    class Meta:
        ordering = ("order", "id")
        verbose_name = _("related link")
        verbose_name_plural = _("related links")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="related_link_has_a_title"),
            models.CheckConstraint(
                condition=Q(url="") | Q(target__isnull=True),
                name="related_link_leads_to_one_place",
                violation_error_message=_("Give a URL or one of our stories, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Correction(models.Model):
    """A public note on what was wrong, with the revisions before and after it."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CLARIFICATION = "clarification", _("clarification")
        UPDATE = "update", _("update")
        RETRACTION = "retraction", _("retraction")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("story"))
    kind = models.CharField(_("kind"), max_length=13, choices=Kind, default=Kind.CORRECTION)
    note = models.TextField(_("note"), help_text=_("For readers: what was wrong, and what is right."))
    before = models.ForeignKey(
        Revision,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revision before"),
    )
    after = models.ForeignKey(
        Revision,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revision after"),
    )
    claims: models.ManyToManyField[models.Model, models.Model] = models.ManyToManyField(
        "Claim", blank=True, related_name="corrections", verbose_name=_("affected claims")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("author"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [models.Index(F("created_at").desc(), F("id").desc(), name="corrections_newest_first")]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="correction_has_a_note")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note[:60]}"
