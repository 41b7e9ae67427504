"""Compare two versions of a text word by word. Pure and deterministic.

Blocks are matched first, then the words of blocks that differ: first by what occurs once in both (patience diff,
Bram Cohen), else by the fewest changes (Myers 1986), which is given up if there are many. So the time grows with the
length of the texts and not with its square.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

BLANK_LINE = "\n\n"
#: The end of a block; white space; a number with its points; a word; a sign. Scripts without spaces between words
#: (Chinese, Japanese, Thai) are compared by character.
TOKEN = re.compile(
    r"\n\n|\s|\d+(?:[.,]\d+)*|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|"
    r"[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+(?:[’'\-][^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+)*|."
)
#: How often a range is split at unique elements before Myers' algorithm is used instead.
MAX_SPLIT_DEPTH = 12
#: Myers' algorithm stops at this many changes; the whole range then counts as replaced.
MAX_CHANGES = 300
#: Shorter unchanged text between two changes is shown as changed too: words such as "a" and "of" that two different
#: sentences share make both hard to read.
MIN_KEPT_CHARS = 6
#: A row with a smaller unchanged share is shown as fully removed and added.
MIN_SAME_SHARE = 0.3


class ChangeKind(StrEnum):
    """What happened to some words."""

    SAME = "same"
    REMOVED = "gone"
    ADDED = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words and what happened to them.

    Removed words come before the words that replace them.
    """

    kind: ChangeKind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a side-by-side comparison.

    Usually it is one block of each text; several if blocks were split or joined, and none on one side if a block was
    added or removed. `old` and `new` are the ranges of block indexes in each text, half-open; an empty range means
    none.
    """

    pieces: tuple[Piece, ...]
    old: tuple[int, int]
    new: tuple[int, int]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != ChangeKind.SAME for piece in self.pieces)

    @property
    def before(self) -> tuple[Piece, ...]:
        """Return the pieces of the old text."""
        return tuple(piece for piece in self.pieces if piece.kind != ChangeKind.ADDED)

    @property
    def after(self) -> tuple[Piece, ...]:
        """Return the pieces of the new text."""
        return tuple(piece for piece in self.pieces if piece.kind != ChangeKind.REMOVED)


def compare_texts(old: str, new: str) -> list[Row]:
    """Return both texts side by side: a row per block or group of blocks, in order.

    Blocks are separated by blank lines. The old sides of the rows, joined by blank lines, are the old text; the new
    sides are the new text.
    """
    old_blocks, new_blocks = (text.split(BLANK_LINE) if text else [] for text in (old, new))
    rows: list[Row] = []
    a_start = b_start = 0
    for i, j, length in [*_matches(old_blocks, new_blocks), (len(old_blocks), len(new_blocks), 0)]:
        rows.extend(_changed_rows(old_blocks, new_blocks, (a_start, i), (b_start, j)))
        rows.extend(
            Row((Piece(ChangeKind.SAME, old_blocks[i + n]),), (i + n, i + n + 1), (j + n, j + n + 1))
            for n in range(length)
        )
        a_start, b_start = i + length, j + length
    return rows


def count_changed_words(rows: Iterable[Row]) -> tuple[int, int]:
    """Return the number of removed and of added words."""
    counts: Counter[ChangeKind] = Counter()
    for row in rows:
        for piece in row.pieces:
            counts[piece.kind] += sum(1 for token in TOKEN.findall(piece.text) if token[0].isalnum())
    return counts[ChangeKind.REMOVED], counts[ChangeKind.ADDED]


def _changed_rows(a: Sequence[str], b: Sequence[str], old: tuple[int, int], new: tuple[int, int]) -> Iterator[Row]:
    """Yield the rows of a range in which no block is the same in both texts."""
    if old[0] == old[1] or new[0] == new[1]:
        for n in range(*old):
            yield Row((Piece(ChangeKind.REMOVED, a[n]),), (n, n + 1), (new[0], new[0]))
        for n in range(*new):
            yield Row((Piece(ChangeKind.ADDED, b[n]),), (old[1], old[1]), (n, n + 1))
        return
    i, j = old[0], new[0]
    pieces: list[Piece] = []
    for piece in _diff_pieces(BLANK_LINE.join(a[slice(*old)]), BLANK_LINE.join(b[slice(*new)])):
        if piece.kind != ChangeKind.SAME or BLANK_LINE not in piece.text:
            pieces.append(piece)
            continue
        # Where a block ends in both texts, the row ends.
        first, *others = piece.text.split(BLANK_LINE)
        pieces.extend([Piece(ChangeKind.SAME, first)] if first else [])
        for block_text in others:
            row = _build_row(pieces, i, j)
            yield row
            i, j = row.old[1], row.new[1]
            pieces = [Piece(ChangeKind.SAME, block_text)] if block_text else []
    yield _build_row(pieces, i, j)


def _build_row(pieces: Sequence[Piece], i: int, j: int) -> Row:
    """Return a row that begins with block i of the old text and block j of the new."""
    texts = {kind: [piece.text for piece in pieces if piece.kind == kind] for kind in ChangeKind}
    blocks = {kind: sum(text.count(BLANK_LINE) for text in texts[kind]) + 1 for kind in ChangeKind}
    same_length, removed_length, added_length = (sum(map(len, texts[kind])) for kind in ChangeKind)
    if (
        removed_length
        and added_length
        and same_length < MIN_SAME_SHARE * (same_length + max(removed_length, added_length))
    ):
        before = "".join(piece.text for piece in pieces if piece.kind != ChangeKind.ADDED)
        after = "".join(piece.text for piece in pieces if piece.kind != ChangeKind.REMOVED)
        pieces = [Piece(ChangeKind.REMOVED, before), Piece(ChangeKind.ADDED, after)]
    return Row(tuple(pieces), (i, i + blocks[ChangeKind.REMOVED]), (j, j + blocks[ChangeKind.ADDED]))


def _diff_pieces(old: str, new: str) -> list[Piece]:
    """Return the pieces that change one text into the other."""
    a, b = _tokens(old), _tokens(new)
    edits: list[tuple[str, str, str]] = []  # (same, removed, added)
    a_start = b_start = 0
    same = ""
    for i, j, length in [*_matches(a, b), (len(a), len(b), 0)]:
        removed, added = "".join(a[a_start:i]), "".join(b[b_start:j])
        if removed or added or not length:
            edits.append((same, removed, added))
            same = ""
        same += "".join(a[i : i + length])
        a_start, b_start = i + length, j + length
    edits.append((same, "", ""))
    pieces = []
    for same, removed, added in _merge_short_matches(edits):
        for kind, text in ((ChangeKind.SAME, same), (ChangeKind.REMOVED, removed), (ChangeKind.ADDED, added)):
            if text:
                pieces.append(Piece(kind, text))
    return pieces


def _merge_short_matches(edits: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield the edits with short unchanged parts merged into the changes around them.

    The end of a block is never merged, nor a space between two single words that did not change.
    """
    pending = ("", "", "")
    for same, removed, added in edits:
        if _is_insignificant(pending, same, removed, added):
            pending = (pending[0], pending[1] + same + removed, pending[2] + same + added)
        else:
            yield pending
            pending = (same, removed, added)
    yield pending


def _is_insignificant(pending: tuple[str, str, str], same: str, removed: str, added: str) -> bool:
    """Return whether an unchanged part between two changes should count as changed.

    It should if it is a single space, or shorter than the changes on both sides.
    """
    if not same or BLANK_LINE in same or not (removed or added):
        return False
    if same.isspace():
        return bool(pending[1] or pending[2])
    return len(same) < MIN_KEPT_CHARS and min(*map(len, (*pending[1:], removed, added))) > len(same)


def _tokens(text: str) -> list[str]:
    """Return the words, signs and spaces of a text.

    A combining mark stays with its letter.
    """
    tokens: list[str] = []
    for token in TOKEN.findall(text):
        if tokens and unicodedata.category(token[0]).startswith("M"):
            tokens[-1] += token
        else:
            tokens.append(token)
    return tokens


# --- Common parts of two sequences --------------------------------------------------------------

_Range = tuple[int, int, int, int]  # start and end in the first sequence, then in the second


def _matches(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return the common parts of two sequences, ascending.

    Each is (index in a, index in b, length).
    """
    pairs: list[tuple[int, int]] = []
    ranges: list[tuple[_Range, int]] = [((0, len(a), 0, len(b)), 0)]
    while ranges:
        (i, i_end, j, j_end), depth = ranges.pop()
        while i < i_end and j < j_end and a[i] == b[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and a[i_end - 1] == b[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            pairs.append((i_end, j_end))
        if i == i_end or j == j_end:
            continue
        unique = _unique_matches(a, b, (i, i_end, j, j_end)) if depth < MAX_SPLIT_DEPTH else []
        if not unique:
            pairs.extend(_fewest_changes(a, b, (i, i_end, j, j_end)))
            continue
        for i_next, j_next in [*unique, (i_end, j_end)]:
            ranges.append(((i, i_next, j, j_next), depth + 1))
            i, j = i_next, j_next
    return _runs(sorted(pairs))


def _runs(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Return adjacent pairs as runs (index in a, index in b, length)."""
    runs: list[tuple[int, int, int]] = []
    for i, j in pairs:
        if runs and runs[-1][0] + runs[-1][2] == i and runs[-1][1] + runs[-1][2] == j:
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((i, j, 1))
    return runs


def _unique_matches(a: Sequence[str], b: Sequence[str], bounds: _Range) -> list[tuple[int, int]]:
    """Return the longest list of unique common elements in the same order.

    An element counts if it occurs once in each range and is a word.
    """
    i, i_end, j, j_end = bounds
    once_a, once_b = Counter(a[i:i_end]), Counter(b[j:j_end])
    index_in_b = {b[n]: n for n in range(j, j_end) if once_b[b[n]] == 1 and once_a[b[n]] == 1 and b[n][0].isalnum()}
    pairs = [(n, index_in_b[a[n]]) for n in range(i, i_end) if a[n] in index_in_b]
    # The longest increasing subsequence of indexes in b, by patience sorting.
    tops: list[int] = []
    piles: list[int] = []  # index of each pile's top pair
    previous: list[int] = []
    for index, (_, b_index) in enumerate(pairs):
        pile = bisect_left(tops, b_index)
        previous.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [b_index]
        piles[pile : pile + 1] = [index]
    chain = []
    index = piles[-1] if piles else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]


def _fewest_changes(a: Sequence[str], b: Sequence[str], bounds: _Range) -> list[tuple[int, int]]:
    """Return the matches that leave the fewest changes (Myers' algorithm).

    Return none if that takes more than MAX_CHANGES.
    """
    i, i_end, j, j_end = bounds
    n, m = i_end - i, j_end - j
    reached = {1: 0}
    steps: list[dict[int, int]] = []
    for changes in range(min(n + m, MAX_CHANGES) + 1):
        steps.append(dict(reached))
        for k in range(-changes, changes + 1, 2):
            down = k == -changes or (k != changes and reached[k - 1] < reached[k + 1])
            x = reached[k + 1] if down else reached[k - 1] + 1
            y = x - k
            while x < n and y < m and a[i + x] == b[j + y]:
                x, y = x + 1, y + 1
            reached[k] = x
            if x >= n and y >= m:
                return [(i + x, j + y) for x, y in _backtrack(steps, n, m)]
    return []


def _backtrack(steps: Sequence[dict[int, int]], x: int, y: int) -> Iterator[tuple[int, int]]:
    """Yield the matches on the path of Myers' search to (x, y), last first."""
    for changes in range(len(steps) - 1, -1, -1):
        reached, k = steps[changes], x - y
        down = k == -changes or (k != changes and reached[k - 1] < reached[k + 1])
        x_before = reached[k + 1] if down else reached[k - 1]
        y_before = x_before - (k + 1 if down else k - 1)
        while x > max(x_before, 0) and y > max(y_before, 0):
            x, y = x - 1, y - 1
            yield x, y
        x, y = x_before, y_before
