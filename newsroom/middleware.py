"""How public pages are delivered: told apart by an ETag, kept for a short while, and the same for everybody.

A reader without a session gets a page that any cache between may keep for FRESH seconds and show for STALE more
while it asks anew; what has not changed is answered with 304 and no body. There is no Last-Modified: what is
retracted leaves a page without making any date newer. Text goes out compressed. Whoever has a session gets nothing that a cache may keep.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

#: Seconds for which a page may be shown without asking, and for which an old one may be shown while asking.
FRESH_SECONDS, STALE_SECONDS = 30, 300
#: What is worth compressing: not pictures, which are. Bytes below which nothing is gained, and how hard to try.
COMPRESSIBLE_TYPE = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)|image/svg")
ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
MIN_GZIP_BYTES, GZIP_LEVEL = 600, 6
#: What is no public page, or says itself how it is kept.
EXCLUDED_PATH_PREFIXES = ("/admin/", settings.MEDIA_URL)


class PublicPageMiddleware:
    """Middleware; it stands outside of sessions and forms, and looks at cookies without opening a session."""

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
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
            patch_cache_control(response, private=True, no_store=True)
            return response
        if response.streaming:
            return response
        if response.has_header("Cache-Control"):
            return _compress(request, response)
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS, stale_while_revalidate=STALE_SECONDS)
        patch_vary_headers(response, ["Cookie"])
        if not response.has_header("ETag"):
            content: bytes = response.content  # type: ignore[attr-defined]
            response["ETag"] = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        answer = get_conditional_response(request, etag=response["ETag"], response=response)  # type: ignore[arg-type]
        return _compress(request, answer or response)


def _compress(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The page as gzip for whoever takes it. A page without a session has no secret that its length could give away."""
    kind = response.get("Content-Type", "")
    if response.status_code != 200 or response.has_header("Content-Encoding") or not COMPRESSIBLE_TYPE.match(kind):
        return response
    patch_vary_headers(response, ["Accept-Encoding"])
    content: bytes = response.content  # type: ignore[attr-defined]
    if len(content) < MIN_GZIP_BYTES or not ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")):
        return response
    response.content = gzip.compress(content, GZIP_LEVEL, mtime=0)  # type: ignore[attr-defined]
    response["Content-Encoding"] = "gzip"
    if (etag := response.get("ETag", "")).startswith('"'):
        response["ETag"] = f"W/{etag}"  # the same page, not the same bytes (RFC 9110, 8.8.1)
    response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
    return response
