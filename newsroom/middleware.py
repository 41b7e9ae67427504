"""Cache headers and compression of public pages.

Django's ConditionalGetMiddleware between them adds the ETag.

Public pages are the same for all visitors without a session, so caches may keep them. They have an ETag but no
Last-Modified: when a retracted story leaves a page, no date gets newer.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control, patch_vary_headers

#: A cache may show a page this long without asking, and an expired page this long while it asks.
FRESH_SECONDS, STALE_SECONDS = 30, 300
#: Not public, or with cache headers of their own.
EXCLUDED_PATH_PREFIXES = ("/admin/", settings.MEDIA_URL)
COMPRESSIBLE_TYPE = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)|image/svg")
ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


class PublicGZipMiddleware(GZipMiddleware):
    """Compress text, but only for visitors without a session.

    Django's class also compresses admin pages. They hold CSRF tokens and unpublished text, which the length of a
    compressed page can reveal (https://www.breachattack.com); the random padding of Django's class makes this only
    slower. It also compresses images, and answers "gzip;q=0" with gzip.
    """

    max_random_bytes = 0  # public pages hold no secret, and equal pages should have equal bytes

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if (
            request.path.startswith(EXCLUDED_PATH_PREFIXES)
            or _has_session(request, response)
            or not COMPRESSIBLE_TYPE.match(response.get("Content-Type", ""))
        ):
            return response
        if not ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")):
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        return super().process_response(request, response)


class PublicPageMiddleware:
    """Set Cache-Control: short for public pages, no-store for a session.

    It reads the cookie and not the session, so a visitor without one costs no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            request.method not in ("GET", "HEAD")
            or response.status_code != 200
            or request.path.startswith(EXCLUDED_PATH_PREFIXES)
        ):
            return response
        if _has_session(request, response):
            patch_cache_control(response, private=True, no_store=True)
        elif not response.streaming and not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=FRESH_SECONDS, stale_while_revalidate=STALE_SECONDS)
            patch_vary_headers(response, ["Cookie"])
        return response


def _has_session(request: HttpRequest, response: HttpResponseBase) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or bool(response.cookies)
