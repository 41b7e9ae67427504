"""The roles of a newsroom as Django groups, with their default permissions.

To give a role more, add it to the table: the next `migrate` gives it. What a newsroom adds or removes by hand stays,
because each default is given once (the table RoleDefault remembers it). A missing role is made again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import connections, transaction

from articles.models.role_default import RoleDefault

#: App label -> names of models. `accounts` means the app of the user model.
Grants = dict[str, str]

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"

# Everybody who writes or reviews sees these.
EDITORIAL_MODELS: Grants = {
    "sources": "source sourcename affiliation possibleduplicate",
    "articles": (
        "topic publisherhost article revision byline image articleimage relatedlink correction "
        "claim hop anchor quantity ledger claimlink repeatcluster claimrepeat"
    ),
}
IMPORT_MODELS: Grants = {"articles": "original importrun importitem"}
#: An API key can do no more than its account, so every role may have its own keys.
API_KEY_GRANT: tuple[Grants, tuple[str, ...]] = ({"articles": "apikey"}, (VIEW, ADD))

ROLE_GRANTS: dict[str, list[tuple[Grants, tuple[str, ...]]]] = {
    # Writes stories and sends them for review.
    "reporter": [
        API_KEY_GRANT,
        (EDITORIAL_MODELS, (VIEW,)),
        ({"articles": "article"}, (ADD, CHANGE)),
        ({"articles": "byline articleimage relatedlink"}, (ADD, CHANGE, DELETE)),
        ({"articles": "image"}, (ADD,)),
    ],
    # Also reviews, publishes and corrects.
    "editor": [
        API_KEY_GRANT,
        (EDITORIAL_MODELS, (VIEW,)),
        (IMPORT_MODELS, (VIEW,)),
        ({"articles": "article topic publisherhost correction claim ledger image"}, (ADD, CHANGE)),
        ({"articles": "byline articleimage relatedlink"}, (ADD, CHANGE, DELETE)),
        ({"articles": "hop anchor quantity claimlink repeatcluster claimrepeat"}, (ADD, CHANGE, DELETE)),
        ({"sources": "source"}, (ADD, CHANGE)),
        ({"sources": "sourcename affiliation"}, (ADD, CHANGE, DELETE)),
        ({"sources": "possibleduplicate"}, (CHANGE,)),
    ],
    # Also retracts, merges sources, undoes imports and manages accounts.
    "chief": [
        API_KEY_GRANT,
        (EDITORIAL_MODELS, (VIEW,)),
        (IMPORT_MODELS, (VIEW,)),
        ({"articles": "article topic publisherhost correction claim ledger image"}, (ADD, CHANGE, DELETE)),
        ({"articles": "byline articleimage relatedlink"}, (ADD, CHANGE, DELETE)),
        ({"articles": "hop anchor quantity claimlink repeatcluster claimrepeat"}, (ADD, CHANGE, DELETE)),
        ({"sources": "source"}, (ADD, CHANGE)),
        ({"sources": "sourcename affiliation"}, (ADD, CHANGE, DELETE)),
        ({"sources": "possibleduplicate"}, (CHANGE,)),
        ({"accounts": "user"}, (VIEW, ADD, CHANGE)),
        ({"auth": "group"}, (VIEW,)),
    ],
    # Imports stories, and undoes imports.
    "loader": [
        API_KEY_GRANT,
        (IMPORT_MODELS, (VIEW,)),
        ({"articles": "article claim topic", "sources": "source"}, (VIEW,)),
        ({"articles": "publisherhost"}, (VIEW, ADD, CHANGE)),
    ],
}
EXTRA_PERMISSIONS = {
    "editor": ("articles.publish_article", "articles.review_claim"),
    "chief": (
        "articles.publish_article",
        "articles.review_claim",
        "articles.retract_article",
        "articles.overrule_warnings",
        "articles.run_import",
        "sources.merge_source",
    ),
    "loader": ("articles.run_import",),
}
#: The names of the groups.
ROLE_NAMES = tuple(ROLE_GRANTS)


def default_permissions(role: str) -> set[str]:
    """Return the default permissions of a role, each as "app.codename"."""
    accounts = {"accounts": get_user_model()._meta.app_label}
    return {
        f"{accounts.get(label, label)}.{action}_{model}"
        for grants, actions in ROLE_GRANTS[role]
        for label, models in grants.items()
        for model in models.split()
        for action in actions
    }.union(EXTRA_PERMISSIONS.get(role, ()))


def grant_default_permissions(using: str = "default") -> None:
    """Make missing roles, and give each role the defaults that it was never given."""
    if RoleDefault._meta.db_table not in connections[using].introspection.table_names():
        return
    with transaction.atomic(using):
        permissions = _permissions_by_name(using)
        given = set(RoleDefault.objects.using(using).values_list("role", "permission"))
        for role in ROLE_NAMES:
            group, is_new = Group.objects.using(using).get_or_create(name=role)
            wanted = default_permissions(role)
            missing = wanted if is_new else {name for name in wanted if (role, name) not in given}
            group.permissions.add(*(permissions[name] for name in missing))
            RoleDefault.objects.using(using).bulk_create(
                [RoleDefault(role=role, permission=name) for name in sorted(missing)], ignore_conflicts=True
            )


def after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receive post_migrate."""
    grant_default_permissions(using)


def _permissions_by_name(using: str) -> dict[str, Permission]:
    # Django makes the permissions of each app in the same signal. Some may not exist yet.
    for label in _app_labels():
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    rows = Permission.objects.using(using).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}": row for row in rows}


def _app_labels() -> Iterable[str]:
    return sorted({name.partition(".")[0] for role in ROLE_NAMES for name in default_permissions(role)})
