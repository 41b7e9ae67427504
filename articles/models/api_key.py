"""API keys: a program uses one to act for an account."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: Every key begins with this, so that scanners recognise a leaked one.
KEY_PREFIX = "otr_"
#: `used_at` is written at most this often, so that most requests write nothing.
USE_UPDATE_INTERVAL = timedelta(minutes=10)


class ApiKey(models.Model):
    """A key that lets a program do what its account may do, and no more.

    The key itself is shown once and never stored; the row has its digest.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("account")
    )
    name = models.CharField(
        _("name"), max_length=100, help_text=_("What uses this key, for example “wire import script”.")
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    hint = models.CharField(
        _("begins with"), max_length=12, editable=False, help_text=_("The first characters of the key.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @staticmethod
    def hash_key(key: str) -> str:
        """Return the key's SHA-256 in hex.

        A key is 256 random bits, so it needs no salt and no slow hash.
        """
        return hashlib.sha256(key.encode()).hexdigest()

    def generate_key(self) -> str:
        """Set digest and hint from a new random key, and return that key. Does not save."""
        key = KEY_PREFIX + secrets.token_urlsafe(32)
        self.digest, self.hint = self.hash_key(key), key[:10]
        return key

    def record_use(self, now: datetime | None = None) -> None:
        now = now or timezone.now()
        if self.used_at is None or now - self.used_at > USE_UPDATE_INTERVAL:
            ApiKey.objects.filter(pk=self.pk).update(used_at=now)
