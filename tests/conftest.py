"""What every test may ask for: people of each role, and clients logged in as them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings

from tests.factories import UserFactory

pytest_plugins = ["tests.needs"]

# A busy machine is no fault: no example has a time limit, and the same examples are tried each time.
hypothesis_settings.register_profile("calm", deadline=None, derandomize=True)
hypothesis_settings.load_profile("calm")

ROLES = ("reporter", "editor", "chief", "loader")


@pytest.fixture(autouse=True)
def made_anew(settings: Any) -> None:
    """Tests begin again with the same keys and slugs: no page of one is kept for another, but where one asks for it."""
    settings.STORY_SECONDS = 0


@pytest.fixture
def keeping_pages(settings: Any) -> Iterator[None]:
    """Stories' pages are kept, as they are in production."""
    cache.clear()
    settings.STORY_SECONDS = 60
    yield
    cache.clear()


@pytest.fixture
def roles(db: None) -> None:
    """The groups that the migration makes; a test that empties the database takes them away."""
    if Group.objects.filter(name__in=ROLES).count() < len(ROLES):
        editor = SimpleNamespace(connection=connection)  # all that it asks of a schema editor
        import_module("articles.migrations.0003_roles").make_roles(apps, editor)
        import_module("articles.migrations.0008_embargoes_and_warnings").let_chiefs_overrule(apps, editor)


@pytest.fixture
def reporter(roles: None) -> User:
    return UserFactory(username="rita", role="reporter")


@pytest.fixture
def editor(roles: None) -> User:
    return UserFactory(username="edna", role="editor")


@pytest.fixture
def chief(roles: None) -> User:
    return UserFactory(username="carl", role="chief")


@pytest.fixture
def loader(roles: None) -> User:
    return UserFactory(username="lou", role="loader")


@pytest.fixture
def reader(db: None) -> User:
    """Somebody with an account and no role."""
    return UserFactory(username="ruth")


@pytest.fixture
def anonymous() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A client logged in as somebody: `client_of(editor).get(…)`."""

    def login(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return login
