"""Review claims: accept, reject, mark as edited, undo.

Every function is one transaction and raises PermissionDenied without the permission to review. It stores on each claim
who reviewed it, when and how, and marks the articles as edited, so that their import can no longer be undone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.errors import NoSpeakerError
from articles.models import Article, Claim, Hop
from articles.permissions import may_review, require_permission
from record import log, verbs
from record.users import User

#: Claims read and written at a time, so that "all of the list" needs bounded memory.
CHUNK_CLAIMS = 500
Review, Method = Claim.Review, Claim.ReviewMethod
#: Columns that a review reads besides key, state and whether there is a speaker.
BEFORE_COLUMNS = ("reviewed_by_id", "reviewed_at", "reviewed_how", "statement", "article_id")
HAS_SPEAKER = Exists(Hop.objects.filter(claim=OuterRef("pk")))


@dataclass(frozen=True, slots=True)
class ReviewChange:
    """What a review replaced. It can be undone until somebody reviews again."""

    claim: int  # its key
    made_at: datetime
    before: str
    before_by: int | None
    before_at: datetime | None
    before_how: str


#: The verb of each review in the audit log.
REVIEW_VERBS = {Review.ACCEPTED: verbs.ACCEPTED, Review.REJECTED: verbs.REJECTED, Review.EDITED: verbs.EDITED}


def accept_claims(claims: Iterable[Claim | int], *, by: User, how: str) -> list[ReviewChange]:
    """Accept claims: readers may see them if their article is public.

    A claim without a speaker is never accepted. At the review desk it raises NoSpeakerError; in bulk it is skipped.

    An accepted or edited claim stays as it is, with one exception: at the review desk, a claim that was accepted in bulk
    or on import becomes one that somebody has looked at.
    """
    wanted = Q(review__in=[Review.PROPOSED, Review.REJECTED])
    if how == Method.DESK:
        wanted |= Q(review=Review.ACCEPTED, reviewed_how__in=[Method.BULK, Method.IMPORT])
    refuse = tuple(Review) if how == Method.DESK else ()
    return _review_claims(claims, Review.ACCEPTED, wanted, by=by, how=how, refuse=refuse)


def reject_claims(claims: Iterable[Claim | int], *, by: User, how: str) -> list[ReviewChange]:
    """Reject claims for good: no later import or extractor brings them back."""
    return _review_claims(claims, Review.REJECTED, ~Q(review=Review.REJECTED), by=by, how=how)


def mark_edited(claims: Iterable[Claim | int], *, by: User, fields: Sequence[str] = ()) -> list[ReviewChange]:
    """Mark claims that an editor has changed as edited, which is as good as accepted.

    `fields` names for the audit log what was changed ("statement", "chain").

    A rejected claim stays rejected until somebody accepts it. A proposed claim without a speaker stays proposed. Raise
    NoSpeakerError if the last speaker of a claim that readers may see was taken away.
    """
    wanted = ~Q(review=Review.REJECTED)
    return _review_claims(
        claims, Review.EDITED, wanted, by=by, how=Method.DESK, fields=fields, refuse=Claim.SHOWN_REVIEWS
    )


def undo_reviews(changes: Sequence[ReviewChange], *, by: User) -> int:
    """Restore the claims' former reviews; return the number of restored claims.

    A claim that somebody has reviewed again is skipped. So is one without a speaker that would be accepted again.
    """
    every, with_speaker = Claim.objects.all(), Claim.objects.with_speaker()
    require_permission(may_review(by), _("review claims"))
    restored: list[int] = []
    with transaction.atomic():
        restored += (
            change.claim
            for change in changes
            if (with_speaker if change.before in Claim.SHOWN_REVIEWS else every)
            .filter(pk=change.claim, reviewed_at=change.made_at)
            .update(
                review=change.before,
                reviewed_by=change.before_by,
                reviewed_at=change.before_at,
                reviewed_how=change.before_how,
            )
        )
        for chunk in _chunks(restored):
            rows = Claim.objects.filter(pk__in=chunk).order_by("pk").values_list("pk", "statement", "article_id")
            log.record_many(verbs.REVIEW_UNDONE, Claim, rows, user=by)
        mark_articles_edited([change.claim for change in changes], timezone.now())
    return len(restored)


def mark_articles_edited(claims: Sequence[int], at: datetime) -> None:
    """Set `edited_at` of the articles of these claims. One statement per chunk."""
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
    """Review the claims that are `wanted`, in four statements per chunk. Skip others.

    Claims without a speaker are skipped if readers would see them. If such a claim was in one of the states of
    `refuse`, raise NoSpeakerError.
    """
    require_permission(may_review(by), _("review claims"))
    now = timezone.now()
    changes: list[ReviewChange] = []
    with transaction.atomic():
        for chunk in _chunks(claim if isinstance(claim, int) else claim.pk for claim in claims):
            locked = Claim.objects.select_for_update(of=("self",)).filter(wanted, pk__in=chunk)
            rows = (
                locked.annotate(has_speaker=HAS_SPEAKER)
                .order_by("pk")
                .values_list("pk", "review", "has_speaker", *BEFORE_COLUMNS)
            )
            speakerless = {
                pk: before
                for pk, before, has_speaker, *_rest in rows
                if review in Claim.SHOWN_REVIEWS and not has_speaker
            }
            if refused := [pk for pk, before in speakerless.items() if before in refuse]:
                raise NoSpeakerError(refused)
            reviewed = [row for row in rows if row[0] not in speakerless]
            made = [
                ReviewChange(pk, now, before, before_by, before_at, before_how)
                for pk, before, _has_speaker, before_by, before_at, before_how, _statement, _article in reviewed
            ]
            ids = [change.claim for change in made]
            Claim.objects.filter(pk__in=ids).update(review=review, reviewed_by=by, reviewed_at=now, reviewed_how=how)
            names = [(pk, statement, article) for pk, *_before, statement, article in reviewed]
            log.record_many(REVIEW_VERBS[Review(review)], Claim, names, user=by, how=how, fields=list(fields))
            mark_articles_edited(ids, now)
            changes += made
    return changes


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while chunk := list(islice(remaining, CHUNK_CLAIMS)):
        yield chunk
