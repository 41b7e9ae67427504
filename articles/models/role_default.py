"""Which permissions the roles were given by default."""

from __future__ import annotations

from django.db import models


class RoleDefault(models.Model):
    """A permission that a role has got once. It is not given again: a newsroom may have removed it."""

    role = models.CharField(max_length=150, help_text="The name of the role.")
    permission = models.CharField(max_length=200, help_text="The permission that the role was given.")

    class Meta:
        ordering = ("role", "permission")
        default_permissions = ()  # nobody edits it
        constraints = [models.UniqueConstraint("role", "permission", name="role_default_is_given_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"
