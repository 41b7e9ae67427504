"""Permissions that the roles were given by default."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleDefault(models.Model):
    """A permission that a role was given once.

    It is not given again, because a newsroom may have removed it.
    """

    role = models.CharField(_("role"), max_length=150, help_text=_("The name of the role."))
    permission = models.CharField(
        _("permission"), max_length=200, help_text=_("The permission that the role was given.")
    )

    class Meta:
        ordering = ("role", "permission")
        verbose_name = _("default permission of a role")
        verbose_name_plural = _("default permissions of roles")
        default_permissions = ()  # nobody edits it
        constraints = [models.UniqueConstraint("role", "permission", name="role_default_is_given_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"
