"""People and their roles. A chief looks after both, and cannot rise above a chief by it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.models import User
from newsroom.time_zones import time_zone_names

# Django's own page for groups is registered by the import above; RoleAdmin takes its place.
admin.site.unregister(Group)

#: What only a superuser may give or take.
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

    @admin.display(description="roles")
    def roles(self, user: User) -> str | None:
        return "superuser" if user.is_superuser else ", ".join(group.name for group in user.groups.all()) or None

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Whoever is no superuser does not see what makes one."""
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
        """A superuser's account, their password above all, is a superuser's business."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """The roles. What each may do is changed by a superuser alone."""
