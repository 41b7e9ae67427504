"""Authentication by an API key in the Authorization header."""

from __future__ import annotations

import logging
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from articles.models.api_key import KEY_PREFIX, ApiKey

logger = logging.getLogger("articles.api")


class ApiKeyAuthentication(BaseAuthentication):
    """Authenticate by `Authorization: Bearer otr_…`.

    Sessions do not count, so another site cannot act for an editor.
    """

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        scheme, _separator, key = request.headers.get("Authorization", "").partition(" ")
        if not key or scheme.lower() != "bearer":
            return None
        api_key = ApiKey.objects.select_related("user").filter(digest=ApiKey.hash_key(key.strip())).first()
        if api_key is None or not key.startswith(KEY_PREFIX):
            logger.info("Refused an unknown key for %s", request.path)
            raise AuthenticationFailed(_("This key is unknown."), code="unknown-key")
        if api_key.revoked_at or not api_key.user.is_active:
            logger.warning("Refused the revoked key %s (%s…) for %s", api_key.name, api_key.hint, request.path)
            raise AuthenticationFailed(_("This key was revoked."), code="revoked-key")
        api_key.record_use()
        return api_key.user, api_key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
