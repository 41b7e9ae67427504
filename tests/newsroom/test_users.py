"""User accounts: the public name, and the time zone of admin pages."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from newsroom.models import User
from tests.factories import CorrectionFactory, published_article

# 3 May in Kyiv, and 2 May in London.
LATE = datetime(2024, 5, 2, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"byline": "E. Wright", "first_name": "Edna", "last_name": "Wright"}, "E. Wright"),
        ({"first_name": "Edna", "last_name": "Wright"}, "Edna Wright"),
        ({}, ""),
    ],
)
def test_public_name_is_never_the_username(given, shown):
    assert User(username="edna", **given).public_name == shown


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Europe"])
def test_user_with_unknown_time_zone_is_refused(zone):
    with pytest.raises(ValidationError, match="is not a time zone"):
        User(username="edna", time_zone=zone).clean()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Europe", ""])
def test_user_with_invalid_time_zone_uses_the_sites_zone(zone):
    assert User(username="edna", time_zone=zone).zone_info is None


# --- Pages ---


@pytest.fixture
def article(db):
    """Return an article that was published and corrected at LATE."""
    article = published_article(published_at=LATE)
    CorrectionFactory(article=article)
    article.corrections.update(created_at=LATE)
    return article


def set_zone(user: User, zone: str) -> User:
    user.time_zone = zone
    user.save()
    return user


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Europe/Kyiv", "3 May 2024, 01:30"), ("", "2 May 2024, 22:30"), ("Mars/Olympus", "2 May 2024, 22:30")],
)
def test_admin_shows_times_in_the_accounts_zone(editor, client_of, article, zone, shown):
    page = client_of(set_zone(editor, zone)).get(reverse("admin:articles_article_changelist"))

    assert shown in page.content.decode()


def test_time_zone_ends_with_the_request(editor, client_of, article):
    client_of(set_zone(editor, "Europe/Kyiv")).get(reverse("admin:articles_article_changelist"))

    assert timezone.get_current_timezone_name() == "UTC"


def test_public_page_keeps_the_sites_zone(editor, client_of, article):
    url = reverse("articles:article", args=[article.slug])

    page = client_of(set_zone(editor, "Europe/Kyiv")).get(url).content.decode()

    assert "Correction, 2 May 2024" in page
    assert "3 May 2024" not in page


def test_preview_keeps_the_sites_zone(editor, client_of, article):
    url = reverse("admin:articles_article_framed", args=[article.pk])

    page = client_of(set_zone(editor, "Europe/Kyiv")).get(f"{url}?revision=1").content.decode()

    assert "Correction, 2 May 2024" in page
    assert "3 May 2024" not in page
