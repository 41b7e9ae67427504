"""Deployment: the shared cache, static files, and the command make_editor."""

from __future__ import annotations

import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from environ import Env

from tests.requirements import redis_url

ROOT = Path(__file__).resolve().parents[2]
TAG = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")


# --- Shared cache ---


@pytest.fixture
def redis_cache(monkeypatch):
    """Return the cache of CACHE_URL=redis://…, with a key prefix for this process."""
    monkeypatch.setenv("CACHE_URL", redis_url())
    choice = Env().cache("CACHE_URL") | {"KEY_PREFIX": f"on-the-record-tests-{os.getpid()}"}
    with override_settings(CACHES={"default": choice}):
        yield caches["default"]
        caches["default"].close()


@pytest.mark.redis
def test_redis_cache_stores_and_deletes_values(redis_cache):
    redis_cache.set("headline", "Harbour to close — for good", timeout=60)

    assert redis_cache.get("headline") == "Harbour to close — for good"

    redis_cache.delete("headline")

    assert redis_cache.get("headline") is None


# --- Static files ---


@pytest.mark.slow
def test_static_files_of_templates_are_collected_with_hashes(tmp_path):
    manifest = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=manifest):
        # Fails if a style sheet names a file that does not exist.
        call_command("collectstatic", interactive=False, verbosity=0)
        for template in (ROOT / "templates").rglob("*.html"):
            for name in TAG.findall(template.read_text(encoding="utf-8")):
                stored = staticfiles_storage.stored_name(name)  # ValueError if it is not in the manifest
                assert re.search(r"\.[0-9a-f]{12}\.", stored), f"{template.name}: {name}"
                assert (tmp_path / stored).is_file()


# --- make_editor ---


@pytest.fixture
def make_editor(roles):
    """Return a function that runs the command and returns its output."""

    def run(*arguments: str) -> str:
        out = StringIO()
        call_command("make_editor", *arguments, stdout=out)
        return out.getvalue()

    return run


def find_password(output: str) -> str:
    match = re.search(r"with the password\s+(\S+)", output)
    assert match, output
    return match[1]


def test_account_is_made_and_printed_once(make_editor):
    output = make_editor()

    user = authenticate(username="editor", password=find_password(output))

    assert user is not None
    assert user.is_staff
    assert not user.is_superuser
    assert [group.name for group in user.groups.all()] == ["chief"]
    assert make_editor() == ""
    assert authenticate(username="editor", password=find_password(output)) == user


def test_reset_replaces_the_password(make_editor):
    first = find_password(make_editor())

    second = find_password(make_editor("--reset"))

    assert authenticate(username="editor", password=first) is None
    assert authenticate(username="editor", password=second) is not None


def test_passwords_are_different(make_editor):
    passwords = {find_password(make_editor("--name", name)) for name in ("anna", "ben")}

    assert len(passwords) == 2
    assert all(len(password) == 20 for password in passwords)


def test_without_groups_the_error_names_migrate(make_editor):
    Group.objects.all().delete()

    with pytest.raises(CommandError, match="migrate"):
        make_editor()
    assert not get_user_model().objects.exists()
