"""A story's claims beside its text, each to be accepted, rejected or edited. Plain forms; no script needed."""

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
    """A claim as the page shows it. `seen` is what the state was when the page was made."""

    number: int  # in the order of the text, from 1; the mark in the text has it too
    claim: Claim
    standing: list[Anchor]
    current: bool = False

    @property
    def placed(self) -> bool:
        return bool(self.standing)

    @property
    def waits(self) -> bool:
        """Must an editor judge it? A thought or a plan nobody told waits for nobody."""
        return self.claim.review == Claim.Review.PROPOSED and self.claim.reporting

    @property
    def on_demand(self) -> bool:
        return self.claim.review == Claim.Review.PROPOSED and not self.claim.reporting

    @property
    def seen(self) -> str:
        return snapshot_version(take_snapshot(self.claim))

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """What can be done with it: (verdict, label)."""
        how = self.claim.reviewed_how
        shown = self.claim.review == Claim.Review.EDITED or (
            self.claim.review == Claim.Review.ACCEPTED and how == Claim.ReviewMethod.DESK
        )
        rejected = self.claim.review == Claim.Review.REJECTED
        return [("accept", "Accept")] * (not shown) + [("reject", "Reject")] * (not rejected)


@dataclass(slots=True)
class Row:
    """A block of the text, marked, and the cards of the claims that begin in it."""

    html: str
    cards: list[Card] = field(default_factory=list)


def review(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """The page; POST judges one claim or the rest, or takes the last action back: the desk's own actions.

    Reads the story, its claims and their parts: 6 queries beside those of the session and the user.
    """
    article = get_object_or_404(Article.objects.select_related("latest"), pk=pk)
    if request.method == "POST":
        return _judge(request, article, context)
    user, everything, beside = require_user(request.user), "all" in request.GET, request.GET.getlist("beside")
    cards = _cards(article)
    hidden = sum(card.on_demand for card in cards)
    if not everything:
        cards = [card for card in cards if not card.on_demand or request.GET.get("at") == str(card.claim.pk)]
    current = _current(request, cards)
    if current is not None:
        current.current = True
    rows, unplaced = _rows(article, cards)
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
            "waiting": sum(card.waits for card in cards),
            "hidden": hidden,
            "all": everything,
            "current": current,
            "may_review": may_review(user),
            "step": actions.last_undoable_action(article, user, beside=actions.ids(beside))
            if may_review(user)
            else None,
            "beside": beside,
        },
    )


def _judge(request: HttpRequest, article: Article, context: dict[str, Any]) -> HttpResponse:
    user = require_user(request.user)
    require_permission(may_review(user), "review claims")
    verdict = request.POST.get("verdict", "")
    if verdict == "undo":
        return _undo(request, article, user)
    if verdict == "rest":
        return _accept_rest(request, article, user, context)
    if verdict not in ("accept", "reject"):
        return _to(article, None)
    return _judge_one(request, article, user, verdict)


def _judge_one(request: HttpRequest, article: Article, user: User, verdict: str) -> HttpResponse:
    chosen = request.POST.get("claim", "")
    claim = get_object_or_404(article.claims, pk=int(chosen) if chosen.isdecimal() else 0)
    seen = {claim.pk: request.POST.get("seen", "")}
    try:
        actions.apply_action(article, Action(uuid4(), verdict, seen, None, {"claim": claim.pk}), by=user)
    except RefusedError as error:
        _say_why(request, error)
        return _to(article, claim)
    return _to(article, _after(list(article.claims.order_by("order", "id")), claim))


def _accept_rest(request: HttpRequest, article: Article, user: User, context: dict[str, Any]) -> HttpResponse:
    """All that wait, after asking. Only those that were on the page: one proposed since is not accepted unseen."""
    if "confirmed" not in request.POST:
        waiting = with_parts(article.claims.awaiting_review().with_speaker()).order_by("order", "id")
        return TemplateResponse(
            request,
            "admin/articles/article/accept_rest.html",
            {
                **context,
                "title": _("Accept the rest"),
                "opts": Article._meta,
                "article": article,
                "claims": [(claim, snapshot_version(take_snapshot(claim))) for claim in waiting],
            },
        )
    pairs = [seen.partition(" ") for seen in request.POST.getlist("seen")]
    seen = {int(pk): state for pk, _space, state in pairs if pk.isdecimal()}
    try:
        done = actions.apply_action(article, Action(uuid4(), "accept-rest", seen, None, {}), by=user)
    except RefusedError as error:
        _say_why(request, error)
    else:
        messages.success(request, f"{done.action.sentence}.")
    return _to(article, None)


def _undo(request: HttpRequest, article: Article, user: User) -> HttpResponse:
    """Take back this editor's last action on the story. One that cannot be taken back is passed over next time."""
    beside = request.POST.getlist("beside")
    try:
        done = actions.apply_action(article, Action(uuid4(), "undo", {}, None, {"beside": beside}), by=user)
    except StaleError as error:
        _say_why(request, error)
        passed_over = urlencode({"beside": [*beside, error.fields["action"]]}, doseq=True)
        return HttpResponseRedirect(f"{reverse('admin:articles_article_review', args=[article.pk])}?{passed_over}")
    except RefusedError as error:
        _say_why(request, error)
        return _to(article, None)
    messages.success(request, f"{done.action.sentence}.")
    return _to(article, article.claims.filter(pk__in=done.changed).order_by("order", "id").first())


def _say_why(request: HttpRequest, error: RefusedError) -> None:
    """What was refused, and who changed which claim meanwhile."""
    messages.error(request, error.sentence)
    for change in error.changes.values() if isinstance(error, StaleError) else ():
        about = {"who": change.by or _("somebody"), "what": change.sentence}
        messages.error(request, _("Last changed by %(who)s: %(what)s") % about)


def _to(article: Article, claim: Claim | None) -> HttpResponseRedirect:
    """Back to the page, at a claim."""
    url = reverse("admin:articles_article_review", args=[article.pk])
    return HttpResponseRedirect(f"{url}?at={claim.pk}#card-{claim.pk}" if claim else url)


def _after(claims: Sequence[Claim], judged: Claim) -> Claim:
    """The next claim that waits, from the judged one on and round again; the judged one if none waits."""
    place = next((i for i, claim in enumerate(claims) if claim.pk == judged.pk), 0)
    waiting = (c for c in (*claims[place + 1 :], *claims[:place]) if c.review == Claim.Review.PROPOSED and c.reporting)
    return next(waiting, judged)


def _cards(article: Article) -> list[Card]:
    """A card for each claim, in the order of the text."""
    claims = with_parts(article.claims.all()).order_by("order", "id")
    return [Card(number, claim, _standing(claim, article)) for number, claim in enumerate(claims, start=1)]


def _standing(claim: Claim, article: Article) -> list[Anchor]:
    """Where the words of a claim stand in the latest text."""
    here = [anchor for anchor in claim.anchors.all() if anchor.revision_id == article.latest_id]
    content = [anchor for anchor in here if anchor.part == Anchor.Part.CONTENT and anchor.state != Anchor.State.LOST]
    return sorted(content, key=lambda anchor: anchor.start)


def _current(request: HttpRequest, cards: Sequence[Card]) -> Card | None:
    """The claim that the address names (`at`, or the next after `after`), else the first that waits."""
    by_pk = {str(card.claim.pk): card for card in cards}
    if asked := by_pk.get(request.GET.get("at", "")):
        return asked
    if judged := by_pk.get(request.GET.get("after", "")):
        following = _after([card.claim for card in cards], judged.claim)
        return by_pk[str(following.pk)]
    return next((card for card in cards if card.waits), None)


def _rows(article: Article, cards: Iterable[Card]) -> tuple[list[Row], list[Card]]:
    """The blocks of the latest text with the cards that begin in each; and the cards that stand nowhere."""
    cards = list(cards)
    marks = [
        Mark(
            str(card.number),
            anchor.start,
            anchor.end,
            f"claim {card.claim.review}" + (" current" if card.current else ""),
        )
        for card in cards
        for anchor in card.standing
    ]
    by_number = {str(card.number): card for card in cards}
    rows = [
        Row(block.html, [by_number[key] for key in block.keys])
        for block in (marked_blocks(article.latest.body, marks) if article.latest else [])
    ]
    return rows, [card for card in cards if not card.placed]
