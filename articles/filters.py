"""What readers can filter by. Each filter is written out; a bad value shows its error beside its field."""

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

from articles.facets import Counting, Facets, count
from articles.models import Article, Claim, Hop
from articles.models.claim import ClaimQuerySet
from articles.queries.sources import called, counted_by_initial, counted_by_kind, initials, known_as, like
from sources.models import Source

#: The id of the list of names that every source field suggests from.
SUGGESTIONS = "source-names"
#: A field that suggests names as they are typed, where there are scripts; the field itself is not sent with the form.
SUGGESTING = {
    "list": SUGGESTIONS,
    "autocomplete": "off",
    "hx-get": reverse_lazy("articles:names"),
    "hx-trigger": "focus once, input changed delay:150ms",
    "hx-target": f"#{SUGGESTIONS}",
    "hx-select": "unset",
    "hx-select-oob": "unset",
    "hx-swap": "innerHTML",
    "hx-push-url": "false",
}
#: Days that a reader can mean; the databases disagree about those beyond.
FIRST_DAY, LAST_DAY = date(1600, 1, 1), date(2999, 12, 31)
ANY = _("any")


class SourceField(forms.CharField):
    """A source by its slug, its name or any alias; cleans to a Source that readers know of."""

    def clean(self, value: Any) -> Source | None:
        words = super().clean(value)
        if not words:
            return None
        if source := known_as(words):
            return source
        alike = [source.name for source in like(words)]
        raise ValidationError(
            _("Nobody called “%(name)s” is on record here. Did you mean %(alike)s?")
            if alike
            else _("Nobody called “%(name)s” is on record here."),
            code="unknown",
            params={"name": words, "alike": " / ".join(alike)},
        )


class SourceFilter(django_filters.Filter):
    """Filters by a source through a named queryset method."""

    field_class = SourceField

    def __init__(self, *args: Any, through: str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs=SUGGESTING))
        super().__init__(*args, max_length=200, **kwargs)
        self.through = through

    def filter(self, queryset: Any, value: Source | None) -> Any:
        return queryset if value is None else getattr(queryset, self.through)(value)


class FigureField(forms.DecimalField):
    """A number, as people write them: 1,000 and 1 000 are 1000."""

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(str(value or "").replace(",", "").split()))


class FigureFilter(django_filters.NumberFilter):
    field_class = FigureField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(*args, max_digits=24, decimal_places=6, **kwargs)


def _day(label: Any, **kwargs: Any) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        widget=forms.DateInput(attrs={"type": "date", "min": FIRST_DAY, "max": LAST_DAY}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(FIRST_DAY, _("That is too long ago.")),
            MaxValueValidator(LAST_DAY, _("That is too far ahead.")),
        ],
        **kwargs,
    )


def _words(label: Any, method: str) -> django_filters.CharFilter:
    return django_filters.CharFilter(
        label=label, method=method, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )


def _by_label(choice: tuple[Any, Any]) -> str:
    return str(choice[1]).casefold()


def _as_they_are(choice: tuple[Any, Any]) -> int:
    return 0


class Filters(django_filters.FilterSet):
    """A form whose choices may be rows, read once a request, and whose fields stand in a stated order."""

    #: The names of the fields as readers meet them.
    field_order: tuple[str, ...] = ()

    @property
    def form(self) -> Any:
        made = hasattr(self, "_form")
        form = super().form
        if not made:
            form.order_fields(self.field_order)
            for name, rows in self.choices_of_rows():
                if name not in self.countings or self.data.get(name):
                    form.fields[name].choices = list(rows)
        return form

    def choices_of_rows(self) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
        """(field, its choices) for each field whose choices are rows; a query each.

        Where the choices are counted their names come with the counts, so they are asked for only to check one that
        somebody gave.
        """
        return ()

    def offer_uncounted(self) -> None:
        """Offer the choices that are rows where nothing can be counted: the form has an error."""
        for name, rows in self.choices_of_rows():
            self.form.fields[name].choices = sorted(rows, key=_by_label)

    #: For each field whose choices are counted, the named query that counts them (articles.facets).
    countings: ClassVar[dict[str, Counting]] = {}

    def count(self) -> Facets:
        """Count what each choice would show, and write the counts beside the choices. One query.

        A choice that would show nothing is left out, unless it is the one chosen.
        """
        facets = count(self, self.countings)
        for name in self.countings:
            formfield = self.form.fields[name]
            chosen = self.form.cleaned_data.get(name)
            choices = dict(formfield.choices) | facets.names.get(name, {})
            formfield.choices = [
                (value, facets.label(name, value, str(label)))
                for value, label in sorted(choices.items(), key=_by_label if name in facets.names else _as_they_are)
                if value and (value == chosen or facets.counts[name].get(str(value)))  # the field adds "any"
            ]
        return facets

    def value(self, name: str) -> Any:
        """What a field was cleaned to; None where it was left empty."""
        return self.form.cleaned_data.get(name)


class PublishedFilters(Filters):
    """Words, days of publication, topic, figures: what stories and claims share."""

    text = _words(_("Words"), "saying")
    topic = django_filters.ChoiceFilter(label=_("Topic"), method="on_topic", empty_label=ANY)
    figures = django_filters.BooleanFilter(
        label=_("With figures"), method="only_figures", widget=forms.CheckboxInput()
    )
    after = _day(_("Published from"), method="published")
    before = _day(_("Published to"), method="published")

    def choices_of_rows(self) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
        yield "topic", Article.objects.public().topics_of_these().values_list("slug", "name")

    def saying(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.saying(value)

    def on_topic(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.on(value)

    def only_figures(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.with_figures() if value else queryset

    def published(self, queryset: Any, name: str, value: date) -> Any:
        first, last = self.value("after"), self.value("before")
        if name == "before" and first is not None:
            return queryset  # done with `after`
        return queryset.published_between(first, last)


class ArticleFilter(PublishedFilters):
    """The filters of /articles/."""

    source = SourceFilter(label=_("Quotes or passes on"), through="quoting")
    agency = django_filters.ChoiceFilter(label=_("Agency"), field_name="agency__slug", empty_label=ANY)

    countings: ClassVar[dict[str, Counting]] = {
        "topic": Article.objects.topics_counted,
        "agency": Article.objects.agencies_counted,
    }
    field_order = ("text", "source", "topic", "agency", "figures", "after", "before")

    class Meta:
        model = Article
        fields: list[str] = []

    def choices_of_rows(self) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
        yield from super().choices_of_rows()
        yield "agency", Article.objects.public().agencies_of_these().values_list("slug", "name")


class ClaimFilter(PublishedFilters):
    """The filters of /claims/."""

    KINDS = (*Source.Kind.choices, ("unnamed", _("somebody unnamed")))

    anyone = SourceFilter(label=_("Said or passed on by"), through="involving")
    origin = SourceFilter(label=_("First said by"), through="originating_with")
    speaker = SourceFilter(label=_("Told to the outlet by"), through="spoken_by")
    sort = django_filters.ChoiceFilter(
        label=_("Order"), choices=(("oldest", _("oldest first")),), empty_label=_("newest first"), method="in_order"
    )
    kind = django_filters.ChoiceFilter(label=_("Who first said it"), choices=KINDS, method="of_kind", empty_label=ANY)
    form = django_filters.ChoiceFilter(label=_("Form"), choices=Claim.Form.choices, empty_label=ANY)
    modality = django_filters.ChoiceFilter(label=_("Put as"), choices=Claim.Modality.choices, empty_label=ANY)
    figure_min = FigureFilter(label=_("Figure from"), method="with_figure")
    figure_max = FigureFilter(label=_("Figure to"), method="with_figure")
    said_after = _day(_("Said from"), method="stated")
    said_before = _day(_("Said to"), method="stated")

    countings: ClassVar[dict[str, Counting]] = {
        "kind": Hop.objects.kinds_of_origin,
        "form": Claim.objects.counted_by_form,
        "modality": Claim.objects.counted_by_modality,
        "topic": Article.objects.topics_of_claims,
    }
    field_order = (
        *("text", "anyone", "figures", "sort"),
        *("origin", "speaker", "kind", "form", "modality", "topic"),
        *("figure_min", "figure_max", "said_after", "said_before", "after", "before"),
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def of_kind(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return queryset.from_kind(value)

    def with_figure(self, queryset: ClaimQuerySet, name: str, value: object) -> ClaimQuerySet:
        """Both ends at once: one figure of a claim must meet both."""
        low, high = self.value("figure_min"), self.value("figure_max")
        if name == "figure_max" and low is not None:
            return queryset  # done with `figure_min`
        return queryset.with_figure_between(low, high)

    def stated(self, queryset: ClaimQuerySet, name: str, value: date) -> ClaimQuerySet:
        first, last = self.value("said_after"), self.value("said_before")
        if name == "said_before" and first is not None:
            return queryset  # done with `said_after`
        return queryset.stated_between(first, last)

    def in_order(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return queryset.oldest_first() if value == "oldest" else queryset


def _letters() -> Iterator[tuple[str, str]]:
    """First letters as choices, asked for when they are read."""
    yield from ((letter, letter) for letter in initials())


class SourceFilterSet(Filters):
    """The filters of /sources/."""

    text = _words(_("Name"), "named")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Source.Kind.choices, empty_label=ANY)
    letter = django_filters.ChoiceFilter(
        label=_("First letter"), field_name="name", lookup_expr="istartswith", widget=forms.HiddenInput()
    )

    countings: ClassVar[dict[str, Counting]] = {"kind": counted_by_kind, "letter": counted_by_initial}
    field_order = ("text", "kind", "letter")

    class Meta:
        model = Source
        fields: list[str] = []

    def choices_of_rows(self) -> Iterable[tuple[str, Iterable[tuple[str, str]]]]:
        yield "letter", _letters()

    def named(self, queryset: Any, name: str, value: str) -> Any:
        return called(queryset, value)
