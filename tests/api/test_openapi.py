"""The OpenAPI document is valid and complete, and responses follow it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from schemathesis.checks import CHECKS, load_all_checks

from articles.models import ApiKey
from newsroom.wsgi import application
from tests.factories import LedgerFactory, get_source, make_claim, make_quantity, published_article

pytestmark = pytest.mark.django_db

load_all_checks()
CONFORMANCE = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
QUICK = hypothesis_settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PUBLIC = {
    "/api/articles/",
    "/api/articles/{slug}/",
    "/api/claims/",
    "/api/claims/{public_id}/",
    "/api/ledgers/",
    "/api/ledgers/{slug}/",
    "/api/search/",
    "/api/sources/",
    "/api/sources/{slug}/",
}
WITH_KEY = {"/api/articles/{slug}/claims/", "/api/articles/{slug}/step/", "/api/claims/{public_id}/review/"}


@pytest.fixture
def document(client) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(client.get("/api/schema/?format=json").content)
    return schema


def parameters(document: dict[str, Any], path: str) -> dict[str, Any]:
    return {parameter["name"]: parameter for parameter in document["paths"][path]["get"]["parameters"]}


def test_document_is_valid_and_without_warnings(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "openapi.yml"))


def test_document_is_valid_as_it_is_served(document):
    validate_schema(document)

    assert set(document["paths"]) == PUBLIC | WITH_KEY
    assert document["servers"] == [{"url": "http://testserver"}]
    assert document["info"]["contact"] == {"url": "http://testserver/developers/"}


def test_reading_needs_no_key_and_writing_does(document):
    for path in PUBLIC:
        assert document["paths"][path]["get"]["security"] == [{}, {"key": []}]
    for path in WITH_KEY:
        assert document["paths"][path]["post"]["security"] == [{"key": []}]


def test_lists_are_objects_with_results(document):
    for path in ("/api/articles/", "/api/claims/", "/api/sources/"):
        response = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        page = document["components"]["schemas"][response["$ref"].rpartition("/")[2]]
        assert page["required"] == ["next", "previous", "results"]
        assert page["properties"]["results"]["type"] == "array"


def test_errors_are_documented_as_problems(document):
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            expected = {"400", "401", "406", "429"}
            expected |= {"404"} if "{" in path else set()
            expected |= {"403", "409", "413", "415"} if method == "post" else set()
            errors = {code: response for code, response in operation["responses"].items() if code >= "400"}
            assert set(errors) == expected
            assert all(list(response["content"]) == ["application/problem+json"] for response in errors.values())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("form", ["direct", "indirect", "mixed"]),
        ("modality", ["asserted", "expected", "possible", "planned", "denied"]),
        ("kind", ["person", "organisation", "agency", "document", "group", "unnamed"]),
        ("sort", ["oldest"]),
    ],
)
def test_choices_of_a_filter_are_an_enum(document, name, values):
    assert parameters(document, "/api/claims/")[name]["schema"]["enum"] == values


def test_numbers_are_numbers_and_days_are_days(document):
    found = parameters(document, "/api/claims/")

    assert found["figure_min"]["schema"] == found["figure_max"]["schema"] == {"type": "number"}
    assert found["after"]["schema"] == {"type": "string", "format": "date"}
    assert found["size"]["schema"]["maximum"] == 100


def test_search_has_its_own_parameter_and_answer(document):
    assert list(parameters(document, "/api/search/")) == ["q"]
    assert parameters(document, "/api/search/")["q"]["required"]
    assert set(document["components"]["schemas"]["SearchResult"]["properties"]) == {
        *("looked_for", "article_count", "claim_count"),
        *("articles", "claims", "sources"),
    }


def test_every_operation_and_parameter_is_described(document):
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["description"].endswith((".", "`."))
            assert all(
                parameter.get("description")
                for parameter in operation.get("parameters", [])
                if parameter["in"] == "query"
            )


# --- What is sent ---


@pytest.fixture
def key(chief) -> str:
    api_key = ApiKey(user=chief, name="schemathesis")
    text = api_key.generate_key()
    api_key.save()
    return text


@pytest.fixture
def objects() -> dict[str, dict[str, str]]:
    """Return the path parameters of one object of each kind."""
    article = published_article(agency=get_source("Wire"), publisher=get_source("Quay"))
    ledger = LedgerFactory(slug="bolts")
    figures = [make_quantity("at least 40", lower=40, ledger=ledger), make_quantity("2.5 miles", lower=2.5, upper=2.5)]
    claim = make_claim(article, quote="At least 40 bolts are loose,", by=["Ada Roe", "Bo Lind"], figures=figures)
    return {
        "articles": {"slug": article.slug},
        "claims": {"public_id": str(claim.public_id)},
        "sources": {"slug": get_source("Ada Roe").slug},
        "ledgers": {"slug": ledger.slug},
    }


@pytest.fixture
def api(objects, monkeypatch) -> Iterator[schemathesis.BaseSchema]:
    """The application without throttles.

    It keeps the test's database connection, as Django's test client does.
    """
    for throttle in (AnonRateThrottle, UserRateThrottle):
        monkeypatch.setitem(throttle.THROTTLE_RATES, throttle.scope, None)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path"), [*(("GET", path) for path in sorted(PUBLIC)), *(("POST", path) for path in sorted(WITH_KEY))]
)
def test_answers_are_as_documented(api, objects, key, method, path):
    """Send each request as generated, and to an existing object. Undo its changes."""
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    existing = objects.get(path.split("/")[2]) if "{" in path else None

    @given(api[path][method].as_strategy())
    @QUICK
    def send(case: schemathesis.Case) -> None:
        for path_parameters in filter(None, (case.path_parameters or {"": ""}, existing)):
            with transaction.atomic():
                if existing:
                    case.path_parameters = path_parameters
                case.call_and_validate(checks=CONFORMANCE, headers=headers)
                transaction.set_rollback(True)

    send()
