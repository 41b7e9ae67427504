"""Extensions of the OpenAPI document: errors, keys, filters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiFilterExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import AllowAny

from articles.api.responses import PROBLEM
from articles.filters import SourceFilter

SOURCE = _("Give a slug, a name or an alias.")
#: Descriptions of the filters.
FILTERS = {
    "text": _("Words in its text."),
    "topic": _("The slug of a topic."),
    "figures": _("True: only with a figure."),
    "after": _("Published on this day or later."),
    "before": _("Published on this day or earlier."),
    "source": _("Articles that quote this source or pass on what it said."),
    "agency": _("The slug of a news agency."),
    "anyone": _("Claims that this source said or passed on."),
    "origin": _("Claims that this source said first."),
    "speaker": _("Claims of which this source is the speaker: the last in the chain."),
    "sort": _("Oldest first. Without it, newest first."),
    "kind": _("The kind of source; of a claim, the kind of its origin."),
    "form": _("Quoted, reported, or both."),
    "modality": _("Asserted, expected, possible, planned or denied."),
    "figure_min": _("Claims with a figure that can be this or more."),
    "figure_max": _("Claims with a figure that can be this or less."),
    "said_after": _("Said on this day or later."),
    "said_before": _("Said on this day or earlier."),
    "letter": _("The first letter of the name."),
}
ERRORS = {
    400: _("A parameter or a value in the body is invalid."),
    401: _("The key is missing, unknown or revoked."),
    403: _("The account of this key may not do this."),
    404: _("This does not exist, or you may not see it."),
    406: _("Answers are JSON only."),
    409: _("The request conflicts with the current state."),
    413: _("The body is too large."),
    415: _("Bodies are JSON only."),
    429: _("Too many requests. Wait for the seconds in Retry-After."),
}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "articles.api.authentication.ApiKeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": _("An API key from the newsroom: otr_…")}


class FilterParameters(OpenApiFilterExtension):  # type: ignore[no-untyped-call]
    """Describe the filters of a list as parameters."""

    target_class = "articles.api.filters.FilterBackend"
    priority = 1

    def get_schema_operation_parameters(self, auto_schema: Any, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        filterset = getattr(auto_schema.view, "filterset_class", None)
        if filterset is None:
            return []
        return [
            {"name": name, "in": "query", "description": _describe(name, filter_), "schema": _type(filter_)}
            for name, filter_ in filterset.base_filters.items()
        ]


def _describe(name: str, filter_: django_filters.Filter) -> str:
    description = str(FILTERS.get(name, filter_.label))
    return f"{description} {SOURCE}" if isinstance(filter_, SourceFilter) else description


def _type(filter_: django_filters.Filter) -> dict[str, Any]:
    match filter_:
        case django_filters.NumberFilter():
            return {"type": "number"}
        case django_filters.BooleanFilter():
            return {"type": "boolean"}
        case django_filters.DateFilter():
            return {"type": "string", "format": "date"}
        case django_filters.ChoiceFilter() if "choices" in filter_.extra:
            return {"type": "string", "enum": [value for value, _label in filter_.extra["choices"]]}
        case django_filters.CharFilter():
            return {"type": "string", "maxLength": filter_.extra["max_length"]}
    return {"type": "string"}


class Schema(AutoSchema):
    """Document the errors of each operation, and that reading needs no key."""

    def get_auth(self) -> list[dict[str, Any]]:
        schemes = [scheme for scheme in super().get_auth() if scheme]
        return [{}, *schemes] if self._is_open() else schemes

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        from articles.api.serializers import ProblemSerializer  # imports models, which are not ready yet

        bodies = super()._get_response_bodies(direction)
        for status in self._error_statuses():
            body = self._get_response_for_code(  # type: ignore[no-untyped-call]
                ProblemSerializer, str(status), [PROBLEM], direction
            )
            bodies[str(status)] = {**body, "description": ERRORS[status]}
        return bodies

    def _error_statuses(self) -> list[int]:
        statuses = {400, 401, 406, 429}
        if "{" in self.path:
            statuses.add(404)
        if not self._is_open():
            statuses.add(403)
        if self.method == "POST":
            statuses |= {409, 413, 415}
        return sorted(statuses)

    def _is_open(self) -> bool:
        return any(isinstance(permission, AllowAny) for permission in self.view.get_permissions())
