"""The desk at /admin/articles/article/<id>/desk/: its page, and the small JSON interface that its scripts use.

    GET  …/desk/          the page; without scripts it leads to the plain review page
    GET  …/desk/state/    everything as it is now
    POST …/desk/act/      one action: {"id", "kind", "seen": {claim: version}, "revision", …}
    GET  …/desk/sources/  who may be meant by ?q=…
    GET  …/desk/checks/   the warnings that stand against publishing

An answer says what is now true. A refusal says why in `sentence` with a `code`: 401 signed out, 403 not allowed,
404 no such story, 409 stale, 422 cannot be done.
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
SIGNED_OUT, REFUSED, STALE = 401, 422, 409


def desk_page(request: HttpRequest, pk: int, context: Data) -> HttpResponse:
    """The page, with everything its scripts begin with: ten queries beside those of the session and the user."""
    article = _get_article(pk)
    return TemplateResponse(
        request,
        "admin/articles/article/desk.html",
        {
            **context,
            "title": _("Desk"),
            "opts": Article._meta,
            "article": article,
            "words": all_messages(),
            "desk": {**_desk_data(article, require_user(request.user)), **_page_data(article, request)},
        },
    )


def json_login_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever may see claims; anybody else is told so in JSON, not led to a page for signing in."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        user = request.user
        if isinstance(user, AnonymousUser) or not (user.is_active and user.is_staff):
            sentence = _("You are signed out. Sign in in another tab; nothing here is lost.")
            return _error_response(SIGNED_OUT, "signed-out", sentence, sign_in=reverse("admin:login"))
        if not (user.has_perm("articles.view_article") and user.has_perm("articles.view_claim")):
            return _error_response(403, "forbidden", _("Your role does not let you see claims."))
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
        return _error_response(403, "forbidden", _("Your role does not let you publish."))
    warnings = [
        {"key": one.key, "code": one.code, "sentence": one.sentence, "words": one.passage, "claim": one.claim}
        for one in article_checks.open_warnings(_get_article(pk))
    ]
    return JsonResponse({"warnings": warnings, "may_overrule": may_overrule(user)})


@json_login_required
def desk_action(request: HttpRequest, pk: int) -> HttpResponse:
    """One action; the answer has the cards that are other than before, and the text if marks in it moved."""
    if request.method != "POST":
        return _error_response(405, "unknown", _("This page is out of date. Load it again."))
    article, user = _get_article(pk), require_user(request.user)
    action = _parse_action(request)
    if action is None:
        return _error_response(REFUSED, "unknown", _("This page is out of date. Load it again."))
    try:
        outcome = actions.apply_action(article, action, by=user)
    except PermissionDenied as error:
        return _error_response(403, "forbidden", str(error))
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
    """What was refused, and the claims as they are now, with who changed each and when."""
    fresh = _get_article(article.pk)
    changes = {
        pk: {"by": change.by, "at": change.at.isoformat() if change.at else "", "sentence": change.sentence}
        for pk, change in error.changes.items()
    }
    current = build_cards(fresh, error.claims)
    removed = [pk for pk in error.claims if pk not in {card["id"] for card in current}]
    return _error_response(
        STALE,
        error.code,
        error.sentence,
        fields=error.fields,
        changes=changes,
        cards=current,
        removed=removed,
        story=build_text_blocks(fresh),
        **_article_data(fresh, user),
    )


def _parse_action(request: HttpRequest) -> actions.Action | None:
    """The action in a request's body; None for anything else."""
    try:
        given = json.loads(request.body)
        seen = {int(pk): str(version) for pk, version in given.get("seen", {}).items()}
        revision = given.get("revision")
        identity = uuid.UUID(given["id"])
        kind = str(given["kind"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return actions.Action(identity, kind, seen, revision if isinstance(revision, int) else None, given)


def _get_article(pk: int) -> Article:
    article: Article = get_object_or_404(Article.objects.select_related("latest", "live"), pk=pk)
    return article


def _desk_data(article: Article, user: User) -> Data:
    return {"cards": build_cards(article), "story": build_text_blocks(article), **_article_data(article, user)}


def _article_data(article: Article, user: User) -> Data:
    """What can change about the story with any action: its text's revision, its status, what undoing would undo."""
    last = actions.last_undoable_action(article, user) if may_review(user) else None
    out = publishing.is_public(article)
    publishable = (
        article.latest_id is not None
        and article.status != Article.Status.RETRACTED
        and not (out and article.live_id == article.latest_id)
    )
    return {
        "revision": article.latest_id,
        "status": article.status,
        "status_name": str(article.get_status_display()),
        "undo": {"action": str(last.public_id), "sentence": last.sentence} if last else None,
        "may_publish": publishable and may_publish(user),
    }


def _page_data(article: Article, request: HttpRequest) -> Data:
    """What stays as it is while the page is open."""
    user = require_user(request.user)

    def address(name: str) -> str:
        return reverse(f"admin:articles_article_{name}", args=[article.pk])

    return {
        "article": article.pk,
        "user": user.get_username(),
        "may_review": may_review(user),
        "may_make_sources": user.has_perm("sources.add_source"),
        "act": address("desk_act"),
        "state": address("desk_state"),
        "sources": address("desk_sources"),
        "checks": address("desk_checks"),
        "publish": address("publish"),
        "sign_in": reverse("admin:login"),
        "ledgers": [
            [pk, name] for pk, name in Ledger.objects.order_by("name").values_list("pk", "name")[:MAX_LEDGERS]
        ],
        "new_ledger": reverse("admin:articles_ledger_add") if user.has_perm("articles.add_ledger") else "",
        "forms": [[value, str(label)] for value, label in Claim.Form.choices],
        "modalities": [[value, str(label)] for value, label in Claim.Modality.choices],
        "kinds": [[value, str(label)] for value, label in Source.Kind.choices],
        "reviews": {value: str(label) for value, label in Claim.Review.choices},
        "hows": {value: str(label) for value, label in Claim.ReviewMethod.choices},
    }


def _error_response(http: int, code: str, sentence: str, /, **more: object) -> JsonResponse:
    """An answer with an HTTP status. `more` may well have a "status" of its own: the story's."""
    return JsonResponse({"code": code, "sentence": sentence, **more}, status=http)
