"""The list of claims, the claim form, and the review of many claims at once."""

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
from django.utils.translation import gettext_lazy, ngettext

from articles.admin import undo
from articles.admin.claim_inlines import AnchorInline, HopInline, QuantityInline, has_content_changed
from articles.admin.formatting import admin_link, format_chain, format_quantities, review_badge
from articles.admin.lost_anchors import lost_anchors_page
from articles.admin.search import IndexedSearchMixin, claim_search_condition
from articles.claims import review
from articles.claims.carry_over import update_claim_order
from articles.claims.review import HAS_SPEAKER
from articles.desk import actions as desk_actions
from articles.desk.snapshots import take_snapshot, with_parts
from articles.errors import NoSpeakerError, RefusedError
from articles.extraction import EXTRACTOR_VERSION
from articles.models import Claim, Hop, Quantity
from articles.permissions import may_review, require_user
from record import log, verbs
from record.history import render_history_page
from sources.models import Source

#: Claims listed before many are reviewed at once.
MAX_PREVIEW_CLAIMS = 20
#: With high confidence the extractor is nearly always right, with low confidence mostly wrong.
HIGH_CONFIDENCE, LOW_CONFIDENCE = 0.8, 0.5


class ConfidenceFilter(admin.SimpleListFilter):
    title = gettext_lazy("confidence")
    parameter_name = "confidence_band"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("sure", _("%(low)s or more") % {"low": f"{HIGH_CONFIDENCE:.0%}"}),
            (
                "middling",
                _("%(low)s to %(high)s") % {"low": f"{LOW_CONFIDENCE:.0%}", "high": f"{HIGH_CONFIDENCE:.0%}"},
            ),
            ("unsure", _("below %(high)s") % {"high": f"{LOW_CONFIDENCE:.0%}"}),
            ("none", _("none")),
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
    title = gettext_lazy("found by")
    parameter_name = "found_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("current", _("current extractor (%(version)s)") % {"version": EXTRACTOR_VERSION}),
            ("other", _("another extractor")),
            ("editor", _("an editor")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        conditions = {
            "current": Q(extractor=EXTRACTOR_VERSION),
            "other": ~Q(extractor__in=[EXTRACTOR_VERSION, ""]),
            "editor": Q(extractor=""),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class QuantityFilter(admin.SimpleListFilter):
    title = gettext_lazy("figures")
    parameter_name = "figures"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("with figures")), ("no", _("without figures"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        has = Exists(Quantity.objects.filter(claim=OuterRef("pk")))
        return queryset.filter({"yes": has, "no": ~has}.get(self.value() or "", Q()))


class SpeakerKindFilter(admin.SimpleListFilter):
    title = gettext_lazy("speakers")
    parameter_name = "speakers"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((str(value), str(label)) for value, label in Source.Kind.choices), ("unnamed", _("unnamed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        if not self.value():
            return queryset
        hops = Hop.objects.filter(claim=OuterRef("pk"))
        if self.value() == "unnamed":
            hops = hops.filter(unnamed__isnull=False)
        else:
            hops = hops.filter(source__kind=self.value())
        return queryset.filter(Exists(hops))


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Claim
        fields = ("article", "statement", "form", "modality", "cue", "stated_from", "stated_to", "stated_words")
        widgets = {"statement": forms.Textarea(attrs={"rows": 3, "cols": 80})}
        labels = {
            "modality": gettext_lazy("Stated as"),
            "cue": gettext_lazy("Attribution"),
            "stated_from": gettext_lazy("From"),
            "stated_to": gettext_lazy("To"),
            "stated_words": gettext_lazy("Date as written"),
        }


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
    search_help_text = gettext_lazy("Search statements and speakers")
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
        """Allow links to the claims of an article, a source or a ledger."""
        if lookup in {"article__id__exact", "hops__source__id__exact", "quantities__ledger__id__exact"}:
            return True
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description=gettext_lazy("speaker, origin first"))
    def chain_display(self, claim: Claim) -> SafeString | None:
        return format_chain(claim)

    @admin.display(description=gettext_lazy("figures"))
    def quantities_display(self, claim: Claim) -> SafeString | None:
        return format_quantities(claim)

    @admin.display(description=gettext_lazy("confidence"), ordering="confidence")
    def confidence_percent(self, claim: Claim) -> str | None:
        return None if claim.confidence is None else f"{claim.confidence:.0%}"

    @admin.display(description=gettext_lazy("review"), ordering="review")
    def review_state(self, claim: Claim) -> SafeString:
        return review_badge(claim)

    @admin.display(description=gettext_lazy("story"))
    def article_link(self, claim: Claim) -> SafeString | None:
        return admin_link(claim.article) if claim.article_id else None

    @admin.action(description=gettext_lazy("Accept selected claims"), permissions=["review"])
    def accept_claims(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse | None:
        return self._review_many(request, queryset, "accept")

    @admin.action(description=gettext_lazy("Reject selected claims"), permissions=["review"])
    def reject_claims(self, request: HttpRequest, queryset: QuerySet[Claim]) -> HttpResponse | None:
        return self._review_many(request, queryset, "reject")

    def _review_many(self, request: HttpRequest, queryset: QuerySet[Claim], verdict: str) -> HttpResponse | None:
        """Ask first, and list the claims. If confirmed, accept or reject them."""
        if "confirmed" not in request.POST:
            if verdict == "accept":
                acceptable = Q(review__in=[Claim.Review.PROPOSED, Claim.Review.REJECTED])
                changing = queryset.filter(acceptable & HAS_SPEAKER)
                without_speaker_count = queryset.filter(acceptable, ~HAS_SPEAKER).count()
            else:
                changing = queryset.exclude(review=Claim.Review.REJECTED)
                without_speaker_count = 0
            return TemplateResponse(
                request,
                "admin/articles/claim/review_many.html",
                {
                    **self.admin_site.each_context(request),
                    "title": _("Accept claims") if verdict == "accept" else _("Reject claims"),
                    "opts": self.opts,
                    "verdict": verdict,
                    "action": f"{verdict}_claims",
                    "total": queryset.count(),
                    "changing_count": changing.count(),
                    "without_speaker_count": without_speaker_count,
                    "preview": changing[:MAX_PREVIEW_CLAIMS],
                    "selected": request.POST.getlist("_selected_action"),
                    "select_across": request.POST.get("select_across", "0"),
                    "max_undoable": undo.MAX_CLAIMS,
                },
            )
        user, pks = require_user(request.user), list(queryset.order_by().values_list("pk", flat=True))
        if verdict == "accept":
            changes = review.accept_claims(pks, by=user, how=Claim.ReviewMethod.BULK)
            sentence = ngettext("Accepted %(count)d claim", "Accepted %(count)d claims", len(changes))
        else:
            changes = review.reject_claims(pks, by=user, how=Claim.ReviewMethod.BULK)
            sentence = ngettext("Rejected %(count)d claim", "Rejected %(count)d claims", len(changes))
        sentence %= {"count": len(changes)}
        unchanged_count = len(pks) - len(changes)
        unchanged = ngettext("%(count)d unchanged", "%(count)d unchanged", unchanged_count) % {
            "count": unchanged_count
        }
        undo_link: SafeString | str = ""
        if undo.store_step(request, sentence, changes):
            undo_link = format_html(' <a href="{}">{}</a>', reverse("admin:articles_claim_undo"), _("Undo"))
        messages.success(
            request, format_html("{}{}.{}", sentence, f"; {unchanged}" if unchanged_count else "", undo_link)
        )
        return None

    # --- A claim's page ---

    def get_fieldsets(self, request: HttpRequest, obj: Claim | None = None) -> Any:
        article = "article" if obj is None else "article_link"
        fieldsets = [
            (None, {"fields": (article, "statement", ("form", "modality", "cue"))}),
            (_("Date"), {"fields": (("stated_from", "stated_to", "stated_words"),)}),
        ]
        if obj is not None:
            fieldsets.append((_("Review"), {"fields": ("review_details", "found_by", "created_at")}))
        return fieldsets

    @admin.display(description=gettext_lazy("review"))
    def review_details(self, claim: Claim) -> SafeString:
        if claim.reviewed_at is None:
            return review_badge(claim)
        values = {
            "how": claim.get_reviewed_how_display(),
            "user": claim.reviewed_by,
            "time": date_format(timezone.localtime(claim.reviewed_at), "j F Y, H:i"),
        }
        details = _("%(how)s by %(user)s, %(time)s") if claim.reviewed_by else _("%(how)s, %(time)s")
        return format_html("{} {}", review_badge(claim), details % values)

    @admin.display(description=gettext_lazy("found by"))
    def found_by(self, claim: Claim) -> str:
        if not claim.extractor:
            return _("an editor")
        if claim.confidence is None:
            return str(claim.extractor)
        values = {"extractor": claim.extractor, "percent": f"{claim.confidence:.0%}"}
        return _("%(extractor)s, %(percent)s confidence") % values

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        """Save only changed fields, so that a review in the meantime is kept."""
        if change:
            form.before = take_snapshot(with_parts(Claim.objects.filter(pk=obj.pk)).get())
            obj.save(update_fields=[name for name in form.changed_data if name in ClaimForm.Meta.fields])
        else:
            obj.save()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        user = require_user(request.user)
        claim = Claim.objects.select_related("article").get(pk=form.instance.pk)
        update_claim_order(claim)
        if not change:
            log.record(verbs.ADDED, claim, user=user, article=claim.article_id)
            try:
                review.accept_claims([claim], by=user, how=Claim.ReviewMethod.DESK)
            except NoSpeakerError:
                messages.warning(request, _("The claim has no speaker. Readers do not see it until it has one."))
        elif form.has_changed() or any(has_content_changed(formset) for formset in formsets):
            parts = [str(formset.model._meta.verbose_name_plural) for formset in formsets if formset.has_changed()]
            # HopFormSet lets a shown claim lose its last speaker only if it is rejected next.
            with suppress(NoSpeakerError):
                review.mark_edited([claim], by=user, fields=[*form.changed_data, *parts])
            desk_actions.record_edit(claim, form.before, by=user)

    def response_change(self, request: HttpRequest, obj: Claim) -> HttpResponse:
        """Accept or reject after saving, if asked to, and go to the next claim."""
        verdict = next((name for name in ("accept", "reject") if f"_{name}" in request.POST), None)
        if verdict is None:
            return super().response_change(request, obj)
        try:
            outcome = desk_actions.review_claim(obj, verdict, by=require_user(request.user))
        except RefusedError as error:
            messages.error(request, error.sentence)
        else:
            messages.success(request, f"{outcome.action.sentence}.")
        return HttpResponseRedirect(
            reverse("admin:articles_article_review", args=[obj.article_id]) + f"?after={obj.pk}"
        )

    def get_view_on_site_url(self, obj: Claim | None = None) -> str | None:
        """Link only claims that readers can see."""
        public = obj is not None and Claim.objects.public().filter(pk=obj.pk).exists()
        return obj.get_absolute_url() if obj is not None and public else None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        pk = int(object_id) if object_id.isdecimal() else 0
        entries = log.entries_for(Claim(pk=pk))
        return render_history_page(self, request, object_id, entries, extra_context or {})

    # --- Other pages ---

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
        """Ask whether to undo the last bulk review; POST undoes it."""
        if not may_review(request.user):
            raise PermissionDenied
        if request.method == "POST":
            sentence, count = undo.undo_last_step(request, by=require_user(request.user))
            if sentence:
                restored = ngettext("%(count)d claim restored", "%(count)d claims restored", count) % {"count": count}
                messages.success(
                    request, _("Undone: %(what)s. %(restored)s.") % {"what": sentence, "restored": restored}
                )
            return HttpResponseRedirect(reverse("admin:articles_claim_changelist"))
        return TemplateResponse(
            request,
            "admin/articles/claim/undo.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Undo the last bulk review"),
                "opts": self.opts,
                "step": undo.last_step(request),
            },
        )

    # --- Permissions ---

    def has_review_permission(self, request: HttpRequest) -> bool:
        return may_review(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_review(request.user) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return may_review(request.user) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """Forbid deleting a reviewed claim: the extractor would propose it again."""
        is_reviewed = obj is not None and obj.review != Claim.Review.PROPOSED
        return not is_reviewed and super().has_delete_permission(request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        claim = self.get_object(request, unquote(object_id))
        review_url = reverse("admin:articles_article_review", args=[claim.article_id]) if claim else ""
        context = {"may_review": may_review(request.user), "review_url": review_url, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)
