"""Words cut into the pieces that the encoder knows, with what stands beside each piece.

The word pieces of BERT (Devlin et al. 2019), lower-case: control characters go, accents go, punctuation and CJK
characters stand alone, and of each word the longest known beginning is taken, then the longest known rest.
"""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

UNKNOWN_PIECE, START_PIECE, END_PIECE, MASK_PIECE = "[UNK]", "[CLS]", "[SEP]", "[MASK]"
CONTINUATION_PREFIX = "##"
#: A longer word is unknown: nobody's name, and no pleasure to cut up.
MAX_WORD_CHARS = 100
#: Stretches without a space that are kept cut up, and how long they may be: words come again, most of them soon.
CACHE_SIZE, MAX_CACHED_CHARS = 1 << 15, 40

LOWER, CAPITALISED, UPPER, NUMBER, OTHER = range(5)

_WORD = re.compile(r"\w+")
_PUNCTUATION = frozenset(string.punctuation)
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
_CONTROL = ("Cc", "Cf", "Cn", "Co")


class SplitText(NamedTuple):
    """A stretch without a space, cut up; offsets are code points from its beginning, half-open."""

    piece_ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    cases: tuple[int, ...]  # of the word the piece begins in
    begins: tuple[bool, ...]  # is it the first piece of a word?


def letter_case(word: str) -> int:
    """How a word is written: in lower case, capitalised, in capitals, with a digit first, or otherwise."""
    if not word[:1].isalpha():
        return NUMBER if word[:1].isdigit() else OTHER
    if len(word) > 1 and word.isupper():
        return UPPER
    return CAPITALISED if word[:1].isupper() else LOWER


def _is_separate_piece(letter: str) -> bool:
    if letter in _PUNCTUATION or unicodedata.category(letter)[0] == "P":
        return True
    return letter > "\u2e7f" and any(first <= ord(letter) <= last for first, last in _CJK)


@lru_cache(1 << 12)
def _normalize_letter(letter: str) -> str:
    """A character as the encoder knows it: lower-case, without accents; nothing for a control character."""
    if unicodedata.category(letter) in _CONTROL:
        return ""
    apart = unicodedata.normalize("NFD", letter)
    return "".join(part.lower() for part in apart if unicodedata.category(part) != "Mn")


class WordPieces:
    """The encoder's list of pieces."""

    def __init__(self, path: Path) -> None:
        """`path` holds a piece a line; its number is the line's, from 0."""
        names = path.read_text(encoding="utf-8").split("\n")
        self._numbers = {name: number for number, name in enumerate(names) if name}
        self._unknown = self.piece_id(UNKNOWN_PIECE)
        self._kept = lru_cache(CACHE_SIZE)(self._split)

    def piece_id(self, name: str) -> int:
        """The number of a piece. Raises KeyError for one that is not in the list."""
        return self._numbers[name]

    def split(self, stretch: str) -> SplitText:
        """The pieces of characters between two spaces."""
        return self._kept(stretch) if len(stretch) <= MAX_CACHED_CHARS else self._split(stretch)

    def _split(self, stretch: str) -> SplitText:
        numbers: list[int] = []
        offsets: list[tuple[int, int]] = []
        word: list[str] = []
        places: list[int] = []

        def close() -> None:
            for number, start, end in self._split_word("".join(word), places):
                numbers.append(number)
                offsets.append((start, end))
            word.clear()
            places.clear()

        for at, letter in enumerate(stretch):
            alone = _is_separate_piece(letter)
            if alone and word:
                close()
            plain = _normalize_letter(letter)
            word.extend(plain)
            places.extend([at] * len(plain))
            if alone and word:
                close()
        if word:
            close()
        cases = [OTHER] * len(stretch)
        for match in _WORD.finditer(stretch):
            cases[match.start() : match.end()] = [letter_case(match.group())] * (match.end() - match.start())
        begins = [
            not index
            or offsets[index - 1][1] != start
            or not (stretch[start - 1].isalnum() and stretch[start].isalnum())
            for index, (start, _) in enumerate(offsets)
        ]
        return SplitText(tuple(numbers), tuple(offsets), tuple(cases[start] for start, _ in offsets), tuple(begins))

    def _split_word(self, word: str, places: list[int]) -> list[tuple[int, int, int]]:
        """(piece, start, end) of a word whose characters stand for those at `places`."""
        whole = [(self._unknown, places[0], places[-1] + 1)]
        if len(word) > MAX_WORD_CHARS:
            return whole
        found = []
        start, prefix = 0, ""
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._numbers.get(prefix + word[start:end])
                if number is not None:
                    break
            else:
                return whole
            found.append((number, places[start], places[end - 1] + 1))
            start, prefix = end, CONTINUATION_PREFIX
        return found
