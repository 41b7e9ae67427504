"""What was done at the desk: each action with what its claims were before and after, so that it can be taken back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F

from articles.models.article import Article
from articles.models.claim import Claim


class DeskAction(models.Model):
    """One saved action of an editor on a story's claims. A row is never changed, but for what took it back."""

    public_id = models.UUIDField(
        unique=True, default=uuid.uuid4, help_text="Made by the browser: the same action sent twice is done once."
    )
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="desk_actions")
    claims: models.ManyToManyField[Claim, models.Model] = models.ManyToManyField(
        Claim, blank=True, related_name="desk_actions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="desk_actions")
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=20)
    sentence = models.CharField(max_length=300, help_text="What was done, in words: “Accepted “…””.")
    before = models.JSONField(
        default=dict,
        blank=True,
        # Claim id -> articles.desk.snapshots.snapshot, or null for a claim that this action made.
        help_text="The claims before this action.",
    )
    # Claim id -> its version after the action.
    after = models.JSONField(default=dict, blank=True, help_text="The versions of the claims after this action.")
    undone_by = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="undid")

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index("article", "by", F("id").desc(), name="desk_actions_to_undo")]

    def __str__(self) -> str:
        return self.sentence
