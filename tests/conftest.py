"""Fixtures for all tests: users of each role, and clients logged in as them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models.signals import post_migrate
from django.test import Client
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from articles.models import PublisherHost
from newsroom.models import User
from tests.factories import UserFactory

pytest_plugins = ["tests.requirements"]

# No time limit, because the machine may be busy. The same examples in each run.
hypothesis_settings.register_profile("project", deadline=None, derandomize=True)
hypothesis_settings.load_profile("project")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the rows of data migrations again whenever the tables are emptied.

    A test with `transaction=True` empties them at its end, and any test may follow in the same worker.
    Signal receivers of Django and of the project make the other rows: permissions, roles, search indexes.
    """
    with django_db_blocker.unblock():
        rows = list(PublisherHost.objects.all())

    def restore(using: str, **_: Any) -> None:
        PublisherHost.objects.using(using).bulk_create(rows, ignore_conflicts=True)

    articles = apps.get_app_config("articles")
    post_migrate.connect(restore, sender=articles)
    yield
    post_migrate.disconnect(restore, sender=articles)


@pytest.fixture(autouse=True)
def no_page_cache(settings: Any) -> None:
    """Turn the article page cache off: tests use the same slugs again."""
    settings.STORY_SECONDS = 0


@pytest.fixture
def page_cache(settings: Any) -> Iterator[None]:
    """Turn the article page cache on, as in production."""
    cache.clear()
    settings.STORY_SECONDS = 60
    yield
    cache.clear()


@pytest.fixture
def roles(db: None) -> None:
    """Provide the groups of the roles. `migrate` and `flush` make them."""


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
    """A user without a role."""
    return UserFactory(username="ruth")


@pytest.fixture
def anonymous() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """Return a function that logs a user in: `client_of(editor).get(…)`."""

    def login(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return login
