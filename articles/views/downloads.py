"""The claims and the stories that a filter finds, as CSV and as JSON, streamed."""

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
    """/claims/export.csv|json — the queries of the filter, one for the claims, and three for every 500 of them."""
    claims = Claim.objects.public().newest_first()
    found = ClaimFilterSet(without_page(request.GET), queryset=claims, request=request)
    if problem := bad_filter_response(found):
        return problem
    absolute = _absolute_url_builder(request)
    rows = claim_rows(found.qs)
    if format == "csv":
        lines = csv_lines(CLAIM_COLUMNS, (claim_cells(claim, absolute) for claim in rows))
    else:
        lines = json_list(claim_object(claim, absolute) for claim in rows)
    return _stream_file(lines, "claims", format)


@require_safe
def article_download(request: HttpRequest, format: str) -> HttpResponseBase:
    """/articles/export.csv|json — the queries of the filter, and one for the stories."""
    stories = Article.objects.public().newest_first()
    found = ArticleFilterSet(without_page(request.GET), queryset=stories, request=request)
    if problem := bad_filter_response(found):
        return problem
    absolute = _absolute_url_builder(request)
    rows = article_rows(found.qs)
    if format == "csv":
        lines = csv_lines(ARTICLE_COLUMNS, (article_cells(story, absolute) for story in rows))
    else:
        lines = json_list(article_object(story, absolute) for story in rows)
    return _stream_file(lines, "stories", format)


def _absolute_url_builder(request: HttpRequest) -> Callable[[str], str]:
    """As request.build_absolute_uri, for paths of this site, of which a row has two or three: the host is read once."""
    root = request.build_absolute_uri("/").removesuffix("/")
    return lambda path: root + path


def _stream_file(lines: Iterator[str], name: str, format: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        join_in_chunks(lines),
        content_type=CONTENT_TYPES[format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{format}"',
            "Cache-Control": "no-store",  # as large as the archive may be, and asked for once
            "X-Robots-Tag": "noindex",
        },
    )
