"""Words as search compares them: no case, no accents, no punctuation. Pure: strings in, strings and places out.

The engines fold what they index in the same way (sqlite.py, postgresql.py), so that one query means the same
on both. What counts as a word is a run of letters and digits: "Seong-kweun" is two, "don’t" is two, "U.S." is two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

#: Letters that Unicode does not take apart into a base and a mark, and what readers type for them.
LETTERS = {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"}
WORD = re.compile(r"[^\W_]+")
#: Accents on a Latin letter. On other letters a mark can be the letter: й is not и.
ACCENTS = re.compile(r"(?<=[a-z])[̀-ͯ]+")
_TRANSLATION = str.maketrans(LETTERS)


def fold(words: str) -> str:
    """Words without case and accents: "Łódź" -> "lodz". Folding twice is folding once."""
    apart = unicodedata.normalize("NFD", words.lower().translate(_TRANSLATION))
    return unicodedata.normalize("NFC", ACCENTS.sub("", apart))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return WORD.findall(fold(unicodedata.normalize("NFC", text)))


@dataclass(frozen=True, slots=True)
class Place:
    """A word where it stands: code points [start, end) of the text, and its folded form."""

    start: int
    end: int
    word: str


def places(text: str) -> Iterator[Place]:
    """The words of a text (NFC, as texts are stored) with their places, in order."""
    for found in WORD.finditer(text):
        yield Place(found.start(), found.end(), fold(found[0]))
