"""A key with which a program speaks for an account: made once, shown once, kept only as its digest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

#: What every key begins with, so that one that leaks is known for what it is.
KEY_PREFIX = "otr_"
#: When a key was last used is noted no more often than this, so that reading writes nothing.
USE_UPDATE_INTERVAL = timedelta(minutes=10)


class ApiKey(models.Model):
    """A program's key. It may do what its account may, and no more."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, help_text="What uses it: “wire desk's script”.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False, help_text="Its first letters, to tell it by.")
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = "access token"

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @staticmethod
    def hash_key(key: str) -> str:
        """SHA-256 in hex. A key is 256 random bits, so that no salt and no slow hash is needed."""
        return hashlib.sha256(key.encode()).hexdigest()

    def generate_key(self) -> str:
        """Give it a key, and return that key, which is kept nowhere."""
        key = KEY_PREFIX + secrets.token_urlsafe(32)
        self.digest, self.hint = self.hash_key(key), key[:10]
        return key

    def record_use(self, now: datetime | None = None) -> None:
        now = now or timezone.now()
        if self.used_at is None or now - self.used_at > USE_UPDATE_INTERVAL:
            ApiKey.objects.filter(pk=self.pk).update(used_at=now)
