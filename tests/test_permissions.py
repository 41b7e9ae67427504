"""Who may do what: each role by each permission. Nobody has others."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from articles import permissions
from articles.default_roles import EXTRA_PERMISSIONS, grant_default_permissions
from tests.factories import ArticleFactory, UserFactory

pytestmark = pytest.mark.django_db

USERS = ("reporter", "editor", "chief", "loader", "reader")
# The letters are the roles: Reporter, Editor, Chief, Loader.
TABLE = """
articles.publish_article            . E C .
articles.retract_article            . . C .
articles.overrule_warnings          . . C .
articles.review_claim               . E C .
articles.run_import                 . . C L
sources.merge_source                . . C .

articles.view_article               R E C L
articles.add_article                R E C .
articles.change_article             R E C .
articles.delete_article             . . C .
articles.view_revision              R E C .
articles.view_byline                R E C .
articles.add_byline                 R E C .
articles.change_byline              R E C .
articles.delete_byline              R E C .
articles.view_articleimage          R E C .
articles.add_articleimage           R E C .
articles.change_articleimage        R E C .
articles.delete_articleimage        R E C .
articles.view_relatedlink           R E C .
articles.add_relatedlink            R E C .
articles.change_relatedlink         R E C .
articles.delete_relatedlink         R E C .
articles.view_image                 R E C .
articles.add_image                  R E C .
articles.change_image               . E C .
articles.delete_image               . . C .
articles.view_correction            R E C .
articles.add_correction             . E C .
articles.change_correction          . E C .
articles.delete_correction          . . C .
articles.view_topic                 R E C L
articles.add_topic                  . E C .
articles.change_topic               . E C .
articles.delete_topic               . . C .
articles.view_publisherhost         R E C L
articles.add_publisherhost          . E C L
articles.change_publisherhost       . E C L
articles.delete_publisherhost       . . C .

articles.view_apikey                R E C L
articles.add_apikey                 R E C L

articles.view_claim                 R E C L
articles.add_claim                  . E C .
articles.change_claim               . E C .
articles.delete_claim               . . C .
articles.view_hop                   R E C .
articles.add_hop                    . E C .
articles.change_hop                 . E C .
articles.delete_hop                 . E C .
articles.view_anchor                R E C .
articles.add_anchor                 . E C .
articles.change_anchor              . E C .
articles.delete_anchor              . E C .
articles.view_quantity              R E C .
articles.add_quantity               . E C .
articles.change_quantity            . E C .
articles.delete_quantity            . E C .
articles.view_ledger                R E C .
articles.add_ledger                 . E C .
articles.change_ledger              . E C .
articles.delete_ledger              . . C .
articles.view_claimlink             R E C .
articles.add_claimlink              . E C .
articles.change_claimlink           . E C .
articles.delete_claimlink           . E C .
articles.view_repeatcluster         R E C .
articles.add_repeatcluster          . E C .
articles.change_repeatcluster       . E C .
articles.delete_repeatcluster       . E C .
articles.view_claimrepeat           R E C .
articles.add_claimrepeat            . E C .
articles.change_claimrepeat         . E C .
articles.delete_claimrepeat         . E C .

articles.view_original              . E C L
articles.view_importrun             . E C L
articles.view_importitem            . E C L

sources.view_source                 R E C L
sources.add_source                  . E C .
sources.change_source               . E C .
sources.view_sourcename             R E C .
sources.add_sourcename              . E C .
sources.change_sourcename           . E C .
sources.delete_sourcename           . E C .
sources.view_affiliation            R E C .
sources.add_affiliation             . E C .
sources.change_affiliation          . E C .
sources.delete_affiliation          . E C .
sources.view_possibleduplicate      R E C .
sources.change_possibleduplicate    . E C .

newsroom.view_user                  . . C .
newsroom.add_user                   . . C .
newsroom.change_user                . . C .
auth.view_group                     . . C .
"""
LETTERS = {"R": "reporter", "E": "editor", "C": "chief", "L": "loader"}
GRANTED = {
    row.split()[0]: {LETTERS[letter] for letter in row.split()[1:] if letter != "."}
    for row in TABLE.splitlines()
    if row
}


def every_permission() -> set[str]:
    return {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.select_related("content_type")
    }


def test_each_row_of_the_table_is_a_permission():
    assert GRANTED.keys() - every_permission() == set()


@pytest.mark.parametrize("role", USERS)
def test_role_has_exactly_the_permissions_of_the_table(request, role):
    user = request.getfixturevalue(role)
    granted = {permission for permission, roles in GRANTED.items() if role in roles}

    assert {permission for permission in every_permission() if user.has_perm(permission)} == granted


def test_nobody_may_delete_sources_revisions_or_source_files():
    for permission in ("sources.delete_source", "articles.delete_revision", "articles.delete_original"):
        assert permission not in GRANTED


# --- The functions of articles.permissions ---

MAY = {
    "write a draft": ({"reporter", "editor", "chief"}, lambda user: permissions.may_write(user, ArticleFactory())),
    "write what is in review": (
        {"reporter", "editor", "chief"},
        lambda user: permissions.may_write(user, ArticleFactory(status="in_review")),
    ),
    "write what is scheduled": (
        {"editor", "chief"},
        lambda user: permissions.may_write(user, ArticleFactory(status="scheduled")),
    ),
    "write what is published": (
        {"editor", "chief"},
        lambda user: permissions.may_write(user, ArticleFactory(status="published")),
    ),
    "write what is retracted": (
        {"editor", "chief"},
        lambda user: permissions.may_write(user, ArticleFactory(status="retracted")),
    ),
    "write at all": ({"reporter", "editor", "chief"}, permissions.may_write),
    "publish": ({"editor", "chief"}, permissions.may_publish),
    "retract": ({"chief"}, permissions.may_retract),
    "overrule warnings": ({"chief"}, permissions.may_overrule),
    "review": ({"editor", "chief"}, permissions.may_review),
    "import": ({"chief", "loader"}, permissions.may_import),
}


@pytest.mark.parametrize("role", [*USERS, "anonymous"])
@pytest.mark.parametrize("what", MAY)
def test_each_question_is_answered_for_each_role(request, what, role):
    allowed, ask = MAY[what]
    assert ask(request.getfixturevalue(role)) == (role in allowed)


def test_require_permission_names_the_action():
    with pytest.raises(PermissionDenied, match="Your role does not let you fly"):
        permissions.require_permission(False, "fly")
    permissions.require_permission(True, "fly")


def test_inactive_account_has_no_permissions(roles):
    user = UserFactory(role="chief", is_active=False)
    assert not any(ask(user) for _, ask in MAY.values())


# --- Making the roles ---


def granted() -> dict[str, set[str]]:
    return {
        group.name: {permission.codename for permission in group.permissions.all()}
        for group in Group.objects.prefetch_related("permissions")
    }


def test_roles_given_again_changes_nothing(roles):
    before = granted()

    grant_default_permissions()

    assert granted() == before


def test_role_permission_added_by_hand_stays(roles):
    Group.objects.get(name="editor").permissions.add(Permission.objects.get(codename="delete_topic"))

    grant_default_permissions()

    assert "delete_topic" in granted()["editor"]


def test_role_permission_removed_by_hand_stays_away(roles):
    Group.objects.get(name="editor").permissions.remove(Permission.objects.get(codename="publish_article"))

    call_command("migrate", verbosity=0)

    assert "publish_article" not in granted()["editor"]


def test_role_default_new_to_the_table_is_given(roles, monkeypatch):
    monkeypatch.setitem(EXTRA_PERMISSIONS, "reporter", ("articles.delete_topic",))

    call_command("migrate", verbosity=0)

    assert "delete_topic" in granted()["reporter"]
    assert "delete_topic" not in granted()["editor"]


def test_role_that_was_deleted_is_made_with_its_defaults(roles):
    before = granted()
    Group.objects.get(name="loader").delete()

    call_command("migrate", verbosity=0)

    assert granted() == before


def test_roles_get_permissions_that_are_not_made_yet(roles):
    before = granted()
    Group.objects.all().delete()
    Permission.objects.all().delete()

    grant_default_permissions()

    assert granted() == before
