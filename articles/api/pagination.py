"""Pages of a list, with cursors."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.api.responses import BadRequest
from articles.pagination import MAX_CURSOR_CHARS, Page, paginate

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
#: In the form of OpenAPI.
PARAMETERS: list[dict[str, Any]] = [
    {
        "name": "page",
        "in": "query",
        "description": _("The cursor of a page, from `next` or `previous`."),
        "schema": {"type": "string", "maxLength": MAX_CURSOR_CHARS},
    },
    {
        "name": "size",
        "in": "query",
        "description": _("Rows on a page."),
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
    },
]


class KeysetPagination(BasePagination):
    """Pages by `articles.pagination`, the same as those of the site.

    DRF's CursorPagination compares only the first field of an order, and skips equal rows with an OFFSET of at most
    1,000. All claims of an article have the same time, and so may articles of one day. It also cannot order by a field
    of a related row. This class compares all fields, and an index can start at the row.
    """

    query_parameters = tuple(parameter["name"] for parameter in PARAMETERS)

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self.request = request
        self.page: Page[Any] = paginate(queryset, request.query_params.get("page", ""), size=self._size(request))
        return list(self.page.rows)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"next": self._url(self.page.next), "previous": self._url(self.page.previous), "results": data}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": _("The URL of the next page; null on the last.")},
                "previous": {**link, "description": _("The URL of the previous page; null on the first.")},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [{**parameter} for parameter in PARAMETERS]

    def _size(self, request: Request) -> int:
        size = request.query_params.get("size", str(PAGE_SIZE))
        if not size.isdecimal() or len(size) > 20 or not 1 <= int(size) <= MAX_PAGE_SIZE:
            raise BadRequest(_("A page has from 1 to %(max)d rows.") % {"max": MAX_PAGE_SIZE}, code="bad-size")
        return int(size)

    def _url(self, cursor: str) -> str | None:
        if not cursor:
            return None
        query = self.request.query_params.copy()
        query["page"] = cursor
        return str(self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}"))
