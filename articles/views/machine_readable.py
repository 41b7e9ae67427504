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

from articles.display.share_card import site_words, words_of_claim, words_of_source, words_of_story
from articles.display.share_image import Words, digest, picture
from articles.exports.ninjs import of_story
from articles.exports.web_annotation import MEDIA_TYPE, annotation
from articles.models import Article, Claim
from articles.queries.sources import readable_sources

#: How long anybody may keep a document, in seconds, and for how long after that while fetching a newer one.
FRESH, STALE = 300, 600
#: A picture's address changes with what it says; an old address still answers, with what is right now.
PICTURE_FRESH = 24 * 3600


def _document(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Read-only, kept for a while, told apart by its ETag, and open to scripts of other sites: it is public."""

    def opened(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    kept = cache_control(public=True, max_age=FRESH, stale_while_revalidate=STALE)
    return require_safe(kept(conditional_page(opened)))


@_document
def ninjs(request: HttpRequest, slug: str) -> HttpResponse:
    """/articles/<slug>/ninjs.json — five queries. A retracted story's says that it is cancelled."""
    story = get_object_or_404(Article.objects.readable().for_page().with_last_correction(), slug=slug)
    claims = [] if story.status == Article.Status.RETRACTED else list(Claim.objects.in_live(story))
    return _json(of_story(story, claims, request.build_absolute_uri))


@_document
def text(request: HttpRequest, slug: str) -> HttpResponse:
    """/articles/<slug>/text.txt — one query: the plain text that positions count in, code point for code point."""
    story = get_object_or_404(Article.objects.public().select_related("live"), slug=slug)
    return HttpResponse(story.live.text, content_type="text/plain; charset=utf-8")


@_document
def claim_annotation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """/claims/<uuid>/annotation.json — four queries: the claim, its hops, figures and anchors."""
    found = get_object_or_404(Claim.objects.public().for_page(), public_id=public_id)
    response = _json(annotation(found, found.anchors.content_in(found.article.live), request.build_absolute_uri))
    response.headers["Content-Type"] = MEDIA_TYPE
    return response


# --- Share pictures ---


@require_safe
def site_picture(request: HttpRequest) -> HttpResponseBase:
    """/share.png — no query: what goes with a page that has no picture of its own."""
    return _picture(request, site_words())


@require_safe
def article_picture(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/articles/<slug>/share.png — one query."""
    story = get_object_or_404(Article.objects.readable().for_page(), slug=slug)
    return _picture(request, words_of_story(story))


@require_safe
def claim_picture(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """/claims/<uuid>/share.png — three queries."""
    claim = get_object_or_404(Claim.objects.public().for_list(), public_id=public_id)
    return _picture(request, words_of_claim(claim))


@require_safe
def source_picture(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/sources/<slug>/share.png — one query."""
    return _picture(request, words_of_source(get_object_or_404(readable_sources(), slug=slug)))


def _picture(request: HttpRequest, words: Words) -> HttpResponseBase:
    """The picture, or 304 without drawing it."""
    etag = quote_etag(digest(words))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(picture(words), content_type="image/png")
        response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={PICTURE_FRESH}"
    return response


def _json(data: dict[str, Any]) -> JsonResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
