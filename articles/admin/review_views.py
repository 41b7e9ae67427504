"""The plain review page of an article, which works without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk import actions
from articles.desk.actions import Action
from articles.desk.snapshots import snapshot_version, take_snapshot, with_parts
from articles.errors import RefusedError, StaleError
from articles.models import Anchor, Article, Claim
from articles.permissions import may_review, require_permission, require_user
from articles.text.body import Mark, marked_blocks
from record.users import User


@dataclass(slots=True)
class Card:
    """A claim as the page shows it."""

    #: From 1, in the order of the text. The mark in the text has the same number.
    number: int
    claim: Claim
    anchors: list[Anchor]
    is_current: bool = False

    @property
    def is_placed(self) -> bool:
        return bool(self.anchors)

    @property
    def is_waiting(self) -> bool:
        """Return whether the claim is to be reviewed. Proposed thoughts and plans are not."""
        return self.claim.review == Claim.Review.PROPOSED and self.claim.reporting

    @property
    def is_hidden(self) -> bool:
        """Return whether this is a proposed thought or plan, shown on demand."""
        return self.claim.review == Claim.Review.PROPOSED and not self.claim.reporting

    @property
    def version(self) -> str:
        return snapshot_version(take_snapshot(self.claim))

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Return the reviews that would change something: (verdict, label)."""
        is_accepted = self.claim.review == Claim.Review.EDITED or (
            self.claim.review == Claim.Review.ACCEPTED and self.claim.reviewed_how == Claim.ReviewMethod.DESK
        )
        is_rejected = self.claim.review == Claim.Review.REJECTED
        return [("accept", _("Accept"))] * (not is_accepted) + [("reject", _("Reject"))] * (not is_rejected)


@dataclass(slots=True)
class Row:
    """A block of the text, and the cards of the claims that begin in it."""

    html: str
    cards: list[Card] = field(default_factory=list)


def review_page(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """Show an article's claims for review; POST applies one of the desk's actions.

    The article, its claims and their parts are read with 6 queries; session and user need more.
    """
    article = get_object_or_404(Article.objects.select_related("latest"), pk=pk)
    if request.method == "POST":
        return _apply_post(request, article, context)
    shows_all, skip = "all" in request.GET, request.GET.getlist("skip")
    cards = _build_cards(article)
    hidden_count = sum(card.is_hidden for card in cards)
    if not shows_all:
        cards = [card for card in cards if not card.is_hidden or request.GET.get("at") == str(card.claim.pk)]
    current = _find_current_card(request, cards)
    if current is not None:
        current.is_current = True
    rows, unplaced = _build_rows(article, cards)
    user = require_user(request.user)
    undoable = None
    if may_review(user):
        undoable = actions.last_undoable_action(article, user, skip=actions.parse_action_ids(skip))
    return TemplateResponse(
        request,
        "admin/articles/article/review.html",
        {
            **context,
            "title": _("Review claims"),
            "opts": Article._meta,
            "article": article,
            "rows": rows,
            "unplaced": unplaced,
            "total": len(cards),
            "waiting": sum(card.is_waiting for card in cards),
            "hidden_count": hidden_count,
            "shows_all": shows_all,
            "current": current,
            "may_review": may_review(user),
            "undoable": undoable,
            "skip": skip,
        },
    )


def _apply_post(request: HttpRequest, article: Article, context: dict[str, Any]) -> HttpResponse:
    user = require_user(request.user)
    require_permission(may_review(user), "review claims")
    verdict = request.POST.get("verdict", "")
    if verdict == "undo":
        return _undo(request, article, user)
    if verdict == "rest":
        return _accept_rest(request, article, user, context)
    if verdict not in ("accept", "reject"):
        return _redirect_to(article, None)
    return _review_one(request, article, user, verdict)


def _review_one(request: HttpRequest, article: Article, user: User, verdict: str) -> HttpResponse:
    pk = request.POST.get("claim", "")
    claim = get_object_or_404(article.claims, pk=int(pk) if pk.isdecimal() else 0)
    seen = {claim.pk: request.POST.get("seen", "")}
    try:
        actions.apply_action(article, Action(uuid4(), verdict, seen, None, {"claim": claim.pk}), by=user)
    except RefusedError as error:
        _show_refusal(request, error)
        return _redirect_to(article, claim)
    return _redirect_to(article, _next_waiting_claim(list(article.claims.order_by("order", "id")), claim))


def _accept_rest(request: HttpRequest, article: Article, user: User, context: dict[str, Any]) -> HttpResponse:
    """Ask, then accept the listed claims. Claims proposed since then stay proposed."""
    if "confirmed" not in request.POST:
        waiting = with_parts(article.claims.awaiting_review().with_speaker()).order_by("order", "id")
        return TemplateResponse(
            request,
            "admin/articles/article/accept_rest.html",
            {
                **context,
                "title": _("Accept all remaining claims"),
                "opts": Article._meta,
                "article": article,
                "claims": [(claim, snapshot_version(take_snapshot(claim))) for claim in waiting],
            },
        )
    pairs = [seen.partition(" ") for seen in request.POST.getlist("seen")]
    seen_versions = {int(pk): version for pk, _space, version in pairs if pk.isdecimal()}
    try:
        outcome = actions.apply_action(article, Action(uuid4(), "accept-rest", seen_versions, None, {}), by=user)
    except RefusedError as error:
        _show_refusal(request, error)
    else:
        messages.success(request, f"{outcome.action.sentence}.")
    return _redirect_to(article, None)


def _undo(request: HttpRequest, article: Article, user: User) -> HttpResponse:
    """Undo this editor's last action. If it is stale, the next undo skips it."""
    skip = request.POST.getlist("skip")
    try:
        outcome = actions.apply_action(article, Action(uuid4(), "undo", {}, None, {"skip": skip}), by=user)
    except StaleError as error:
        _show_refusal(request, error)
        query = urlencode({"skip": [*skip, error.fields["action"]]}, doseq=True)
        return HttpResponseRedirect(f"{reverse('admin:articles_article_review', args=[article.pk])}?{query}")
    except RefusedError as error:
        _show_refusal(request, error)
        return _redirect_to(article, None)
    messages.success(request, f"{outcome.action.sentence}.")
    return _redirect_to(article, article.claims.filter(pk__in=outcome.changed).order_by("order", "id").first())


def _show_refusal(request: HttpRequest, error: RefusedError) -> None:
    """Say what was refused, and who has changed which claim."""
    messages.error(request, error.sentence)
    for change in error.changes.values() if isinstance(error, StaleError) else ():
        values = {"user": change.by or _("somebody"), "what": change.sentence}
        messages.error(request, _("Last change by %(user)s: %(what)s") % values)


def _redirect_to(article: Article, claim: Claim | None) -> HttpResponseRedirect:
    url = reverse("admin:articles_article_review", args=[article.pk])
    return HttpResponseRedirect(f"{url}?at={claim.pk}#card-{claim.pk}" if claim else url)


def _next_waiting_claim(claims: Sequence[Claim], reviewed: Claim) -> Claim:
    """Return the next claim to review, also from the top; this one if none."""
    index = next((i for i, claim in enumerate(claims) if claim.pk == reviewed.pk), 0)
    others = (*claims[index + 1 :], *claims[:index])
    waiting = (claim for claim in others if claim.review == Claim.Review.PROPOSED and claim.reporting)
    return next(waiting, reviewed)


def _build_cards(article: Article) -> list[Card]:
    claims = with_parts(article.claims.all()).order_by("order", "id")
    return [Card(number, claim, _content_anchors(claim, article)) for number, claim in enumerate(claims, start=1)]


def _content_anchors(claim: Claim, article: Article) -> list[Anchor]:
    """Return where a claim's content is in the latest text."""
    anchors = (
        anchor
        for anchor in claim.anchors.all()
        if anchor.revision_id == article.latest_id
        and anchor.part == Anchor.Part.CONTENT
        and anchor.state != Anchor.State.LOST
    )
    return sorted(anchors, key=lambda anchor: anchor.start)


def _find_current_card(request: HttpRequest, cards: Sequence[Card]) -> Card | None:
    """Return the card that `at` or `after` names, or else the first to review."""
    by_pk = {str(card.claim.pk): card for card in cards}
    if at := by_pk.get(request.GET.get("at", "")):
        return at
    if after := by_pk.get(request.GET.get("after", "")):
        return by_pk[str(_next_waiting_claim([card.claim for card in cards], after.claim).pk)]
    return next((card for card in cards if card.is_waiting), None)


def _build_rows(article: Article, cards: Iterable[Card]) -> tuple[list[Row], list[Card]]:
    """Return the blocks of the text with their cards, and the cards without a place."""
    cards = list(cards)
    marks = [
        Mark(
            str(card.number),
            anchor.start,
            anchor.end,
            f"claim {card.claim.review}" + (" current" if card.is_current else ""),
        )
        for card in cards
        for anchor in card.anchors
    ]
    by_number = {str(card.number): card for card in cards}
    rows = [
        Row(block.html, [by_number[key] for key in block.keys])
        for block in (marked_blocks(article.latest.body, marks) if article.latest else [])
    ]
    return rows, [card for card in cards if not card.is_placed]
