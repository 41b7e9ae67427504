"""Serve articles and claims to programs.

The formats are ninjs, plain text, Web Annotation and share images.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from articles.display.share_card import article_image_text, claim_image_text, site_image_text, source_image_text
from articles.display.share_image import ImageText, cached_image, image_digest
from articles.exports.ninjs import ninjs_item
from articles.exports.web_annotation import MEDIA_TYPE, build_annotation
from articles.models import Article, Claim
from articles.queries.sources import readable_sources

#: Seconds for which a cache may keep a document, and for which it may still serve it while fetching a newer one.
MAX_AGE_SECONDS, STALE_WHILE_REVALIDATE_SECONDS = 300, 600
#: The URL of a share image changes with its text. An old URL still answers, with the current image.
IMAGE_MAX_AGE_SECONDS = 24 * 3600


def _public_document(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Make a view read-only, cacheable and conditional by ETag.

    Scripts of other sites may read it.
    """

    def with_cors_header(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    cached = cache_control(public=True, max_age=MAX_AGE_SECONDS, stale_while_revalidate=STALE_WHILE_REVALIDATE_SECONDS)
    return require_safe(cached(conditional_page(with_cors_header)))


@_public_document
def article_ninjs(request: HttpRequest, slug: str) -> HttpResponse:
    """Write /articles/<slug>/ninjs.json.

    Five queries. A retracted article is marked as cancelled.
    """
    article = get_object_or_404(Article.objects.readable().for_page().with_last_correction(), slug=slug)
    claims = [] if article.status == Article.Status.RETRACTED else list(Claim.objects.for_article_page(article))
    return _json_response(ninjs_item(article, claims, request.build_absolute_uri))


@_public_document
def article_text(request: HttpRequest, slug: str) -> HttpResponse:
    """Write /articles/<slug>/text.txt: the text in which anchors count code points.

    One query.
    """
    article = get_object_or_404(Article.objects.public().select_related("live"), slug=slug)
    return HttpResponse(article.live.text, content_type="text/plain; charset=utf-8")


@_public_document
def claim_annotation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write /claims/<uuid>/annotation.json.

    Four queries: the claim, its hops, figures and anchors.
    """
    claim = get_object_or_404(Claim.objects.public().for_page(), public_id=public_id)
    response = _json_response(
        build_annotation(claim, claim.anchors.content_in_revision(claim.article.live), request.build_absolute_uri)
    )
    response.headers["Content-Type"] = MEDIA_TYPE
    return response


# --- Share images ---


@require_safe
def site_image(request: HttpRequest) -> HttpResponseBase:
    """Draw /share.png, for pages without an image of their own. No query."""
    return _image_response(request, site_image_text())


@require_safe
def article_image(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Draw /articles/<slug>/share.png. One query."""
    article = get_object_or_404(Article.objects.readable().for_page(), slug=slug)
    return _image_response(request, article_image_text(article))


@require_safe
def claim_image(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Draw /claims/<uuid>/share.png. Three queries."""
    claim = get_object_or_404(Claim.objects.public().for_list(), public_id=public_id)
    return _image_response(request, claim_image_text(claim))


@require_safe
def source_image(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Draw /sources/<slug>/share.png. One query."""
    return _image_response(request, source_image_text(get_object_or_404(readable_sources(), slug=slug)))


def _image_response(request: HttpRequest, text: ImageText) -> HttpResponseBase:
    """Return the image, or 304 without drawing it."""
    etag = quote_etag(image_digest(text))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(cached_image(text), content_type="image/png")
        response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={IMAGE_MAX_AGE_SECONDS}"
    return response


def _json_response(data: dict[str, Any]) -> JsonResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
