"""Words broken at a line's end: is the hyphen the word's own, or the line's?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from spellchecker import SpellChecker

from articles.parsing.draft import DraftWarning

#: A word of letters and inner hyphens; how `join_lines` and `rejoin` leave one that was broken.
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
#: Bounded, so that no text however made takes more than linear time.
BROKEN_WORD = re.compile(
    r"(?<![^\W_])((?:[^\W_]{1,60}['’-]){0,6})([^\W_]{1,60}['’]?)-\n([^\W_]{1,60})((?:['’-][^\W_]{1,60}){0,6})"
)


def join_broken_words(paragraphs: Sequence[str]) -> tuple[list[str], list[DraftWarning]]:
    """Decide every "compro-\\nmised" of a text.

    The hyphen is kept where the hyphenated form stands elsewhere in the text, dropped where the
    joined form does or is an ordinary word, and kept with a warning otherwise.
    """
    if not any("-\n" in paragraph for paragraph in paragraphs):
        return list(paragraphs), []
    words = {word.casefold() for paragraph in paragraphs for word in WORD.findall(paragraph)}
    warnings: list[DraftWarning] = []

    def decide(broken: re.Match[str]) -> str:
        before, first, second, after = broken.groups()
        hyphenated, joined = f"{before}{first}-{second}{after}", f"{before}{first}{second}{after}"
        if hyphenated.casefold() in words or not (first[-1].isalpha() and second[0].islower()):
            return hyphenated  # "Franco-German", "20-year" and "mid-1990s" have theirs by their nature
        if joined.casefold() in words or is_dictionary_word(first + second):
            return joined
        if before.endswith("-") or after.startswith("-"):
            return hyphenated  # "state-of-the-art": one of several
        detail = f"“{hyphenated}” was broken at a line's end and may be one word; its hyphen was kept."
        warnings.append(DraftWarning("hyphen-kept", detail))
        return hyphenated

    return [BROKEN_WORD.sub(decide, paragraph).replace("\n", "") for paragraph in paragraphs], warnings


def is_dictionary_word(word: str) -> bool:
    """Is this a word that an English dictionary has? Names of people are not."""
    return word.casefold() in _dictionary()


@cache
def _dictionary() -> frozenset[str]:
    """Some 80,000 words with their inflections; read on the first broken word, in a third of a second."""
    return frozenset(SpellChecker(language="en").word_frequency.keys())
