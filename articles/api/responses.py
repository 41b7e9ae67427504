"""Problem details (RFC 9457) for every error, and the base of all views."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from articles.errors import RefusedError
from articles.pagination import BadCursorError
from articles.parameters import unknown_parameters
from articles.publishing.actions import PublishingError

logger = logging.getLogger("articles.api")

PROBLEM = "application/problem+json"
RETRY_AFTER_SECONDS = 30


class BadRequest(exceptions.APIException):
    status_code = 400
    default_detail = _("The request cannot be understood.")
    default_code = "bad-request"


class Conflict(exceptions.APIException):
    status_code = 409
    default_detail = _("The request conflicts with the current state.")
    default_code = "conflict"


class ContentTooLarge(exceptions.APIException):
    status_code = 413
    default_detail = _("The body is too large.")
    default_code = "too-large"


def problem(error: Exception, context: dict[str, Any]) -> Response:
    """Return an error as a problem with a status, a code, and `errors` by field.

    An unexpected error is logged with its traceback. It is answered with 500, or 503 if the database failed.
    """
    raised = _as_api_exception(error)
    response = exception_handler(raised, context) if raised else None
    if raised is None or response is None:
        return _unexpected(error, context)
    codes = raised.get_codes()
    body = _body(response.status_code, codes if isinstance(codes, str) else raised.default_code)
    if isinstance(response.data, dict) and set(response.data) == {"detail"}:
        body["detail"] = str(response.data["detail"])
    else:
        body["detail"] = gettext("The request has invalid values. See “errors”.")
        errors = response.data
        body["errors"] = errors if isinstance(errors, dict) else {api_settings.NON_FIELD_ERRORS_KEY: errors}
    response.data = body
    response.content_type = PROBLEM
    return response


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    match error:
        case exceptions.APIException():
            return error
        case PublishingError() | RefusedError():
            return Conflict(error.sentence, code=error.code)
        case BadCursorError():
            return BadRequest(str(error), code="bad-cursor")
        case PermissionDenied():
            return exceptions.PermissionDenied(str(error) or None)
        case Http404():
            return exceptions.NotFound(_("This does not exist, or you may not see it."))
    return None


def _unexpected(error: Exception, context: dict[str, Any]) -> Response:
    request: Request = context["request"]
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=type(context["view"]), request=request._request)
    if isinstance(error, OperationalError | InterfaceError):
        body = _body(503, "unavailable", gettext("The database cannot be reached. Try again."))
        return Response(body, 503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)}, content_type=PROBLEM)
    return Response(
        _body(500, "error", gettext("Something went wrong. The error was logged.")), 500, content_type=PROBLEM
    )


def _body(status: int, code: str, detail: str = "") -> dict[str, Any]:
    # With "about:blank", the title is the phrase of the status (RFC 9457, 4.2.1).
    title = HTTPStatus(status).phrase.capitalize()
    return {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}


class PublicMixin:
    """Allow scripts of any site, refuse unknown parameters, and throttle wrong keys."""

    #: Parameters besides those of the filters and of the pagination.
    query_parameters: tuple[str, ...] = ()

    def known_parameters(self) -> list[str]:
        filterset = getattr(self, "filterset_class", None)
        paginator = getattr(self, "pagination_class", None)
        return [
            *self.query_parameters,
            *(filterset.base_filters if filterset else ()),
            *(paginator.query_parameters if paginator else ()),
            str(api_settings.URL_FORMAT_OVERRIDE),
        ]

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)  # type: ignore[misc]
        except exceptions.AuthenticationFailed:
            self.check_throttles(request)  # type: ignore[attr-defined] # slows the guessing of keys
            raise

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if unknown := unknown_parameters(request.query_params, self.known_parameters()):
            raise BadRequest("; ".join(unknown), code="unknown-parameter")

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        patch_vary_headers(response, ["Authorization"])
        if getattr(request, "auth", None) is not None:
            response["Cache-Control"] = "private, no-store"
        return response
