"""Accounts and roles in the admin."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from newsroom.models import User
from tests.admin.pages import submit_form
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def page(user):
    return reverse("admin:newsroom_user_change", args=[user.pk])


def test_chief_gives_a_role(chief, client_of, reader):
    role = Group.objects.get(name="editor")

    submit_form(client_of(chief), page(reader), groups=[role.pk], is_staff="on")

    reader.refresh_from_db()
    assert reader.is_staff
    assert reader.has_perm("articles.publish_article")


def test_chief_cannot_make_a_superuser(chief, client_of, reader):
    for user in (chief, reader):
        submit_form(client_of(chief), page(user), is_superuser="on", user_permissions=["1"])
        after = User.objects.get(pk=user.pk)
        assert not after.is_superuser
        assert not after.user_permissions.exists()


def test_chief_cannot_change_a_superuser(chief, client_of):
    root = UserFactory(username="root", is_superuser=True, is_staff=True)
    client = client_of(chief)

    assert client.post(page(root), {"username": "x"}).status_code == 403
    url = reverse("admin:auth_user_password_change", args=[root.pk])
    assert client.post(url, {"password1": "a long secret", "password2": "a long secret"}).status_code == 403
    assert User.objects.get(pk=root.pk).username == "root"


def test_chief_cannot_change_a_role(chief, client_of):
    role = Group.objects.get(name="chief")
    url = reverse("admin:auth_group_change", args=[role.pk])

    assert client_of(chief).post(url, {"name": "king"}).status_code == 403


@pytest.mark.parametrize("who", ["reporter", "editor", "loader"])
def test_other_roles_cannot_see_accounts(request, client_of, who):
    user = request.getfixturevalue(who)

    assert client_of(user).get(reverse("admin:newsroom_user_changelist")).status_code == 403


def test_account_list_shows_roles(chief, client_of, editor):
    page = client_of(chief).get(reverse("admin:newsroom_user_changelist")).content.decode()

    assert "editor" in page


def test_chief_sets_byline_and_time_zone(chief, client_of, reader):
    submit_form(client_of(chief), page(reader), byline="R. Reed", time_zone="Europe/Kyiv")

    reader.refresh_from_db()
    assert (reader.byline, reader.time_zone) == ("R. Reed", "Europe/Kyiv")


def test_chief_cannot_set_an_unknown_time_zone(chief, client_of, reader):
    answer = client_of(chief).post(page(reader), {"username": "ruth", "time_zone": "Mars/Olympus"})

    assert "is not a time zone" in answer.content.decode()
    reader.refresh_from_db()
    assert reader.time_zone == ""


def test_chief_adds_an_account(chief, client_of):
    secret = "a long quiet secret"
    given = {"username": "nina", "usable_password": "true", "password1": secret, "password2": secret}

    client_of(chief).post(reverse("admin:newsroom_user_add"), given)

    assert User.objects.get(username="nina").check_password(secret)
