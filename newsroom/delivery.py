"""How public pages are delivered: told apart by an ETag, kept for a short while, and the same for everybody.

A reader without a session gets a page that any cache between may keep for FRESH seconds and show for STALE more
while it asks anew; what has not changed is answered with 304 and no body. There is no Last-Modified: what is
retracted leaves a page without making any date newer. Whoever has a session gets nothing that a cache may keep.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

#: Seconds for which a page may be shown without asking, and for which an old one may be shown while asking.
FRESH, STALE = 30, 300
#: What is no public page, or says itself how it is kept.
OWN = ("/admin/", settings.MEDIA_URL)


class Delivery:
    """Middleware; it stands outside of sessions and forms, and looks at cookies without opening a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD") or response.status_code != 200 or request.path.startswith(OWN):
            return response
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
            patch_cache_control(response, private=True, no_store=True)
            return response
        if response.streaming or response.has_header("Cache-Control"):
            return response
        patch_cache_control(response, public=True, max_age=FRESH, stale_while_revalidate=STALE)
        patch_vary_headers(response, ["Cookie"])
        if not response.has_header("ETag"):
            content: bytes = response.content  # type: ignore[attr-defined]
            response["ETag"] = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        answer = get_conditional_response(request, etag=response["ETag"], response=response)  # type: ignore[arg-type]
        return answer or response
