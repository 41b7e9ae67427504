"""Match the claims that the extractor finds to those that an article has. Pure.

Neither offsets nor words identify a claim. By offsets, a sentence added above would bring every rejected claim back.
By words, the second "No," of a speaker would vanish. So every existing claim is first carried to the new text
(articles.text.anchors), and then found claims are matched to existing ones by place, one to one. What a person has
reviewed is never deleted, overwritten or reviewed again.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
F = TypeVar("F", bound=Hashable)

#: Two claims are in one place from this share of common code points on (of all code points of both). A better extractor
#: moves the ends of a claim by some words, but two claims of one sentence share less than half.
MIN_OVERLAP_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class KeptClaim(Generic[K]):
    """An existing claim, with its content as carried to the new text.

    No spans: its words are lost.
    """

    id: K
    spans: tuple[tuple[int, int], ...]
    is_reviewed: bool  # by a person, or made by one


@dataclass(frozen=True, slots=True)
class FoundClaim(Generic[F]):
    """A claim that the extractor finds in the new text."""

    id: F
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MatchPlan(Generic[K, F]):
    """What to do with existing and found claims.

    Each found claim is in `new` or `matched`, each existing one in one of the other fields or in `matched`.
    """

    new: tuple[F, ...]  # propose these
    matched: tuple[tuple[K, F], ...]  # these existing claims were found again
    retained: tuple[K, ...]  # reviewed, not found again, words in place: they stay
    lost: tuple[K, ...]  # reviewed, words gone: an editor has to repair them
    withdrawn: tuple[K, ...]  # not reviewed and not found again: they may be deleted


def match_claims(kept: Sequence[KeptClaim[K]], found: Sequence[FoundClaim[F]]) -> MatchPlan[K, F]:
    """Match found claims to existing ones by place, the best overlap first.

    Equal overlaps are matched in the order given.
    """
    pairs = sorted(
        ((-share, k, f) for k, f, share in _overlaps(kept, found) if share >= MIN_OVERLAP_SHARE),
    )
    matches: dict[int, int] = {}
    taken: set[int] = set()
    for _, k, f in pairs:
        if k not in matches and f not in taken:
            matches[k] = f
            taken.add(f)
    retained, lost, withdrawn = [], [], []
    for index, claim in enumerate(kept):
        if index in matches:
            continue
        if not claim.is_reviewed:
            withdrawn.append(claim.id)
        elif claim.spans:
            retained.append(claim.id)
        else:
            lost.append(claim.id)
    return MatchPlan(
        new=tuple(claim.id for index, claim in enumerate(found) if index not in taken),
        matched=tuple((kept[k].id, found[f].id) for k, f in sorted(matches.items())),
        retained=tuple(retained),
        lost=tuple(lost),
        withdrawn=tuple(withdrawn),
    )


def _overlaps(kept: Sequence[KeptClaim[K]], found: Sequence[FoundClaim[F]]) -> list[tuple[int, int, float]]:
    """Return overlapping pairs: kept index, found index, share of common code points.

    It sweeps over the sorted spans.
    """
    edges = sorted(
        [(start, end, 0, index) for index, claim in enumerate(kept) for start, end in claim.spans]
        + [(start, end, 1, index) for index, claim in enumerate(found) for start, end in claim.spans]
    )
    common: dict[tuple[int, int], int] = {}
    open_spans: list[tuple[int, int, int, int]] = []
    for edge in edges:
        open_spans = [other for other in open_spans if other[1] > edge[0]]
        for other in open_spans:
            if other[2] != edge[2]:
                k, f = (other[3], edge[3]) if edge[2] else (edge[3], other[3])
                common[k, f] = common.get((k, f), 0) + min(other[1], edge[1]) - edge[0]
        open_spans.append(edge)
    return [
        (k, f, shared / (_total_length(kept[k].spans) + _total_length(found[f].spans) - shared))
        for (k, f), shared in common.items()
    ]


def _total_length(spans: tuple[tuple[int, int], ...]) -> int:
    return sum(end - start for start, end in spans)
