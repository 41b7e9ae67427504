"""Text that somebody typed in a story form and has not saved yet."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Revision


class AutosavedText(models.Model):
    """One open story form, with its unsaved text. Only its user ever sees that text.

    The row is deleted when the text is saved or discarded. Until then the text is offered to its user again.
    """

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, help_text=_("Made by the page in the browser."))
    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="writings",
        verbose_name=_("story"),
        help_text=_("Empty for a new story."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="writings", verbose_name=_("user")
    )
    revision = models.ForeignKey(
        Revision,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revision"),
        help_text=_("The revision that the text is based on."),
    )
    headline = models.TextField(_("headline"), blank=True)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(
        _("text"), blank=True, help_text=_("As it was typed: not sanitised, and never shown to others.")
    )
    note = models.TextField(_("change note"), blank=True)
    kept_at = models.DateTimeField(
        _("autosaved at"), null=True, blank=True, help_text=_("When text was last autosaved. Empty if none was.")
    )
    seen_at = models.DateTimeField(_("last seen"), help_text=_("When the page was last known to be open."))
    closed = models.BooleanField(_("closed"), default=False, help_text=_("The page was closed."))

    class Meta:
        ordering = ("-seen_at", "-id")
        verbose_name = _("autosaved text")
        verbose_name_plural = _("autosaved texts")
        indexes = [
            models.Index("article", "seen_at", name="writing_on_a_story"),  # articles.editing.autosave.other_editors
            models.Index("user", "article", name="writing_of_somebody"),  # articles.editing.autosave.unsaved_texts
        ]

    def __str__(self) -> str:
        return gettext("%(user)s: %(story)s") % {"user": self.user, "story": self.article or gettext("new story")}
