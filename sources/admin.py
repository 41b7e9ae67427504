"""The desk's pages about who speaks: sources with their names and roles, and likely duplicates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from record import log, verbs
from record.history import render_history_page
from record.users import User
from sources import duplicates
from sources import merge as merging
from sources.formsets import TableFormSet
from sources.images.forms import ImageProcessingMixin, ImageUpload, ImageUploadField
from sources.models import Affiliation, Merge, PossibleDuplicate, Source, SourceName
from sources.names import normalize_name
from sources.portraits import set_portrait
from sources.preferred_names import add_namesake_duplicates, update_preferred_name
from sources.resolver import MAX_NAME_CHARS, find_free_slug


class LearnedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row that copy may have given: what an editor writes is the editor's."""

    def save(self, commit: bool = True) -> Any:
        if set(self.changed_data) - {"learned"}:
            self.instance.learned = False
        return super().save(commit)


class OtherNameForm(LearnedForm):
    class Meta:
        model = SourceName
        fields = ("name", "learned")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        self.instance.folded = normalize_name(name)[:MAX_NAME_CHARS]
        if not self.instance.folded:
            raise forms.ValidationError("A name needs at least one letter or figure.")
        return name


class OtherNameFormSet(TableFormSet):
    def clean(self) -> None:
        """Names are compared folded: two that fold to one are one name."""
        super().clean()
        preferred = normalize_name(self.instance.name)[:MAX_NAME_CHARS]
        seen = {preferred: self.instance.name}
        for form in self.forms:
            if form in self.deleted_forms or not form.cleaned_data.get("name"):
                continue
            known = seen.get(form.instance.folded)
            becomes_preferred = form.instance.pk and form.instance.folded == preferred
            if known is not None and not becomes_preferred:
                form.add_error("name", f"To the resolver this is the same name as “{known}”.")
            else:
                seen[form.instance.folded] = form.cleaned_data["name"]


class OtherNameInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SourceName
    form = OtherNameForm
    formset = OtherNameFormSet
    extra = 1
    verbose_name = "other name"
    verbose_name_plural = "other names: a mention by one of these resolves to this source at the next import"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceName]:
        return super().get_queryset(request).filter(preferred=False)


class AffiliationInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Affiliation
    form = LearnedForm
    fk_name = "person"
    formset = TableFormSet
    autocomplete_fields = ("organisation",)
    extra = 0


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    picture = ImageUploadField(required=False, widget=AdminFileWidget)

    class Meta:
        model = Source
        fields = ("name", "kind", "slug", "description", "wikidata_id", "picture", "picture_credit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = "The address: /sources/…/. Left empty, it is made from the name."

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not normalize_name(name):
            raise forms.ValidationError("A name needs at least one letter or figure.")
        return name

    def clean_wikidata_id(self) -> str | None:
        return self.cleaned_data["wikidata_id"] or None  # unique when set: nothing is not a value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slug") and cleaned.get("name") and "slug" in self.fields:
            cleaned["slug"] = self.instance.slug or find_free_slug(cleaned["name"])
        return cleaned


class MergedFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("own", "stands for itself"), ("merged", "merged into another")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        return queryset if self.value() is None else queryset.filter(merged_into__isnull=self.value() == "own")


@admin.register(Source)
class SourceAdmin(ImageProcessingMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    form = SourceForm
    image_field_name = "picture"
    list_display = ("name", "kind", "other_names", "roles_summary", "merged_into_link")
    list_filter = ("kind", MergedFilter)
    search_fields = ("name", "names__name")
    search_help_text = "Names and aliases"
    ordering = ("name", "id")
    show_full_result_count = False
    readonly_fields = ("merged_into", "created_at")
    fieldsets = (
        (None, {"fields": ("name", "kind", "description", ("picture", "picture_credit"))}),
        ("Elsewhere", {"fields": ("slug", "wikidata_id", "merged_into", "created_at")}),
    )
    inlines = (OtherNameInline, AffiliationInline)
    change_form_template = "admin/sources/source/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:pk>/merge/", self.admin_site.admin_view(self.merge_page), name="sources_source_merge")
        return [own, *super().get_urls()]

    def merge_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Merge another source into this one, after saying what that moves; and take merges back."""
        kept = get_object_or_404(Source, pk=pk)
        if not request.user.has_perm("sources.merge_source") or not isinstance(request.user, User):
            raise PermissionDenied
        asked = request.POST.get("other") or request.GET.get("other") or ""
        other = Source.objects.filter(pk=int(asked)).first() if asked.isdecimal() else None
        try:
            if request.method == "POST" and "undo" in request.POST:
                made = get_object_or_404(Merge, pk=request.POST["undo"], kept=kept)
                stays = merging.undo_merge(made, by=request.user)
                messages.success(
                    request,
                    _("%(gone)s and %(kept)s are two sources again.")
                    % {
                        "gone": made.gone,
                        "kept": kept,
                    },
                )
                if stays:
                    what = ", ".join(f"{count} {label}" for label, count in stays)
                    messages.warning(request, _("Changed since the merge, and so left as it is: %s.") % what)
                return HttpResponseRedirect(request.path)
            if request.method == "POST" and "dismiss" in request.POST and other is not None:
                pair = PossibleDuplicate.objects.filter(
                    _pair_condition(kept, other), state=PossibleDuplicate.State.OPEN
                )
                pair.update(state=PossibleDuplicate.State.DISMISSED)
                messages.success(request, _("Noted: two sources. You will not be asked again."))
                return HttpResponseRedirect(
                    f"{reverse('admin:sources_possibleduplicate_changelist')}?state__exact=open"
                )
            if request.method == "POST" and "merge" in request.POST and other is not None:
                merging.merge_sources(kept, other, by=request.user)
                messages.success(
                    request, f"{other} is now {kept}. Its old address leads here; you can undo this below."
                )
                return HttpResponseRedirect(request.path)
        except merging.MergeError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        likely = PossibleDuplicate.objects.filter(Q(first=kept) | Q(second=kept), state=PossibleDuplicate.State.OPEN)
        noted = likely.filter(_pair_condition(kept, other)).first() if other is not None else None
        words = request.GET.get("q", "").strip()
        found = (
            Source.objects.current().with_name_containing(words).exclude(pk=kept.pk).by_name()[:20] if words else []
        )
        return TemplateResponse(
            request,
            "admin/sources/source/merge.html",
            {
                **self.admin_site.each_context(request),
                "title": f"Merge another source into “{kept}”",
                "opts": Source._meta,
                "kept": kept,
                "other": other if other is not None and other.pk != kept.pk else None,
                "moves": merging.preview_merge(kept, other) if other is not None else [],
                "noted": noted,
                "evidence": duplicates.list_evidence(kept, other) if other is not None and other.pk != kept.pk else [],
                "beside": _comparison_rows(kept, other) if other is not None and other.pk != kept.pk else [],
                "likely": [
                    (one.second if one.first_id == kept.pk else one.first, one.evidence)
                    for one in likely.select_related("first", "second")
                ],
                "found": found,
                "words": words,
                "merges": kept.merges.filter(undone_at=None).select_related("gone", "by"),
            },
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        others = SourceName.objects.filter(preferred=False)
        roles = Affiliation.objects.select_related("organisation")
        return (
            super()
            .get_queryset(request)
            .select_related("merged_into")
            .prefetch_related(
                Prefetch("names", others, to_attr="others"), Prefetch("affiliations", roles, to_attr="roles")
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Source], search_term: str
    ) -> tuple[QuerySet[Source], bool]:
        """In a field to choose from, a source that was merged away is no choice."""
        if request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(merged_into__isnull=True)
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="other names", empty_value="–")
    def other_names(self, source: Source) -> str | None:
        names = [row.name for row in source.others]  # type: ignore[attr-defined]
        return "; ".join(names[:3]) + ("; …" if len(names) > 3 else "") if names else None

    @admin.display(description="role")
    def roles_summary(self, source: Source) -> str | None:
        roles = source.roles  # type: ignore[attr-defined]
        return "; ".join(str(role) for role in roles[:2]) or None

    @admin.display(description="merged into")
    def merged_into_link(self, source: Source) -> SafeString | None:
        return _source_link(source.merged_into) if source.merged_into else None

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """Save the source; a new portrait is stored with its sizes."""
        upload = form.cleaned_data.get("picture")
        if isinstance(upload, ImageUpload) or not obj.picture:
            set_portrait(obj, upload or None)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        update_preferred_name(form.instance)
        parts = [str(f.model._meta.verbose_name_plural) for f in formsets if f.has_changed()]
        if not change or form.has_changed() or parts:
            verb = verbs.CHANGED if change else verbs.ADDED
            by = request.user if isinstance(request.user, User) else None
            log.record(verb, form.instance, user=by, fields=[*form.changed_data, *parts] if change else ())
        for other in add_namesake_duplicates(form.instance):
            messages.warning(
                request,
                format_html(
                    "{} goes by one of these names too. The two are now listed under likely duplicates.",
                    _source_link(other),
                ),
            )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        acts = log.entries_for(Source(pk=int(object_id) if object_id.isdecimal() else 0))
        return render_history_page(self, request, object_id, acts, extra_context or {})

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """Never: what was said stays said by somebody. Two sources that are one are merged."""
        return False


def _pair_condition(one: Source, other: Source) -> Q:
    """The likeness of two sources, whichever is the older."""
    return Q(first=one, second=other) | Q(first=other, second=one)


def _comparison_rows(kept: Source, other: Source) -> list[tuple[str, str, str]]:
    """What is known of two sources, row by row: (what, of the one, of the other)."""

    def row(source: Source) -> tuple[str, ...]:
        names = source.names.filter(preferred=False).values_list("name", flat=True)
        roles = source.affiliations.select_related("organisation")
        return (
            source.get_kind_display(),
            "; ".join(names),
            "; ".join(map(str, roles)),
            source.description,
            source.wikidata_id or "",
        )

    labels = (_("Kind"), _("Other names"), _("Roles"), _("Description"), _("Wikidata id"))
    return list(zip(labels, row(kept), row(other), strict=True))


@admin.register(PossibleDuplicate)
class PossibleDuplicateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("pair", "first_source", "second_source", "evidence", "state", "compare_link")
    change_list_template = "admin/sources/possibleduplicate/change_list.html"
    list_display_links = ("pair",)
    list_filter = (("state", admin.ChoicesFieldListFilter),)
    list_select_related = ("first", "second")
    search_fields = ("first__name", "second__name")
    actions = ("dismiss", "reopen")
    fields = ("first_source", "second_source", "evidence", "state", "created_at")
    readonly_fields = ("first_source", "second_source", "evidence", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: PossibleDuplicate | None = None) -> list[str]:
        merged = obj is not None and obj.state == PossibleDuplicate.State.MERGED
        return [*self.readonly_fields, *(["state"] if merged else [])]

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "look/", self.admin_site.admin_view(self.find_duplicates_view), name="sources_possibleduplicate_look"
        )
        return [own, *super().get_urls()]

    def find_duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """Look through all sources for more pairs."""
        if not request.user.has_perm("sources.change_possibleduplicate"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        waiting, new = duplicates.find_duplicates()
        messages.success(
            request,
            ngettext("%(new)d new pair found.", "%(new)d new pairs found.", new) % {"new": new}
            + " "
            + ngettext("%(count)d waits for a decision.", "%(count)d wait for a decision.", waiting)
            % {"count": waiting},
        )
        return HttpResponseRedirect(f"{reverse('admin:sources_possibleduplicate_changelist')}?state__exact=open")

    @admin.display(description="decide", empty_value="–")
    def compare_link(self, likeness: PossibleDuplicate) -> SafeString | None:
        """The page that shows the two side by side."""
        if likeness.state != PossibleDuplicate.State.OPEN:
            return None
        page = reverse("admin:sources_source_merge", args=[likeness.first_id])
        label = _("Compare %(one)s and %(other)s") % {"one": likeness.first, "other": likeness.second}
        return format_html(
            '<a href="{}?other={}" aria-label="{}">{}</a>', page, likeness.second_id, label, _("Compare")
        )

    @admin.display(description="pair", ordering="id")
    def pair(self, likeness: PossibleDuplicate) -> str:
        return f"Pair {likeness.pk}"

    @admin.display(description="one", ordering="first__name")
    def first_source(self, likeness: PossibleDuplicate) -> SafeString:
        return _source_link(likeness.first)

    @admin.display(description="other", ordering="second__name")
    def second_source(self, likeness: PossibleDuplicate) -> SafeString:
        return _source_link(likeness.second)

    @admin.action(description="Not the same: do not ask again", permissions=["change"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[PossibleDuplicate]) -> None:
        count = queryset.filter(state=PossibleDuplicate.State.OPEN).update(state=PossibleDuplicate.State.DISMISSED)
        messages.success(request, f"{count} dismissed.")

    @admin.action(description="Ask again", permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[PossibleDuplicate]) -> None:
        count = queryset.filter(state=PossibleDuplicate.State.DISMISSED).update(state=PossibleDuplicate.State.OPEN)
        messages.success(request, f"{count} opened again.")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """That two were merged is written by merging them."""
        if db_field.name == "state":
            kwargs["choices"] = [c for c in PossibleDuplicate.State.choices if c[0] != PossibleDuplicate.State.MERGED]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PossibleDuplicate | None = None) -> bool:
        return False


def _source_link(source: Source) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("admin:sources_source_change", args=[source.pk]), source.name)
