"""A story's text with its claims marked, and each claim's note: what the article page shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.models import Anchor, Article, Claim, Hop
from articles.text.body import Mark, marked_blocks


@dataclass(frozen=True, slots=True)
class ClaimNote:
    """One claim beside the text: its number on the page, its key in addresses (#c-…), its chain."""

    number: int
    key: str
    claim: Claim

    @property
    def chain(self) -> list[Hop]:
        """Origin first."""
        return list(self.claim.chain)  # type: ignore[attr-defined]

    @property
    def chain_text(self) -> str:
        """Whose claim it is, for a reader who hears the page: the origin, and who spoke for it."""
        names = [hop.source.name if hop.source else hop.mention for hop in self.chain]
        return " → ".join(names)


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of the text and the notes of the claims that begin in it."""

    html: str
    notes: Sequence[ClaimNote]


def claim_key(claim: Claim) -> str:
    """The part of an address that names a claim within its story: stable, and short enough to read out."""
    return f"c-{claim.public_id.hex[:12]}"


def build_passages(article: Article, claims: Sequence[Claim]) -> list[Passage]:
    """The live text in blocks, claims marked. `claims` as ClaimQuerySet.in_live gives them; no query."""
    if article.live is None:
        return []
    notes = {
        claim_key(claim): ClaimNote(number, claim_key(claim), claim) for number, claim in enumerate(claims, start=1)
    }
    length = len(article.live.text)
    # An anchor beyond the text is a fault of whoever wrote it, and no reason to lose the story.
    marks = [mark for note in notes.values() for mark in _marks(note) if mark.end <= length]
    return [
        Passage(block.html, sorted((notes[key] for key in block.keys), key=lambda note: note.number))
        for block in marked_blocks(article.live.body, marks)
    ]


def _marks(note: ClaimNote) -> Iterator[Mark]:
    anchors: list[Anchor] = [a for a in note.claim.standing if a.part == Anchor.Part.CONTENT]  # type: ignore[attr-defined]
    for index, anchor in enumerate(anchors):
        last = index + 1 == len(anchors)
        yield Mark(
            key=note.key,
            start=anchor.start,
            end=anchor.end,
            classes=f"claim {note.claim.form}",
            label=str(note.number) if last else "",
            title=f"{note.number}: {note.chain_text}" if note.chain else f"{note.number}: who said this",
        )


@dataclass(frozen=True, slots=True)
class ClaimSummary:
    """How many claims a story has, who spoke to the outlet, and with whom the words began."""

    claims: int
    speakers: int
    origins: int


def summarize_claims(claims: Sequence[Claim]) -> ClaimSummary:
    """Count speakers and origins: named ones by source, unnamed ones by their number in the story."""
    chains = [list(claim.chain) for claim in claims if claim.chain]  # type: ignore[attr-defined]
    return ClaimSummary(
        claims=len(claims),
        speakers=len({_source_key(chain[-1]) for chain in chains}),
        origins=len({_source_key(chain[0]) for chain in chains}),
    )


def _source_key(hop: Hop) -> tuple[str, int | None]:
    return ("source", hop.source_id) if hop.source_id else ("unnamed", hop.unnamed)
