"""Sources in the admin: names, roles, merges and likely duplicates."""

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
from django.utils.translation import gettext_lazy, ngettext

from record import log, verbs
from record.history import render_history_page
from record.users import User
from sources import duplicates, merge
from sources.formsets import TableFormSet
from sources.images.forms import ImageProcessingMixin, ImageUpload, ImageUploadField
from sources.models import Affiliation, Merge, PossibleDuplicate, Source, SourceName
from sources.names import normalize_name
from sources.portraits import set_portrait
from sources.preferred_names import add_namesake_duplicates, update_preferred_name
from sources.resolver import MAX_NAME_CHARS, find_free_slug

#: Sources that the search of the merge page lists.
MAX_FOUND_SOURCES = 20
NAME_ERROR = gettext_lazy("A name needs at least one letter or digit.")


class LearnedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Edit a row that an import may have added; then it is the editor's."""

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
            raise forms.ValidationError(NAME_ERROR)
        return name


class OtherNameFormSet(TableFormSet):
    def clean(self) -> None:
        """Refuse a name that is equal to another one once normalized."""
        super().clean()
        preferred = normalize_name(self.instance.name)[:MAX_NAME_CHARS]
        seen = {preferred: self.instance.name}
        for form in self.forms:
            if form in self.deleted_forms or not form.cleaned_data.get("name"):
                continue
            same_name = seen.get(form.instance.folded)
            becomes_preferred = form.instance.pk and form.instance.folded == preferred
            if same_name is not None and not becomes_preferred:
                error = _(
                    "This counts as the same name as “%(name)s”: capitals, accents and “the” make no difference."
                )
                form.add_error("name", error % {"name": same_name})
            else:
                seen[form.instance.folded] = form.cleaned_data["name"]


class OtherNameInline(admin.TabularInline):  # type: ignore[type-arg]
    model = SourceName
    form = OtherNameForm
    formset = OtherNameFormSet
    extra = 1
    verbose_name = gettext_lazy("other name")
    verbose_name_plural = gettext_lazy("also known as (used to match imports)")

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
    picture = ImageUploadField(label=gettext_lazy("Image"), required=False, widget=AdminFileWidget)

    class Meta:
        model = Source
        fields = ("name", "kind", "slug", "description", "wikidata_id", "picture", "picture_credit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The last part of the source's address: /sources/…/. Leave it empty to use the name."
            )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not normalize_name(name):
            raise forms.ValidationError(NAME_ERROR)
        return name

    def clean_wikidata_id(self) -> str | None:
        return self.cleaned_data["wikidata_id"] or None  # the column is unique, so many sources cannot have ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slug") and cleaned.get("name") and "slug" in self.fields:
            cleaned["slug"] = self.instance.slug or find_free_slug(cleaned["name"])
        return cleaned


class MergedFilter(admin.SimpleListFilter):
    title = gettext_lazy("merged")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("own", gettext_lazy("not merged")), ("merged", gettext_lazy("merged into another source"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        return queryset if self.value() is None else queryset.filter(merged_into__isnull=self.value() == "own")


@admin.register(Source)
class SourceAdmin(ImageProcessingMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    form = SourceForm
    image_field_name = "picture"
    list_display = ("name", "kind", "other_names", "roles_summary", "merged_into_link")
    list_filter = ("kind", MergedFilter)
    search_fields = ("name", "names__name")
    search_help_text = gettext_lazy("Search by name or other name.")
    ordering = ("name", "id")
    show_full_result_count = False
    readonly_fields = ("merged_into", "created_at")
    fieldsets = (
        (None, {"fields": ("name", "kind", "description", ("picture", "picture_credit"))}),
        (gettext_lazy("Identifiers"), {"fields": ("slug", "wikidata_id", "merged_into", "created_at")}),
    )
    inlines = (OtherNameInline, AffiliationInline)
    change_form_template = "admin/sources/source/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        merge_url = path("<int:pk>/merge/", self.admin_site.admin_view(self.merge_page), name="sources_source_merge")
        return [merge_url, *super().get_urls()]

    def merge_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Compare a source with another one and show what a merge would move.

        POST merges the other source into this one, undoes a merge, or marks the two as different.
        """
        kept = get_object_or_404(Source, pk=pk)
        if not request.user.has_perm("sources.merge_source") or not isinstance(request.user, User):
            raise PermissionDenied
        other_id = request.POST.get("other") or request.GET.get("other") or ""
        other = Source.objects.filter(pk=int(other_id)).first() if other_id.isdecimal() else None
        if request.method == "POST":
            try:
                response = self._change_merge(request, kept, other, request.user)
            except merge.MergeError as error:
                messages.error(request, str(error))
                response = HttpResponseRedirect(request.path)
            if response is not None:
                return response
        other = other if other is not None and other.pk != kept.pk else None
        likely = PossibleDuplicate.objects.filter(Q(first=kept) | Q(second=kept), state=PossibleDuplicate.State.OPEN)
        query = request.GET.get("q", "").strip()
        sources = Source.objects.current().with_name_containing(query).exclude(pk=kept.pk).by_name()
        return TemplateResponse(
            request,
            "admin/sources/source/merge.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Merge another source into “%(source)s”") % {"source": kept},
                "opts": Source._meta,
                "kept": kept,
                "other": other,
                "moves": merge.preview_merge(kept, other) if other else [],
                "duplicate": likely.filter(_pair_condition(kept, other)).first() if other else None,
                "evidence": duplicates.list_evidence(kept, other) if other else [],
                "comparison": _comparison_rows(kept, other) if other else [],
                "likely": [
                    (pair.second if pair.first_id == kept.pk else pair.first, pair.evidence)
                    for pair in likely.select_related("first", "second")
                ],
                "query": query,
                "found": sources[:MAX_FOUND_SOURCES] if query else [],
                "merges": kept.merges.filter(undone_at=None).select_related("gone", "by"),
            },
        )

    def _change_merge(
        self, request: HttpRequest, kept: Source, other: Source | None, user: User
    ) -> HttpResponse | None:
        """Merge, undo or dismiss, as the page asks; return None for anything else."""
        if "undo" in request.POST:
            merged = get_object_or_404(Merge, pk=request.POST["undo"], kept=kept)
            unmoved = merge.undo_merge(merged, by=user)
            text = _("Merge undone: “%(gone)s” and “%(kept)s” are two sources again.")
            messages.success(request, text % {"gone": merged.gone, "kept": kept})
            if unmoved:
                rows = ", ".join(f"{label}: {count}" for label, count in unmoved)
                text = _("Not moved back, because it was changed since the merge: %(rows)s.")
                messages.warning(request, text % {"rows": rows})
            return HttpResponseRedirect(request.path)
        if "dismiss" in request.POST and other is not None:
            PossibleDuplicate.objects.filter(_pair_condition(kept, other), state=PossibleDuplicate.State.OPEN).update(
                state=PossibleDuplicate.State.DISMISSED
            )
            messages.success(request, _("Marked as two different sources. They are not suggested again."))
            return HttpResponseRedirect(f"{reverse('admin:sources_possibleduplicate_changelist')}?state__exact=open")
        if "merge" in request.POST and other is not None:
            merge.merge_sources(kept, other, by=user)
            text = _("“%(gone)s” was merged into “%(kept)s”. You can undo this below.")
            messages.success(request, text % {"gone": other, "kept": kept})
            return HttpResponseRedirect(request.path)
        return None

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
        """Leave merged sources out of autocomplete fields."""
        if request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(merged_into__isnull=True)
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=gettext_lazy("other names"))
    def other_names(self, source: Source) -> str | None:
        names = [row.name for row in source.others]  # type: ignore[attr-defined]
        return "; ".join(names[:3]) + ("; …" if len(names) > 3 else "") if names else None

    @admin.display(description=gettext_lazy("roles"))
    def roles_summary(self, source: Source) -> str | None:
        roles = source.roles  # type: ignore[attr-defined]
        return "; ".join(str(role) for role in roles[:2]) or None

    @admin.display(description=gettext_lazy("merged into"))
    def merged_into_link(self, source: Source) -> SafeString | None:
        return _source_link(source.merged_into) if source.merged_into else None

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """Save the source; store a new portrait with its renditions."""
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
                    _("{source} has one of these names too. The two are now listed as likely duplicates."),
                    source=_source_link(other),
                ),
            )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        entries = log.entries_for(Source(pk=int(object_id) if object_id.isdecimal() else 0))
        return render_history_page(self, request, object_id, entries, extra_context or {})

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """Refuse always: claims need their speakers. Duplicates are merged instead."""
        return False


def _pair_condition(source: Source, other: Source) -> Q:
    """Match the PossibleDuplicate of two sources, in either order."""
    return Q(first=source, second=other) | Q(first=other, second=source)


def _comparison_rows(kept: Source, other: Source) -> list[tuple[str, str, str]]:
    """Return the facts about two sources: (label, of `kept`, of `other`)."""

    def facts(source: Source) -> tuple[str, ...]:
        names = source.names.filter(preferred=False).values_list("name", flat=True)
        roles = source.affiliations.select_related("organisation")
        return (
            source.get_kind_display(),
            "; ".join(names),
            "; ".join(map(str, roles)),
            source.description,
            source.wikidata_id or "",
        )

    labels = (_("Kind"), _("Other names"), _("Roles"), _("Description"), _("Wikidata ID"))
    return list(zip(labels, facts(kept), facts(other), strict=True))


@admin.register(PossibleDuplicate)
class PossibleDuplicateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("pair_number", "first_source", "second_source", "evidence", "state", "compare_link")
    change_list_template = "admin/sources/possibleduplicate/change_list.html"
    list_display_links = ("pair_number",)
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
        look = path(
            "look/", self.admin_site.admin_view(self.find_duplicates_view), name="sources_possibleduplicate_look"
        )
        return [look, *super().get_urls()]

    def find_duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """Search all sources for likely duplicates."""
        if not request.user.has_perm("sources.change_possibleduplicate"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        open_count, new_count = duplicates.find_duplicates()
        new = ngettext("%(count)d new pair found.", "%(count)d new pairs found.", new_count) % {"count": new_count}
        undecided = ngettext("%(count)d pair to decide.", "%(count)d pairs to decide.", open_count)
        messages.success(request, f"{new} {undecided % {'count': open_count}}")
        return HttpResponseRedirect(f"{reverse('admin:sources_possibleduplicate_changelist')}?state__exact=open")

    @admin.display(description=gettext_lazy("compare"))
    def compare_link(self, pair: PossibleDuplicate) -> SafeString | None:
        """Link the page that compares the two sources, while the pair is open."""
        if pair.state != PossibleDuplicate.State.OPEN:
            return None
        page = reverse("admin:sources_source_merge", args=[pair.first_id])
        label = _("Compare %(first)s and %(second)s") % {"first": pair.first, "second": pair.second}
        return format_html('<a href="{}?other={}" aria-label="{}">{}</a>', page, pair.second_id, label, _("Compare"))

    @admin.display(description=gettext_lazy("pair"), ordering="id")
    def pair_number(self, pair: PossibleDuplicate) -> str:
        return _("Pair %(number)d") % {"number": pair.pk}

    @admin.display(description=gettext_lazy("first source"), ordering="first__name")
    def first_source(self, pair: PossibleDuplicate) -> SafeString:
        return _source_link(pair.first)

    @admin.display(description=gettext_lazy("second source"), ordering="second__name")
    def second_source(self, pair: PossibleDuplicate) -> SafeString:
        return _source_link(pair.second)

    @admin.action(description=gettext_lazy("Mark selected pairs as different sources"), permissions=["change"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[PossibleDuplicate]) -> None:
        count = queryset.filter(state=PossibleDuplicate.State.OPEN).update(state=PossibleDuplicate.State.DISMISSED)
        text = ngettext(
            "%(count)d pair marked as different sources.", "%(count)d pairs marked as different sources.", count
        )
        messages.success(request, text % {"count": count})

    @admin.action(description=gettext_lazy("Reopen selected pairs"), permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[PossibleDuplicate]) -> None:
        count = queryset.filter(state=PossibleDuplicate.State.DISMISSED).update(state=PossibleDuplicate.State.OPEN)
        text = ngettext("%(count)d pair reopened.", "%(count)d pairs reopened.", count)
        messages.success(request, text % {"count": count})

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Do not offer “merged”: only a merge sets it."""
        if db_field.name == "state":
            kwargs["choices"] = [c for c in PossibleDuplicate.State.choices if c[0] != PossibleDuplicate.State.MERGED]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PossibleDuplicate | None = None) -> bool:
        return False


def _source_link(source: Source) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("admin:sources_source_change", args=[source.pk]), source.name)
