"""How copy came in: the bytes as they were, the runs, and what became of each file."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Revision


class ImportItemQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def unsettled(self) -> Self:
        """Files that came in with something odd and that nobody has dealt with; served by import_items_unsettled."""
        odd = self.filter(settled_at__isnull=True, outcome__in=["warned", "changed", "rejected"])
        return odd.exclude(run__state="undone").order_by("id")


class Original(models.Model):
    """The bytes of one input file, compressed with zlib, once a digest. Kept before anything is parsed."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the bytes, uncompressed.")
    size = models.PositiveBigIntegerField(help_text="In bytes, uncompressed.")
    compressed = models.BinaryField()
    taken_in = models.BooleanField(
        default=False, help_text="Every article of it is in the database: the same bytes again are known at a glance."
    )
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        verbose_name = "original file"

    def __str__(self) -> str:
        return f"{self.digest[:12]} ({self.size} bytes)"


class ImportRun(models.Model):
    """One call of `import_seeds`."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        INTERRUPTED = "interrupted", _("interrupted")
        UNDONE = "undone", _("undone")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="import_runs"
    )
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=11, choices=State, default=State.RUNNING)
    counts = models.JSONField(default=dict, help_text="How many files came to which outcome.")
    process = models.CharField(max_length=300, blank=True, help_text="Host and process, to tell a killed run.")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        permissions = [("run_import", "Can import copy, and undo an import")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="finished") | Q(finished_at__isnull=False), name="finished_run_says_when"
            )
        ]

    def __str__(self) -> str:
        return f"run {str(self.public_id)[:8]}"


class ImportItem(models.Model):
    """What became of one article of one file of one run."""

    class Outcome(models.TextChoices):
        IMPORTED = "imported", _("imported")
        WARNED = "warned", _("imported with warnings")
        REVISED = "revised", _("new revision")
        UNCHANGED = "unchanged", _("unchanged")
        CHANGED = "changed", _("changed, left as it is")
        REJECTED = "rejected", _("rejected")

    #: Outcomes that somebody should look at.
    ATTENTION_OUTCOMES = (Outcome.WARNED, Outcome.CHANGED, Outcome.REJECTED)

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="items")
    path = models.CharField(max_length=1000)
    member = models.CharField(max_length=1000, blank=True, help_text="The name inside an archive.")
    part = models.PositiveIntegerField(default=0, help_text="Which article of the file, counted from 0.")
    original = models.ForeignKey(Original, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    outcome = models.CharField(max_length=9, choices=Outcome)
    code = models.CharField(max_length=60, blank=True)
    detail = models.TextField(blank=True)
    warnings = models.JSONField(default=list, blank=True, help_text="A list of {code, detail}.")
    article = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="import_items")
    revision = models.ForeignKey(
        Revision,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What it became.",
    )

    settled_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When somebody had dealt with what was odd about it."
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="settled_items",
    )

    objects = ImportItemQuerySet.as_manager()

    class Meta:
        ordering = ("run", "id")
        indexes = [
            models.Index("run", "outcome", F("id"), name="import_items_by_outcome"),
            # ImportItemQuerySet.unsettled(): what waits in the newsroom
            models.Index(
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
