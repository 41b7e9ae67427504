"""Judging claims: accept, reject, mark as edited, and take a judgement back.

Every function is one transaction, needs the permission to review (PermissionDenied without it), notes
who, when and how on each claim, and notes on the articles that a person has worked on them, so that
an import can no longer be undone from under them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from articles.errors import NoSpeakerError
from articles.models import Article, Claim, Hop
from articles.permissions import may_review, require_permission
from record import log, verbs
from record.users import User

#: Claims read and written at a time, so that "all of the list" needs bounded memory for rows.
CHUNK_CLAIMS = 500
Review, How = Claim.Review, Claim.ReviewMethod
#: What a judgement reads of a claim, beside its key, its state, and whether it names a speaker.
BEFORE = ("reviewed_by_id", "reviewed_at", "reviewed_how", "statement", "article_id")
HAS_SPEAKER = Exists(Hop.objects.filter(claim=OuterRef("pk")))


@dataclass(frozen=True, slots=True)
class ReviewChange:
    """What one judgement replaced, so that it can be taken back while it still stands."""

    claim: int  # its row number
    made_at: datetime
    before: str
    before_by: int | None
    before_at: datetime | None
    before_how: str


#: What each judgement is called on record.
REVIEW_VERBS = {Review.ACCEPTED: verbs.ACCEPTED, Review.REJECTED: verbs.REJECTED, Review.EDITED: verbs.EDITED}


def accept_claims(claims: Iterable[Claim | int], *, by: User, how: str) -> list[ReviewChange]:
    """Let readers see these claims, if their article is public.

    A claim that names nobody who said it is never accepted. Raises NoSpeakerError for one that an editor
    judges by itself; in bulk such claims are left alone.

    What is accepted or edited already stays as it is, with one exception: at the desk, a claim that was
    accepted in bulk or on import is now one that somebody has looked at.
    """
    wanted = Q(review__in=[Review.PROPOSED, Review.REJECTED])
    if how == How.DESK:
        wanted |= Q(review=Review.ACCEPTED, reviewed_how__in=[How.BULK, How.IMPORT])
    refuse = tuple(Review) if how == How.DESK else ()
    return _review_claims(claims, Review.ACCEPTED, wanted, by=by, how=how, refuse=refuse)


def reject_claims(claims: Iterable[Claim | int], *, by: User, how: str) -> list[ReviewChange]:
    """Keep these claims from readers for good: later imports and better extractors do not bring them back."""
    return _review_claims(claims, Review.REJECTED, ~Q(review=Review.REJECTED), by=by, how=how)


def mark_edited(claims: Iterable[Claim | int], *, by: User, fields: Sequence[str] = ()) -> list[ReviewChange]:
    """An editor has changed what these claims say: they are edited, which is as good as accepted.

    `fields` says for the record what was changed ("statement", "chain").

    A rejected claim stays rejected, whatever is mended in it, until somebody accepts it. A proposed claim that
    names nobody who said it stays proposed. Raises NoSpeakerError where readers may see such a claim already:
    its last speaker was taken away.
    """
    wanted = ~Q(review=Review.REJECTED)
    return _review_claims(
        claims, Review.EDITED, wanted, by=by, how=How.DESK, fields=fields, refuse=Claim.SHOWN_REVIEWS
    )


def undo_reviews(judgements: Sequence[ReviewChange], *, by: User) -> int:
    """Put claims back to what they were before; returns how many.

    A claim that somebody has judged again since keeps that judgement. So does one that names nobody who said it,
    where it would be accepted again.
    """
    every, spoken = Claim.objects.all(), Claim.objects.with_speaker()
    require_permission(may_review(by), "review claims")
    restored: list[int] = []
    with transaction.atomic():
        restored += (
            made.claim
            for made in judgements
            if (spoken if made.before in Claim.SHOWN_REVIEWS else every)
            .filter(pk=made.claim, reviewed_at=made.made_at)
            .update(
                review=made.before,
                reviewed_by=made.before_by,
                reviewed_at=made.before_at,
                reviewed_how=made.before_how,
            )
        )
        for chunk in _chunks(restored):
            rows = Claim.objects.filter(pk__in=chunk).order_by("pk").values_list("pk", "statement", "article_id")
            log.record_many(verbs.REVIEW_UNDONE, Claim, rows, user=by)
        mark_articles_edited([made.claim for made in judgements], timezone.now())
    return len(restored)


def mark_articles_edited(claims: Sequence[int], at: datetime) -> None:
    """Note on the articles of these claims that a person worked on them. One statement a chunk."""
    for chunk in _chunks(claims):
        Article.objects.filter(claims__in=chunk).update(edited_at=at)


def _review_claims(
    claims: Iterable[Claim | int],
    review: Claim.Review,
    wanted: Q,
    *,
    by: User,
    how: str,
    fields: Sequence[str] = (),
    refuse: Collection[str] = (),
) -> list[ReviewChange]:
    """Judge claims in four statements a chunk. Claims that are not `wanted` are left alone and not returned.

    So are claims without a speaker, where readers would see them. Raises NoSpeakerError where such a claim was in
    one of the states of `refuse`.
    """
    require_permission(may_review(by), "review claims")
    now = timezone.now()
    judged: list[ReviewChange] = []
    with transaction.atomic():
        for chunk in _chunks(claim if isinstance(claim, int) else claim.pk for claim in claims):
            locked = Claim.objects.select_for_update(of=("self",)).filter(wanted, pk__in=chunk)
            rows = locked.annotate(spoken=HAS_SPEAKER).order_by("pk").values_list("pk", "review", "spoken", *BEFORE)
            silent = {pk: before for pk, before, spoken, *_ in rows if review in Claim.SHOWN_REVIEWS and not spoken}
            if refused := [pk for pk, before in silent.items() if before in refuse]:
                raise NoSpeakerError(refused)
            found = [row for row in rows if row[0] not in silent]
            made = [
                ReviewChange(pk, now, before, before_by, before_at, before_how)
                for pk, before, _spoken, before_by, before_at, before_how, _statement, _story in found
            ]
            ids = [judgement.claim for judgement in made]
            Claim.objects.filter(pk__in=ids).update(review=review, reviewed_by=by, reviewed_at=now, reviewed_how=how)
            names = [(pk, statement, story) for pk, *_before, statement, story in found]
            log.record_many(REVIEW_VERBS[Review(review)], Claim, names, user=by, how=how, fields=list(fields))
            mark_articles_edited(ids, now)
            judged += made
    return judged


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    coming = iter(ids)
    while chunk := list(islice(coming, CHUNK_CLAIMS)):
        yield chunk
