"""Two versions of a text, word by word: what stayed, what went, what is new. Pure.

Blocks are matched first, then the words of those that differ: by what stands once in both (patience diff, as Bram
Cohen described it), and where nothing does by the fewest changes (Myers 1986), given up where they are many. So the
time grows with the length of the texts and not with its square, and the answer is always the same.
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
#: A block's end; a white space; a number with its points; a word; a sign. Scripts that put no space between words
#: (Chinese, Japanese, Thai) are compared by the character.
TOKEN = re.compile(
    r"\n\n|\s|\d+(?:[.,]\d+)*|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|"
    r"[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+(?:[’'\-][^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+)*|."
)
#: How often a stretch is cut at what stands once in it before the fewest changes are counted instead.
MAX_SPLIT_DEPTH = 12
#: Changes after which counting the fewest is given up, and a stretch is said to be replaced.
MAX_CHANGES = 300
#: Fewer code points than these that stayed between two changes are shown as changed too: "a" and "of" that two
#: unlike sentences share say nothing, and make both hard to read.
MIN_KEPT_CHARS = 6
#: A row of which less than this share stayed is shown as one taken out and another put in.
MIN_SAME_SHARE = 0.3


class ChangeKind(StrEnum):
    """What became of some words."""

    SAME = "same"
    REMOVED = "gone"
    ADDED = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and what became of them. Words that went stand before those that came in their place."""

    kind: ChangeKind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside one another: mostly a block of each text; several where blocks were split or joined,
    and none where one was put in or taken out.

    `old` and `new` are the numbers of its blocks in each text, from 0, half-open; equal bounds: none.
    """

    pieces: tuple[Piece, ...]
    old: tuple[int, int]
    new: tuple[int, int]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != ChangeKind.SAME for piece in self.pieces)

    @property
    def before(self) -> tuple[Piece, ...]:
        """The old side."""
        return tuple(piece for piece in self.pieces if piece.kind != ChangeKind.ADDED)

    @property
    def after(self) -> tuple[Piece, ...]:
        """The new side."""
        return tuple(piece for piece in self.pieces if piece.kind != ChangeKind.REMOVED)


def compare_texts(old: str, new: str) -> list[Row]:
    """Both texts side by side, a row for each block or group of blocks, in order.

    Blocks are what blank lines part. The old sides of all rows that have one, joined by blank lines, are the old
    text; the new sides are the new one.
    """
    a, b = (text.split(BLANK_LINE) if text else [] for text in (old, new))
    rows: list[Row] = []
    at = bt = 0
    for i, j, length in [*_matches(a, b), (len(a), len(b), 0)]:
        rows.extend(_changed_rows(a, b, (at, i), (bt, j)))
        rows.extend(
            Row((Piece(ChangeKind.SAME, a[i + n]),), (i + n, i + n + 1), (j + n, j + n + 1)) for n in range(length)
        )
        at, bt = i + length, j + length
    return rows


def count_changed_words(rows: Iterable[Row]) -> tuple[int, int]:
    """How many words went, and how many are new."""
    counted: Counter[ChangeKind] = Counter()
    for row in rows:
        for piece in row.pieces:
            counted[piece.kind] += sum(1 for token in TOKEN.findall(piece.text) if token[0].isalnum())
    return counted[ChangeKind.REMOVED], counted[ChangeKind.ADDED]


def _changed_rows(a: Sequence[str], b: Sequence[str], old: tuple[int, int], new: tuple[int, int]) -> Iterator[Row]:
    """The rows of a stretch in which no block is the same in both."""
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
        # Where a block ends in both, so does the row.
        first, *others = piece.text.split(BLANK_LINE)
        pieces.extend([Piece(ChangeKind.SAME, first)] if first else [])
        for words in others:
            row = _build_row(pieces, i, j)
            yield row
            i, j = row.old[1], row.new[1]
            pieces = [Piece(ChangeKind.SAME, words)] if words else []
    yield _build_row(pieces, i, j)


def _build_row(pieces: Sequence[Piece], i: int, j: int) -> Row:
    """A row that begins with block i of the old text and block j of the new."""
    texts = {kind: [piece.text for piece in pieces if piece.kind == kind] for kind in ChangeKind}
    blocks = {kind: sum(text.count(BLANK_LINE) for text in texts[kind]) + 1 for kind in ChangeKind}
    stayed, gone, new = (sum(map(len, texts[kind])) for kind in ChangeKind)
    if gone and new and stayed < MIN_SAME_SHARE * (stayed + max(gone, new)):
        before = "".join(piece.text for piece in pieces if piece.kind != ChangeKind.ADDED)
        after = "".join(piece.text for piece in pieces if piece.kind != ChangeKind.REMOVED)
        pieces = [Piece(ChangeKind.REMOVED, before), Piece(ChangeKind.ADDED, after)]
    return Row(tuple(pieces), (i, i + blocks[ChangeKind.REMOVED]), (j, j + blocks[ChangeKind.ADDED]))


def _diff_pieces(old: str, new: str) -> list[Piece]:
    """What became of the words of one text on the way to another."""
    a, b = _tokens(old), _tokens(new)
    edits: list[tuple[str, str, str]] = []  # (same, then gone, then new)
    at = bt = 0
    same = ""
    for i, j, length in [*_matches(a, b), (len(a), len(b), 0)]:
        gone, fresh = "".join(a[at:i]), "".join(b[bt:j])
        if gone or fresh or not length:
            edits.append((same, gone, fresh))
            same = ""
        same += "".join(a[i : i + length])
        at, bt = i + length, j + length
    edits.append((same, "", ""))
    pieces = []
    for same, gone, fresh in _merge_short_matches(edits):
        for kind, text in ((ChangeKind.SAME, same), (ChangeKind.REMOVED, gone), (ChangeKind.ADDED, fresh)):
            if text:
                pieces.append(Piece(kind, text))
    return pieces


def _merge_short_matches(edits: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Small remains between two changes join them; a block's end never does, nor a space between single words."""
    held = ("", "", "")
    for same, gone, fresh in edits:
        if _is_insignificant(held, same, gone, fresh):
            held = (held[0], held[1] + same + gone, held[2] + same + fresh)
        else:
            yield held
            held = (same, gone, fresh)
    yield held


def _is_insignificant(held: tuple[str, str, str], same: str, gone: str, fresh: str) -> bool:
    """Is what stayed between two changes a lone space, or shorter than what changed on both sides of it?"""
    if not same or BLANK_LINE in same or not (gone or fresh):
        return False
    if same.isspace():
        return bool(held[1] or held[2])
    return len(same) < MIN_KEPT_CHARS and min(*map(len, (*held[1:], gone, fresh))) > len(same)


def _tokens(text: str) -> list[str]:
    """The words, signs and spaces of a text. A mark stays with the letter that it stands on."""
    tokens: list[str] = []
    for token in TOKEN.findall(text):
        if tokens and unicodedata.category(token[0]).startswith("M"):
            tokens[-1] += token
        else:
            tokens.append(token)
    return tokens


# --- What two sequences have in common ----------------------------------------------------------

_Stretch = tuple[int, int, int, int]  # from, to in the one; from, to in the other


def _matches(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where the same stands in both in the same order: (place in a, place in b, length), ascending."""
    found: list[tuple[int, int]] = []
    waiting: list[tuple[_Stretch, int]] = [((0, len(a), 0, len(b)), 0)]
    while waiting:
        (i, i_end, j, j_end), depth = waiting.pop()
        while i < i_end and j < j_end and a[i] == b[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        while i < i_end and j < j_end and a[i_end - 1] == b[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
            found.append((i_end, j_end))
        if i == i_end or j == j_end:
            continue
        alone = _unique_matches(a, b, (i, i_end, j, j_end)) if depth < MAX_SPLIT_DEPTH else []
        if not alone:
            found.extend(_fewest_changes(a, b, (i, i_end, j, j_end)))
            continue
        for i_next, j_next in [*alone, (i_end, j_end)]:
            waiting.append(((i, i_next, j, j_next), depth + 1))
            i, j = i_next, j_next
    return _runs(sorted(found))


def _runs(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Pairs that follow one another, together."""
    runs: list[tuple[int, int, int]] = []
    for i, j in pairs:
        if runs and runs[-1][0] + runs[-1][2] == i and runs[-1][1] + runs[-1][2] == j:
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((i, j, 1))
    return runs


def _unique_matches(a: Sequence[str], b: Sequence[str], where: _Stretch) -> list[tuple[int, int]]:
    """Of what stands once in each stretch, and says something, the most that stands in the same order in both."""
    i, i_end, j, j_end = where
    once_a, once_b = Counter(a[i:i_end]), Counter(b[j:j_end])
    places = {b[n]: n for n in range(j, j_end) if once_b[b[n]] == 1 and once_a[b[n]] == 1 and b[n][0].isalnum()}
    pairs = [(n, places[a[n]]) for n in range(i, i_end) if a[n] in places]
    # The longest increasing row of places in b, by patience sorting.
    tops: list[int] = []
    piles: list[int] = []  # the index of each pile's top among the pairs
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [place]
        piles[pile : pile + 1] = [index]
    chain = []
    index = piles[-1] if piles else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _fewest_changes(a: Sequence[str], b: Sequence[str], where: _Stretch) -> list[tuple[int, int]]:
    """What stays where the fewest are taken out and put in; nothing where those are more than MOST_CHANGES."""
    i, i_end, j, j_end = where
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
    """The matches on the way that Myers' search took to (x, y), last first."""
    for changes in range(len(steps) - 1, -1, -1):
        reached, k = steps[changes], x - y
        down = k == -changes or (k != changes and reached[k - 1] < reached[k + 1])
        x_before = reached[k + 1] if down else reached[k - 1]
        y_before = x_before - (k + 1 if down else k - 1)
        while x > max(x_before, 0) and y > max(y_before, 0):
            x, y = x - 1, y - 1
            yield x, y
        x, y = x_before, y_before
