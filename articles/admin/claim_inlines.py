"""Inlines of the claim form: chain, anchors, figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.fields import MultilineCharField
from articles.admin.formatting import badge
from articles.models import Anchor, Claim, Hop, Quantity, Revision
from articles.permissions import may_review
from articles.text.find import PassageNotFoundError, find_passage
from articles.text.numbers import plain_decimal
from sources.formsets import TableFormSet

#: Added to positions while hops are reordered, so that no two have the same.
TEMPORARY_POSITION_OFFSET = 10_000


class ClaimPartInline(admin.TabularInline):  # type: ignore[type-arg]
    """Part of a claim, which users with the permission to review may change."""

    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_review(request.user) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_review(request.user) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_review(request.user) and super().has_delete_permission(request, obj)


class HopForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Hop
        fields = ("position", "source", "unnamed", "mention", "verb", "organisation", "explicit")

    def clean_position(self) -> int:
        position: int = self.cleaned_data["position"]
        if not 1 <= position < TEMPORARY_POSITION_OFFSET:
            raise forms.ValidationError(_("Positions start at 1, the origin."))
        return position

    def validate_unique(self) -> None:
        """Skip the check against stored rows: two hops may swap places.

        The formset compares the new positions.
        """

    def validate_constraints(self) -> None:
        exclude = {*self._get_validation_exclusions(), "position"}  # type: ignore[attr-defined]
        try:
            self.instance.validate_constraints(exclude=exclude)
        except forms.ValidationError as error:
            self.add_error(None, error)


class HopFormSet(TableFormSet):
    def clean(self) -> None:
        """Require a speaker if readers may see the claim, or if it is being accepted."""
        super().clean()
        if any(self.errors) or any(form.has_changed() or form.instance.pk for form in self._remaining_forms()):
            return
        if "_accept" in self.data:
            raise forms.ValidationError(_("Add a speaker before you accept this claim."))
        if self.instance.review in Claim.SHOWN_REVIEWS and "_reject" not in self.data:
            raise forms.ValidationError(
                _("Readers may see this claim, so it needs a speaker. Add one, or reject the claim.")
            )

    def _remaining_forms(self) -> list[Any]:
        return [form for form in self.forms if form not in self.deleted_forms]

    def save(self, commit: bool = True) -> list[Hop]:
        """Save the hops in their new order, numbered from 1 without gaps."""
        if commit and self.has_changed():
            self.get_queryset().update(position=F("position") + TEMPORARY_POSITION_OFFSET)
            for form in self.initial_forms:
                if not form.has_changed():
                    Hop.objects.filter(pk=form.instance.pk).update(position=form.instance.position)
        saved: list[Hop] = super().save(commit)
        if commit and self.has_changed():
            for number, hop in enumerate(self.instance.hops.order_by("position"), start=1):
                if hop.position != number:
                    Hop.objects.filter(pk=hop.pk).update(position=number)
        return saved


class HopInline(ClaimPartInline):
    model = Hop
    form = HopForm
    formset = HopFormSet
    autocomplete_fields = ("source", "organisation")
    verbose_name_plural = gettext_lazy("chain: the original source (1), then who relayed it")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hop]:
        return super().get_queryset(request).select_related("source", "organisation").order_by("position")


class AnchorForm(forms.ModelForm):  # type: ignore[type-arg]
    """Edit an anchor by its text; an offset is needed only if that is repeated."""

    words = MultilineCharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        label=gettext_lazy("text"),
        help_text=gettext_lazy("Exactly as in the story."),
    )

    class Meta:
        model = Anchor
        fields = ("part", "words", "start")
        help_texts = {"start": gettext_lazy("Needed only if the text occurs more than once.")}

    claim: Claim | None = None  # set by the formset: an anchor of a new claim has none yet

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "start" in self.fields:
            self.fields["start"].required = False
        if self.instance.pk and self.instance.state != Anchor.State.LOST:
            self.initial["words"] = self.instance.words

    def clean(self) -> dict[str, Any]:
        """Find the text in the anchor's revision; for a new anchor in the latest."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not cleaned.get("words"):
            if self.instance.pk and self.instance.state == Anchor.State.LOST:
                cleaned["start"] = self.instance.start  # still lost: nobody has entered its text
            else:
                self.add_error("words", _("Enter the text of this part, exactly as in the story."))
            return cleaned
        revision = self.get_revision()
        if revision is None:
            raise forms.ValidationError(_("Choose a story that has text."))
        try:
            start, end = find_passage(revision.text, cleaned["words"], near=cleaned.get("start"))
        except PassageNotFoundError as error:
            self.add_error("words", _(error.message) % error.params)
            return cleaned
        self.instance.revision = revision
        self.instance.end = end
        cleaned["start"] = start
        if "words" in self.changed_data or "start" in self.changed_data:
            self.instance.state = Anchor.State.EXACT
        return cleaned

    def get_revision(self) -> Revision | None:
        if self.instance.revision_id:
            revision: Revision = self.instance.revision
            return revision
        return self.claim.article.latest if self.claim is not None and self.claim.article_id else None


class AnchorFormSet(TableFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.claim = self.instance

    def save_new(self, form: Any, commit: bool = True) -> Anchor:
        """Save a new anchor for the live revision too, if its text occurs there once."""
        anchor: Anchor = super().save_new(form, commit)
        live = self.instance.article.live
        if commit and live is not None and live != anchor.revision:
            try:
                start, end = find_passage(live.text, form.cleaned_data["words"])
            except PassageNotFoundError:
                return anchor
            Anchor.objects.create(claim=self.instance, revision=live, part=anchor.part, start=start, end=end)
        return anchor


class AnchorInline(ClaimPartInline):
    model = Anchor
    form = AnchorForm
    formset = AnchorFormSet
    fields = ("part", "words", "start", "revision_label")
    readonly_fields = ("revision_label",)
    verbose_name_plural = gettext_lazy("place in the text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Anchor]:
        """Return anchors in the latest and the live revision, with their text.

        The database cuts the text out, so that no whole revision is read.
        """
        current = Q(revision=F("claim__article__latest")) | Q(revision=F("claim__article__live"))
        words = Substr("revision__text", F("start") + 1, F("end") - F("start"))
        rows: QuerySet[Anchor] = super().get_queryset(request).filter(current).annotate(words=words)
        return rows.select_related("revision", "claim__article").order_by("-revision__number", "start")

    @admin.display(description=gettext_lazy("revision"))
    def revision_label(self, anchor: Anchor) -> SafeString | str:
        if not anchor.pk:
            return _("the latest revision")
        is_live = anchor.revision_id == anchor.claim.article.live_id
        label = _("revision %(number)d (live)") if is_live else _("revision %(number)d (draft)")
        label %= {"number": anchor.revision.number}
        if anchor.state != Anchor.State.LOST:
            return label
        return format_html("{} {}", badge("lost", _("lost passage")), label)


class QuantityForm(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show bounds without trailing zeros: 100, not 100.000000."""
        super().__init__(*args, **kwargs)
        for name in ("lower", "upper"):
            bound = self.initial.get(name)
            if bound is not None:
                self.initial[name] = plain_decimal(bound)


class QuantityInline(ClaimPartInline):
    model = Quantity
    form = QuantityForm
    formset = TableFormSet
    fields = (
        "raw",
        "counts",
        "unit",
        "lower",
        "lower_inclusive",
        "upper",
        "upper_inclusive",
        "approximate",
        "ledger",
    )
    autocomplete_fields = ("ledger",)
    verbose_name_plural = gettext_lazy("figures: as written, and their bounds (an empty bound is open)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quantity]:
        return super().get_queryset(request).select_related("ledger")


def has_content_changed(formset: Any) -> bool:
    """Return whether a formset changes what a claim says. A ledger does not."""
    if formset.model is Quantity:
        return any(form.has_changed() and set(form.changed_data) != {"ledger"} for form in formset.forms)
    return bool(formset.has_changed())
