"""Judging claims: accept, reject, mark as edited, and take a judgement back.

Every function is one transaction, needs the permission to review (PermissionDenied without it), notes
who, when and how on each claim, and notes on the articles that a person has worked on them, so that
an import can no longer be undone from under them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Claim
from articles.permissions import may_review, require
from record import keeping, verbs
from record.users import User

#: Claims read and written at a time, so that "all of the list" needs bounded memory for rows.
CHUNK = 500
Review, How = Claim.Review, Claim.How


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one judgement replaced, so that it can be taken back while it still stands."""

    claim: int  # its row number
    made_at: datetime
    before: str
    before_by: int | None
    before_at: datetime | None
    before_how: str


#: What each judgement is called on record.
VERBS = {Review.ACCEPTED: verbs.ACCEPTED, Review.REJECTED: verbs.REJECTED, Review.EDITED: verbs.EDITED}


def accept(claims: Iterable[Claim | int], *, by: User, how: str) -> list[Judgement]:
    """Let readers see these claims, if their article is public.

    What is accepted or edited already stays as it is, with one exception: at the desk, a claim that was
    accepted in bulk or on import is now one that somebody has looked at.
    """
    wanted = Q(review__in=[Review.PROPOSED, Review.REJECTED])
    if how == How.DESK:
        wanted |= Q(review=Review.ACCEPTED, reviewed_how__in=[How.BULK, How.IMPORT])
    return _judge(claims, Review.ACCEPTED, wanted, by=by, how=how)


def reject(claims: Iterable[Claim | int], *, by: User, how: str) -> list[Judgement]:
    """Keep these claims from readers for good: later imports and better extractors do not bring them back."""
    return _judge(claims, Review.REJECTED, ~Q(review=Review.REJECTED), by=by, how=how)


def mark_edited(claims: Iterable[Claim | int], *, by: User, fields: Sequence[str] = ()) -> list[Judgement]:
    """An editor has changed what these claims say: they are edited, which is as good as accepted.

    `fields` says for the record what was changed ("statement", "chain").

    A rejected claim stays rejected, whatever is mended in it, until somebody accepts it.
    """
    return _judge(claims, Review.EDITED, ~Q(review=Review.REJECTED), by=by, how=How.DESK, fields=fields)


def undo(judgements: Sequence[Judgement], *, by: User) -> int:
    """Put claims back to what they were before; returns how many.

    A claim that somebody has judged again since keeps that judgement.
    """
    require(may_review(by), "review claims")
    restored: list[int] = []
    with transaction.atomic():
        restored += (
            made.claim
            for made in judgements
            if Claim.objects.filter(pk=made.claim, reviewed_at=made.made_at).update(
                review=made.before,
                reviewed_by=made.before_by,
                reviewed_at=made.before_at,
                reviewed_how=made.before_how,
            )
        )
        for chunk in _chunks(restored):
            rows = Claim.objects.filter(pk__in=chunk).order_by("pk").values_list("pk", "statement", "article_id")
            keeping.note_many(verbs.TOOK_BACK, Claim, rows, by=by)
        touch([made.claim for made in judgements], timezone.now())
    return len(restored)


def touch(claims: Sequence[int], at: datetime) -> None:
    """Note on the articles of these claims that a person worked on them. One statement a chunk."""
    for chunk in _chunks(claims):
        Article.objects.filter(claims__in=chunk).update(edited_at=at)


def _judge(
    claims: Iterable[Claim | int], review: str, wanted: Q, *, by: User, how: str, fields: Sequence[str] = ()
) -> list[Judgement]:
    """Four statements a chunk. Claims that are not `wanted` are left alone and not returned."""
    require(may_review(by), "review claims")
    now = timezone.now()
    judged: list[Judgement] = []
    with transaction.atomic():
        for chunk in _chunks(claim if isinstance(claim, int) else claim.pk for claim in claims):
            rows = Claim.objects.select_for_update().filter(wanted, pk__in=chunk).order_by("pk")
            found = list(
                rows.values_list(
                    "pk", "review", "reviewed_by_id", "reviewed_at", "reviewed_how", "statement", "article_id"
                )
            )
            made = [
                Judgement(pk, now, before, before_by, before_at, before_how)
                for pk, before, before_by, before_at, before_how, _statement, _story in found
            ]
            ids = [judgement.claim for judgement in made]
            Claim.objects.filter(pk__in=ids).update(review=review, reviewed_by=by, reviewed_at=now, reviewed_how=how)
            names = [(pk, statement, story) for pk, *_before, statement, story in found]
            keeping.note_many(VERBS[Review(review)], Claim, names, by=by, how=how, fields=list(fields))
            touch(ids, now)
            judged += made
    return judged


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    coming = iter(ids)
    while chunk := list(islice(coming, CHUNK)):
        yield chunk
