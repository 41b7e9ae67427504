"""The site's shell: the home page, pictures and robots.txt."""

from __future__ import annotations

import mimetypes

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.static import serve

from articles.models import Article, Claim
from articles.queries.ledgers import recently_updated
from articles.queries.sources import most_quoted_sources
from sources.images.renditions import is_immutable_name

#: How many of each the front page has.
MAX_ARTICLES, MAX_SECONDARY_ARTICLES, MAX_CLAIMS, MAX_SOURCES, MAX_LEDGERS = 11, 4, 6, 12, 3
#: Seconds for which a picture may be kept: one whose name stands for what it holds, and any other.
IMMUTABLE_IMAGE_SECONDS, OTHER_IMAGE_SECONDS = 365 * 24 * 3600, 3600


def home(request: HttpRequest) -> HttpResponse:
    """/ — six queries: stories, the first claim of each with hops and figures, sources, ledgers; one more for their figures."""
    stories = list(Article.objects.public().for_list().with_first_claim().newest_first()[:MAX_ARTICLES])
    firsts = [story.first_claim for story in stories if story.first_claim][:MAX_CLAIMS]
    context = {
        "lead": stories[0] if stories else None,
        "beside": stories[1 : 1 + MAX_SECONDARY_ARTICLES],
        "stories": stories[1 + MAX_SECONDARY_ARTICLES :],
        "claims": Claim.objects.public().filter(pk__in=firsts).for_list().newest_first(),
        "sources": most_quoted_sources(MAX_SOURCES),
        "ledgers": recently_updated(MAX_LEDGERS),
    }
    return render(request, "home.html", context)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """/media/… — a picture, from the folder of pictures. No query.

    What was developed here never changes under its name, and may be kept for ever. Nothing but pictures is given
    out, whatever else lies in the folder, and none of it as a page.
    """
    kind = mimetypes.guess_type(path)[0] or ""
    if not kind.startswith("image/") or kind == "image/svg+xml":
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    keep = (
        f"max-age={IMMUTABLE_IMAGE_SECONDS}, immutable"
        if is_immutable_name(path)
        else f"max-age={OTHER_IMAGE_SECONDS}"
    )
    response.headers["Cache-Control"] = f"public, {keep}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def developers(request: HttpRequest) -> HttpResponse:
    """/developers/ — what machines can read here, with examples that run. No query."""
    return render(request, "developers.html", {"root": request.build_absolute_uri("/").rstrip("/")})


def robots(request: HttpRequest) -> HttpResponse:
    """/robots.txt — everything public may be read; the admin is nobody's business, nor is the archive in one file."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(f"Disallow: {reverse(f'articles:{name}')}export." for name in ("articles", "claims")),
        "",
        *(
            f"Sitemap: {request.build_absolute_uri(reverse(f'articles:{name}'))}"
            for name in ("sitemap_index", "news_sitemap")
        ),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
