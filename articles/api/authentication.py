"""Authentication by an API key in the Authorization header."""

from __future__ import annotations

import logging
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from articles.models.api_key import PREFIX, Token

logger = logging.getLogger("articles.api")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer otr_…`. Sessions do not count, so another site cannot act for an editor."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        kind, _, key = request.headers.get("Authorization", "").partition(" ")
        if not key or kind.lower() != "bearer":
            return None
        token = Token.objects.select_related("user").filter(digest=Token.digest_of(key.strip())).first()
        if token is None or not key.startswith(PREFIX):
            logger.info("Refused an unknown key for %s", request.path)
            raise AuthenticationFailed("This key is not known.", code="unknown-key")
        if token.revoked_at or not token.user.is_active:
            logger.warning("Refused the revoked key %s (%s…) for %s", token.name, token.hint, request.path)
            raise AuthenticationFailed("This key was revoked.", code="revoked-key")
        token.note_use()
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
