"""Front page, uploaded images, page for developers, robots.txt."""

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

#: Rows of each kind on the front page.
MAX_ARTICLES, MAX_SECONDARY_ARTICLES, MAX_CLAIMS, MAX_SOURCES, MAX_LEDGERS = 11, 4, 6, 12, 3
#: Seconds for which a cache may keep an image: one named by its content, and any other.
IMMUTABLE_IMAGE_SECONDS, OTHER_IMAGE_SECONDS = 365 * 24 * 3600, 3600


def home(request: HttpRequest) -> HttpResponse:
    """Show the front page.

    Six queries: articles, the first claim of each with hops and figures, sources, ledgers. One more for the figures of
    the ledgers.
    """
    articles = list(Article.objects.public().for_list().with_first_claim().newest_first()[:MAX_ARTICLES])
    claim_ids = [article.first_claim for article in articles if article.first_claim][:MAX_CLAIMS]
    context = {
        "lead": articles[0] if articles else None,
        "secondary_articles": articles[1 : 1 + MAX_SECONDARY_ARTICLES],
        "articles": articles[1 + MAX_SECONDARY_ARTICLES :],
        "claims": Claim.objects.public().filter(pk__in=claim_ids).for_list().newest_first(),
        "sources": most_quoted_sources(MAX_SOURCES),
        "ledgers": recently_updated(MAX_LEDGERS),
    }
    return render(request, "home.html", context)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve /media/…: raster images only, whatever else is in the folder. No query.

    Processed images never change under their names, so caches may keep them for a year.
    """
    kind = mimetypes.guess_type(path)[0] or ""
    if not kind.startswith("image/") or kind == "image/svg+xml":
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    max_age = (
        f"max-age={IMMUTABLE_IMAGE_SECONDS}, immutable"
        if is_immutable_name(path)
        else f"max-age={OTHER_IMAGE_SECONDS}"
    )
    response.headers["Cache-Control"] = f"public, {max_age}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def developers(request: HttpRequest) -> HttpResponse:
    """Show /developers/, with examples that run. No query."""
    return render(request, "developers.html", {"root": request.build_absolute_uri("/").rstrip("/")})


def robots(request: HttpRequest) -> HttpResponse:
    """Write /robots.txt.

    Everything may be read but the admin and the exports of the whole archive.
    """
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
