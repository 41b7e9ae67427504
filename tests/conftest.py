"""What every test may ask for: people of each role, and clients logged in as them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from hypothesis import settings as hypothesis_settings

from articles.roles import grant_default_permissions
from newsroom.models import User
from tests.factories import UserFactory

pytest_plugins = ["tests.requirements"]

# A busy machine is no fault: no example has a time limit, and the same examples are tried each time.
hypothesis_settings.register_profile("calm", deadline=None, derandomize=True)
hypothesis_settings.load_profile("calm")


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
    """The groups that `migrate` makes. A test that empties the database takes them away."""
    grant_default_permissions()


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
