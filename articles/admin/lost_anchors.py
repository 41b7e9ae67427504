"""The queue of lost passages: claims that lost their place in the text by an edit."""

from __future__ import annotations

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

#: Passages on a page. Each shows the whole text of its story.
ANCHORS_PER_PAGE = 8


def lost_anchors_page(model_admin: ModelAdmin[Claim], request: HttpRequest) -> HttpResponse:
    """Show lost passages, oldest first; POST places one or rejects its claim.

    A page needs five queries; session and user need more.
    """
    if not may_review(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _handle_choice(request)
    page = Paginator(
        lost_anchor_queue().prefetch_related("claim__hops__source", "claim__hops__organisation"), ANCHORS_PER_PAGE
    ).get_page(request.GET.get("p"))
    rows = [
        {"lost": lost, "blocks": marked_blocks(lost.anchor.revision.body)}
        for lost in describe_lost_anchors(list(page.object_list))
    ]
    return TemplateResponse(
        request,
        "admin/articles/claim/lost_anchors.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Claims that lost their place"),
            "opts": model_admin.opts,
            "rows": rows,
            "page": page,
        },
    )


def _handle_choice(request: HttpRequest) -> HttpResponse:
    queue = HttpResponseRedirect(reverse("admin:articles_claim_lost"))
    pk = request.POST.get("anchor", "")
    anchor = Anchor.objects.filter(pk=int(pk) if pk.isdecimal() else 0).select_related("claim").first()
    if anchor is None:
        messages.error(request, _("This passage no longer exists: its claim was deleted."))
        return queue
    user = require_user(request.user)
    if "reject" in request.POST:
        messages.success(request, f"{actions.review_claim(anchor.claim, 'reject', by=user).action.sentence}.")
        return queue
    passage, near = request.POST.get("passage", ""), _parse_number(request.POST.get("near"))
    if suggestion := request.POST.get("suggestion", ""):
        start_text, _dash, end_text = suggestion.partition("-")
        text = Anchor.objects.values_list("revision__text", flat=True).get(pk=anchor.pk)
        start, end = _parse_number(start_text), _parse_number(end_text)
        if start is None or end is None or not start < end <= len(text):
            messages.error(request, _("This suggestion is not in the text. Reload the page."))
            return queue
        passage, near = text[start:end], start
    try:
        set_anchor(anchor, passage, by=user, near=near)
    except StaleError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(f"{queue.url}#anchor-{anchor.pk}")
    except PassageNotFoundError as error:
        messages.error(request, _(error.message) % error.params)
        return HttpResponseRedirect(f"{queue.url}#anchor-{anchor.pk}")
    messages.success(request, _("Found a place for “%(claim)s”.") % {"claim": anchor.claim})
    return queue


def _parse_number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() else None
