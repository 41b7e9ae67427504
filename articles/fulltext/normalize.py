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
LETTER_REPLACEMENTS = {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"}
WORD_PATTERN = re.compile(r"[^\W_]+")
#: Accents on a Latin letter. On other letters a mark can be the letter: й is not и.
ACCENTS_PATTERN = re.compile(r"(?<=[a-z])[̀-ͯ]+")
_TRANSLATION = str.maketrans(LETTER_REPLACEMENTS)


def normalize_word(words: str) -> str:
    """Words without case and accents: "Łódź" -> "lodz". Folding twice is folding once."""
    apart = unicodedata.normalize("NFD", words.lower().translate(_TRANSLATION))
    return unicodedata.normalize("NFC", ACCENTS_PATTERN.sub("", apart))


def split_words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return WORD_PATTERN.findall(normalize_word(unicodedata.normalize("NFC", text)))


@dataclass(frozen=True, slots=True)
class WordSpan:
    """A word where it stands: code points [start, end) of the text, and its folded form."""

    start: int
    end: int
    word: str


def word_spans(text: str) -> Iterator[WordSpan]:
    """The words of a text (NFC, as texts are stored) with their places, in order."""
    for found in WORD_PATTERN.finditer(text):
        yield WordSpan(found.start(), found.end(), normalize_word(found[0]))
