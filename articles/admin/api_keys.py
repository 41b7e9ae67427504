"""The keys of programs: made, shown once, revoked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from articles.models import ApiKey
from articles.permissions import may_manage_people


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Everybody has keys of their own; whoever manages accounts sees all of them."""

    list_display = ("name", "hint", "user", "created_at", "used_at", "revoked_at")
    fields = ("name",)
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        rows = super().get_queryset(request).select_related("user")
        return rows if may_manage_people(request.user) else rows.filter(user=request.user)

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False  # a key is revoked: that it was there stays on record

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        obj.user = request.user  # type: ignore[assignment]
        key = obj.generate_key()
        super().save_model(request, obj, form, change)
        messages.warning(
            request,
            format_html(
                "The key of “{}”, shown only now: <code>{}</code> Keep it as you keep a password.", obj.name, key
            ),
        )

    @admin.action(description="Revoke the chosen keys", permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = self.get_queryset(request).filter(pk__in=queryset, revoked_at=None).update(revoked_at=timezone.now())
        messages.success(request, f"{count} key{'' if count == 1 else 's'} revoked.")
