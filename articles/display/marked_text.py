"""The text of the article page: paragraphs with marked claims and their notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.display.formatting import chain_text
from articles.models import Anchor, Article, Claim, Hop
from articles.text.body import Mark, marked_blocks


@dataclass(frozen=True, slots=True)
class ClaimNote:
    """The note of one claim: its number on the page and its key in URLs (#c-…)."""

    number: int
    key: str
    claim: Claim

    @property
    def chain(self) -> list[Hop]:
        """Return the hops, origin first."""
        return list(self.claim.chain)  # type: ignore[attr-defined]

    @property
    def chain_text(self) -> str:
        """Return the chain as text, for screen readers."""
        return chain_text(self.chain)


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of the text, and the notes of the claims that begin in it."""

    html: str
    notes: Sequence[ClaimNote]


def claim_key(claim: Claim) -> str:
    """Return the URL fragment of a claim on its article's page: stable, and short."""
    return f"c-{claim.public_id.hex[:12]}"


def build_passages(article: Article, claims: Sequence[Claim]) -> list[Passage]:
    """Return the live text in blocks with marked claims. No query.

    `claims` are of ClaimQuerySet.in_live.
    """
    if article.live is None:
        return []
    notes = {
        claim_key(claim): ClaimNote(number, claim_key(claim), claim) for number, claim in enumerate(claims, start=1)
    }
    length = len(article.live.text)
    # Wrong anchors beyond the end of the text must not make the article unreadable.
    marks = [mark for note in notes.values() for mark in _marks(note) if mark.end <= length]
    return [
        Passage(block.html, sorted((notes[key] for key in block.keys), key=lambda note: note.number))
        for block in marked_blocks(article.live.body, marks)
    ]


def _marks(note: ClaimNote) -> Iterator[Mark]:
    anchors: list[Anchor] = [a for a in note.claim.standing if a.part == Anchor.Part.CONTENT]  # type: ignore[attr-defined]
    for index, anchor in enumerate(anchors):
        is_last = index + 1 == len(anchors)
        yield Mark(
            key=note.key,
            start=anchor.start,
            end=anchor.end,
            classes=f"claim {note.claim.form}",
            label=str(note.number) if is_last else "",
            title=f"{note.number}: {note.chain_text}" if note.chain else f"{note.number}: {_('speaker unknown')}",
        )


@dataclass(frozen=True, slots=True)
class ClaimSummary:
    """How many claims an article has, with how many speakers and origins."""

    claims: int
    speakers: int
    origins: int


def summarize_claims(claims: Sequence[Claim]) -> ClaimSummary:
    """Count claims, speakers and origins.

    Named speakers are counted by source, unnamed ones by their number in the article.
    """
    chains = [list(claim.chain) for claim in claims if claim.chain]  # type: ignore[attr-defined]
    return ClaimSummary(
        claims=len(claims),
        speakers=len({_source_key(chain[-1]) for chain in chains}),
        origins=len({_source_key(chain[0]) for chain in chains}),
    )


def _source_key(hop: Hop) -> tuple[str, int | None]:
    return ("source", hop.source_id) if hop.source_id else ("unnamed", hop.unnamed)
