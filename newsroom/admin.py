"""Accounts and roles in the admin. A chief cannot make a superuser."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.models import User
from newsroom.time_zones import time_zone_names

# The import above registers Django's page for groups. RoleAdmin replaces it.
admin.site.unregister(Group)

#: Fields that only a superuser may change.
SUPERUSER_FIELDS = ("is_superuser", "user_permissions")


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ("username", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("In the newsroom"), {"fields": ("byline", "time_zone")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str | None:
        if user.is_superuser:
            return gettext("superuser")
        return ", ".join(group.name for group in user.groups.all()) or None

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Hide the superuser fields from other users."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (title, {**options, "fields": [field for field in options["fields"] if field not in SUPERUSER_FIELDS]})
            for title, options in fieldsets
        ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "time_zone":
            choices = [("", _("The site's time zone")), *((name, name) for name in time_zone_names())]
            kwargs["widget"] = forms.Select(choices=choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = ("last_login", "date_joined")
        return fields if request.user.is_superuser else (*fields, *SUPERUSER_FIELDS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let only superusers change the account of a superuser, or its password."""
        is_forbidden = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_forbidden and super().has_change_permission(request, obj)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Show the roles. Only a superuser may change their permissions."""
