"""A story's page is made once, and kept until anything on it changes.

One small query says in which state the story is: its row, the last act on record in it or in a claim of it, and the
last one on any source. The page is kept under that state, so one that does not hold any more is never found again,
in however many processes, with whatever cache, and whoever changed it. What leaves no act (a topic's name) shows
after STORY_SECONDS at the latest.
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
    """A view of a story by its slug whose page is the same for everybody who has no session."""

    @wraps(view)
    def found(request: HttpRequest, slug: str) -> HttpResponse:
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

    return found


def _is_cacheable(request: HttpRequest) -> bool:
    return bool(
        settings.STORY_SECONDS
        and not settings.DEBUG
        and request.method in ("GET", "HEAD")
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def _cache_key(request: HttpRequest, slug: str, state: tuple[object, ...]) -> str:
    """The page holds whole addresses of this site, its language, and names of static files that a release changes."""
    release = getattr(staticfiles_storage, "manifest_hash", "")
    whole = repr((slug, request.build_absolute_uri("/"), get_language(), release, state))
    return f"story:{hashlib.sha256(whole.encode()).hexdigest()}"
