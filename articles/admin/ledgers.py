"""Ledgers in the admin: list, form, and page to add and remove figures."""

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
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.admin.formatting import count_subquery
from articles.claims import filing
from articles.models import Ledger, Quantity


@admin.register(Ledger)
class LedgerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "unit", "quantity_count", "files_itself")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "description", "unit")}),
        (_("Matching figures"), {"fields": ("counts", "about", "files_itself")}),
    )
    change_form_template = "admin/articles/ledger/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        figures = path(
            "<int:pk>/figures/", self.admin_site.admin_view(self.quantities_view), name="articles_ledger_figures"
        )
        return [figures, *super().get_urls()]

    def quantities_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a ledger's figures and suggestions.

        POST adds figures, removes figures, or undoes the last change. The session keeps what an undo needs.
        """
        ledger = get_object_or_404(Ledger, pk=pk)
        if not self.has_change_permission(request, ledger):
            raise PermissionDenied
        if request.method == "POST":
            self._change_quantities(request, ledger)
            return HttpResponseRedirect(request.path)
        filed = ledger.quantities.select_related("claim", "claim__article", "claim__article__latest").order_by(
            "claim__article__published_at", "id"
        )
        return TemplateResponse(
            request,
            "admin/articles/ledger/figures.html",
            {
                **self.admin_site.each_context(request),
                "title": gettext("Figures in “%(ledger)s”") % {"ledger": ledger},
                "opts": Ledger._meta,
                "ledger": ledger,
                "suggested": filing.suggest_quantities(ledger),
                "filed": filed[: filing.MAX_SUGGESTIONS],
                "undo": len(request.session.get(_session_key(ledger), {})),
            },
        )

    def _change_quantities(self, request: HttpRequest, ledger: Ledger) -> None:
        selected = [int(pk) for pk in request.POST.getlist("figure") if pk.isdecimal()]
        verb = request.POST.get("verb", "")
        if verb == "undo":
            count = _undo(request, ledger)
            text = ngettext("Undone for %(count)d figure.", "Undone for %(count)d figures.", count)
        elif verb in ("file", "take-out") and selected:
            changed = filing.file_quantities(selected, ledger if verb == "file" else None)
            request.session[_session_key(ledger)] = changed
            count = len(changed)
            if verb == "file":
                text = ngettext(
                    "Added %(count)d figure to the ledger. You can undo this below.",
                    "Added %(count)d figures to the ledger. You can undo this below.",
                    count,
                )
            else:
                text = ngettext(
                    "Removed %(count)d figure from the ledger. You can undo this below.",
                    "Removed %(count)d figures from the ledger. You can undo this below.",
                    count,
                )
        else:
            messages.warning(request, _("Select at least one figure."))
            return
        messages.success(request, text % {"count": count})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ledger]:
        quantity_count = count_subquery(Quantity.objects.all(), "ledger")
        return super().get_queryset(request).annotate(annotated_quantity_count=quantity_count)  # type: ignore[no-any-return]

    @admin.display(description=_("figures"), ordering="annotated_quantity_count")
    def quantity_count(self, ledger: Ledger) -> SafeString:
        """Return the number of figures, linked to their claims."""
        claims = reverse("admin:articles_claim_changelist")
        count = ledger.annotated_quantity_count  # type: ignore[attr-defined]
        return format_html('<a href="{}?quantities__ledger__id__exact={}">{}</a>', claims, ledger.pk, count)


def _session_key(ledger: Ledger) -> str:
    return f"filed-{ledger.pk}"


def _undo(request: HttpRequest, ledger: Ledger) -> int:
    """Put the figures of the last change back; return how many."""
    before = {int(pk): ledger_id for pk, ledger_id in request.session.pop(_session_key(ledger), {}).items()}
    for ledger_id in set(before.values()):
        previous = Ledger.objects.filter(pk=ledger_id).first() if ledger_id else None
        filing.file_quantities([pk for pk, place in before.items() if place == ledger_id], previous)
    return len(before)
