"""Passages whose words an edit took away: where each stood, where it may stand now, and choosing its new place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.claims.carry_over import keep_order
from articles.claims.review import touch
from articles.errors import StaleError
from articles.models import Anchor, Claim, Revision
from articles.models.claim import AnchorQuerySet
from articles.permissions import may_review, require
from articles.text.anchors import SUGGESTIONS, Candidate, candidates
from articles.text.find import NotPlacedError, place
from record import log, verbs
from record.users import User

WORD = re.compile(r"\w+")
#: Text shown around a passage on each side, code points.
AROUND = 160
#: A sentence that shares fewer of its words with a passage than this (and than a third of what the best one shares)
#: is no suggestion: short ones share an "it" or a "the" with everything.
LEAST_ALIKE = 0.12


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a text with what stands around them."""

    before: str
    words: str
    after: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lost:
    """A lost passage: the words as they stood, and where they may stand in the text that there is now."""

    anchor: Anchor
    old: Passage | None  # None: no revision is left in which they stood
    number: int | None  # of that revision
    suggestions: tuple[Passage, ...]  # likeliest first


def look_for(anchors: Sequence[Anchor]) -> list[Lost]:
    """Each lost anchor with where it stood and where it may stand. Two queries, however many there are.

    A lost anchor keeps the offsets that it had in the last revision where its words stood.
    """
    known = (
        Anchor.objects.filter(claim__in=[anchor.claim_id for anchor in anchors], part=Anchor.Part.CONTENT)
        .order_by("revision__number")
        .values_list("claim_id", "start", "end", "revision_id", "state")
    )
    lost_in = {row[:4] for row in known if row[4] == Anchor.State.LOST}
    # Where a piece is lost, another piece of the same claim may have the same offsets: those are other words.
    stood = {row[:3]: row[3] for row in known if row[4] != Anchor.State.LOST and row[:4] not in lost_in}
    revisions = Revision.objects.defer("body").in_bulk(list(set(stood.values())))
    found = []
    for anchor in anchors:
        old = revisions.get(stood.get((anchor.claim_id, anchor.start, anchor.end), 0))
        if old is None or anchor.end > len(old.text):
            found.append(Lost(anchor, None, None, ()))
            continue
        new = anchor.revision.text
        suggested = suggestions(old.text, new, (anchor.start, anchor.end))
        passages = tuple(_passage(new, place.start, place.end) for place in suggested)
        found.append(Lost(anchor, _passage(old.text, anchor.start, anchor.end), old.number, passages))
    return found


def suggestions(old: str, new: str, span: tuple[int, int]) -> list[Candidate]:
    """Where a passage of `old` may stand in `new`, likeliest first: its very words, then those most like them."""
    words = old[span[0] : span[1]]
    exact = [Candidate(m.start(), m.end(), 1.0) for m in re.finditer(re.escape(words), new)]
    found_alike = candidates(old, new, span)
    least = max(LEAST_ALIKE, found_alike[0].likeness / 3) if found_alike else 0
    alike = [_narrowed(words, new, candidate) for candidate in found_alike if candidate.likeness >= least]
    taken: set[tuple[int, int]] = set()
    found = []
    for candidate in (*exact, *alike):
        if (candidate.start, candidate.end) not in taken:
            taken.add((candidate.start, candidate.end))
            found.append(candidate)
    return found[:SUGGESTIONS]


@transaction.atomic
def put(anchor: Anchor, words: str, *, by: User, near: int | None = None) -> Anchor:
    """Give a lost passage its new place: where `words` stand in its revision's text, at or around `near`.

    The words of its cue and its speaker are placed with it where they stand in the same paragraph once. Raises
    PermissionDenied, StaleError, and articles.text.find.NotPlacedError.
    """
    require(may_review(by), "review claims")
    rows = Anchor.objects.select_for_update(of=("self",)).select_related("claim__article", "revision")
    anchor = rows.filter(pk=anchor.pk).first() or anchor
    if anchor.state != Anchor.State.LOST or anchor.pk is None:
        raise StaleError(_("Somebody has found the place of this passage meanwhile."))
    if anchor.revision_id != anchor.claim.article.latest_id:
        raise StaleError(_("The story was changed again meanwhile. Look at its new text."))
    was = _words_before(anchor)
    text = anchor.revision.text
    anchor.start, anchor.end = place(text, _as_in_text(words), near=near)
    anchor.state = Anchor.State.EXACT
    anchor.save(update_fields=["start", "end", "state"])
    _place_beside(anchor, text)
    keep_order(anchor.claim)
    touch([anchor.claim_id], timezone.now())
    log.note(
        verbs.PLACED,
        anchor.claim,
        by=by,
        story=anchor.claim.article_id,
        words=text[anchor.start : anchor.end],
        was=was,
    )
    return anchor


def queue() -> AnchorQuerySet:
    """What waits, oldest first."""
    waiting: AnchorQuerySet = Anchor.objects.lost_queue()
    return waiting


def _words_before(anchor: Anchor) -> str:
    return next((lost.old.words for lost in look_for([anchor]) if lost.old), "")


def _as_in_text(words: str) -> str:
    """Words as somebody selects or types them: blocks are parted by a blank line in the text."""
    return re.sub(r"\s*\n\s*", "\n\n", words.strip())


def _place_beside(anchor: Anchor, text: str) -> None:
    """Place the claim's lost cue and speaker too, where their words stand in the new place's paragraph once."""
    claim: Claim = anchor.claim
    begin = text.rfind("\n\n", 0, anchor.start) + 2 if "\n\n" in text[: anchor.start] else 0
    stop = text.find("\n\n", anchor.end)
    paragraph = text[begin : stop if stop != -1 else len(text)]
    speaker = claim.hops.order_by("-position").first()
    beside = {Anchor.Part.CUE: claim.cue, Anchor.Part.SOURCE: speaker.mention if speaker else ""}
    lost = claim.anchors.filter(revision=anchor.revision, state=Anchor.State.LOST).exclude(part=Anchor.Part.CONTENT)
    for other in lost:
        try:
            start, end = place(paragraph, beside[Anchor.Part(other.part)])
        except NotPlacedError:
            continue
        other.start, other.end, other.state = begin + start, begin + end, Anchor.State.EXACT
        other.save(update_fields=["start", "end", "state"])


def _narrowed(words: str, new: str, candidate: Candidate) -> Candidate:
    """The part of a suggested sentence that the passage's words are spread over; all of it if that is little."""
    old_words = [match[0].casefold() for match in WORD.finditer(words)]
    new_words = list(WORD.finditer(new, candidate.start, candidate.end))
    matcher = SequenceMatcher(None, old_words, [match[0].casefold() for match in new_words], autojunk=False)
    same = [block for block in matcher.get_matching_blocks() if block.size]
    if not same or sum(block.size for block in same) * 2 < len(old_words):
        return candidate
    # As many changed words as the passage had before its first and after its last word that stayed.
    first = max(0, same[0].b - same[0].a)
    last = min(len(new_words), same[-1].b + same[-1].size + len(old_words) - same[-1].a - same[-1].size) - 1
    end = new_words[last].end()
    if end < candidate.end and words[-1:] == new[end] and not words[-1].isalnum():
        end += 1  # the comma or full stop that the passage ended with
    return Candidate(new_words[first].start(), end, candidate.likeness)


def _passage(text: str, start: int, end: int) -> Passage:
    return Passage(text[max(0, start - AROUND) : start], text[start:end], text[end : end + AROUND], start, end)
