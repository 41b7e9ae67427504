"""Carry an article's claims to its new revision.

Existing claims are carried by comparing the two texts. Claims that the extractor finds in the new text are matched to
them by place. A reviewed claim is never changed or deleted here: if its words are gone, its anchors are marked lost and
it waits for an editor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Prefetch

from articles.claims.build import ClaimRows, save_claims
from articles.claims.matching import FoundClaim, KeptClaim, MatchPlan, match_claims
from articles.extraction import EXTRACTOR_VERSION
from articles.models import Anchor, Article, Claim, ClaimName, ClaimRole, Revision
from articles.text.anchors import carry_spans

#: Statuses in which readers see the live revision as an article, now or at its time.
SHOWN_STATUSES = (Article.Status.PUBLISHED, Article.Status.SCHEDULED)


def goes_live(article: Article, *, publish: bool) -> bool:
    """Return whether an imported revision would replace what readers see."""
    return publish and article.live_id is not None and article.status in SHOWN_STATUSES


def carry_anchors(before: Revision, after: Revision) -> None:
    """Give every claim that has anchors in `before` anchors in `after`.

    They are exact, moved or lost. A lost anchor keeps the offsets of the last revision that had its words; these are
    not offsets of `before`: its text may be shorter. An anchor beyond the end of the text is lost too. The names and
    roles that the text gives are carried too. Three queries, and at most three writes.
    """
    old_anchors = list(before.anchors.order_by("start", "end", "id"))
    measured = [
        anchor for anchor in old_anchors if anchor.state != Anchor.State.LOST and anchor.end <= len(before.text)
    ]
    carried = carry_spans(before.text, after.text, [(anchor.start, anchor.end) for anchor in measured])
    places = {anchor.pk: place for anchor, place in zip(measured, carried, strict=True) if place.state != "lost"}
    rows = []
    for anchor in old_anchors:
        place = places.get(anchor.pk)
        rows.append(
            Anchor(
                claim_id=anchor.claim_id,
                revision=after,
                part=anchor.part,
                start=place.start if place else anchor.start,
                end=place.end if place else anchor.end,
                state=Anchor.State(place.state) if place else Anchor.State.LOST,
            )
        )
    Anchor.objects.bulk_create(rows)
    names = ClaimName.objects.filter(revision=before).values("claim_id", "source_id", "folded")
    ClaimName.objects.bulk_create([ClaimName(revision=after, **row) for row in names])
    roles = ClaimRole.objects.filter(revision=before).values("claim_id", "source_id", "role", "organisation_id")
    ClaimRole.objects.bulk_create([ClaimRole(revision=after, **row) for row in roles])


def apply_found_claims(article: Article, revision: Revision, found: Sequence[ClaimRows]) -> MatchPlan[int, int]:
    """Update an article's claims to what the extractor found in a revision.

    `found` are unsaved claims of this revision. New ones are added. A proposal that is not found again is deleted. A
    proposal of another extractor version is replaced by what is found in its place. Reviewed claims stay. Return the
    plan that was carried out; replaced claims are among its `matched`.
    """
    content = Prefetch("anchors", Anchor.objects.filter(revision=revision, part="content"), to_attr="standing")
    kept = list(article.claims.prefetch_related(content))
    plan = match_claims(
        [
            KeptClaim(
                id=claim.pk,
                spans=_content_spans(claim.standing),
                is_reviewed=claim.review != Claim.Review.PROPOSED or not claim.extractor,
            )
            for claim in kept
        ],
        [
            FoundClaim(
                id=number,
                spans=tuple(
                    (anchor.start, anchor.end) for anchor in rows.anchors if anchor.part == Anchor.Part.CONTENT
                ),
            )
            for number, rows in enumerate(found)
        ],
    )
    replaced = _replaced_proposals(kept, plan)
    Claim.objects.filter(pk__in=[*plan.withdrawn, *replaced], review=Claim.Review.PROPOSED).delete()
    save_claims([found[number] for number in sorted((*plan.new, *replaced.values()))])
    _replace_given_names(revision, {pk: found[number] for pk, number in plan.matched if pk not in replaced})
    for claim in kept:
        start = min((start for start, _ in _content_spans(claim.standing)), default=claim.order)
        if start != claim.order:
            Claim.objects.filter(pk=claim.pk).update(order=start)
    return plan


def update_claim_order(claim: Claim) -> None:
    """Set a claim's place in the text from its anchors in the latest revision.

    Without such an anchor it keeps its place.
    """
    first = (
        claim.anchors.filter(revision=claim.article.latest_id, part=Anchor.Part.CONTENT)
        .exclude(state=Anchor.State.LOST)
        .order_by("start")
        .first()
    )
    if first is not None and first.start != claim.order:
        claim.order = first.start
        claim.save(update_fields=["order"])


def _replace_given_names(revision: Revision, found: Mapping[int, ClaimRows]) -> None:
    """Replace the names and roles of existing claims by what this revision gives."""
    for model in (ClaimName, ClaimRole):
        model.objects.filter(revision=revision, claim__in=found).delete()
    names, roles = [], []
    for pk, rows in found.items():
        for name in rows.names:
            name.claim_id = pk
        for role in rows.roles:
            role.claim_id = pk
        names += rows.names
        roles += rows.roles
    ClaimName.objects.bulk_create(names)
    ClaimRole.objects.bulk_create(roles)


def _replaced_proposals(kept: Sequence[Claim], plan: MatchPlan[int, int]) -> dict[int, int]:
    """Map proposals of other extractor versions to what is found in their place.

    What is found now has the better ends, speaker and confidence.
    """
    outdated = {
        claim.pk
        for claim in kept
        if claim.review == Claim.Review.PROPOSED and claim.extractor not in ("", EXTRACTOR_VERSION)
    }
    return {pk: number for pk, number in plan.matched if pk in outdated}


def _content_spans(anchors: Sequence[Anchor]) -> tuple[tuple[int, int], ...]:
    """Return the spans of a claim's content, or none if any of it is lost.

    A lost piece means that the claim's words have changed.
    """
    if any(anchor.state == Anchor.State.LOST for anchor in anchors):
        return ()
    return tuple((anchor.start, anchor.end) for anchor in anchors)
