"""What readers can filter by. Each filter is written out; a bad value shows its error beside its field."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Claim, Topic
from articles.querysets import ArticleQuerySet, ClaimQuerySet
from sources.models import Source
from sources.resolving import Resolver

#: The id of the list of names that every source field suggests from.
SUGGESTIONS = "source-names"


class SourceField(forms.CharField):
    """A source by its slug, its name or any alias; cleans to a Source."""

    def to_python(self, value: Any) -> Source | None:  # type: ignore[override]
        words = str(value or "").strip()
        if not words:
            return None
        source = Source.objects.select_related("merged_into").filter(slug=words[:120]).first()
        source = (source.merged_into or source) if source else Resolver().find(words[:200])
        if source is None:
            raise ValidationError(
                _("Nobody called “%(name)s” is on record here. Sources lists who is."), params={"name": words[:100]}
            )
        return source

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Nothing more to check: to_python found somebody or raised."""


class SourceFilter(django_filters.Filter):
    """Filters by a source through a named queryset method."""

    field_class = SourceField

    def __init__(self, *args: Any, through: str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": SUGGESTIONS, "autocomplete": "off"}))
        super().__init__(*args, **kwargs)
        self.through = through

    def filter(self, queryset: Any, value: Source | None) -> Any:
        return queryset if value is None else getattr(queryset, self.through)(value)


def _day(**kwargs: Any) -> django_filters.DateFilter:
    return django_filters.DateFilter(widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


def _topics(request: Any) -> Any:
    return Topic.objects.all()


class ArticleFilter(django_filters.FilterSet):
    """The filters of /articles/."""

    text = django_filters.CharFilter(
        label=_("Words"), method="with_words", max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    source = SourceFilter(label=_("Quotes or passes on"), through="quoting")
    figures = django_filters.BooleanFilter(
        label=_("With figures"), method="only_figures", widget=forms.CheckboxInput()
    )
    agency = django_filters.ModelChoiceFilter(
        label=_("Agency"),
        queryset=lambda request: Source.objects.filter(supplied_articles__isnull=False).distinct().order_by("name"),
        to_field_name="slug",
        empty_label=_("any"),
    )
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"), field_name="topics", queryset=_topics, to_field_name="slug", empty_label=_("any")
    )
    after = _day(label=_("Published from"), field_name="published_at", lookup_expr="date__gte")
    before = _day(label=_("to"), field_name="published_at", lookup_expr="date__lte")

    class Meta:
        model = Article
        fields: list[str] = []

    def with_words(self, queryset: ArticleQuerySet, name: str, value: str) -> ArticleQuerySet:
        return queryset.saying(value)

    def only_figures(self, queryset: ArticleQuerySet, name: str, value: bool) -> ArticleQuerySet:
        return queryset.with_figures() if value else queryset


class ClaimFilter(django_filters.FilterSet):
    """The filters of /claims/."""

    KINDS = (*Source.Kind.choices, ("unnamed", _("somebody unnamed")))

    text = django_filters.CharFilter(
        label=_("Words"), method="with_words", max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    anyone = SourceFilter(label=_("Said or passed on by"), through="involving")
    origin = SourceFilter(label=_("First said by"), through="originating_with")
    speaker = SourceFilter(label=_("Told to the outlet by"), through="spoken_by")
    figures = django_filters.BooleanFilter(
        label=_("With figures"), method="only_figures", widget=forms.CheckboxInput()
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of source"), choices=KINDS, method="of_kind", empty_label=_("any")
    )
    form = django_filters.ChoiceFilter(label=_("Form"), choices=Claim.Form.choices, empty_label=_("any"))
    modality = django_filters.ChoiceFilter(label=_("Put as"), choices=Claim.Modality.choices, empty_label=_("any"))
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"), field_name="article__topics", queryset=_topics, to_field_name="slug", empty_label=_("any")
    )
    said_after = _day(label=_("Said from"), field_name="stated_to", lookup_expr="gte")
    said_before = _day(label=_("to"), field_name="stated_from", lookup_expr="lte")
    after = _day(label=_("Published from"), field_name="article__published_at", lookup_expr="date__gte")
    before = _day(label=_("to"), field_name="article__published_at", lookup_expr="date__lte")
    figure_min = django_filters.NumberFilter(label=_("Figure from"), method="figure_from", max_digits=24)
    figure_max = django_filters.NumberFilter(label=_("to"), method="figure_to", max_digits=24)
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=(("oldest", _("oldest first")),),
        empty_label=_("newest first"),
        method="in_order",
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def with_words(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return queryset.saying(value)

    def of_kind(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return queryset.from_kind(value)

    def only_figures(self, queryset: ClaimQuerySet, name: str, value: bool) -> ClaimQuerySet:
        return queryset.with_figures() if value else queryset

    def figure_from(self, queryset: ClaimQuerySet, name: str, value: object) -> ClaimQuerySet:
        """Both ends at once, so that one figure of a claim must meet both."""
        return queryset.with_figure_between(value, self.form.cleaned_data.get("figure_max"))

    def figure_to(self, queryset: ClaimQuerySet, name: str, value: object) -> ClaimQuerySet:
        if self.form.cleaned_data.get("figure_min") is not None:
            return queryset  # figure_from has done it
        return queryset.with_figure_between(None, value)

    def in_order(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return queryset.oldest_first() if value == "oldest" else queryset


class SourceFilterSet(django_filters.FilterSet):
    """The filters of /sources/."""

    text = django_filters.CharFilter(
        label=_("Name"), method="named", max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Source.Kind.choices, empty_label=_("any"))

    class Meta:
        model = Source
        fields: list[str] = []

    def named(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.called(value)
