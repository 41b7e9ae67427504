"""Join words that were broken at the end of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from spellchecker import SpellChecker

from articles.parsing.draft import DraftWarning

#: A word of letters and inner hyphens or apostrophes.
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
#: A broken word as `join_lines` and `rejoin_paragraphs` leave it. Repetitions are bounded, to keep the time linear.
BROKEN_WORD = re.compile(
    r"(?<![^\W_])((?:[^\W_]{1,60}['’-]){0,6})([^\W_]{1,60}['’]?)-\n([^\W_]{1,60})((?:['’-][^\W_]{1,60}){0,6})"
)


def join_broken_words(paragraphs: Sequence[str]) -> tuple[list[str], list[DraftWarning]]:
    """Return the paragraphs with every "compro-\\nmised" joined, and warnings.

    The hyphen is kept if the hyphenated form occurs elsewhere in the text. It is dropped if the joined form occurs
    or is in the dictionary. Otherwise it is kept with a warning.
    """
    if not any("-\n" in paragraph for paragraph in paragraphs):
        return list(paragraphs), []
    words = {word.casefold() for paragraph in paragraphs for word in WORD.findall(paragraph)}
    warnings: list[DraftWarning] = []

    def decide(broken: re.Match[str]) -> str:
        before, first, second, after = broken.groups()
        hyphenated, joined = f"{before}{first}-{second}{after}", f"{before}{first}{second}{after}"
        if hyphenated.casefold() in words or not (first[-1].isalpha() and second[0].islower()):
            return hyphenated  # "Franco-German", "20-year" and "mid-1990s" always have a hyphen
        if joined.casefold() in words or is_dictionary_word(first + second):
            return joined
        if before.endswith("-") or after.startswith("-"):
            return hyphenated  # "state-of-the-art": a word with several hyphens
        detail = f"“{hyphenated}” was broken at the end of a line and may be one word. Its hyphen was kept."
        warnings.append(DraftWarning("hyphen-kept", detail))
        return hyphenated

    return [BROKEN_WORD.sub(decide, paragraph).replace("\n", "") for paragraph in paragraphs], warnings


def is_dictionary_word(word: str) -> bool:
    """Return whether an English dictionary has this word. Personal names don't count."""
    return word.casefold() in _dictionary()


@cache
def _dictionary() -> frozenset[str]:
    """Return some 80,000 words with their inflections.

    They are loaded for the first broken word, in a third of a second.
    """
    return frozenset(SpellChecker(language="en").word_frequency.keys())
