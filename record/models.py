"""The audit log. `record.log` writes it.

Triggers refuse to change or delete an entry.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LogEntry(models.Model):
    """What one user did to one row, and when.

    It names the row by model, key and name, not by a foreign key: entries stay when the row is deleted.
    """

    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="log_entries",
        verbose_name=_("user"),
        help_text=_("Empty if a command made the change."),
    )
    verb = models.CharField(_("action"), max_length=30)  # one of record.verbs
    kind = models.CharField(_("type of object"), max_length=60)  # the label of a model: "articles.claim"
    row = models.BigIntegerField(_("key of the object"))
    name = models.CharField(_("name"), max_length=200, help_text=_("The name of the object at that time."))
    article = models.BigIntegerField(
        _("key of the story"), null=True, blank=True, help_text=_("The story that the object is or belongs to.")
    )
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        default_permissions = ()  # who may see a row may see its entries; nobody edits them
        indexes = [
            models.Index("kind", "row", F("id").desc(), name="log_entry_of_row"),
            models.Index("article", F("id").desc(), name="log_entry_of_article"),
            models.Index("kind", F("id").desc(), name="log_entry_of_kind"),  # ArticleQuerySet.page_state
        ]
        constraints = [models.CheckConstraint(condition=~Q(verb=""), name="log_entry_has_a_verb")]

    def __str__(self) -> str:
        return f"{self.verb} {self.name}"
