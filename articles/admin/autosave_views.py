"""Autosave of the story form: JSON views, and the data for its scripts.

    POST …/<id>/writing/  {"key", "revision", "text"?, "closed"?}   a heartbeat of an open page; saves its text
    POST …/<id>/writing/  {"key", "discard": true}                  discards the text of a page
    GET  …/<id>/writing/?key=…                                      text that was left unsaved
    …/writing/                                                      the same for a new story

`key` names one open page. An answer says who else has the story open, which revision is the latest, and which text
was left unsaved. Without a session the answer is 401, not a redirect.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from articles.editing import autosave
from articles.models import Article, AutosavedText
from articles.permissions import may_write
from record.users import AnonymousUser, User

Data = dict[str, Any]


@never_cache
def autosave_view(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    user = request.user
    if isinstance(user, AnonymousUser) or not (user.is_active and user.is_staff):
        return JsonResponse({"sentence": _("You are signed out.")}, status=401)
    article = get_object_or_404(Article.objects.select_related("latest__author"), pk=pk) if pk is not None else None
    if not may_write(user, article):
        return JsonResponse({"sentence": _("Your role does not let you change this story.")}, status=403)
    if request.method == "GET":
        key = _parse_uuid(request.GET.get("key"))
        row = get_object_or_404(AutosavedText, key=key, user=user, article=article)
        return JsonResponse({"text": autosave.text_by_field(row)})
    if request.method != "POST":
        return JsonResponse({"sentence": _("This page is out of date. Reload it.")}, status=405)
    try:
        data = json.loads(request.body)
        key = _parse_uuid(data["key"])
    except (ValueError, TypeError, KeyError, RecursionError):
        key = None
    if key is None:
        return JsonResponse({"sentence": _("This page is out of date. Reload it.")}, status=422)
    return _save_or_discard(article, user, key, data)


def _save_or_discard(article: Article | None, user: User, key: UUID, data: Data) -> HttpResponse:
    if data.get("discard") is True:
        autosave.discard_text(key, by=user)
        return JsonResponse(editing_state(article, user, key=None))
    text = data.get("text")
    revision = data.get("revision")
    try:
        row = autosave.save_text(
            article,
            key,
            by=user,
            revision=revision if isinstance(revision, int) and not isinstance(revision, bool) else None,
            texts={str(name): str(value) for name, value in text.items()} if isinstance(text, dict) else None,
            closed=data.get("closed") is True,
        )
    except PermissionDenied as error:
        return JsonResponse({"sentence": str(error)}, status=403)
    except autosave.TextTooLongError:
        return JsonResponse({"sentence": _("This text is too long for autosave. Save it now.")}, status=422)
    saved_at = row.kept_at.isoformat() if row.kept_at else ""
    return JsonResponse({"saved_at": saved_at, **editing_state(article, user, key=key)})


def editing_state(article: Article | None, user: User, *, key: UUID | None) -> Data:
    """Return unsaved texts, other editors and the latest revision. Two queries."""
    unsaved = [
        {
            "key": str(row.key),
            "at": row.kept_at.isoformat() if row.kept_at else "",
            "revision": row.revision.number if row.revision else None,
            "headline": row.headline,
        }
        for row in autosave.unsaved_texts(article, by=user, key=key)
    ]
    if article is None:
        return {"unsaved": unsaved, "others": [], "latest": None}
    latest = article.latest
    return {
        "unsaved": unsaved,
        "others": [
            {
                "name": other.name,
                "is_me": other.is_same_user,
                "is_writing": other.has_unsaved_text,
                "since": other.since.isoformat(),
            }
            for other in autosave.other_editors(article, key=key, by=user)
        ],
        "latest": {
            "id": latest.pk,
            "number": latest.number,
            "by": latest.author.get_username() if latest.author else _("An import"),
            "at": latest.created_at.isoformat(),
        }
        if latest
        else None,
    }


def initial_data(article: Article | None, user: User, key: UUID | None) -> Data:
    """Return the data that the scripts of the form start with."""
    name = "articles_article_writing" if article else "articles_article_writing_new"
    return {
        **editing_state(article, user, key=key),
        "page_keys": [str(key) for key in autosave.page_keys(article, by=user)],
        "url": reverse(f"admin:{name}", args=[article.pk] if article else []),
        "compare": reverse("admin:articles_article_compare", args=[article.pk]) if article else "",
        "sign_in": reverse("admin:login"),
        "article": article.pk if article else None,
        "user": user.get_username(),
        "messages": script_messages(),
        "editor_messages": editor_messages(),
    }


def script_messages() -> dict[str, str]:
    """Return messages for autosave.js, which fills in the {placeholders}."""
    return {
        "kept": _("Draft autosaved {at}. Only you can see it until you save."),
        "offline": _("No connection. Your text is kept in this browser. Autosave tries again."),
        "offline_save": _("Not saved: no connection. Your text is kept in this browser. Try again in a moment."),
        "signed_out": _("You are signed out. Your text is kept in this browser. Sign in in another tab, then go on."),
        "sign_in": _("Sign in"),
        "open": _("{name} has this story open too."),
        "writing": _(
            "{name} is editing this story too, last change at {at}. If both of you save, both texts are shown."
        ),
        "other_window": _("You have this story open in another window, with unsaved changes."),
        "newer": _("{name} saved revision {number} at {at}. You can go on: when you save, both texts are shown."),
        "see_newer": _("See what changed"),
        "unsaved": _("Unsaved text from {at}: “{headline}”."),
        "unsaved_here": _("Unsaved text from {at}, kept in this browser: “{headline}”."),
        "based_on": _("It is based on revision {number}."),
        "restore": _("Restore"),
        "discard": _("Discard"),
        "confirm_discard": _("Discard this text? This cannot be undone."),
        "restored": _("Your unsaved text was restored. Save it, or reload the page to see the saved story."),
        "gone": _("This text no longer exists."),
        "no_headline": _("no headline"),
    }


def editor_messages() -> dict[str, str]:
    """Return labels and messages for rich_text.js."""
    return {
        "tools": _("Text formatting"),
        "heading": _("Heading"),
        "subheading": _("Subheading"),
        "quotation": _("Quote"),
        "list": _("List"),
        "numbered": _("Numbered list"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "link": _("Link"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "html": _("HTML"),
        "url": _("Link address"),
        "set_link": _("Set link"),
        "remove_link": _("Remove link"),
        "bad_url": _("Enter an address such as https://example.org, mailto:name@example.org or /articles/…."),
    }


def _parse_uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
