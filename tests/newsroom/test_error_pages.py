"""Error pages. They need no database, so these tests have none."""

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def client():
    """Return a client with a session cookie."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a-session-that-cannot-be-looked-up"
    return client


def test_missing_page_is_404_without_database(client):
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "<h1" in response.content.decode()


def test_failing_page_is_500_without_database(client, caplog):
    response = client.get("/claims/")

    assert response.status_code == 500
    assert "<h1" in response.content.decode()
    assert "Database access not allowed" in caplog.text  # the reason is in the log


def test_unknown_host_is_400(client):
    response = client.get("/", headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert "<h1" in response.content.decode()


def test_form_without_csrf_token_is_403():
    client = Client(enforce_csrf_checks=True)

    response = client.post("/admin/login/", {"username": "editor"})

    assert response.status_code == 403
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("path", ["/no/such/page/", "/claims/"])
def test_error_pages_have_security_headers(client, path):
    response = client.get(path)

    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
