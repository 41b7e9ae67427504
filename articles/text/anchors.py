"""Carry spans from an old text to a changed text. Pure.

The rule: a lost span is better than a wrong one. A span is carried only if the new text has the same words in the
same context, and this context distinguishes them from every other occurrence. Otherwise the span is lost and an
editor gets `find_candidates`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

#: Maximum context on each side: about two sentences. Passages that repeat with a larger identical context cannot be
#: distinguished.
MAX_CONTEXT_CHARS = 320
#: A passage of at least this length that occurs once in both texts needs no context.
MIN_DISTINCTIVE_CHARS = 60
#: Maximum number of suggestions for a lost span.
MAX_SUGGESTIONS = 5
#: A shorter passage that occurs once in both needs the same context of this length on one side.
MIN_SIDE_CONTEXT_CHARS = 24
WORD = re.compile(r"\w+")


class CarryState(StrEnum):
    """What happened to a span."""

    EXACT = "exact"  # the same words at the same offsets
    MOVED = "moved"  # the same words at other offsets
    LOST = "lost"  # changed, removed, or no longer distinguishable from another passage


@dataclass(frozen=True, slots=True)
class CarriedSpan:
    """A span in the new text: code points, [start, end).

    A lost span keeps its old offsets.
    """

    start: int
    end: int
    state: CarryState


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible new place of a lost span; `similarity` is from 0 to 1."""

    start: int
    end: int
    similarity: float


def carry_spans(old: str, new: str, spans: Sequence[tuple[int, int]]) -> list[CarriedSpan]:
    """Return each span of `old` as it is in `new`, in the given order.

    Raise ValueError for a span that is empty or outside of `old`. Time: length of the texts times the number of spans
    (`str.find` for each).
    """
    for start, end in spans:
        if not 0 <= start < end <= len(old):
            raise ValueError(f"The span {start} to {end} is not inside the text, which has {len(old)} characters.")
    if old == new:
        return [CarriedSpan(start, end, CarryState.EXACT) for start, end in spans]
    return [_carry_span(old, new, start, end) for start, end in spans]


def find_candidates(old: str, new: str, span: tuple[int, int]) -> list[Candidate]:
    """Return sentences of `new` that share words with a lost span, best first."""
    span_words = set(WORD.findall(old[span[0] : span[1]].casefold()))
    if not span_words:
        return []
    candidates = []
    for start, end in _sentences(new):
        sentence_words = set(WORD.findall(new[start:end].casefold()))
        if shared := len(span_words & sentence_words):
            candidates.append(Candidate(start, end, shared / len(span_words | sentence_words)))
    return sorted(candidates, key=lambda c: (-c.similarity, c.start))[:MAX_SUGGESTIONS]


def _carry_span(old: str, new: str, start: int, end: int) -> CarriedSpan:
    passage = old[start:end]
    left = _start_by_left_context(old, new, start, end)
    right = _start_by_right_context(old, new, start, end)
    is_identified = end - start >= MIN_DISTINCTIVE_CHARS or _shares_context(old, new, start, end)
    is_unique = _unique_index(old, passage) is not None and _unique_index(new, passage) is not None
    if left is not None and right is not None:
        new_start = left if left == right else None
    elif is_unique and is_identified:
        new_start = _unique_index(new, passage)
    else:
        new_start = None
    if (
        new_start is None
        or new[new_start : new_start + len(passage)] != passage
        or _is_part_of_word(old, new, start, end, new_start)
    ):
        return CarriedSpan(start, end, CarryState.LOST)
    return CarriedSpan(
        new_start, new_start + len(passage), CarryState.EXACT if new_start == start else CarryState.MOVED
    )


def _start_by_left_context(old: str, new: str, start: int, end: int) -> int | None:
    """Return the start of the span in `new`, by the text to its left.

    Return None if that does not identify it.
    """
    for size in _context_sizes():
        begin = max(0, start - size)
        context = old[begin:end]
        if begin == 0 and start - size < 0:
            # The beginning of the text is context too.
            return start if new.startswith(context) else None
        if (index := new.find(context)) == -1:
            return None
        if new.find(context, index + 1) == -1 and _unique_index(old, context) is not None:
            return index + start - begin
    return None


def _start_by_right_context(old: str, new: str, start: int, end: int) -> int | None:
    """Return the start of the span in `new`, by the text to its right.

    Return None if that does not identify it.
    """
    for size in _context_sizes():
        stop = min(len(old), end + size)
        context = old[start:stop]
        if stop == len(old) and end + size > len(old):
            return len(new) - len(context) if new.endswith(context) else None
        if (index := new.find(context)) == -1:
            return None
        if new.find(context, index + 1) == -1 and _unique_index(old, context) is not None:
            return index
    return None


def _context_sizes() -> Iterator[int]:
    """Yield context sizes, small ones first: a short context survives more edits."""
    size = 8
    while size <= MAX_CONTEXT_CHARS:
        yield size
        size *= 2


def _unique_index(text: str, passage: str) -> int | None:
    """Return the index of a passage that occurs exactly once in a text, else None."""
    index = text.find(passage)
    return index if index != -1 and text.find(passage, index + 1) == -1 else None


def _shares_context(old: str, new: str, start: int, end: int) -> bool:
    """Return whether a unique passage has the same context on at least one side."""
    new_start = _unique_index(new, old[start:end])
    if new_start is None:
        return False
    new_end = new_start + end - start
    left = old[max(0, start - MIN_SIDE_CONTEXT_CHARS) : start]
    right = old[end : end + MIN_SIDE_CONTEXT_CHARS]
    return (
        len(left) == MIN_SIDE_CONTEXT_CHARS and new[max(0, new_start - MIN_SIDE_CONTEXT_CHARS) : new_start] == left
    ) or (len(right) == MIN_SIDE_CONTEXT_CHARS and new[new_end : new_end + MIN_SIDE_CONTEXT_CHARS] == right)


def _is_part_of_word(old: str, new: str, start: int, end: int, new_start: int) -> bool:
    """Return whether the span became part of longer words ("said" in "unsaid")."""
    new_end = new_start + end - start
    begins = old[start].isalnum() and (start == 0 or not old[start - 1].isalnum())
    ends = old[end - 1].isalnum() and (end == len(old) or not old[end].isalnum())
    return (begins and new_start > 0 and new[new_start - 1].isalnum()) or (
        ends and new_end < len(new) and new[new_end].isalnum()
    )


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield rough sentence ranges, for suggestions only."""
    for match in re.finditer(r"[^.!?\n]+[.!?]*[”\"'’)]*", text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        if match[0].strip():
            yield start, match.start() + len(match[0].rstrip())
