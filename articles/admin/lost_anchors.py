"""The queue of passages whose words an edit took away: the old words beside the new text, a keystroke to choose."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.claims.lost_anchors import describe_lost_anchors, lost_anchor_queue, set_anchor
from articles.desk import actions
from articles.errors import StaleError
from articles.models import Anchor, Claim
from articles.permissions import may_review, require_user
from articles.text.body import marked_blocks
from articles.text.find import PassageNotFoundError

#: Passages on a page: each comes with its story's whole text.
ANCHORS_PER_PAGE = 8


def lost_anchors_page(of: ModelAdmin[Claim], request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; POST gives one passage its new place, or rejects its claim, and leads to the next.

    Five queries for a page of it, beside those of the session and the user.
    """
    if not may_review(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _handle_choice(request)
    shown = Paginator(
        lost_anchor_queue().prefetch_related("claim__hops__source", "claim__hops__organisation"), ANCHORS_PER_PAGE
    ).get_page(request.GET.get("p"))
    rows = [
        {"lost": lost, "blocks": marked_blocks(lost.anchor.revision.body)}
        for lost in describe_lost_anchors(list(shown.object_list))
    ]
    return TemplateResponse(
        request,
        "admin/articles/claim/lost_anchors.html",
        {
            **of.admin_site.each_context(request),
            "title": _("Claims whose words are lost"),
            "opts": of.opts,
            "rows": rows,
            "shown": shown,
        },
    )


def _handle_choice(request: HttpRequest) -> HttpResponse:
    back = HttpResponseRedirect(reverse("admin:articles_claim_lost"))
    chosen = request.POST.get("anchor", "")
    anchor = Anchor.objects.filter(pk=int(chosen) if chosen.isdecimal() else 0).select_related("claim").first()
    if anchor is None:
        messages.error(request, _("That passage is gone: its claim was withdrawn meanwhile."))
        return back
    user = require_user(request.user)
    if "reject" in request.POST:
        messages.success(request, f"{actions.judge(anchor.claim, 'reject', by=user).action.sentence}.")
        return back
    place: dict[str, Any] = {"words": request.POST.get("words", ""), "near": _parse_number(request.POST.get("near"))}
    if suggested := request.POST.get("suggestion", ""):
        start, _dash, end = suggested.partition("-")
        text = Anchor.objects.values_list("revision__text", flat=True).get(pk=anchor.pk)
        first, last = _parse_number(start), _parse_number(end)
        if first is None or last is None or not first < last <= len(text):
            messages.error(request, _("That suggestion is no place in the text. Look again."))
            return back
        place = {"words": text[first:last], "near": first}
    try:
        set_anchor(anchor, place["words"], by=user, near=place["near"])
    except StaleError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(f"{back.url}#anchor-{anchor.pk}")
    except PassageNotFoundError as error:
        messages.error(request, _(error.message) % error.params)
        return HttpResponseRedirect(f"{back.url}#anchor-{anchor.pk}")
    messages.success(request, _("“%(claim)s” has its place again.") % {"claim": anchor.claim})
    return back


def _parse_number(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() else None
