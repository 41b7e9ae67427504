"""The admin site: its name, and its first page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

#: Log entries on the first page.
MAX_RECENT_ENTRIES = 12


class NewsroomAdminSite(AdminSite):
    site_header = format_lazy(_("{site_name}: newsroom"), site_name=settings.SITE_NAME)
    site_title = settings.SITE_NAME
    index_title = _("Newsroom")
    index_template = "admin/dashboard.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show work queues, recent activity and all models. One query per queue."""
        # Imported here because the admin site is created before the models are loaded.
        from articles.admin.work_queues import list_work_queues
        from record.history import build_history
        from record.models import LogEntry

        queues = list_work_queues(request.user)
        entries = LogEntry.objects.select_related("by").order_by("-id")[:MAX_RECENT_ENTRIES]
        context = {
            "queues": [queue for queue in queues if queue.count],
            "empty_queues": [queue for queue in queues if not queue.count],
            "recent_activity": build_history(entries) if request.user.has_perm("articles.view_claim") else [],
        }
        return super().index(request, {**context, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show Django's login page with the name of the site instead of the host name."""
        return super().login(request, {"site_name": settings.SITE_NAME, **(extra_context or {})})
