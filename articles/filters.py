"""Define the filters of the public lists.

Each filter is declared. A bad value shows an error at its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from articles.facets import ChoiceCounter, Facets, count_facets
from articles.models import Article, Claim, Hop
from articles.models.claim import ClaimQuerySet
from articles.queries.sources import (
    count_by_initial,
    count_by_kind,
    filter_by_public_name,
    find_readable_source,
    similar_sources,
    source_initials,
)
from sources.models import Source

#: The id of the <datalist> that all source fields share.
SUGGESTIONS_ID = "source-names"
#: Attributes of a field that suggests names while somebody types, if scripts run.
SUGGESTION_ATTRS = {
    "list": SUGGESTIONS_ID,
    "autocomplete": "off",
    "hx-get": reverse_lazy("articles:names"),
    "hx-trigger": "focus once, input changed delay:150ms",
    "hx-target": f"#{SUGGESTIONS_ID}",
    "hx-select": "unset",
    "hx-select-oob": "unset",
    "hx-swap": "innerHTML",
    "hx-push-url": "false",
}
#: Dates that are accepted. SQLite and PostgreSQL treat dates outside differently.
MIN_DATE, MAX_DATE = date(1600, 1, 1), date(2999, 12, 31)
ANY_LABEL = _("any")


class SourceField(forms.CharField):
    """A source by slug, name or alias; cleans to a Source that readers can see."""

    def clean(self, value: Any) -> Source | None:
        name = super().clean(value)
        if not name:
            return None
        if source := find_readable_source(name):
            return source
        similar = [source.name for source in similar_sources(name)]
        raise ValidationError(
            _("No source called “%(name)s” was found. Did you mean %(similar)s?")
            if similar
            else _("No source called “%(name)s” was found."),
            code="unknown",
            params={"name": name, "similar": " / ".join(similar)},
        )


class SourceFilter(django_filters.Filter):
    """A filter by source. `through` names the queryset method that applies it."""

    field_class = SourceField

    def __init__(self, *args: Any, through: str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs=SUGGESTION_ATTRS))
        super().__init__(*args, max_length=200, **kwargs)
        self.through = through

    def filter(self, queryset: Any, value: Source | None) -> Any:
        return queryset if value is None else getattr(queryset, self.through)(value)


class QuantityField(forms.DecimalField):
    """A number as people write it: 1,000 and 1 000 are 1000."""

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(str(value or "").replace(",", "").split()))


class QuantityFilter(django_filters.NumberFilter):
    field_class = QuantityField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(*args, max_digits=24, decimal_places=6, **kwargs)


def _date_filter(label: Any, **kwargs: Any) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        widget=forms.DateInput(attrs={"type": "date", "min": MIN_DATE, "max": MAX_DATE}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(MIN_DATE, _("This date is too early.")),
            MaxValueValidator(MAX_DATE, _("This date is too late.")),
        ],
        **kwargs,
    )


def _text_filter(label: Any, method: str) -> django_filters.CharFilter:
    return django_filters.CharFilter(
        label=label, method=method, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )


def _label_key(choice: tuple[Any, Any]) -> str:
    return str(choice[1]).casefold()


def _keep_order(choice: tuple[Any, Any]) -> int:
    return 0


class BaseFilterSet(django_filters.FilterSet):
    """A FilterSet with ordered fields, and choices from the database read once."""

    #: The names of the fields in the order of the form.
    field_order: tuple[str, ...] = ()

    @property
    def form(self) -> Any:
        is_built = hasattr(self, "_form")
        form = super().form
        if not is_built:
            form.order_fields(self.field_order)
            for name, rows in self.database_choices():
                if name not in self.choice_counters or self.data.get(name):
                    form.fields[name].choices = list(rows)
        return form

    def database_choices(self) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
        """Return (field, its choices) for fields with choices from the database.

        One query for each field. If the choices of a field are counted, their names come with the counts. The query
        then runs only to validate a given value.
        """
        return ()

    def set_choices_without_counts(self) -> None:
        """Offer choices from the database without counts, for a form with an error."""
        for name, rows in self.database_choices():
            self.form.fields[name].choices = sorted(rows, key=_label_key)

    #: For fields with counted choices: the query that counts them (articles.facets).
    choice_counters: ClassVar[dict[str, ChoiceCounter]] = {}

    def count_choices(self) -> Facets:
        """Count the rows that each choice would show, and add the counts to the labels.

        One query. Choices that would show nothing are removed, except the chosen one.
        """
        facets = count_facets(self, self.choice_counters)
        for name in self.choice_counters:
            formfield = self.form.fields[name]
            chosen = self.form.cleaned_data.get(name)
            choices = dict(formfield.choices) | facets.choice_names.get(name, {})
            formfield.choices = [
                (value, facets.format_choice(name, value, str(label)))
                for value, label in sorted(
                    choices.items(), key=_label_key if name in facets.choice_names else _keep_order
                )
                if value and (value == chosen or facets.counts[name].get(str(value)))  # the field adds "any"
            ]
        return facets

    def cleaned_value(self, name: str) -> Any:
        """Return the cleaned value of a field; None if it is empty."""
        return self.form.cleaned_data.get(name)


class PublishedFilterSet(BaseFilterSet):
    """The filters that articles and claims share."""

    text = _text_filter(_("Text"), "filter_text")
    topic = django_filters.ChoiceFilter(label=_("Topic"), method="filter_topic", empty_label=ANY_LABEL)
    figures = django_filters.BooleanFilter(
        label=_("With figures"), method="filter_figures", widget=forms.CheckboxInput()
    )
    after = _date_filter(_("Published from"), method="filter_published")
    before = _date_filter(_("Published to"), method="filter_published")

    def database_choices(self) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
        yield "topic", Article.objects.public().distinct_topics().values_list("slug", "name")

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching_text(value)

    def filter_topic(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filed_under(value)

    def filter_figures(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.with_quantities() if value else queryset

    def filter_published(self, queryset: Any, name: str, value: date) -> Any:
        first, last = self.cleaned_value("after"), self.cleaned_value("before")
        if name == "before" and first is not None:
            return queryset  # `after` has applied both
        return queryset.published_between(first, last)


class ArticleFilterSet(PublishedFilterSet):
    """The filters of /articles/."""

    source = SourceFilter(label=_("Source"), through="quoting")
    agency = django_filters.ChoiceFilter(label=_("Agency"), field_name="agency__slug", empty_label=ANY_LABEL)

    choice_counters: ClassVar[dict[str, ChoiceCounter]] = {
        "topic": Article.objects.topic_counts,
        "agency": Article.objects.agency_counts,
    }
    field_order = ("text", "source", "topic", "agency", "figures", "after", "before")

    class Meta:
        model = Article
        fields: list[str] = []

    def database_choices(self) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
        yield from super().database_choices()
        yield "agency", Article.objects.public().distinct_agencies().values_list("slug", "name")


class ClaimFilterSet(PublishedFilterSet):
    """The filters of /claims/."""

    KINDS = (*Source.Kind.choices, ("unnamed", _("unnamed")))

    anyone = SourceFilter(label=_("Anyone in the chain"), through="involving")
    origin = SourceFilter(label=_("Original source"), through="originating_with")
    speaker = SourceFilter(label=_("Quoted source"), through="spoken_by")
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=(("oldest", _("oldest first")),),
        empty_label=_("newest first"),
        method="filter_order",
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of original source"), choices=KINDS, method="filter_origin_kind", empty_label=ANY_LABEL
    )
    form = django_filters.ChoiceFilter(label=_("Form"), choices=Claim.Form.choices, empty_label=ANY_LABEL)
    modality = django_filters.ChoiceFilter(label=_("Stated as"), choices=Claim.Modality.choices, empty_label=ANY_LABEL)
    figure_min = QuantityFilter(label=_("Figure from"), method="filter_quantity")
    figure_max = QuantityFilter(label=_("Figure to"), method="filter_quantity")
    said_after = _date_filter(_("Said from"), method="filter_stated")
    said_before = _date_filter(_("Said to"), method="filter_stated")

    choice_counters: ClassVar[dict[str, ChoiceCounter]] = {
        "kind": Hop.objects.origin_kind_counts,
        "form": Claim.objects.form_counts,
        "modality": Claim.objects.modality_counts,
        "topic": Article.objects.claim_topic_counts,
    }
    field_order = (
        *("text", "anyone", "figures", "sort"),
        *("origin", "speaker", "kind", "form", "modality", "topic"),
        *("figure_min", "figure_max", "said_after", "said_before", "after", "before"),
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def filter_origin_kind(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return queryset.from_source_kind(value)

    def filter_quantity(self, queryset: ClaimQuerySet, name: str, value: object) -> ClaimQuerySet:
        """Apply both ends at once: one figure of a claim must meet both."""
        low, high = self.cleaned_value("figure_min"), self.cleaned_value("figure_max")
        if name == "figure_max" and low is not None:
            return queryset  # `figure_min` has applied both
        return queryset.with_quantity_between(low, high)

    def filter_stated(self, queryset: ClaimQuerySet, name: str, value: date) -> ClaimQuerySet:
        first, last = self.cleaned_value("said_after"), self.cleaned_value("said_before")
        if name == "said_before" and first is not None:
            return queryset  # `said_after` has applied both
        return queryset.stated_between(first, last)

    def filter_order(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return queryset.oldest_first() if value == "oldest" else queryset


def _initial_choices() -> Iterator[tuple[str, str]]:
    """Yield first letters as choices. The query runs at the first choice."""
    yield from ((letter, letter) for letter in source_initials())


class SourceFilterSet(BaseFilterSet):
    """The filters of /sources/."""

    text = _text_filter(_("Name"), "filter_name")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Source.Kind.choices, empty_label=ANY_LABEL)
    letter = django_filters.ChoiceFilter(
        label=_("First letter"), field_name="name", lookup_expr="istartswith", widget=forms.HiddenInput()
    )

    choice_counters: ClassVar[dict[str, ChoiceCounter]] = {"kind": count_by_kind, "letter": count_by_initial}
    field_order = ("text", "kind", "letter")

    class Meta:
        model = Source
        fields: list[str] = []

    def database_choices(self) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
        yield "letter", _initial_choices()

    def filter_name(self, queryset: Any, name: str, value: str) -> Any:
        return filter_by_public_name(queryset, value)
