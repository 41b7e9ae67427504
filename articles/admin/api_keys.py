"""API keys in the admin: make one, see it once, revoke it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.models import ApiKey
from articles.permissions import may_manage_people


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Let users manage their own keys, and account managers see all keys."""

    list_display = ("name", "hint", "user", "created_at", "used_at", "revoked_at")
    fields = ("name",)
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        keys = super().get_queryset(request).select_related("user")
        return keys if may_manage_people(request.user) else keys.filter(user=request.user)

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False  # a key is revoked instead, so that the list still shows that it existed

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        obj.user = request.user  # type: ignore[assignment]
        key = obj.generate_key()
        super().save_model(request, obj, form, change)
        # One translated sentence with the name and the key in it; format_html escapes both.
        text = gettext("The API key “{name}”: {key} Copy it now. It is not shown again. Keep it like a password.")
        messages.warning(request, format_html(text, name=obj.name, key=format_html("<code>{}</code>", key)))

    @admin.action(description=_("Revoke selected API keys"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = self.get_queryset(request).filter(pk__in=queryset, revoked_at=None).update(revoked_at=timezone.now())
        text = ngettext("%(count)d API key revoked.", "%(count)d API keys revoked.", count)
        messages.success(request, text % {"count": count})
