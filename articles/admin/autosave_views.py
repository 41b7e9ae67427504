"""What the scripts of a story's form say to the server, and what its page begins with.

    POST …/<id>/writing/  {"key", "revision", "words"?, "closed"?}   the page is open; its words are kept
    POST …/<id>/writing/  {"key", "drop": true}                      its words are thrown away
    GET  …/<id>/writing/?key=…                                       words that were left behind
    …/writing/                                                       the same for a story that is not there yet

An answer says who else has the story open, which revision is the latest, and what was left behind. Somebody who is
signed out is told so with 401, not led to another page.
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
        return JsonResponse({"words": autosave.text_by_field(row)})
    if request.method != "POST":
        return JsonResponse({"sentence": _("This page is out of date. Load it again.")}, status=405)
    try:
        given = json.loads(request.body)
        key = _parse_uuid(given["key"])
    except (ValueError, TypeError, KeyError, RecursionError):
        key = None
    if key is None:
        return JsonResponse({"sentence": _("This page is out of date. Load it again.")}, status=422)
    return _save_or_discard(article, user, key, given)


def _save_or_discard(article: Article | None, user: User, key: UUID, given: Data) -> HttpResponse:
    if given.get("drop") is True:
        autosave.discard_text(key, by=user)
        return JsonResponse(editing_state(article, user, key=None))
    words = given.get("words")
    revision = given.get("revision")
    try:
        row = autosave.save_text(
            article,
            key,
            by=user,
            revision=revision if isinstance(revision, int) and not isinstance(revision, bool) else None,
            texts={str(name): str(value) for name, value in words.items()} if isinstance(words, dict) else None,
            closed=given.get("closed") is True,
        )
    except PermissionDenied as error:
        return JsonResponse({"sentence": str(error)}, status=403)
    except autosave.TextTooLongError:
        return JsonResponse({"sentence": _("Too long to be kept. Save it now.")}, status=422)
    kept = row.kept_at.isoformat() if row.kept_at else ""
    return JsonResponse({"kept": kept, **editing_state(article, user, key=key)})


def editing_state(article: Article | None, user: User, *, key: UUID | None) -> Data:
    """What is true now of a story that somebody writes. Two queries."""
    left = [
        {
            "key": str(row.key),
            "at": row.kept_at.isoformat() if row.kept_at else "",
            "revision": row.revision.number if row.revision else None,
            "headline": row.headline,
        }
        for row in autosave.unsaved_texts(article, by=user, key=key)
    ]
    if article is None:
        return {"left": left, "others": [], "latest": None}
    latest = article.latest
    return {
        "left": left,
        "others": [
            {
                "name": other.name,
                "mine": other.is_same_user,
                "writing": other.has_unsaved_text,
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
    """What the scripts of the form begin with."""
    name = "articles_article_writing" if article else "articles_article_writing_new"
    return {
        **editing_state(article, user, key=key),
        "mine": [str(one) for one in autosave.page_keys(article, by=user)],
        "url": reverse(f"admin:{name}", args=[article.pk] if article else []),
        "compare": reverse("admin:articles_article_compare", args=[article.pk]) if article else "",
        "sign_in": reverse("admin:login"),
        "article": article.pk if article else None,
        "user": user.get_username(),
        "words": script_messages(),
        "editor": editor_messages(),
    }


def script_messages() -> dict[str, str]:
    """What the scripts put on the page. {places} are filled in there."""
    return {
        "kept": _("Your words are kept, {at}. Readers and colleagues see nothing of them until you save."),
        "keeping": _("Keeping your words…"),
        "offline": _("No connection. Your words are kept in this browser, and it is tried again by itself."),
        "offline_save": _("Not saved: no connection. Your words are kept in this browser. Try again in a moment."),
        "signed_out": _(
            "You are signed out. Your words are kept in this browser. Sign in in another tab, then go on."
        ),
        "sign_in": _("Sign in"),
        "open": _("{name} has this story open too."),
        "writing": _("{name} is writing in this story too, last at {at}. Whoever saves second is shown both texts."),
        "other_window": _("You have this story open in another window, with words you have not saved."),
        "newer": _(
            "{name} saved revision {number} at {at}, while you were writing. Go on: when you save, both texts are shown."
        ),
        "see_newer": _("See what changed"),
        "left": _("Words you did not save, from {at}: “{headline}”."),
        "left_here": _("Words you did not save, kept in this browser, from {at}: “{headline}”."),
        "left_on": _("They were written on revision {number}."),
        "use": _("Take them up"),
        "throw": _("Throw them away"),
        "throw_sure": _("Throw these words away for good?"),
        "taken": _("These are the words you had not saved. Save them, or reload the page to see the story as it is."),
        "gone": _("Those words are not there any more."),
        "no_headline": _("no headline"),
    }


def editor_messages() -> dict[str, str]:
    """What the rich text's buttons are called, and what it says about links."""
    return {
        "tools": _("Form of the text"),
        "heading": _("Heading"),
        "subheading": _("Subheading"),
        "quotation": _("Quotation"),
        "list": _("List"),
        "numbered": _("Numbered list"),
        "strong": _("Strong"),
        "emphasis": _("Emphasis"),
        "link": _("Link"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "html": _("HTML"),
        "address": _("Where it leads"),
        "set_link": _("Set the link"),
        "no_link": _("Remove it"),
        "no_address": _("A link leads to an address such as https://example.org, mailto:…, or /articles/…."),
    }


def _parse_uuid(given: Any) -> UUID | None:
    try:
        return UUID(str(given))
    except ValueError:
        return None
