"""To be described."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from articles.db.lookups import related_rows
from articles.models.article import Article
from sources.models import Source


class ImageQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def unused(self) -> Self:
        """Those in no story, of whatever status."""
        return self.filter(~Exists(related_rows(self, "uses").filter(image=OuterRef("pk"))))

    def in_use(self) -> Self:
        """Those in any story."""
        return self.filter(Exists(related_rows(self, "uses").filter(image=OuterRef("pk"))))


class Image(models.Model):
    """A picture file, kept once however often it is used."""

    name = models.CharField(
        max_length=200, blank=True, db_default="", help_text="By which editors find it again. Readers do not see it."
    )
    file = models.ImageField(upload_to="images/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, null=True)
    height = models.PositiveIntegerField(editable=False, null=True)
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    added_at = models.DateTimeField(auto_now_add=True)
    # Since when `collect_pictures` has found it in no story; it goes when that is long ago.
    unused_since = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at", "-id")
        verbose_name = "picture"

    def __str__(self) -> str:
        return self.name or self.file.name or "(no file)"


class ArticleImage(models.Model):
    """One use of a picture in a story. Without a file it still keeps the credit that came with the copy."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="images")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, null=True, blank=True, related_name="uses")
    order = models.PositiveSmallIntegerField(default=0)
    caption = models.TextField(blank=True)
    alt = models.TextField(
        "alternative text", blank=True, help_text="What somebody who cannot see the picture here should know."
    )
    credit = models.CharField(max_length=200, blank=True)
    credit_source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="credited_images"
    )
    original_url = models.URLField(max_length=2000, blank=True, help_text="Where the copy says the picture is.")
    focal_x = models.FloatField(
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="0 is left, 1 is right.",
    )
    focal_y = models.FloatField(
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="0 is top, 1 is bottom.",
    )

    class Meta:
        ordering = ("order", "id")
        verbose_name = "image"
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                name="image_focal_point_is_inside",
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.credit or str(self.image or "image")
