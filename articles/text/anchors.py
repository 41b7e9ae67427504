"""Carry passages from an old text to a changed text. Pure.

The rule is: better lost than wrong. A passage is carried only where its very words stand in the new
text in the very surroundings that tell it from every other occurrence of them; anything else is lost
and goes to an editor, who is offered `candidates`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

#: How far around a passage, in code points, its surroundings are looked at: about two sentences.
#: Words that recur with the same two sentences around them are told apart by nobody.
MAX_CONTEXT_CHARS = 320
#: A passage of at least this many code points that stands once in both texts needs no surroundings.
MIN_DISTINCTIVE_CHARS = 60
#: At most so many suggestions for a lost passage.
MAX_SUGGESTIONS = 5
#: A shorter one that stands once in both needs this many code points of the same text on one side.
MIN_SIDE_CONTEXT_CHARS = 24
WORD = re.compile(r"\w+")


class CarryState(StrEnum):
    """What became of a passage."""

    EXACT = "exact"  # the same words at the same offsets
    MOVED = "moved"  # the same words at other offsets
    LOST = "lost"  # changed, gone, or no longer to be told from another


@dataclass(frozen=True, slots=True)
class CarriedSpan:
    """Where a passage stands now, code points, [start, end). A lost one keeps its old offsets."""

    start: int
    end: int
    state: CarryState


@dataclass(frozen=True, slots=True)
class Candidate:
    """Where a lost passage may have gone, and how many of its words stand there, from 0 to 1."""

    start: int
    end: int
    similarity: float


def carry_spans(old: str, new: str, spans: Sequence[tuple[int, int]]) -> list[CarriedSpan]:
    """Where each passage of `old` stands in `new`, in the order given.

    Raises ValueError for a span that is empty or not within `old`. The time grows with the length of
    the texts times the number of spans, by a search of the standard library each.
    """
    for start, end in spans:
        if not 0 <= start < end <= len(old):
            raise ValueError(f"The span {start} to {end} does not lie within a text of {len(old)} characters.")
    if old == new:
        return [CarriedSpan(start, end, CarryState.EXACT) for start, end in spans]
    return [_carry_span(old, new, start, end) for start, end in spans]


def find_candidates(old: str, new: str, span: tuple[int, int]) -> list[Candidate]:
    """Where in `new` a lost passage may stand, likeliest first: sentences that share its words."""
    wanted = set(WORD.findall(old[span[0] : span[1]].casefold()))
    if not wanted:
        return []
    found = []
    for start, end in _sentences(new):
        words = set(WORD.findall(new[start:end].casefold()))
        if shared := len(wanted & words):
            found.append(Candidate(start, end, shared / len(wanted | words)))
    return sorted(found, key=lambda c: (-c.similarity, c.start))[:MAX_SUGGESTIONS]


def _carry_span(old: str, new: str, start: int, end: int) -> CarriedSpan:
    words = old[start:end]
    left = _start_by_left_context(old, new, start, end)
    right = _start_by_right_context(old, new, start, end)
    told = end - start >= MIN_DISTINCTIVE_CHARS or _shares_context(old, new, start, end)
    alone = _unique_index(old, words) is not None and _unique_index(new, words) is not None
    if left is not None and right is not None:
        place = left if left == right else None
    elif alone and told:
        place = _unique_index(new, words)
    else:
        place = None
    if place is None or new[place : place + len(words)] != words or _is_part_of_word(old, new, start, end, place):
        return CarriedSpan(start, end, CarryState.LOST)
    return CarriedSpan(place, place + len(words), CarryState.EXACT if place == start else CarryState.MOVED)


def _start_by_left_context(old: str, new: str, start: int, end: int) -> int | None:
    """Where the passage starts in `new`, told by what stands to its left; None: that does not tell."""
    for reach in _context_sizes():
        begin = max(0, start - reach)
        context = old[begin:end]
        if begin == 0 and start - reach < 0:
            # The beginning of the text is a surrounding too.
            return start if new.startswith(context) else None
        if (at := new.find(context)) == -1:
            return None
        if new.find(context, at + 1) == -1 and _unique_index(old, context) is not None:
            return at + start - begin
    return None


def _start_by_right_context(old: str, new: str, start: int, end: int) -> int | None:
    """Where the passage starts in `new`, told by what stands to its right; None: that does not tell."""
    for reach in _context_sizes():
        stop = min(len(old), end + reach)
        context = old[start:stop]
        if stop == len(old) and end + reach > len(old):
            return len(new) - len(context) if new.endswith(context) else None
        if (at := new.find(context)) == -1:
            return None
        if new.find(context, at + 1) == -1 and _unique_index(old, context) is not None:
            return at
    return None


def _context_sizes() -> Iterator[int]:
    """How much of the surroundings to look at: little first, for it survives more edits."""
    reach = 8
    while reach <= MAX_CONTEXT_CHARS:
        yield reach
        reach *= 2


def _unique_index(text: str, words: str) -> int | None:
    """Where words stand that stand once in a text; None if they stand nowhere or again."""
    at = text.find(words)
    return at if at != -1 and text.find(words, at + 1) == -1 else None


def _shares_context(old: str, new: str, start: int, end: int) -> bool:
    """Are the surroundings of words that stand once in each text the same on one side at least?"""
    place = _unique_index(new, old[start:end])
    if place is None:
        return False
    stop = place + end - start
    left = old[max(0, start - MIN_SIDE_CONTEXT_CHARS) : start]
    right = old[end : end + MIN_SIDE_CONTEXT_CHARS]
    return (len(left) == MIN_SIDE_CONTEXT_CHARS and new[max(0, place - MIN_SIDE_CONTEXT_CHARS) : place] == left) or (
        len(right) == MIN_SIDE_CONTEXT_CHARS and new[stop : stop + MIN_SIDE_CONTEXT_CHARS] == right
    )


def _is_part_of_word(old: str, new: str, start: int, end: int, place: int) -> bool:
    """Has the passage become part of longer words ("said" in "unsaid")? Then its words have changed."""
    stop = place + end - start
    begins = old[start].isalnum() and (start == 0 or not old[start - 1].isalnum())
    ends = old[end - 1].isalnum() and (end == len(old) or not old[end].isalnum())
    return (begins and place > 0 and new[place - 1].isalnum()) or (ends and stop < len(new) and new[stop].isalnum())


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Rough sentences, for suggestions only."""
    for match in re.finditer(r"[^.!?\n]+[.!?]*[”\"'’)]*", text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        if match[0].strip():
            yield start, match.start() + len(match[0].rstrip())
