"""Imports: the files as they came, the runs, and the outcome of each article."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Revision


class ImportItemQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def unsettled(self) -> Self:
        """Return the items that need attention and that nobody has settled yet.

        Items of undone runs are left out. The index import_items_unsettled serves it.
        """
        odd = self.filter(settled_at__isnull=True, outcome__in=["warned", "changed", "rejected"])
        return odd.exclude(run__state="undone").order_by("id")


class Original(models.Model):
    """The bytes of one imported file, compressed with zlib, stored before parsing.

    The same bytes are stored once.
    """

    digest = models.CharField(
        _("digest"), max_length=64, unique=True, help_text=_("SHA-256 of the bytes before compression.")
    )
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes, before compression."))
    compressed = models.BinaryField(_("compressed bytes"))
    taken_in = models.BooleanField(
        _("imported"),
        default=False,
        help_text=_("All its stories are in the database. The same file is then not read again."),
    )
    kept_at = models.DateTimeField(_("stored at"), auto_now_add=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("source file")
        verbose_name_plural = _("source files")

    def __str__(self) -> str:
        return gettext("%(digest)s (%(size)d bytes)") % {"digest": self.digest[:12], "size": self.size}


class ImportRun(models.Model):
    """One call of `import_seeds`."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        INTERRUPTED = "interrupted", _("interrupted")
        UNDONE = "undone", _("undone")

    public_id = models.UUIDField(_("public id"), unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="import_runs",
        verbose_name=_("user"),
    )
    arguments = models.JSONField(_("options"), default=dict)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.RUNNING)
    counts = models.JSONField(_("counts"), default=dict, help_text=_("The number of stories with each outcome."))
    process = models.CharField(
        _("process"), max_length=300, blank=True, help_text=_("Host and process number: shows if the run was killed.")
    )
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        permissions = [("run_import", "Can import stories and undo an import")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="finished") | Q(finished_at__isnull=False), name="finished_run_says_when"
            )
        ]

    def __str__(self) -> str:
        return gettext("run %(id)s") % {"id": str(self.public_id)[:8]}


class ImportItem(models.Model):
    """The outcome of one article in one file of one run."""

    class Outcome(models.TextChoices):
        IMPORTED = "imported", _("imported")
        WARNED = "warned", _("imported with warnings")
        REVISED = "revised", _("new revision")
        UNCHANGED = "unchanged", _("unchanged")
        CHANGED = "changed", _("changed, left as it is")
        REJECTED = "rejected", _("rejected")

    #: Outcomes that somebody should look at.
    ATTENTION_OUTCOMES = (Outcome.WARNED, Outcome.CHANGED, Outcome.REJECTED)

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="items", verbose_name=_("run"))
    path = models.CharField(_("path"), max_length=1000)
    member = models.CharField(
        _("file in archive"), max_length=1000, blank=True, help_text=_("The name of the file in an archive.")
    )
    part = models.PositiveIntegerField(
        _("position in file"), default=0, help_text=_("Which story of the file, counted from 0.")
    )
    original = models.ForeignKey(
        Original,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("source file"),
    )
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    code = models.CharField(_("code"), max_length=60, blank=True)
    detail = models.TextField(_("details"), blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True, help_text=_("A list of {code, detail}."))
    article = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_items",
        verbose_name=_("story"),
    )
    revision = models.ForeignKey(
        Revision,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revision"),
        help_text=_("The revision that was made from it."),
    )

    settled_at = models.DateTimeField(
        _("resolved at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When somebody resolved its warnings or its rejection."),
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="settled_items",
        verbose_name=_("resolved by"),
    )

    objects = ImportItemQuerySet.as_manager()

    class Meta:
        ordering = ("run", "id")
        verbose_name = _("import item")
        verbose_name_plural = _("import items")
        indexes = [
            models.Index("run", "outcome", F("id"), name="import_items_by_outcome"),
            models.Index(  # ImportItemQuerySet.unsettled()
                "id",
                condition=Q(settled_at__isnull=True, outcome__in=["warned", "changed", "rejected"]),
                name="import_items_unsettled",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "path", "member", "part"], name="import_item_is_said_once"),
            models.CheckConstraint(condition=~Q(outcome="rejected") | ~Q(code=""), name="rejected_item_has_a_code"),
        ]

    def __str__(self) -> str:
        return f"{self.path}!{self.member}" if self.member else self.path
