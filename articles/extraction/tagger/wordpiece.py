"""Split words into the encoder's word pieces, with offsets and letter case.

These are BERT's lower-case word pieces (Devlin et al. 2019). Control characters and accents are dropped. Punctuation
and CJK characters are pieces of their own. Of each word, the longest known beginning is taken, then the longest known
continuation.
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
#: A longer word is unknown, as in BERT. Splitting it would be slow.
MAX_WORD_CHARS = 100
#: Number of cached strings, and their maximum length: most words occur again soon.
CACHE_SIZE, MAX_CACHED_CHARS = 1 << 15, 40

LOWER, CAPITALISED, UPPER, NUMBER, OTHER = range(5)

_WORD = re.compile(r"\w+")
_PUNCTUATION = frozenset(string.punctuation)
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
_CONTROL = ("Cc", "Cf", "Cn", "Co")


class SplitText(NamedTuple):
    """The pieces of a string without spaces; offsets are code points, half-open."""

    piece_ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    cases: tuple[int, ...]  # of the word in which the piece begins
    begins: tuple[bool, ...]  # whether it is the first piece of a word


def letter_case(word: str) -> int:
    """Return how a word is written: LOWER, CAPITALISED, UPPER, NUMBER or OTHER."""
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
    """Return a character as the encoder knows it: lower case, without accents.

    Return an empty string for a control character.
    """
    if unicodedata.category(letter) in _CONTROL:
        return ""
    decomposed = unicodedata.normalize("NFD", letter)
    return "".join(char.lower() for char in decomposed if unicodedata.category(char) != "Mn")


class WordPieces:
    """The encoder's list of word pieces."""

    def __init__(self, path: Path) -> None:
        """Read the list from `path`: one piece per line, numbered from 0."""
        names = path.read_text(encoding="utf-8").split("\n")
        self._numbers = {name: number for number, name in enumerate(names) if name}
        self._unknown = self.piece_id(UNKNOWN_PIECE)
        self._split_cached = lru_cache(CACHE_SIZE)(self._split)

    def piece_id(self, name: str) -> int:
        """Return the number of a piece. Raise KeyError if it is not in the list."""
        return self._numbers[name]

    def split(self, text: str) -> SplitText:
        """Return the pieces of a string without spaces."""
        return self._split_cached(text) if len(text) <= MAX_CACHED_CHARS else self._split(text)

    def _split(self, text: str) -> SplitText:
        numbers: list[int] = []
        offsets: list[tuple[int, int]] = []
        word: list[str] = []
        letter_offsets: list[int] = []

        def close() -> None:
            for number, start, end in self._split_word("".join(word), letter_offsets):
                numbers.append(number)
                offsets.append((start, end))
            word.clear()
            letter_offsets.clear()

        for offset, letter in enumerate(text):
            is_separate = _is_separate_piece(letter)
            if is_separate and word:
                close()
            normalized = _normalize_letter(letter)
            word.extend(normalized)
            letter_offsets.extend([offset] * len(normalized))
            if is_separate and word:
                close()
        if word:
            close()
        cases = [OTHER] * len(text)
        for match in _WORD.finditer(text):
            cases[match.start() : match.end()] = [letter_case(match.group())] * (match.end() - match.start())
        begins = [
            not index or offsets[index - 1][1] != start or not (text[start - 1].isalnum() and text[start].isalnum())
            for index, (start, _) in enumerate(offsets)
        ]
        return SplitText(tuple(numbers), tuple(offsets), tuple(cases[start] for start, _ in offsets), tuple(begins))

    def _split_word(self, word: str, letter_offsets: list[int]) -> list[tuple[int, int, int]]:
        """Return (piece, start, end) for each piece of a word.

        `letter_offsets` holds the original offset of each character of `word`.
        """
        unknown = [(self._unknown, letter_offsets[0], letter_offsets[-1] + 1)]
        if len(word) > MAX_WORD_CHARS:
            return unknown
        pieces = []
        start, prefix = 0, ""
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._numbers.get(prefix + word[start:end])
                if number is not None:
                    break
            else:
                return unknown
            pieces.append((number, letter_offsets[start], letter_offsets[end - 1] + 1))
            start, prefix = end, CONTINUATION_PREFIX
        return pieces
