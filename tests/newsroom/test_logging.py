"""The project's loggers: messages, and tracebacks of errors."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DataError
from django.test import Client
from django.urls import reverse

from articles.api import views
from articles.editing.revisions import create_revision
from articles.extraction import Extraction, extract
from articles.importing import prepare, store
from articles.models import ApiKey, Article, ImportRun
from articles.publishing.actions import submit
from record.users import User
from tests.factories import ArticleFactory
from tests.importing.samples import make_seed_folder

pytestmark = pytest.mark.django_db


def messages(caplog: pytest.LogCaptureFixture, logger: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == logger]


def test_each_package_has_a_logger_with_the_set_level() -> None:
    assert settings.LOGGING["loggers"] == {
        f"articles.{part}": {"level": settings.LOG_LEVEL} for part in ("importing", "extraction", "publishing", "api")
    }


def test_failed_extraction_is_logged_and_the_import_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_for_one(text: str, **options: Any) -> Extraction:
        if "Colm Fry" in text:
            raise ZeroDivisionError("counting bolts")
        return extract(text, **options)

    monkeypatch.setattr(prepare, "extract", fail_for_one)

    call_command("import_seeds", str(make_seed_folder(tmp_path / "seeds", 3)), quiet=True)

    claims = {a.latest.headline: a.claims.count() for a in Article.objects.select_related("latest") if a.latest}
    assert len(claims) == 3
    assert [headline for headline, count in claims.items() if not count] == ["Pier 1 Passes Its Inspection"]
    (record,) = [record for record in caplog.records if record.name == "articles.extraction"]
    assert "Pier 1 Passes" in record.getMessage()
    assert "ZeroDivisionError: counting bolts" in caplog.text
    assert "fail_for_one" in caplog.text  # the traceback names where


def test_article_refused_by_the_database_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(rows: object) -> None:
        raise DataError("out of range")

    monkeypatch.setattr(store, "save_claims", refuse)

    with pytest.raises(SystemExit):
        call_command("import_seeds", str(make_seed_folder(tmp_path / "seeds", 1)), quiet=True)

    assert "00000.txt" in messages(caplog, "articles.importing")[0]
    assert "Traceback" in caplog.text
    assert "DataError: out of range" in caplog.text


def test_import_logs_its_result(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="articles.importing"):
        call_command("import_seeds", str(make_seed_folder(tmp_path / "seeds", 2)), quiet=True)

    run = ImportRun.objects.get()
    assert messages(caplog, "articles.importing") == [f"Import run {run.public_id} finished: {{'imported': 2}}."]


def test_editing_and_submitting_are_logged(
    chief: User, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    article = ArticleFactory(slug="pier", revision=False, language="en", status=Article.Status.DRAFT)

    for logger in ("articles.extraction", "articles.publishing"):
        caplog.set_level(logging.INFO, logger=logger)

    with django_capture_on_commit_callbacks(execute=True):
        create_revision(article, headline="Pier", summary="", body="“The pier is sound,” Ada Roe said.", by=chief)
        submit(article, by=chief)

    assert messages(caplog, "articles.extraction") == ["pier: 1 new claims, 0 withdrawn."]
    assert messages(caplog, "articles.publishing") == ["pier: submitted by carl, revision 1."]


def test_api_error_is_logged_with_its_traceback(
    chief: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise ZeroDivisionError("counting bolts")

    monkeypatch.setattr(views.actions, "submit", fail)
    article = ArticleFactory(slug="pier")
    token = ApiKey(user=chief, name="desk")
    key = token.generate_key()
    token.save()
    client = Client(raise_request_exception=False)
    url = reverse("api:publish", args=[article.slug])

    response = client.post(
        url, {"step": "submit"}, content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )

    assert response.status_code == 500
    (record,) = [record for record in caplog.records if record.name == "articles.api"]
    assert url in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
