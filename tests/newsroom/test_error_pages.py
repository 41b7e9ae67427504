"""When something fails, the page that says so needs nothing that may have failed: these tests have no database."""

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def client():
    """A browser that was logged in before the database went away."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a-session-that-cannot-be-looked-up"
    return client


def test_a_page_that_is_not_there_is_a_404_even_without_a_database(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "<h1" in response.content.decode()


def test_a_page_that_fails_is_a_500_even_without_a_database(client, caplog):
    response = client.get("/claims/")
    assert response.status_code == 500
    assert "<h1" in response.content.decode()
    assert "Database access not allowed" in caplog.text  # it failed for want of a database, and the log says why


def test_a_host_that_is_not_ours_is_a_400(client):
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "<h1" in response.content.decode()


def test_a_form_from_another_site_is_a_403():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/login/", {"username": "editor"})
    assert response.status_code == 403
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("path", ["/no/such/page/", "/claims/"])
def test_error_pages_carry_the_same_protections(client, path):
    response = client.get(path)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
