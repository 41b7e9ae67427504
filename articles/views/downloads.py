"""Exports of filtered claims and articles as CSV and JSON, streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from articles.exports.tables import (
    ARTICLE_COLUMNS,
    CLAIM_COLUMNS,
    article_cells,
    article_object,
    article_rows,
    claim_cells,
    claim_object,
    claim_rows,
    csv_lines,
    join_in_chunks,
    json_list,
)
from articles.filters import ArticleFilterSet, ClaimFilterSet
from articles.models import Article, Claim
from articles.views.feeds import bad_filter_response
from articles.views.list_view import without_page

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@require_safe
def claim_download(request: HttpRequest, format: str) -> HttpResponseBase:
    """Export /claims/export.csv|json.

    The queries of the filter, one for the claims, and three for every 500 of them.
    """
    claims = Claim.objects.public().newest_first()
    filterset = ClaimFilterSet(without_page(request.GET), queryset=claims, request=request)
    if problem := bad_filter_response(filterset):
        return problem
    absolute_url = _absolute_url_builder(request)
    rows = claim_rows(filterset.qs)
    if format == "csv":
        lines = csv_lines(CLAIM_COLUMNS, (claim_cells(claim, absolute_url) for claim in rows))
    else:
        lines = json_list(claim_object(claim, absolute_url) for claim in rows)
    return _stream_file(lines, "claims", format)


@require_safe
def article_download(request: HttpRequest, format: str) -> HttpResponseBase:
    """Export /articles/export.csv|json.

    The queries of the filter, and one for the articles.
    """
    articles = Article.objects.public().newest_first()
    filterset = ArticleFilterSet(without_page(request.GET), queryset=articles, request=request)
    if problem := bad_filter_response(filterset):
        return problem
    absolute_url = _absolute_url_builder(request)
    rows = article_rows(filterset.qs)
    if format == "csv":
        lines = csv_lines(ARTICLE_COLUMNS, (article_cells(article, absolute_url) for article in rows))
    else:
        lines = json_list(article_object(article, absolute_url) for article in rows)
    return _stream_file(lines, "stories", format)


def _absolute_url_builder(request: HttpRequest) -> Callable[[str], str]:
    """Return a function like request.build_absolute_uri for paths of this site.

    It reads the host once; each row has two or three URLs.
    """
    root = request.build_absolute_uri("/").removesuffix("/")
    return lambda path: root + path


def _stream_file(lines: Iterator[str], name: str, format: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        join_in_chunks(lines),
        content_type=CONTENT_TYPES[format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{format}"',
            "Cache-Control": "no-store",  # possibly the whole archive, and requested once
            "X-Robots-Tag": "noindex",
        },
    )
