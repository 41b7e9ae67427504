"""Cache article pages until something on them changes.

The cache key contains the state of the article, read in one small query: its row, the last audit log entry of the
article or one of its claims, and the last entry of any source. An outdated page is therefore never found, in any
process and with any cache. Changes without a log entry (the name of a topic) show after STORY_SECONDS at the latest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from articles.models import Article

View = Callable[[HttpRequest, str], HttpResponse]


def cache_for_anonymous(view: View) -> View:
    """Cache an article page for visitors without a session.

    The key depends on the state of the article.
    """

    @wraps(view)
    def cached_view(request: HttpRequest, slug: str) -> HttpResponse:
        if not _is_cacheable(request):
            return view(request, slug)
        state = Article.objects.readable().page_state(slug)
        if state is None:
            return view(request, slug)
        key = _cache_key(request, slug, state)
        page = cache.get(key)
        if page is not None:
            return HttpResponse(page)
        response = view(request, slug)
        if response.status_code == 200:
            cache.set(key, response.content, settings.STORY_SECONDS)
        return response

    return cached_view


def _is_cacheable(request: HttpRequest) -> bool:
    return bool(
        settings.STORY_SECONDS
        and not settings.DEBUG
        and request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def _cache_key(request: HttpRequest, slug: str, state: tuple[object, ...]) -> str:
    """Return a key of everything that the page depends on.

    The static files of the release are part of it.
    """
    release = getattr(staticfiles_storage, "manifest_hash", "")
    parts = repr((slug, request.build_absolute_uri("/"), get_language(), release, state))
    return f"story:{hashlib.sha256(parts.encode()).hexdigest()}"
