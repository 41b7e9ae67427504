"""The admin under the newspaper's own name, and its first page: what waits, and what was done lately."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

#: Acts on the first page.
MAX_RECENT_ENTRIES = 12


class NewsroomAdminSite(AdminSite):
    site_header = f"{settings.SITE_NAME}: newsroom"
    site_title = settings.SITE_NAME
    index_title = "Newsroom"
    index_template = "admin/dashboard.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits, oldest first, one query a pile; then what was done lately, and everything else there is."""
        # The admin site exists before the apps' models do.
        from articles.admin.work_queues import list_work_queues
        from record.history import build_history
        from record.models import LogEntry

        waiting = list_work_queues(request.user)
        acts = LogEntry.objects.select_related("by").order_by("-id")[:MAX_RECENT_ENTRIES]
        lately = build_history(acts) if request.user.has_perm("articles.view_claim") else []
        context = {
            "piles": [pile for pile in waiting if pile.count],
            "empty": [pile for pile in waiting if not pile.count],
            "lately": lately,
        }
        return super().index(request, {**context, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's page, under the newspaper's name and not under the host's."""
        return super().login(request, {"site_name": settings.SITE_NAME, **(extra_context or {})})
