"""Follow links to passages of articles that may have changed since.

A link contains a claim and the revision on which it was made. Only published revisions are read, so a link cannot show
unpublished text.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from django.utils import timezone

from articles.display.marked_text import claim_key
from articles.models import Anchor, Article, Claim, Revision

#: Characters of the old text shown around a passage.
CONTEXT_CHARS = 160
#: Words at each end of a passage that identify it in a URL.
FRAGMENT_END_WORDS = 4


class PassageState(StrEnum):
    """What happened to a passage."""

    SAME = "same"
    MOVED = "moved"  # the same words elsewhere in the text
    CHANGED = "changed"  # the claim has other words now
    GONE = "gone"
    UNKNOWN = "unknown"  # not a claim or revision that readers have seen


@dataclass(frozen=True, slots=True)
class PassageStatus:
    """The result of following a link.

    `before`, `text` and `after` are of the old revision, if the passage has changed or is gone.
    """

    state: PassageState
    key: str = ""
    since: datetime | None = None  # when the revision of the link was published
    before: str = ""
    text: str = ""
    after: str = ""


def text_fragment(passage: str) -> str:
    """Return the URL fragment that makes a browser highlight a passage: ":~:text=…".

    Standard: WICG, Text Fragments. Of a long passage only the first and last words are given.
    """
    words = passage.split()
    ends = (
        [" ".join(words)]
        if len(words) <= 2 * FRAGMENT_END_WORDS
        else [" ".join(words[:FRAGMENT_END_WORDS]), " ".join(words[-FRAGMENT_END_WORDS:])]
    )
    return ":~:text=" + ",".join(quote(end, safe="").replace("-", "%2D") for end in ends)


def follow_passage(article: Article, claim: str, number: str) -> PassageStatus:
    """Return what happened to the passage of a claim since a revision.

    `claim` is a public id, `number` that of a revision. Invalid values, and claims or revisions that readers have never
    seen, are UNKNOWN. Three queries.
    """
    try:
        public_id = uuid.UUID(claim)
    except ValueError:
        return PassageStatus(PassageState.UNKNOWN)
    if not number.isdecimal() or len(number) > 9:
        return PassageStatus(PassageState.UNKNOWN)
    found = Claim.objects.filter(article=article, public_id=public_id, review__in=Claim.SHOWN_REVIEWS).first()
    revision = Revision.objects.filter(article=article, number=int(number), live_from__lte=timezone.now()).first()
    if found is None or revision is None or article.live is None:
        return PassageStatus(PassageState.UNKNOWN)
    anchors = list(
        Anchor.objects.filter(
            claim=found, revision__in=(revision.pk, article.live.pk), part=Anchor.Part.CONTENT
        ).order_by("start")
    )
    then = [anchor for anchor in anchors if anchor.revision_id == revision.pk]
    now = [anchor for anchor in anchors if anchor.revision_id == article.live.pk]
    if not then or any(anchor.state == Anchor.State.LOST for anchor in then):
        return PassageStatus(PassageState.UNKNOWN)
    key = claim_key(found)
    if not now or any(anchor.state == Anchor.State.LOST for anchor in now):
        return _with_old_text(PassageState.GONE, "", revision, then)
    if _anchor_texts(revision.text, then) != _anchor_texts(article.live.text, now):
        return _with_old_text(PassageState.CHANGED, key, revision, then)
    moved = [a.start for a in then] != [a.start for a in now]
    return PassageStatus(PassageState.MOVED if moved else PassageState.SAME, key, revision.live_from)


def _anchor_texts(text: str, anchors: Sequence[Anchor]) -> list[str]:
    return [text[anchor.start : anchor.end] for anchor in anchors]


def _with_old_text(state: PassageState, key: str, revision: Revision, anchors: Sequence[Anchor]) -> PassageStatus:
    text, start, end = revision.text, anchors[0].start, anchors[-1].end
    begin = max(text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0, start - CONTEXT_CHARS)
    stop = text.find("\n\n", end)
    stop = min(len(text) if stop < 0 else stop, end + CONTEXT_CHARS)
    return PassageStatus(state, key, revision.live_from, text[begin:start], text[start:end], text[end:stop])
