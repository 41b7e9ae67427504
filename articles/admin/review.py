"""A story's claims beside its text, each to be accepted, rejected or edited. Plain forms; no script needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from articles import reviewing
from articles.admin import undoing
from articles.models import Anchor, Article, Claim
from articles.permissions import logged_in, may_review, require
from articles.text import Mark, blocks
from record.users import User

VERDICTS = {"accept": (reviewing.accept, "Accepted"), "reject": (reviewing.reject, "Rejected")}


@dataclass(slots=True)
class Card:
    """A claim as the page shows it. `seen` is what the state was when the page was made."""

    number: int  # in the order of the text, from 1; the mark in the text has it too
    claim: Claim
    placed: bool
    current: bool = False

    @property
    def waits(self) -> bool:
        """Must an editor judge it? A thought or a plan nobody told waits for nobody."""
        return self.claim.review == Claim.Review.PROPOSED and self.claim.reporting

    @property
    def on_demand(self) -> bool:
        return self.claim.review == Claim.Review.PROPOSED and not self.claim.reporting

    @property
    def seen(self) -> str:
        return state_of(self.claim)

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """What can be done with it: (verdict, label)."""
        how = self.claim.reviewed_how
        shown = self.claim.review == Claim.Review.EDITED or (
            self.claim.review == Claim.Review.ACCEPTED and how == Claim.How.DESK
        )
        rejected = self.claim.review == Claim.Review.REJECTED
        return [("accept", "Accept")] * (not shown) + [("reject", "Reject")] * (not rejected)


@dataclass(slots=True)
class Row:
    """A block of the text, marked, and the cards of the claims that begin in it."""

    html: str
    cards: list[Card] = field(default_factory=list)


def state_of(claim: Claim) -> str:
    """What a form carries so that a claim judged meanwhile by somebody else is noticed."""
    return f"{claim.review} {claim.reviewed_at.isoformat() if claim.reviewed_at else ''}".strip()


def review(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """The page; POST judges one claim, the rest, or takes the last judgement back, and leads to the next claim.

    Reads the story, its claims and their parts: 6 queries beside those of the session and the user.
    """
    article = get_object_or_404(Article.objects.select_related("latest"), pk=pk)
    if request.method == "POST":
        return _judge(request, article, context)
    everything = "all" in request.GET
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
            "title": "Review claims",
            "opts": Article._meta,
            "article": article,
            "rows": rows,
            "unplaced": unplaced,
            "total": len(cards),
            "waiting": sum(card.waits for card in cards),
            "hidden": hidden,
            "all": everything,
            "current": current,
            "may_review": may_review(request.user),
            "step": undoing.last(request),
        },
    )


def _judge(request: HttpRequest, article: Article, context: dict[str, Any]) -> HttpResponse:
    user = logged_in(request.user)
    require(may_review(user), "review claims")
    verdict = request.POST.get("verdict", "")
    if verdict == "undo":
        what, restored, claims = undoing.take_back(request, by=user)
        if what:
            messages.success(request, f"Undone: {what}. {restored} as before.")
        here = article.claims.filter(pk__in=claims).first()
        return _to(article, here)
    if verdict == "rest":
        return _accept_rest(request, article, user, context)
    if verdict not in VERDICTS:
        return _to(article, None)
    return _judge_one(request, article, user, verdict)


def _judge_one(request: HttpRequest, article: Article, user: User, verdict: str) -> HttpResponse:
    judge, done = VERDICTS[verdict]
    chosen = request.POST.get("claim", "")
    with transaction.atomic():
        claim = get_object_or_404(
            article.claims.select_for_update(of=("self",)), pk=int(chosen) if chosen.isdecimal() else 0
        )
        if request.POST.get("seen") != state_of(claim):
            who = claim.reviewed_by or "somebody"
            messages.error(
                request, f"Meanwhile {who} has judged “{claim}”: it is {claim.get_review_display()}. Look again."
            )
            return _to(article, claim)
        judged = judge([claim], by=user, how=Claim.How.DESK)
    undoing.remember(request, f"{done} “{claim}”", judged)
    return _to(article, _after(list(article.claims.order_by("order", "id")), claim))


def _accept_rest(request: HttpRequest, article: Article, user: User, context: dict[str, Any]) -> HttpResponse:
    """All that wait, after asking. Only those that were on the page: one proposed since is not accepted unseen."""
    waiting = list(article.claims.waiting().order_by("order", "id"))
    if "confirmed" not in request.POST:
        return TemplateResponse(
            request,
            "admin/articles/article/accept_rest.html",
            {
                **context,
                "title": "Accept the rest",
                "opts": Article._meta,
                "article": article,
                "claims": waiting,
            },
        )
    named = {int(pk) for pk in request.POST.getlist("claim") if pk.isdecimal()}
    judged = reviewing.accept([claim for claim in waiting if claim.pk in named], by=user, how=Claim.How.BULK)
    done = f"Accepted the other {len(judged)}"
    undoing.remember(request, done, judged)
    messages.success(request, f"{done}.")
    return _to(article, None)


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
    """A card a claim, in the order of the text."""
    standing = (
        Anchor.objects.filter(revision=article.latest_id, part=Anchor.Part.CONTENT)
        .exclude(state=Anchor.State.LOST)
        .order_by("start")
    )
    claims = (
        article.claims.select_related("reviewed_by")
        .prefetch_related(
            Prefetch("anchors", standing, to_attr="standing"), "hops__source", "hops__organisation", "quantities"
        )
        .order_by("order", "id")
    )
    return [Card(number, claim, placed=bool(claim.standing)) for number, claim in enumerate(claims, start=1)]


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
        for anchor in card.claim.standing  # type: ignore[attr-defined]
    ]
    by_number = {str(card.number): card for card in cards}
    rows = [
        Row(block.html, [by_number[key] for key in block.keys])
        for block in (blocks(article.latest.body, marks) if article.latest else [])
    ]
    return rows, [card for card in cards if not card.placed]
