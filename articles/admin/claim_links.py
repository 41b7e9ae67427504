"""Related claims and repeated statements in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.formatting import admin_link, count_subquery
from articles.models import ClaimLink, ClaimRepeat, RepeatCluster
from sources.formsets import TableFormSet


@admin.register(ClaimLink)
class ClaimLinkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("claim_link", "kind", "other_claim_link", "state")
    list_display_links = ("kind",)
    list_filter = ("kind", "state")
    list_select_related = ("claim", "other")
    search_fields = ("claim__statement", "other__statement")
    autocomplete_fields = ("claim", "other")
    show_full_result_count = False

    @admin.display(description=_("claim"))
    def claim_link(self, row: ClaimLink) -> SafeString | None:
        return admin_link(row.claim)

    @admin.display(description=_("other claim"))
    def other_claim_link(self, row: ClaimLink) -> SafeString | None:
        return admin_link(row.other)


class ClaimRepeatInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ClaimRepeat
    formset = TableFormSet
    autocomplete_fields = ("claim",)
    extra = 1


@admin.register(RepeatCluster)
class RepeatClusterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "members_count", "created_at")
    search_fields = ("note", "members__claim__statement")
    inlines = (ClaimRepeatInline,)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RepeatCluster]:
        rows = super().get_queryset(request)
        return rows.annotate(size=count_subquery(ClaimRepeat.objects.all(), "cluster"))  # type: ignore[no-any-return]

    @admin.display(description=_("claims"), ordering="size")
    def members_count(self, cluster: RepeatCluster) -> int:
        return cluster.size  # type: ignore[attr-defined, no-any-return]
