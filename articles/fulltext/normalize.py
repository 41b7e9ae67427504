"""Normalize words for search: without case, accents and punctuation. Pure.

The backends normalize indexed text in the same way, so that a query finds the same in both databases. A word is a run
of letters and digits: "Seong-kweun", "don’t" and "U.S." are two words each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

#: Letters that Unicode does not decompose into base and mark, and what readers type for them.
LETTER_REPLACEMENTS = {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"}
WORD_PATTERN = re.compile(r"[^\W_]+")
#: Accents on Latin letters. On other letters, the mark can make another letter: й is not и.
ACCENTS_PATTERN = re.compile(r"(?<=[a-z])[̀-ͯ]+")
_TRANSLATION = str.maketrans(LETTER_REPLACEMENTS)


def normalize_word(text: str) -> str:
    """Return text without case and accents: "Łódź" -> "lodz". Idempotent."""
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_TRANSLATION))
    return unicodedata.normalize("NFC", ACCENTS_PATTERN.sub("", decomposed))


def split_words(text: str) -> list[str]:
    """Return the normalized words of a text, in order."""
    return WORD_PATTERN.findall(normalize_word(unicodedata.normalize("NFC", text)))


@dataclass(frozen=True, slots=True)
class WordSpan:
    """A normalized word and its position: code points [start, end) of the text."""

    start: int
    end: int
    word: str


def word_spans(text: str) -> Iterator[WordSpan]:
    """Yield the words of a text in NFC with their positions, in order."""
    for match in WORD_PATTERN.finditer(text):
        yield WordSpan(match.start(), match.end(), normalize_word(match[0]))
