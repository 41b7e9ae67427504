"""Authentication by an API key in the Authorization header."""

from __future__ import annotations

import logging
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from articles.models.api_key import KEY_PREFIX, ApiKey

logger = logging.getLogger("articles.api")


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer otr_…`. Sessions do not count, so another site cannot act for an editor."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        kind, _, key = request.headers.get("Authorization", "").partition(" ")
        if not key or kind.lower() != "bearer":
            return None
        token = ApiKey.objects.select_related("user").filter(digest=ApiKey.hash_key(key.strip())).first()
        if token is None or not key.startswith(KEY_PREFIX):
            logger.info("Refused an unknown key for %s", request.path)
            raise AuthenticationFailed("This key is not known.", code="unknown-key")
        if token.revoked_at or not token.user.is_active:
            logger.warning("Refused the revoked key %s (%s…) for %s", token.name, token.hint, request.path)
            raise AuthenticationFailed("This key was revoked.", code="revoked-key")
        token.record_use()
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
