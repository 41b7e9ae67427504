"""Sitemap index, sitemaps, and the news sitemap."""

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
#: Seconds for which a cache may keep a sitemap.
MAX_AGE_SECONDS = 300


@require_safe
@cache_control(public=True, max_age=MAX_AGE_SECONDS)
@conditional_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Write /sitemap.xml. Four queries, one for each section, once an hour."""
    absolute = request.build_absolute_uri
    items = [SitemapIndexItem(absolute(chunk_path(section, number))) for section, number in cached_chunks()]
    return render(request, "sitemap_index.xml", {"sitemaps": items}, content_type=XML_CONTENT_TYPE)


@require_safe
@cache_control(public=True, max_age=MAX_AGE_SECONDS)
@conditional_page
def sitemap_chunk(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """Write /sitemaps/<section>-<number>.xml. One query."""
    if section not in SECTIONS:
        raise Http404
    response: TemplateResponse = write_sitemap(
        request, {section: SECTIONS[section](number)}, content_type=XML_CONTENT_TYPE
    )
    # Drop Last-Modified, as in feeds: a row that leaves makes no date newer. The ETag shows every change.
    return HttpResponse(response.render().content, content_type=XML_CONTENT_TYPE, headers={"X-Robots-Tag": "noindex"})


@require_safe
@cache_control(public=True, max_age=MAX_AGE_SECONDS)
@conditional_page
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """Write /news-sitemap.xml. One query."""
    absolute = request.build_absolute_uri
    entries = [
        {
            "url": absolute(article.get_absolute_url()),
            "headline": strip_invalid_xml(article.live.headline if article.live else ""),
            "language": article.language.split("-")[0],
            "article": article,
        }
        for article in news_articles()
    ]
    context = {"entries": entries, "publication": settings.SITE_NAME}
    return render(request, "news_sitemap.xml", context, content_type=XML_CONTENT_TYPE)
