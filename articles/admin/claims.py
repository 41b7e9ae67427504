"""The desk's list of claims, a claim's page, and judging many at once."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.admin import undo as undoing
from articles.admin.claim_inlines import AnchorInline, HopInline, QuantityInline, has_content_changed
from articles.admin.formatting import admin_link, format_chain, format_quantities, review_badge
from articles.admin.lost_anchors import lost_anchors_page
from articles.admin.search import IndexedSearchMixin, claim_search_condition
from articles.claims import review as reviewing
from articles.claims.carry_over import update_claim_order
from articles.claims.review import HAS_SPEAKER
from articles.desk import actions as acting
from articles.desk.snapshots import take_snapshot, with_parts
from articles.errors import NoSpeakerError, RefusedError
from articles.extraction import EXTRACTOR_VERSION
from articles.models import Claim, Hop, Quantity
from articles.permissions import may_review, require_user
from record import log, verbs
from record.history import render_history_page
from sources.models import Source

#: Claims shown by name before many are judged at once.
MAX_PREVIEW_CLAIMS = 20
#: From this confidence on the extractor is nearly always right, and below the other mostly wrong.
HIGH_CONFIDENCE, LOW_CONFIDENCE = 0.8, 0.5


class ConfidenceFilter(admin.SimpleListFilter):
    title = "confidence"
    parameter_name = "confidence_band"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("sure", f"{HIGH_CONFIDENCE:.0%} and more"),
            ("middling", f"{LOW_CONFIDENCE:.0%} to {HIGH_CONFIDENCE:.0%}"),
            ("unsure", f"below {LOW_CONFIDENCE:.0%}"),
            ("none", "not given"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        bands = {
            "sure": Q(confidence__gte=HIGH_CONFIDENCE),
            "middling": Q(confidence__gte=LOW_CONFIDENCE, confidence__lt=HIGH_CONFIDENCE),
            "unsure": Q(confidence__lt=LOW_CONFIDENCE),
            "none": Q(confidence__isnull=True),
        }
        return queryset.filter(bands.get(self.value() or "", Q()))


class ExtractorFilter(admin.SimpleListFilter):
    title = "found by"
    parameter_name = "found_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("current", f"this extractor ({EXTRACTOR_VERSION})"),
            ("other", "another one"),
            ("editor", "an editor"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        by = {
            "current": Q(extractor=EXTRACTOR_VERSION),
            "other": ~Q(extractor__in=[EXTRACTOR_VERSION, ""]),
            "editor": Q(extractor=""),
        }
        return queryset.filter(by.get(self.value() or "", Q()))


class QuantityFilter(admin.SimpleListFilter):
    title = "figures"
    parameter_name = "figures"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "with a figure"), ("no", "without one")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        has = Exists(Quantity.objects.filter(claim=OuterRef("pk")))
        return queryset.filter({"yes": has, "no": ~has}.get(self.value() or "", Q()))


class SpeakerKindFilter(admin.SimpleListFilter):
    title = "speakers"
    parameter_name = "speakers"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((str(value), str(label)) for value, label in Source.Kind.choices), ("unnamed", "unnamed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        if not self.value():
            return queryset
        hops = Hop.objects.filter(claim=OuterRef("pk"))
        unnamed = self.value() == "unnamed"
        hops = hops.filter(unnamed__isnull=False) if unnamed else hops.filter(source__kind=self.value())
        return queryset.filter(Exists(hops))


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Claim
        fields = ("article", "statement", "form", "modality", "cue", "stated_from", "stated_to", "stated_words")
        widgets = {"statement": forms.Textarea(attrs={"rows": 3, "cols": 80})}
        labels = {"stated_from": "said on, from", "stated_to": "to", "stated_words": "in the copy's words"}


@admin.register(Claim)
class ClaimAdmin(IndexedSearchMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    form = ClaimForm
    list_display = (
        "__str__",
        "chain_display",
        "form",
        "quantities_display",
        "confidence_percent",
        "review_state",
        "article_link",
    )
    list_filter = (
        "review",
        "form",
        "modality",
        ConfidenceFilter,
        SpeakerKindFilter,
        QuantityFilter,
        ExtractorFilter,
        "reporting",
        ("reviewed_how", admin.ChoicesFieldListFilter),
    )
    date_hierarchy = "stated_from"
    search_fields = ("statement",)
    search_condition = staticmethod(claim_search_condition)
    search_help_text = "Statements and speakers"
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("accept_claims", "reject_claims")
    autocomplete_fields = ("article",)
    readonly_fields = ("article_link", "review_details", "found_by", "created_at")
    inlines = (HopInline, AnchorInline, QuantityInline)
    save_on_top = False
    change_form_template = "admin/articles/claim/change_form.html"

    # --- The list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return (
            super()
            .get_queryset(request)
            .select_related("article__latest", "reviewed_by")
            .defer("article__latest__body", "article__latest__text", "article__latest__summary")
            .prefetch_related("hops__source", "hops__organisation", "quantities")
        )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Other pages lead to the claims of a story, a source, a ledger."""
        if lookup in {"article__id__exact", "hops__source__id__exact", "quantities__ledger__id__exact"}:
            return True
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description="who said it, origin first")
    def chain_display(self, claim: Claim) -> SafeString | None:
        return format_chain(claim)

    @admin.display(description="figures")
    def quantities_display(self, claim: Claim) -> SafeString | None:
        return format_quantities(claim)

    @admin.display(description="sure", ordering="confidence")
    def confidence_percent(self, claim: Claim) -> str | None:
        return None if claim.confidence is None else f"{claim.confidence:.0%}"

    @admin.display(description="review", ordering="review")
    def review_state(self, claim: Claim) -> SafeString:
        return review_badge(claim)

    @admin.display(description="article")
    def article_link(self, claim: Claim) -> SafeString | None:
        return admin_link(claim.article) if claim.article_id else None

    @admin.action(description="Accept the selected claims", permissions=["review"])
    def accept_claims(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse | None:
        return self._review_many(request, queryset, "accept")

    @admin.action(description="Reject the selected claims", permissions=["review"])
    def reject_claims(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse | None:
        return self._review_many(request, queryset, "reject")

    def _review_many(self, request: HttpRequest, queryset: QuerySet[Claim], verdict: str) -> HttpResponse | None:
        """Ask first, saying how many and which; then do it and say what was left alone."""
        ids = queryset.order_by().values_list("pk", flat=True)
        if "confirmed" not in request.POST:
            states = [Claim.Review.PROPOSED, Claim.Review.REJECTED]
            change = Q(review__in=states) & HAS_SPEAKER if verdict == "accept" else ~Q(review=Claim.Review.REJECTED)
            silent = queryset.filter(~HAS_SPEAKER, review__in=states).count() if verdict == "accept" else 0
            return TemplateResponse(
                request,
                "admin/articles/claim/review_many.html",
                {
                    **self.admin_site.each_context(request),
                    "title": f"{verdict.title()} many claims",
                    "opts": self.opts,
                    "verdict": verdict,
                    "action": f"{verdict}_claims",
                    "total": queryset.count(),
                    "changing": queryset.filter(change).count(),
                    "silent": silent,
                    "preview": queryset.filter(change)[:MAX_PREVIEW_CLAIMS],
                    "selected": request.POST.getlist("_selected_action"),
                    "select_across": request.POST.get("select_across", "0"),
                    "undoable": undoing.CLAIMS,
                },
            )
        judge = reviewing.accept_claims if verdict == "accept" else reviewing.reject_claims
        judged = judge(list(ids), by=require_user(request.user), how=Claim.ReviewMethod.BULK)
        done = f"{'Accepted' if verdict == 'accept' else 'Rejected'} {len(judged)} claim{'s' * (len(judged) != 1)}"
        left = len(ids) - len(judged)
        messages.success(
            request,
            format_html(
                "{}{}.{}",
                done,
                f"; {left} left as they were" if left else "",
                format_html(' <a href="{}">Undo</a>', reverse("admin:articles_claim_undo"))
                if undoing.remember(request, done, judged)
                else "",
            ),
        )
        return None

    # --- A claim's page ---

    def get_fieldsets(self, request: HttpRequest, obj: Claim | None = None) -> Any:
        said = {"fields": (("stated_from", "stated_to", "stated_words"),)}
        what = ("statement", ("form", "modality", "cue"))
        if obj is None:
            return [(None, {"fields": ("article", *what)}), ("When it was said", said)]
        return [
            (None, {"fields": ("article_link", *what)}),
            ("When it was said", said),
            ("Review", {"fields": ("review_details", "found_by", "created_at")}),
        ]

    @admin.display(description="review")
    def review_details(self, claim: Claim) -> SafeString:
        if claim.reviewed_at is None:
            return review_badge(claim)
        about = {
            "how": claim.get_reviewed_how_display(),
            "who": claim.reviewed_by,
            "when": date_format(timezone.localtime(claim.reviewed_at), "j F Y, H:i"),
        }
        words = _("%(how)s by %(who)s, %(when)s") if claim.reviewed_by else _("%(how)s, %(when)s")
        return format_html("{} {}", review_badge(claim), words % about)

    @admin.display(description="found by")
    def found_by(self, claim: Claim) -> str:
        if not claim.extractor:
            return "an editor"
        return claim.extractor if claim.confidence is None else f"{claim.extractor}, {claim.confidence:.0%} sure"

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        """Write what was changed and no more: a judgement made meanwhile stays."""
        if change:
            form.before = take_snapshot(with_parts(Claim.objects.filter(pk=obj.pk)).get())
            obj.save(update_fields=[name for name in form.changed_data if name in ClaimForm.Meta.fields])
        else:
            obj.save()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        claim = Claim.objects.select_related("article").get(pk=form.instance.pk)
        update_claim_order(claim)
        if not change:
            by = require_user(request.user)
            log.record(verbs.ADDED, claim, user=by, article=claim.article_id)
            try:
                reviewing.accept_claims([claim], by=by, how=Claim.ReviewMethod.DESK)
            except NoSpeakerError:
                messages.warning(request, _("The claim waits: readers see it once it names somebody who said it."))
        elif form.has_changed() or any(has_content_changed(formset) for formset in formsets):
            parts = [str(f.model._meta.verbose_name_plural) for f in formsets if f.has_changed()]
            # HopFormSet lets a shown claim lose its last speaker only where it is rejected next.
            with suppress(NoSpeakerError):
                reviewing.mark_edited([claim], by=require_user(request.user), fields=[*form.changed_data, *parts])
            acting.record_edit(claim, form.before, by=require_user(request.user))

    def response_change(self, request: HttpRequest, obj: Claim) -> HttpResponse:
        """ "Accept" and "Reject" save, judge, and lead back to the story's claims, at the next one."""
        verdict = next((v for v in ("accept", "reject") if f"_{v}" in request.POST), None)
        if verdict is None:
            return super().response_change(request, obj)
        try:
            done = acting.judge(obj, verdict, by=require_user(request.user))
        except RefusedError as error:
            messages.error(request, error.sentence)
        else:
            messages.success(request, f"{done.action.sentence}.")
        return HttpResponseRedirect(
            reverse("admin:articles_article_review", args=[obj.article_id]) + f"?after={obj.pk}"
        )

    def get_view_on_site_url(self, obj: Claim | None = None) -> str | None:
        """Only what readers can see has a page there."""
        public = obj is not None and Claim.objects.public().filter(pk=obj.pk).exists()
        return obj.get_absolute_url() if obj is not None and public else None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        pk = int(object_id) if object_id.isdecimal() else 0
        acts = log.entries_for(Claim(pk=pk))
        return render_history_page(self, request, object_id, acts, extra_context or {})

    # --- Taking a judgement back ---

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("undo/", wrap(self.undo_view), name="articles_claim_undo"),
            path("lost/", wrap(self.lost_anchors_view), name="articles_claim_lost"),
            *super().get_urls(),
        ]

    def lost_anchors_view(self, request: HttpRequest) -> HttpResponse:
        return lost_anchors_page(self, request)

    def undo_view(self, request: HttpRequest) -> HttpResponse:
        """What the last judgement was; POST takes it back."""
        if not may_review(request.user):
            raise PermissionDenied
        if request.method == "POST":
            what, restored, _claims = undoing.take_back(request, by=require_user(request.user))
            if what:
                messages.success(request, f"Undone: {what}. {restored} as before.")
            return HttpResponseRedirect(reverse("admin:articles_claim_changelist"))
        return TemplateResponse(
            request,
            "admin/articles/claim/undo.html",
            {
                **self.admin_site.each_context(request),
                "title": "Take back the last judgement",
                "opts": self.opts,
                "step": undoing.last(request),
            },
        )

    # --- Who may ---

    def has_review_permission(self, request: HttpRequest) -> bool:
        return may_review(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_review(request.user) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return may_review(request.user) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """What somebody has judged is never deleted: rejecting keeps it from coming back."""
        judged = obj is not None and obj.review != Claim.Review.PROPOSED
        return not judged and super().has_delete_permission(request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        claim = self.get_object(request, unquote(object_id))
        review = reverse("admin:articles_article_review", args=[claim.article_id]) if claim else ""
        extra = {"may_review": may_review(request.user), "review_url": review, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)
