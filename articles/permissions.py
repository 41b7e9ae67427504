"""Who may do what. Admin, actions, views and rules all ask here.

The roles are Django groups (articles.default_roles). This module does not know them: it asks for permissions.
"""

from __future__ import annotations

from django.contrib.auth import get_permission_codename, get_user_model
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from articles.models import Article
from record.users import AnonymousUser, User

#: The user of a request.
AnyUser = User | AnonymousUser

#: Statuses in which a change of the article cannot reach readers, so its writer may still change it.
UNPUBLISHED_STATUSES = (Article.Status.DRAFT, Article.Status.IN_REVIEW)


def may_write(user: AnyUser, article: Article | None = None) -> bool:
    """Return whether the user may change an article, or without one: any article.

    An article that is scheduled or was published needs the permission to publish too.
    """
    if not user.has_perm("articles.change_article"):
        return False
    return article is None or article.status in UNPUBLISHED_STATUSES or may_publish(user)


def may_publish(user: AnyUser) -> bool:
    """Return whether the user may publish, schedule, embargo, correct and send back."""
    return user.has_perm("articles.publish_article")


def may_retract(user: AnyUser) -> bool:
    return user.has_perm("articles.retract_article")


def may_overrule(user: AnyUser) -> bool:
    """Return whether the user may publish despite open warnings."""
    return user.has_perm("articles.overrule_warnings")


def may_review(user: AnyUser) -> bool:
    """Return whether the user may review and change claims."""
    return user.has_perm("articles.review_claim")


def may_import(user: AnyUser) -> bool:
    """Return whether the user may import articles and undo an import."""
    return user.has_perm("articles.run_import")


def may_manage_people(user: AnyUser) -> bool:
    """Return whether the user may change other accounts and see their API keys."""
    accounts = get_user_model()._meta
    return user.has_perm(f"{accounts.app_label}.{get_permission_codename('change', accounts)}")


def require_user(user: AnyUser) -> User:
    """Return the user as an account, for the audit log.

    Raise PermissionDenied for an anonymous user.
    """
    if not isinstance(user, User):
        raise PermissionDenied(_("Log in first."))
    return user


def require_permission(allowed: bool, action: str) -> None:
    """Raise PermissionDenied unless allowed.

    `action` ends the sentence "Your role does not let you …", in the user's language.
    """
    if not allowed:
        raise PermissionDenied(_("Your role does not let you %(action)s.") % {"action": action})
