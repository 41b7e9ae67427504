"""Actions on the review desk, with what they need to be undone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.claim import Claim


class DeskAction(models.Model):
    """One saved action of an editor on an article's claims.

    Only `undone_by` of a row ever changes.
    """

    public_id = models.UUIDField(
        _("public id"),
        unique=True,
        default=uuid.uuid4,
        help_text=_("Made by the browser. An action that is sent twice is done once."),
    )
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="desk_actions", verbose_name=_("story")
    )
    claims: models.ManyToManyField[Claim, models.Model] = models.ManyToManyField(
        Claim, blank=True, related_name="desk_actions", verbose_name=_("claims")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="desk_actions", verbose_name=_("editor")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    kind = models.CharField(_("kind"), max_length=20)
    sentence = models.CharField(
        _("description"), max_length=300, help_text=_("What was done, for example “Accepted “…””.")
    )
    before = models.JSONField(
        _("before"),
        default=dict,
        blank=True,
        # Claim id -> articles.desk.snapshots.take_snapshot, or null for a claim that this action made.
        help_text=_("The claims before this action."),
    )
    # Claim id -> its version after the action.
    after = models.JSONField(
        _("after"), default=dict, blank=True, help_text=_("The versions of the claims after this action.")
    )
    undone_by = models.OneToOneField(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="undid",
        verbose_name=_("undone by"),
        help_text=_("The action that undid this one."),
    )

    class Meta:
        ordering = ("-id",)
        verbose_name = _("review desk action")
        verbose_name_plural = _("review desk actions")
        indexes = [models.Index("article", "by", F("id").desc(), name="desk_actions_to_undo")]

    def __str__(self) -> str:
        return self.sentence
