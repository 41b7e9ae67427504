"""One act of one person on one article, claim or source. Added by `record.log` and never changed.

The database refuses to change or delete one too (record.triggers).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class LogEntry(models.Model):
    """Who did what to what. A row that is deleted later keeps its acts, so they point at it by name and number."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
        help_text="Empty where a command did it for nobody in particular.",
    )
    # One of record.verbs.
    verb = models.CharField(max_length=30, help_text="What was done.")
    # The label of a model: “articles.claim”.
    kind = models.CharField(max_length=60, help_text="What kind of thing it was done to.")
    row = models.BigIntegerField(help_text="Its key.")
    name = models.CharField(max_length=200, help_text="What it was called then.")
    story = models.BigIntegerField(null=True, blank=True, help_text="Key of the article that it is, or belongs to.")
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-id",)
        default_permissions = ()  # read with the row it is about, and written by nobody's hand
        indexes = [
            models.Index("kind", "row", F("id").desc(), name="act_of_row"),  # a row's history
            models.Index("story", F("id").desc(), name="act_in_story"),  # a story's, with its claims'
            models.Index(
                "kind", F("id").desc(), name="act_of_kind"
            ),  # the last on any source: articles.views.page_cache
        ]
        constraints = [models.CheckConstraint(condition=~Q(verb=""), name="act_has_a_verb")]

    def __str__(self) -> str:
        return f"{self.verb} {self.name}"
