"""A key with which a program speaks for an account: made once, shown once, kept only as its digest."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

#: What every key begins with, so that one that leaks is known for what it is.
PREFIX = "otr_"
#: When a key was last used is noted no more often than this, so that reading writes nothing.
NOTED_EVERY = timedelta(minutes=10)


class Token(models.Model):
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
    def digest_of(key: str) -> str:
        """SHA-256 in hex. A key is 256 random bits, so that no salt and no slow hash is needed."""
        return hashlib.sha256(key.encode()).hexdigest()

    def make(self) -> str:
        """Give it a key, and return that key, which is kept nowhere."""
        key = PREFIX + secrets.token_urlsafe(32)
        self.digest, self.hint = self.digest_of(key), key[:10]
        return key

    def note_use(self, now: datetime | None = None) -> None:
        now = now or timezone.now()
        if self.used_at is None or now - self.used_at > NOTED_EVERY:
            Token.objects.filter(pk=self.pk).update(used_at=now)
