"""Who may do what: the one place that asks. Admin, actions, views and the rules themselves ask here.

The roles are Django groups (articles.roles): reporter, editor, chief, loader.
Nothing here knows them; it asks for the permissions that they carry.
"""

from __future__ import annotations

from django.contrib.auth import get_permission_codename, get_user_model
from django.core.exceptions import PermissionDenied

from articles.models import Article
from record.users import AnonymousUser, User

#: Whoever is at the other end of a request.
AnyUser = User | AnonymousUser

#: Statuses in which a story is still its writer's; in all others a change can reach readers.
UNPUBLISHED_STATUSES = (Article.Status.DRAFT, Article.Status.IN_REVIEW)


def may_write(user: AnyUser, article: Article | None = None) -> bool:
    """Change a story, or any story at all. Once it is out or has its time, only who may publish may."""
    if not user.has_perm("articles.change_article"):
        return False
    return article is None or article.status in UNPUBLISHED_STATUSES or may_publish(user)


def may_publish(user: AnyUser) -> bool:
    """Publish, schedule, put under embargo, correct, and send back what was sent for review."""
    return user.has_perm("articles.publish_article")


def may_retract(user: AnyUser) -> bool:
    return user.has_perm("articles.retract_article")


def may_overrule(user: AnyUser) -> bool:
    """Publish over warnings that nobody settled."""
    return user.has_perm("articles.overrule_warnings")


def may_review(user: AnyUser) -> bool:
    """Judge claims, and change what they say."""
    return user.has_perm("articles.review_claim")


def may_import(user: AnyUser) -> bool:
    """Bring copy in, and undo a run."""
    return user.has_perm("articles.run_import")


def may_manage_people(user: AnyUser) -> bool:
    """Change other accounts, and see their keys."""
    accounts = get_user_model()._meta
    return user.has_perm(f"{accounts.app_label}.{get_permission_codename('change', accounts)}")


def require_user(user: AnyUser) -> User:
    """The person as an account, for what is put on record. PermissionDenied for anybody anonymous."""
    if not isinstance(user, User):
        raise PermissionDenied("Log in first.")
    return user


def require_permission(allowed: bool, to: str) -> None:
    """Raise PermissionDenied unless allowed; `to` ends the sentence "Your role does not let you …"."""
    if not allowed:
        raise PermissionDenied(f"Your role does not let you {to}.")
