"""Lost anchors: find the old passage, suggest and set a new place."""

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
from articles.models.claim_parts import AnchorQuerySet
from articles.permissions import may_review, require_permission
from articles.text.anchors import MAX_SUGGESTIONS, Candidate, find_candidates
from articles.text.find import PassageNotFoundError, find_passage
from record import log, verbs
from record.users import User

WORD = re.compile(r"\w+")
#: Text shown around a passage on each side, code points.
CONTEXT_CHARS = 160
#: A sentence is not suggested if it shares a smaller part of its words with the passage than this, or than a third of
#: what the best one shares. Short sentences share an "it" or a "the" with everything.
MIN_SIMILARITY = 0.12


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a text (code points, half-open), with the text around it."""

    before: str
    text: str
    after: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LostAnchor:
    """A lost anchor, with the passage as it was and places where it may be now."""

    anchor: Anchor
    old_passage: Passage | None  # None: no revision has the words any more
    revision_number: int | None  # the revision of the old passage
    suggestions: tuple[Passage, ...]  # the most likely first


def describe_lost_anchors(anchors: Sequence[Anchor]) -> list[LostAnchor]:
    """Find where each lost anchor was, and suggest new places. Two queries.

    A lost anchor keeps the offsets of the last revision that had its words.
    """
    history = (
        Anchor.objects.filter(claim__in=[anchor.claim_id for anchor in anchors], part=Anchor.Part.CONTENT)
        .order_by("revision__number")
        .values_list("claim_id", "start", "end", "revision_id", "state")
    )
    lost_in = {row[:4] for row in history if row[4] == Anchor.State.LOST}
    # In a revision where one piece is lost, another piece of the claim may have its offsets. Those are other words.
    last_revisions = {row[:3]: row[3] for row in history if row[4] != Anchor.State.LOST and row[:4] not in lost_in}
    revisions = Revision.objects.defer("body").in_bulk(list(set(last_revisions.values())))
    found = []
    for anchor in anchors:
        old = revisions.get(last_revisions.get((anchor.claim_id, anchor.start, anchor.end), 0))
        if old is None or anchor.end > len(old.text):
            found.append(LostAnchor(anchor, None, None, ()))
            continue
        new = anchor.revision.text
        places = suggest_places(old.text, new, (anchor.start, anchor.end))
        passages = tuple(_build_passage(new, place.start, place.end) for place in places)
        found.append(LostAnchor(anchor, _build_passage(old.text, anchor.start, anchor.end), old.number, passages))
    return found


def suggest_places(old: str, new: str, span: tuple[int, int]) -> list[Candidate]:
    """Return where a passage of `old` may be in `new`, the most likely place first.

    Places with the same words come first, then similar ones.
    """
    passage = old[span[0] : span[1]]
    exact = [Candidate(match.start(), match.end(), 1.0) for match in re.finditer(re.escape(passage), new)]
    sentences = find_candidates(old, new, span)
    threshold = max(MIN_SIMILARITY, sentences[0].similarity / 3) if sentences else 0
    similar = [
        _narrow_candidate(passage, new, candidate) for candidate in sentences if candidate.similarity >= threshold
    ]
    by_span: dict[tuple[int, int], Candidate] = {}
    for candidate in (*exact, *similar):
        by_span.setdefault((candidate.start, candidate.end), candidate)
    return list(by_span.values())[:MAX_SUGGESTIONS]


@transaction.atomic
def set_anchor(anchor: Anchor, passage: str, *, by: User, near: int | None = None) -> Anchor:
    """Move a lost anchor to `passage` in its revision's text, at or around `near`.

    Lost anchors of its cue and speaker move with it, if their words are in the same paragraph exactly once. Raise
    PermissionDenied, StaleError or PassageNotFoundError.
    """
    require_permission(may_review(by), _("review claims"))
    rows = Anchor.objects.select_for_update(of=("self",)).select_related("claim__article", "revision")
    anchor = rows.filter(pk=anchor.pk).first() or anchor
    if anchor.state != Anchor.State.LOST or anchor.pk is None:
        raise StaleError(_("Somebody else has already placed this passage."))
    if anchor.revision_id != anchor.claim.article.latest_id:
        raise StaleError(_("The story has changed again. Look at its new text."))
    old_text = _old_text(anchor)
    text = anchor.revision.text
    anchor.start, anchor.end = find_passage(text, _normalize_breaks(passage), near=near)
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
        was=old_text,
    )
    return anchor


def lost_anchor_queue() -> AnchorQuerySet:
    """Return the lost content anchors that wait for a new place, oldest first."""
    queue: AnchorQuerySet = Anchor.objects.lost_queue()
    return queue


def _old_text(anchor: Anchor) -> str:
    return next((lost.old_passage.text for lost in describe_lost_anchors([anchor]) if lost.old_passage), "")


def _normalize_breaks(passage: str) -> str:
    """Return a selected or typed passage with a blank line between paragraphs."""
    return re.sub(r"\s*\n\s*", "\n\n", passage.strip())


def _set_cue_and_source(anchor: Anchor, text: str) -> None:
    """Move the lost cue and speaker too, if the paragraph has their words once."""
    claim: Claim = anchor.claim
    begin = text.rfind("\n\n", 0, anchor.start) + 2 if "\n\n" in text[: anchor.start] else 0
    stop = text.find("\n\n", anchor.end)
    paragraph = text[begin : stop if stop != -1 else len(text)]
    speaker = claim.hops.order_by("-position").first()
    wanted = {Anchor.Part.CUE: claim.cue, Anchor.Part.SOURCE: speaker.mention if speaker else ""}
    lost = claim.anchors.filter(revision=anchor.revision, state=Anchor.State.LOST).exclude(part=Anchor.Part.CONTENT)
    for other in lost:
        try:
            start, end = find_passage(paragraph, wanted[Anchor.Part(other.part)])
        except PassageNotFoundError:
            continue
        other.start, other.end, other.state = begin + start, begin + end, Anchor.State.EXACT
        other.save(update_fields=["start", "end", "state"])


def _narrow_candidate(passage: str, new: str, candidate: Candidate) -> Candidate:
    """Return the part of a suggested sentence that has the passage's words.

    Return the whole sentence if it has less than half of them.
    """
    old_words = [match[0].casefold() for match in WORD.finditer(passage)]
    new_words = list(WORD.finditer(new, candidate.start, candidate.end))
    matcher = SequenceMatcher(None, old_words, [match[0].casefold() for match in new_words], autojunk=False)
    same = [block for block in matcher.get_matching_blocks() if block.size]
    if not same or sum(block.size for block in same) * 2 < len(old_words):
        return candidate
    # Keep as many changed words at each end as the passage had there.
    first = max(0, same[0].b - same[0].a)
    last = min(len(new_words), same[-1].b + same[-1].size + len(old_words) - same[-1].a - same[-1].size) - 1
    end = new_words[last].end()
    if end < candidate.end and passage[-1:] == new[end] and not passage[-1].isalnum():
        end += 1  # the comma or full stop that the passage ended with
    return Candidate(new_words[first].start(), end, candidate.similarity)


def _build_passage(text: str, start: int, end: int) -> Passage:
    return Passage(
        text[max(0, start - CONTEXT_CHARS) : start], text[start:end], text[end : end + CONTEXT_CHARS], start, end
    )
