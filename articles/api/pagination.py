"""Pages of a list, with cursors."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.api.responses import BadRequest
from articles.paging import LONGEST, Page, page


class KeysetPagination(BasePagination):
    """Pages by `articles.paging`, the same as those of the site.

    DRF's CursorPagination compares only the first field of an order and skips equal rows with OFFSET, up to 1,000.
    An article has up to hundreds of claims of equal time. It also cannot order by a related field.
    """

    page_size = 20
    max_page_size = 100
    query_parameters = ("page", "size")

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: APIView | None = None) -> list[Any]:
        self.request = request
        self.found: Page[Any] = page(queryset, request.query_params.get("page", ""), size=self._size(request))
        return list(self.found.rows)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"next": self._url(self.found.next), "previous": self._url(self.found.previous), "results": data}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The URL of the next page; null on the last."},
                "previous": {**link, "description": "The URL of the previous page; null on the first."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {
                "name": "page",
                "in": "query",
                "description": "The cursor of a page, as `next` and `previous` have it.",
                "schema": {"type": "string", "maxLength": LONGEST},
            },
            {"name": "size", "in": "query", "description": "How many rows a page has.", "schema": size},
        ]

    def _size(self, request: Request) -> int:
        wanted = request.query_params.get("size", str(self.page_size))
        if not wanted.isdecimal() or len(wanted) > 20 or not 1 <= int(wanted) <= self.max_page_size:
            raise BadRequest(f"A page has from 1 to {self.max_page_size} rows.", code="bad-size")
        return int(wanted)

    def _url(self, cursor: str) -> str | None:
        if not cursor:
            return None
        query = self.request.query_params.copy()
        query["page"] = cursor
        return str(self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}"))
