"""Image files and their uses in articles."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.db.lookups import related_rows
from articles.models.article import Article
from sources.models import Source


class ImageQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def unused(self) -> Self:
        """Return the images that no article uses, whatever its status."""
        return self.filter(~Exists(related_rows(self, "uses").filter(image=OuterRef("pk"))))

    def in_use(self) -> Self:
        """Return the images that some article uses, whatever its status."""
        return self.filter(Exists(related_rows(self, "uses").filter(image=OuterRef("pk"))))


class Image(models.Model):
    """An image file. The same file is stored once, however often it is used."""

    name = models.CharField(
        _("name"),
        max_length=200,
        blank=True,
        db_default="",
        help_text=_("For editors, to find the image again. Readers do not see it."),
    )
    file = models.ImageField(_("file"), upload_to="images/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(_("width"), editable=False, null=True)
    height = models.PositiveIntegerField(_("height"), editable=False, null=True)
    digest = models.CharField(_("digest"), max_length=64, unique=True, null=True, editable=False)
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    # Set by `collect_pictures`, which deletes the image some days later.
    unused_since = models.DateTimeField(_("unused since"), null=True, blank=True, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at", "-id")
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.name or self.file.name or gettext("(no file)")


class ArticleImage(models.Model):
    """One use of an image in an article.

    Without a file it keeps the caption and the credit that an import gave.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="images", verbose_name=_("story"))
    image = models.ForeignKey(
        Image, on_delete=models.PROTECT, null=True, blank=True, related_name="uses", verbose_name=_("image")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    caption = models.TextField(_("caption"), blank=True)
    alt = models.TextField(
        _("alternative text"),
        blank=True,
        help_text=_("Describe the image for people who cannot see it."),
    )
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    credit_source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credited_images",
        verbose_name=_("credited source"),
    )
    original_url = models.URLField(
        _("original URL"), max_length=2000, blank=True, help_text=_("Where the imported text says the image is.")
    )
    focal_x = models.FloatField(
        _("focal point, horizontal"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("0 is left, 1 is right."),
    )
    focal_y = models.FloatField(
        _("focal point, vertical"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("0 is top, 1 is bottom."),
    )

    class Meta:
        ordering = ("order", "id")
        verbose_name = _("story image")
        verbose_name_plural = _("story images")
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                name="image_focal_point_is_inside",
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.credit or str(self.image or gettext("image"))
