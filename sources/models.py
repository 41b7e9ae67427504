"""Who speaks: sources, their names, and whom they belonged to.

Somebody unnamed is no Source: they live on the hop of one claim alone (articles.models.claim).
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sources.querysets import SourceQuerySet


class Source(models.Model):
    """A person, organisation, agency, document or group that says something and has a name."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        AGENCY = "agency", _("news agency")
        DOCUMENT = "document", _("document")
        GROUP = "group", _("group")

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=200, help_text="The name readers see. Other names go below.")
    slug = models.SlugField(max_length=120, unique=True, help_text="The address of the page: /sources/<slug>/.")
    description = models.TextField(blank=True, help_text="One or two sentences for readers: who this is.")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        help_text="Set by a merge: this source's old address then leads to the other one.",
    )
    wikidata_id = models.CharField(
        "Wikidata id",
        max_length=16,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^Q[1-9][0-9]*$", "A Wikidata id is a Q followed by a number.")],
        help_text="For example Q42.",
    )
    picture = models.ImageField(upload_to="sources/", blank=True)
    # Not the field's own width_field and height_field: those would open the file for each source that is read without.
    picture_width = models.PositiveIntegerField(null=True, editable=False)
    picture_height = models.PositiveIntegerField(null=True, editable=False)
    picture_credit = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Who took the picture, for readers."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        permissions = [("merge_source", "Can merge two sources into one")]
        indexes = [
            models.Index("name", "id", name="source_by_name"),  # SourceQuerySet.by_name: the sources pages
            models.Index("kind", "name", "id", name="source_by_kind"),  # the same, filtered by kind
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="source_has_a_name"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="source_is_not_merged_into_itself",
                violation_error_message="A source cannot be merged into itself.",
            ),
            models.CheckConstraint(
                condition=Q(wikidata_id__isnull=True) | Q(wikidata_id__startswith="Q"),
                name="source_wikidata_id_is_a_q_number",
                violation_error_message="A Wikidata id is a Q followed by a number, for example Q42.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:source", args=[self.slug])


class SourceName(models.Model):
    """One name of a source. A mention whose folded form is here resolves to its source by itself."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    folded = models.CharField(
        max_length=200,
        editable=False,
        # Made by sources.names.fold.
        help_text="The name in the form that is compared: without accents, titles and capital letters.",
    )
    preferred = models.BooleanField(default=False, help_text="The one readers see.")
    learned = models.BooleanField(
        _("from copy"),
        default=False,
        help_text=_("Not checked: readers see it only while a public claim uses it. Untick it to show it always."),
    )

    class Meta:
        ordering = ("-preferred", "name")
        indexes = [models.Index("folded", name="name_by_folded_form")]  # resolving.Resolver
        constraints = [
            models.UniqueConstraint(
                fields=["source", "folded"],
                name="source_has_each_name_once",
                violation_error_message="This source already has that name.",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(preferred=True),
                name="source_has_one_preferred_name",
                violation_error_message="Only one name can be the preferred one.",
            ),
            models.CheckConstraint(condition=~Q(folded=""), name="name_folds_to_something"),
        ]

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """A role somebody held with an organisation, for as long as is known."""

    person = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="members", null=True, blank=True)
    role = models.CharField(max_length=200, blank=True, help_text="As copy gives it: “lawmaker”.")
    since = models.DateField("from", null=True, blank=True)
    until = models.DateField("to", null=True, blank=True)
    learned = models.BooleanField(
        _("from copy"),
        default=False,
        help_text=_("Not checked: readers see it only while a public claim gives it. Untick it to show it always."),
    )

    class Meta:
        ordering = ("-since", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="affiliation_ends_after_it_begins",
                violation_error_message="It cannot end before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | ~Q(person=F("organisation")),
                name="affiliation_is_with_somebody_else",
                violation_error_message="A source cannot be affiliated with itself.",
            ),
            models.CheckConstraint(
                condition=~Q(role="") | Q(organisation__isnull=False),
                name="affiliation_says_something",
                violation_error_message="Give a role, an organisation, or both.",
            ),
            models.UniqueConstraint(
                "person",
                # Unknowns count as equal here; SQLite has no NULLS NOT DISTINCT.
                Coalesce("organisation", 0),
                "role",
                Coalesce("since", date.min),
                name="affiliation_is_said_once",
                violation_error_message="That affiliation is already here.",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.role, f"({self.organisation})" if self.organisation else "") if part)


class PossibleDuplicate(models.Model):
    """Two sources that are probably one, with the evidence, for an editor to decide.

    Found by extraction ("South Korea's spy agency" and "The National Intelligence Service" in one
    story) and never acted on by itself. `first` is always the older row, so a pair stands here once.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MERGED = "merged", _("merged")
        DISMISSED = "dismissed", _("not the same")

    first = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="possible_duplicates")
    second = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="possible_duplicates_to_older")
    evidence = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        verbose_name = "likely duplicate"
        indexes = [models.Index("state", "id", name="possible_duplicate_queue")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="possible_duplicate_is_noted_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="possible_duplicate_names_older_first"),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"


class Merge(models.Model):
    """That two sources were made one, and what that moved, so that it can be taken back (sources.merge)."""

    kept = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="merges_away")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    moved = models.JSONField(default=dict, blank=True, help_text="Keys of what was moved, by table and column.")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_is_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.gone} into {self.kept}"
