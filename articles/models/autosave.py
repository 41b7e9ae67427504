"""A page on which somebody writes a story: that it is open, and the words on it that are not saved yet."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from articles.models.article import Article, Revision


class AutosavedText(models.Model):
    """One open page. It is no revision: nobody but whoever writes on it ever sees its words.

    The row goes when the words are saved or thrown away. What was left behind is offered to its writer again.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, help_text="Made by the page.")
    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="writings",
        help_text="Empty for a story that is not there yet.",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="writings")
    revision = models.ForeignKey(
        Revision, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="What it began with."
    )
    headline = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True, help_text="As it stands on the page: not sanitised, and shown nowhere else.")
    note = models.TextField(blank=True)
    kept_at = models.DateTimeField(null=True, blank=True, help_text="When words of it were last kept; empty: none.")
    seen_at = models.DateTimeField(help_text="The page's last sign of life.")
    closed = models.BooleanField(default=False, help_text="The page was left.")

    class Meta:
        ordering = ("-seen_at", "-id")
        indexes = [
            models.Index("article", "seen_at", name="writing_on_a_story"),  # unsaved.others
            models.Index("user", "article", name="writing_of_somebody"),  # unsaved.left_behind
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.article or 'a new story'}"
