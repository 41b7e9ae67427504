"""How the API speaks: problems (RFC 9457), pages with cursors, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.cache import patch_vary_headers
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from articles.paging import BadCursorError, page
from articles.publishing import PublishingError

PROBLEM = "application/problem+json"
#: Rows on a page, and the most that may be asked for.
SIZE, LARGEST = 20, 100


class BadRequest(exceptions.APIException):
    status_code = 400
    default_code = "bad-request"


class Conflict(exceptions.APIException):
    """What was asked for cannot be done as things stand."""

    status_code = 409
    default_code = "conflict"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as a problem: type, title, status, detail, and where fields are wrong, `errors` by field."""
    if isinstance(error, PublishingError):
        error = Conflict(error.sentence, code=error.code)
    elif isinstance(error, BadCursorError):
        error = BadRequest(str(error), code="bad-cursor")
    elif isinstance(error, PermissionDenied) and not isinstance(error, exceptions.APIException):
        error = exceptions.PermissionDenied(str(error) or None)
    elif isinstance(error, Http404):
        error = exceptions.NotFound("There is nothing here that you may see.")
    answer = exception_handler(error, context)
    if answer is None:
        return None
    raised = error if isinstance(error, exceptions.APIException) else exceptions.APIException()
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(raised.default_detail).rstrip("."),
        "status": answer.status_code,
        "code": raised.get_codes() if isinstance(raised.get_codes(), str) else raised.default_code,
    }
    if isinstance(answer.data, dict) and set(answer.data) == {"detail"}:
        body["detail"] = str(answer.data["detail"])
    else:
        body["detail"] = "Some of what was sent is not as it must be."
        body["errors"] = answer.data
    answer.data = body
    answer.content_type = PROBLEM
    return answer


def paged(request: Request, rows: Any, shown: Callable[[Any], dict[str, Any]]) -> Response:
    """A page of rows: `results`, and the addresses of the pages around it. `?size=` asks for more or fewer rows."""
    wanted = request.query_params.get("size", str(SIZE))
    if not wanted.isdecimal() or not 1 <= int(wanted) <= LARGEST:
        raise BadRequest(f"A page has from 1 to {LARGEST} rows.", code="bad-size")
    found = page(rows, request.query_params.get("page", ""), size=int(wanted))
    return Response(
        {
            "next": _address(request, found.next),
            "previous": _address(request, found.previous),
            "results": [shown(row) for row in found.rows],
        }
    )


def _address(request: Request, cursor: str) -> str | None:
    if not cursor:
        return None
    query = request.query_params.copy()
    query["page"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


class Open:
    """Views that any page in any browser may read, and no cookie changes."""

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        patch_vary_headers(response, ["Authorization"])
        if getattr(request, "auth", None) is not None:
            response["Cache-Control"] = "private, no-store"
        return response
