"""Sources, their names and affiliations, possible duplicates, and merges.

A speaker without a name is not a source: it exists only on a hop of one claim (articles.models.claim).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import connections, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sources.names import normalize_name


class SourceQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        """Return the sources that are not merged into another.

        On SQLite the column is wrapped, so that the planner does not use its index: nearly all rows match, and it
        would sort them all instead of reading one page in their order.
        """
        if connections[self.db].vendor == "sqlite":
            return self.alias(merged=Coalesce("merged_into", 0)).filter(merged=0)
        return self.filter(merged_into__isnull=True)

    def by_name(self) -> Self:
        """Return the sources by name, served by the index source_by_name."""
        return self.order_by("name", "id")

    def with_name_containing(self, text: str, names: models.QuerySet[Any] | None = None) -> Self:
        """Return the sources with a name that contains this text.

        Accents and capitals do not count.

        `names` limits the names that are searched. Without it all are, as editors see them.
        """
        if names is None:
            names = self.model._meta.get_field("names").related_model._default_manager.all()
        folded = normalize_name(text)
        if not folded:
            return self
        return self.filter(pk__in=names.filter(folded__contains=folded).order_by().values("source"))


class Source(models.Model):
    """A person, organisation, agency, document or group that makes statements."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        AGENCY = "agency", _("news agency")
        DOCUMENT = "document", _("document")
        GROUP = "group", _("group")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(
        _("name"), max_length=200, help_text=_("The name that readers see. Add other names below.")
    )
    slug = models.SlugField(
        _("slug"), max_length=120, unique=True, help_text=_("The last part of the page's URL: /sources/<slug>/.")
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("Who this is, in one or two sentences for readers.")
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
        help_text=_("Set by a merge. The old URL then redirects to the other source."),
    )
    wikidata_id = models.CharField(
        _("Wikidata ID"),
        max_length=16,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^Q[1-9][0-9]*$", _("A Wikidata ID is the letter Q and a number, such as Q42."))],
        help_text=_("For example Q42."),
    )
    picture = models.ImageField(_("image"), upload_to="sources/", blank=True)
    # Not Django's width_field and height_field: they open the file whenever a source is loaded without them.
    picture_width = models.PositiveIntegerField(null=True, editable=False)
    picture_height = models.PositiveIntegerField(null=True, editable=False)
    picture_credit = models.CharField(
        _("image credit"),
        max_length=200,
        blank=True,
        db_default="",
        help_text=_("Who made the image. Readers see this."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        permissions = [("merge_source", "Can merge two sources into one")]
        indexes = [
            models.Index("name", "id", name="source_by_name"),  # SourceQuerySet.by_name
            models.Index("kind", "name", "id", name="source_by_kind"),  # the same, filtered by kind
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="source_has_a_name"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="source_is_not_merged_into_itself",
                violation_error_message=_("A source cannot be merged into itself."),
            ),
            models.CheckConstraint(
                condition=Q(wikidata_id__isnull=True) | Q(wikidata_id__startswith="Q"),
                name="source_wikidata_id_is_a_q_number",
                violation_error_message=_("A Wikidata ID is the letter Q and a number, such as Q42."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:source", args=[self.slug])


class SourceName(models.Model):
    """One name of a source.

    A mention with the same normalized name is resolved to the source.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="names", verbose_name=_("source"))
    name = models.CharField(_("name"), max_length=200)
    # Set by sources.names.normalize_name.
    folded = models.CharField(
        _("normalized name"),
        max_length=200,
        editable=False,
        help_text=_("The form that is compared: without accents, titles and capital letters."),
    )
    preferred = models.BooleanField(_("preferred"), default=False, help_text=_("The name that readers see."))
    learned = models.BooleanField(
        _("found in a story"),
        default=False,
        help_text=_(
            "Not checked: readers see it only while a public claim uses it. Clear this box to show it always."
        ),
    )

    class Meta:
        ordering = ("-preferred", "name")
        verbose_name = _("name")
        verbose_name_plural = _("names")
        indexes = [models.Index("folded", name="name_by_folded_form")]  # sources.resolver
        constraints = [
            models.UniqueConstraint(
                fields=["source", "folded"],
                name="source_has_each_name_once",
                violation_error_message=_("This source already has this name."),
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(preferred=True),
                name="source_has_one_preferred_name",
                violation_error_message=_("Only one name can be the preferred name."),
            ),
            models.CheckConstraint(condition=~Q(folded=""), name="name_folds_to_something"),
        ]

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """A role of a person at an organisation, with its dates where they are known."""

    person = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="members",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
    )
    role = models.CharField(
        _("role"), max_length=200, blank=True, help_text=_("As stories call it, for example “lawmaker”.")
    )
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)
    learned = models.BooleanField(
        _("found in a story"),
        default=False,
        help_text=_(
            "Not checked: readers see it only while a public claim uses it. Clear this box to show it always."
        ),
    )

    class Meta:
        ordering = ("-since", "id")
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="affiliation_ends_after_it_begins",
                violation_error_message=_("The end must not be before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | ~Q(person=F("organisation")),
                name="affiliation_is_with_somebody_else",
                violation_error_message=_("A source cannot be affiliated with itself."),
            ),
            models.CheckConstraint(
                condition=~Q(role="") | Q(organisation__isnull=False),
                name="affiliation_says_something",
                violation_error_message=_("Enter a role, an organisation, or both."),
            ),
            models.UniqueConstraint(
                "person",
                # Missing values count as equal; SQLite has no NULLS NOT DISTINCT.
                Coalesce("organisation", 0),
                "role",
                Coalesce("since", date.min),
                name="affiliation_is_said_once",
                violation_error_message=_("This affiliation already exists."),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.role, f"({self.organisation})" if self.organisation else "") if part)


class PossibleDuplicate(models.Model):
    """Two sources that may be the same, with the evidence. An editor decides.

    The importer adds pairs that a story equates ("South Korea's spy agency, the National Intelligence Service");
    sources.duplicates finds others. `first` is the older source, so each pair exists once.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MERGED = "merged", _("merged")
        DISMISSED = "dismissed", _("not the same")

    first = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="possible_duplicates", verbose_name=_("first source")
    )
    second = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="possible_duplicates_to_older", verbose_name=_("second source")
    )
    evidence = models.TextField(_("evidence"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        indexes = [models.Index("state", "id", name="possible_duplicate_queue")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="possible_duplicate_is_noted_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="possible_duplicate_names_older_first"),
        ]

    def __str__(self) -> str:
        return gettext("%(first)s and %(second)s") % {"first": self.first, "second": self.second}


class Merge(models.Model):
    """A merge of two sources, with what it moved, so that it can be undone."""

    kept = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="merges", verbose_name=_("kept source"))
    gone = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="merges_away", verbose_name=_("merged source")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("user")
    )
    made_at = models.DateTimeField(_("time"), auto_now_add=True)
    # "app.model.column" -> keys of the moved rows, and the keys that sources.merge defines.
    moved = models.JSONField(_("moved rows"), default=dict, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_is_of_two"),
        ]

    def __str__(self) -> str:
        return gettext("%(gone)s into %(kept)s") % {"gone": self.gone, "kept": self.kept}
