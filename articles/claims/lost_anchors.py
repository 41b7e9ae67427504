"""Passages whose words an edit took away: where each stood, where it may stand now, and choosing its new place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.claims.carry_over import update_claim_order
from articles.claims.review import mark_articles_edited
from articles.errors import StaleError
from articles.models import Anchor, Claim, Revision
from articles.models.claim import AnchorQuerySet
from articles.permissions import may_review, require_permission
from articles.text.anchors import MAX_SUGGESTIONS, Candidate, find_candidates
from articles.text.find import PassageNotFoundError, find_passage
from record import log, verbs
from record.users import User

WORD = re.compile(r"\w+")
#: Text shown around a passage on each side, code points.
CONTEXT_CHARS = 160
#: A sentence that shares fewer of its words with a passage than this (and than a third of what the best one shares)
#: is no suggestion: short ones share an "it" or a "the" with everything.
MIN_LIKENESS = 0.12


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a text with what stands around them."""

    before: str
    text: str
    after: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LostAnchor:
    """A lost passage: the words as they stood, and where they may stand in the text that there is now."""

    anchor: Anchor
    old_passage: Passage | None  # None: no revision is left in which they stood
    revision_number: int | None  # of that revision
    suggestions: tuple[Passage, ...]  # likeliest first


def describe_lost_anchors(anchors: Sequence[Anchor]) -> list[LostAnchor]:
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
            found.append(LostAnchor(anchor, None, None, ()))
            continue
        new = anchor.revision.text
        suggested = suggest_places(old.text, new, (anchor.start, anchor.end))
        passages = tuple(_build_passage(new, place.start, place.end) for place in suggested)
        found.append(LostAnchor(anchor, _build_passage(old.text, anchor.start, anchor.end), old.number, passages))
    return found


def suggest_places(old: str, new: str, span: tuple[int, int]) -> list[Candidate]:
    """Where a passage of `old` may stand in `new`, likeliest first: its very words, then those most like them."""
    words = old[span[0] : span[1]]
    exact = [Candidate(m.start(), m.end(), 1.0) for m in re.finditer(re.escape(words), new)]
    found_alike = find_candidates(old, new, span)
    least = max(MIN_LIKENESS, found_alike[0].similarity / 3) if found_alike else 0
    alike = [_narrow_candidate(words, new, candidate) for candidate in found_alike if candidate.similarity >= least]
    taken: set[tuple[int, int]] = set()
    found = []
    for candidate in (*exact, *alike):
        if (candidate.start, candidate.end) not in taken:
            taken.add((candidate.start, candidate.end))
            found.append(candidate)
    return found[:MAX_SUGGESTIONS]


@transaction.atomic
def set_anchor(anchor: Anchor, words: str, *, by: User, near: int | None = None) -> Anchor:
    """Give a lost passage its new place: where `words` stand in its revision's text, at or around `near`.

    The words of its cue and its speaker are placed with it where they stand in the same paragraph once. Raises
    PermissionDenied, StaleError, and articles.text.find.NotPlacedError.
    """
    require_permission(may_review(by), "review claims")
    rows = Anchor.objects.select_for_update(of=("self",)).select_related("claim__article", "revision")
    anchor = rows.filter(pk=anchor.pk).first() or anchor
    if anchor.state != Anchor.State.LOST or anchor.pk is None:
        raise StaleError(_("Somebody has found the place of this passage meanwhile."))
    if anchor.revision_id != anchor.claim.article.latest_id:
        raise StaleError(_("The story was changed again meanwhile. Look at its new text."))
    was = _old_text(anchor)
    text = anchor.revision.text
    anchor.start, anchor.end = find_passage(text, _normalize_breaks(words), near=near)
    anchor.state = Anchor.State.EXACT
    anchor.save(update_fields=["start", "end", "state"])
    _set_cue_and_source(anchor, text)
    update_claim_order(anchor.claim)
    mark_articles_edited([anchor.claim_id], timezone.now())
    log.record(
        verbs.ANCHOR_SET,
        anchor.claim,
        user=by,
        article=anchor.claim.article_id,
        words=text[anchor.start : anchor.end],
        was=was,
    )
    return anchor


def lost_anchor_queue() -> AnchorQuerySet:
    """What waits, oldest first."""
    waiting: AnchorQuerySet = Anchor.objects.lost_queue()
    return waiting


def _old_text(anchor: Anchor) -> str:
    return next((lost.old_passage.text for lost in describe_lost_anchors([anchor]) if lost.old_passage), "")


def _normalize_breaks(words: str) -> str:
    """Words as somebody selects or types them: blocks are parted by a blank line in the text."""
    return re.sub(r"\s*\n\s*", "\n\n", words.strip())


def _set_cue_and_source(anchor: Anchor, text: str) -> None:
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
            start, end = find_passage(paragraph, beside[Anchor.Part(other.part)])
        except PassageNotFoundError:
            continue
        other.start, other.end, other.state = begin + start, begin + end, Anchor.State.EXACT
        other.save(update_fields=["start", "end", "state"])


def _narrow_candidate(words: str, new: str, candidate: Candidate) -> Candidate:
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
    return Candidate(new_words[first].start(), end, candidate.similarity)


def _build_passage(text: str, start: int, end: int) -> Passage:
    return Passage(
        text[max(0, start - CONTEXT_CHARS) : start], text[start:end], text[end : end + CONTEXT_CHARS], start, end
    )
