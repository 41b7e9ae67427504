"""The sitemap index, its chunks, and the news sitemap."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sitemaps.views import SitemapIndexItem
from django.contrib.sitemaps.views import sitemap as write_sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from articles.exports.feeds import strip_invalid_xml
from articles.exports.sitemaps import SECTIONS, cached_chunks, chunk_path, news_articles

XML_CONTENT_TYPE = "application/xml; charset=utf-8"
#: How long anybody may keep an answer, in seconds.
MAX_AGE_SECONDS = 300


@require_safe
@cache_control(public=True, max_age=MAX_AGE_SECONDS)
@conditional_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """/sitemap.xml — four queries, one a section, once an hour."""
    absolute = request.build_absolute_uri
    items = [SitemapIndexItem(absolute(chunk_path(section, number))) for section, number in cached_chunks()]
    return render(request, "sitemap_index.xml", {"sitemaps": items}, content_type=XML_CONTENT_TYPE)


@require_safe
@cache_control(public=True, max_age=MAX_AGE_SECONDS)
@conditional_page
def sitemap_chunk(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """/sitemaps/<section>-<number>.xml — one query."""
    if section not in SECTIONS:
        raise Http404
    found: TemplateResponse = write_sitemap(
        request, {section: SECTIONS[section](number)}, content_type=XML_CONTENT_TYPE
    )
    # Without its Last-Modified. As for feeds: what left the chunk makes no date newer, so the ETag alone tells two apart.
    return HttpResponse(found.render().content, content_type=XML_CONTENT_TYPE, headers={"X-Robots-Tag": "noindex"})


@require_safe
@cache_control(public=True, max_age=MAX_AGE_SECONDS)
@conditional_page
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """/news-sitemap.xml — one query."""
    absolute = request.build_absolute_uri
    stories = [
        {
            "address": absolute(story.get_absolute_url()),
            "headline": strip_invalid_xml(story.live.headline if story.live else ""),
            "language": story.language.split("-")[0],
            "story": story,
        }
        for story in news_articles()
    ]
    context = {"stories": stories, "publication": settings.SITE_NAME}
    return render(request, "news_sitemap.xml", context, content_type=XML_CONTENT_TYPE)
