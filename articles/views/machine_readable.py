"""One story or one claim in the forms that machines read: ninjs, plain text, Web Annotation, and its share picture."""

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

#: How long anybody may keep a document, in seconds, and for how long after that while fetching a newer one.
MAX_AGE_SECONDS, STALE_WHILE_REVALIDATE_SECONDS = 300, 600
#: A picture's address changes with what it says; an old address still answers, with what is right now.
IMAGE_MAX_AGE_SECONDS = 24 * 3600


def _public_document(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Read-only, kept for a while, told apart by its ETag, and open to scripts of other sites: it is public."""

    def opened(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    kept = cache_control(public=True, max_age=MAX_AGE_SECONDS, stale_while_revalidate=STALE_WHILE_REVALIDATE_SECONDS)
    return require_safe(kept(conditional_page(opened)))


@_public_document
def article_ninjs(request: HttpRequest, slug: str) -> HttpResponse:
    """/articles/<slug>/ninjs.json — five queries. A retracted story's says that it is cancelled."""
    story = get_object_or_404(Article.objects.readable().for_page().with_last_correction(), slug=slug)
    claims = [] if story.status == Article.Status.RETRACTED else list(Claim.objects.for_article_page(story))
    return _json_response(ninjs_item(story, claims, request.build_absolute_uri))


@_public_document
def article_text(request: HttpRequest, slug: str) -> HttpResponse:
    """/articles/<slug>/text.txt — one query: the plain text that positions count in, code point for code point."""
    story = get_object_or_404(Article.objects.public().select_related("live"), slug=slug)
    return HttpResponse(story.live.text, content_type="text/plain; charset=utf-8")


@_public_document
def claim_annotation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """/claims/<uuid>/annotation.json — four queries: the claim, its hops, figures and anchors."""
    found = get_object_or_404(Claim.objects.public().for_page(), public_id=public_id)
    response = _json_response(
        build_annotation(found, found.anchors.content_in_revision(found.article.live), request.build_absolute_uri)
    )
    response.headers["Content-Type"] = MEDIA_TYPE
    return response


# --- Share pictures ---


@require_safe
def site_image(request: HttpRequest) -> HttpResponseBase:
    """/share.png — no query: what goes with a page that has no picture of its own."""
    return _image_response(request, site_image_text())


@require_safe
def article_image(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/articles/<slug>/share.png — one query."""
    story = get_object_or_404(Article.objects.readable().for_page(), slug=slug)
    return _image_response(request, article_image_text(story))


@require_safe
def claim_image(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """/claims/<uuid>/share.png — three queries."""
    claim = get_object_or_404(Claim.objects.public().for_list(), public_id=public_id)
    return _image_response(request, claim_image_text(claim))


@require_safe
def source_image(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/sources/<slug>/share.png — one query."""
    return _image_response(request, source_image_text(get_object_or_404(readable_sources(), slug=slug)))


def _image_response(request: HttpRequest, words: ImageText) -> HttpResponseBase:
    """The picture, or 304 without drawing it."""
    etag = quote_etag(image_digest(words))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(cached_image(words), content_type="image/png")
        response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={IMAGE_MAX_AGE_SECONDS}"
    return response


def _json_response(data: dict[str, Any]) -> JsonResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
