"""To be described."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from articles.admin.formatting import count_subquery
from articles.claims import filing
from articles.models import (
    Ledger,
    Quantity,
)


@admin.register(Ledger)
class LedgerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "unit", "quantity_count", "files_itself")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "description", "unit")}),
        ("What belongs in it", {"fields": ("counts", "about", "files_itself")}),
    )
    change_form_template = "admin/articles/ledger/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/figures/", self.admin_site.admin_view(self.quantities_view), name="articles_ledger_figures"
        )
        return [own, *super().get_urls()]

    def quantities_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The figures under a ledger and those suggested for it; POST files, takes out, or takes the last step back."""
        ledger = get_object_or_404(Ledger, pk=pk)
        if not self.has_change_permission(request, ledger):
            raise PermissionDenied
        key = f"filed-{ledger.pk}"
        if request.method == "POST":
            chosen = [int(one) for one in request.POST.getlist("figure") if one.isdecimal()]
            verb = request.POST.get("verb", "")
            if verb == "undo":
                before = {int(pk): was for pk, was in request.session.pop(key, {}).items()}
                for was in set(before.values()):
                    home = Ledger.objects.filter(pk=was).first() if was else None
                    filing.file_quantities([pk for pk, place in before.items() if place == was], home)
                messages.success(
                    request,
                    ngettext("%d figure is back where it was.", "%d figures are back where they were.", len(before))
                    % len(before),
                )
            elif verb in ("file", "take-out") and chosen:
                changed = filing.file_quantities(chosen, ledger if verb == "file" else None)
                request.session[key] = changed
                done = ngettext("%d figure", "%d figures", len(changed)) % len(changed)
                messages.success(
                    request, f"{done} {'filed' if verb == 'file' else 'taken out'}. You can take this back below."
                )
            else:
                messages.warning(request, "No figure was chosen.")
            return HttpResponseRedirect(request.path)
        filed = ledger.quantities.select_related("claim", "claim__article", "claim__article__latest").order_by(
            "claim__article__published_at", "id"
        )
        return TemplateResponse(
            request,
            "admin/articles/ledger/figures.html",
            {
                **self.admin_site.each_context(request),
                "title": f"Figures of “{ledger}”",
                "opts": Ledger._meta,
                "ledger": ledger,
                "suggested": filing.suggest_quantities(ledger),
                "filed": filed[: filing.MAX_SUGGESTIONS],
                "undo": len(request.session.get(key, {})),
            },
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ledger]:
        rows = super().get_queryset(request)
        return rows.annotate(filed=count_subquery(Quantity.objects.all(), "ledger"))  # type: ignore[no-any-return]

    @admin.display(description="figures", ordering="filed")
    def quantity_count(self, ledger: Ledger) -> SafeString:
        """How many, leading to their claims."""
        claims = reverse("admin:articles_claim_changelist")
        count = ledger.filed  # type: ignore[attr-defined]
        return format_html('<a href="{}?quantities__ledger__id__exact={}">{}</a>', claims, ledger.pk, count)
