"""The review desk of an article: its page, and the JSON views for its scripts.

    GET  …/desk/          the page; without scripts it redirects to the plain review page
    GET  …/desk/state/    the current state of the article and its claims
    POST …/desk/act/      one action: {"id", "kind", "seen": {claim: version}, "revision", …}
    GET  …/desk/sources/  source suggestions for ?q=…
    GET  …/desk/checks/   the open warnings before publishing

A refusal has a `code`, and a `sentence` for the editor. Status codes: 401 signed out, 403 not allowed, 404 no such
article, 409 stale, 422 not possible.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from articles.admin.desk_messages import all_messages
from articles.desk import actions, source_suggestions
from articles.desk.cards import MAX_LEDGERS, build_cards, build_text_blocks
from articles.errors import RefusedError, StaleError
from articles.models import Article, Claim, Ledger
from articles.permissions import may_overrule, may_publish, may_review, require_user
from articles.publishing import actions as publishing
from articles.publishing import article_checks
from record.users import AnonymousUser, User
from sources.models import Source

Data = dict[str, Any]
SIGNED_OUT, FORBIDDEN, REFUSED, STALE = 401, 403, 422, 409


def desk_page(request: HttpRequest, pk: int, context: Data) -> HttpResponse:
    """Show the review desk with the data for its scripts.

    Up to 12 queries; session and user need more.
    """
    article = _get_article(pk)
    return TemplateResponse(
        request,
        "admin/articles/article/desk.html",
        {
            **context,
            "title": _("Review desk"),
            "opts": Article._meta,
            "article": article,
            "script_messages": all_messages(),
            "desk": {**_desk_data(article, require_user(request.user)), **_page_data(article, request)},
        },
    )


def json_login_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Allow only users who may see claims. Others get a JSON error."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        user = request.user
        if isinstance(user, AnonymousUser) or not (user.is_active and user.is_staff):
            sentence = _("You are signed out. Sign in in another tab. Your changes are kept.")
            return _error_response(SIGNED_OUT, "signed-out", sentence, sign_in=reverse("admin:login"))
        if not (user.has_perm("articles.view_article") and user.has_perm("articles.view_claim")):
            return _error_response(FORBIDDEN, "forbidden", _("Your role does not let you see claims."))
        return view(request, pk)

    return guarded


@json_login_required
def desk_state(request: HttpRequest, pk: int) -> HttpResponse:
    return JsonResponse(_desk_data(_get_article(pk), require_user(request.user)))


@json_login_required
def desk_sources(request: HttpRequest, pk: int) -> HttpResponse:
    return JsonResponse(
        {"sources": source_suggestions.suggest_sources(_get_article(pk), request.GET.get("q", "")[:200])}
    )


@json_login_required
def desk_checks(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_user(request.user)
    if not may_publish(user):
        return _error_response(FORBIDDEN, "forbidden", _("Your role does not let you publish."))
    warnings = [
        {
            "key": warning.key,
            "code": warning.code,
            "sentence": warning.sentence,
            "passage": warning.passage,
            "claim": warning.claim,
        }
        for warning in article_checks.open_warnings(_get_article(pk))
    ]
    return JsonResponse({"warnings": warnings, "may_overrule": may_overrule(user)})


@json_login_required
def desk_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply one action. Return the changed cards, and the text if its marks changed."""
    if request.method != "POST":
        return _error_response(405, "unknown", _("This page is out of date. Reload it."))
    article, user = _get_article(pk), require_user(request.user)
    action = _parse_action(request)
    if action is None:
        return _error_response(REFUSED, "unknown", _("This page is out of date. Reload it."))
    try:
        outcome = actions.apply_action(article, action, by=user)
    except PermissionDenied as error:
        return _error_response(FORBIDDEN, "forbidden", str(error))
    except StaleError as error:
        return _stale_response(article, user, error)
    except RefusedError as error:
        return _error_response(REFUSED, error.code, error.sentence, fields=error.fields)
    return JsonResponse(
        {
            "saved": outcome.action.sentence,
            "repeated": outcome.is_repeated,
            "cards": build_cards(outcome.article, outcome.changed),
            "removed": outcome.removed,
            "story": build_text_blocks(outcome.article) if outcome.has_changed_marks else None,
            **_article_data(outcome.article, user),
        }
    )


def _stale_response(article: Article, user: User, error: StaleError) -> JsonResponse:
    """Return a refusal with the current claims, and who changed them when."""
    current_article = _get_article(article.pk)
    changes = {
        pk: {"by": change.by, "at": change.at.isoformat() if change.at else "", "sentence": change.sentence}
        for pk, change in error.changes.items()
    }
    cards = build_cards(current_article, error.claims)
    removed = [pk for pk in error.claims if pk not in {card["id"] for card in cards}]
    return _error_response(
        STALE,
        error.code,
        error.sentence,
        fields=error.fields,
        changes=changes,
        cards=cards,
        removed=removed,
        story=build_text_blocks(current_article),
        **_article_data(current_article, user),
    )


def _parse_action(request: HttpRequest) -> actions.Action | None:
    """Return the action in a request's body; None if it is not valid."""
    try:
        data = json.loads(request.body)
        seen = {int(pk): str(version) for pk, version in data.get("seen", {}).items()}
        revision = data.get("revision")
        action_id = uuid.UUID(data["id"])
        kind = str(data["kind"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return actions.Action(action_id, kind, seen, revision if isinstance(revision, int) else None, data)


def _get_article(pk: int) -> Article:
    article: Article = get_object_or_404(Article.objects.select_related("latest", "live"), pk=pk)
    return article


def _desk_data(article: Article, user: User) -> Data:
    return {"cards": build_cards(article), "story": build_text_blocks(article), **_article_data(article, user)}


def _article_data(article: Article, user: User) -> Data:
    """Return what any action can change: revision, status, the action to undo."""
    last = actions.last_undoable_action(article, user) if may_review(user) else None
    is_latest_public = publishing.is_public(article) and article.live_id == article.latest_id
    is_publishable = (
        article.latest_id is not None and article.status != Article.Status.RETRACTED and not is_latest_public
    )
    return {
        "revision": article.latest_id,
        "status": article.status,
        "status_name": str(article.get_status_display()),
        "undo": {"action": str(last.public_id), "sentence": last.sentence} if last else None,
        "may_publish": is_publishable and may_publish(user),
    }


def _page_data(article: Article, request: HttpRequest) -> Data:
    """Return what does not change while the page is open."""
    user = require_user(request.user)

    def url(name: str) -> str:
        return reverse(f"admin:articles_article_{name}", args=[article.pk])

    return {
        "article": article.pk,
        "user": user.get_username(),
        "may_review": may_review(user),
        "may_create_sources": user.has_perm("sources.add_source"),
        "act": url("desk_act"),
        "state": url("desk_state"),
        "sources": url("desk_sources"),
        "checks": url("desk_checks"),
        "publish": url("publish"),
        "sign_in": reverse("admin:login"),
        "ledgers": [
            [pk, name] for pk, name in Ledger.objects.order_by("name").values_list("pk", "name")[:MAX_LEDGERS]
        ],
        "new_ledger": reverse("admin:articles_ledger_add") if user.has_perm("articles.add_ledger") else "",
        "forms": [[value, str(label)] for value, label in Claim.Form.choices],
        "modalities": [[value, str(label)] for value, label in Claim.Modality.choices],
        "source_kinds": [[value, str(label)] for value, label in Source.Kind.choices],
        "reviews": {value: str(label) for value, label in Claim.Review.choices},
        "review_methods": {value: str(label) for value, label in Claim.ReviewMethod.choices},
    }


def _error_response(status_code: int, code: str, sentence: str, /, **more: object) -> JsonResponse:
    """Return a refusal. `more` can have the article's "status"."""
    return JsonResponse({"code": code, "sentence": sentence, **more}, status=status_code)
