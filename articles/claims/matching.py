"""Kept claims + newly found ones -> a plan. Pure.

A claim's identity is neither its offsets (a sentence added above would bring every rejected claim
back) nor its words (the second "No," of a speaker would vanish). First every kept claim is carried
to the new text (articles.text.anchors); then found claims are matched to kept ones by place, one to
one. What a person has judged is never deleted, overwritten or judged again.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
F = TypeVar("F", bound=Hashable)

#: From this share of common code points (of both together) on, two claims are in one place. Half: a
#: better extractor moves a claim's ends by some words, but two claims of one sentence share less.
MIN_OVERLAP_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class KeptClaim(Generic[K]):
    """A claim that is here already, its content as carried to the new text; no spans: its words are lost."""

    id: K
    spans: tuple[tuple[int, int], ...]
    is_reviewed: bool  # by a person, or made by one


@dataclass(frozen=True, slots=True)
class FoundClaim(Generic[F]):
    """A claim that extraction finds in the new text."""

    id: F
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MatchPlan(Generic[K, F]):
    """What to do. Every kept claim is in one of `moved`, `standing`, `lost` and `withdrawn`."""

    new: tuple[F, ...]  # propose these
    matched: tuple[tuple[K, F], ...]  # these kept claims were found again
    retained: tuple[K, ...]  # judged, not found again, words in place: they stay as they are
    lost: tuple[K, ...]  # judged, their words gone: an editor's to mend
    withdrawn: tuple[K, ...]  # proposed, judged by nobody, found no more: they may go


def match_claims(kept: Sequence[KeptClaim[K]], found: Sequence[FoundClaim[F]]) -> MatchPlan[K, F]:
    """Match found claims to kept ones by place, best overlap first; equal overlaps in the order given."""
    pairs = sorted(
        ((-share, k, f) for k, f, share in _overlaps(kept, found) if share >= MIN_OVERLAP_SHARE),
    )
    of_kept: dict[int, int] = {}
    taken: set[int] = set()
    for _, k, f in pairs:
        if k not in of_kept and f not in taken:
            of_kept[k] = f
            taken.add(f)
    standing, lost, withdrawn = [], [], []
    for index, claim in enumerate(kept):
        if index in of_kept:
            continue
        if not claim.is_reviewed:
            withdrawn.append(claim.id)
        elif claim.spans:
            standing.append(claim.id)
        else:
            lost.append(claim.id)
    return MatchPlan(
        new=tuple(claim.id for index, claim in enumerate(found) if index not in taken),
        matched=tuple((kept[k].id, found[f].id) for k, f in sorted(of_kept.items())),
        retained=tuple(standing),
        lost=tuple(lost),
        withdrawn=tuple(withdrawn),
    )


def _overlaps(kept: Sequence[KeptClaim[K]], found: Sequence[FoundClaim[F]]) -> list[tuple[int, int, float]]:
    """(kept, found, share of common code points) for those that touch, by a sweep over their spans."""
    edges = sorted(
        [(start, end, 0, index) for index, claim in enumerate(kept) for start, end in claim.spans]
        + [(start, end, 1, index) for index, claim in enumerate(found) for start, end in claim.spans]
    )
    common: dict[tuple[int, int], int] = {}
    under_way: list[tuple[int, int, int, int]] = []
    for edge in edges:
        under_way = [other for other in under_way if other[1] > edge[0]]
        for other in under_way:
            if other[2] != edge[2]:
                k, f = (other[3], edge[3]) if edge[2] else (edge[3], other[3])
                common[k, f] = common.get((k, f), 0) + min(other[1], edge[1]) - edge[0]
        under_way.append(edge)
    return [
        (k, f, shared / (_total_length(kept[k].spans) + _total_length(found[f].spans) - shared))
        for (k, f), shared in common.items()
    ]


def _total_length(spans: tuple[tuple[int, int], ...]) -> int:
    return sum(end - start for start, end in spans)
