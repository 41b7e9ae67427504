"""A link to a passage, followed after the story was changed: do its words stand, have they moved, or are they gone?

A link names a claim and the revision that it was made on. Only revisions that readers have seen are looked at: what
was never published cannot be read this way.
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

#: Characters of the old text shown around words that are gone.
CONTEXT_CHARS = 160
#: Words at either end that name a passage in an address.
FRAGMENT_END_WORDS = 4


class PassageState(StrEnum):
    """What has become of a passage."""

    SAME = "same"
    MOVED = "moved"  # the same words in another place
    CHANGED = "changed"  # the claim stands on other words now
    GONE = "gone"
    UNKNOWN = "unknown"  # no such claim or revision that readers could know of


@dataclass(frozen=True, slots=True)
class PassageStatus:
    """Where a link leads. `before`, `words` and `after` are of the old revision, where the words have changed."""

    state: PassageState
    key: str = ""
    since: datetime | None = None  # since when readers could see the revision the link was made on
    before: str = ""
    text: str = ""
    after: str = ""


def text_fragment(words: str) -> str:
    """The part of an address that makes a browser show words: ":~:text=…" (WICG, Text Fragments).

    Of many words the first and the last few. What has a meaning there of its own is written as percent signs.
    """
    said = words.split()
    ends = (
        [" ".join(said)]
        if len(said) <= 2 * FRAGMENT_END_WORDS
        else [" ".join(said[:FRAGMENT_END_WORDS]), " ".join(said[-FRAGMENT_END_WORDS:])]
    )
    return ":~:text=" + ",".join(quote(end, safe="").replace("-", "%2D") for end in ends)


def follow_passage(article: Article, claim: str, number: str) -> PassageStatus:
    """What has become of a claim's passage since a revision, by the claim's id and the revision's number.

    Three queries. Anything that is no id or no number, or names what readers never saw, is unknown.
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
