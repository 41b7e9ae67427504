"""Other forms of an English word, so that "killed" finds "killing". Pure: a word in, words out.

Made when something is asked, not when it is stored: so every engine finds the same, words in quotation marks
are found as they are, and the index keeps whole words for suggestions. A form that no text has costs nothing.
"""

from __future__ import annotations

#: Words that only look like forms of another: "news" is not more than one "new".
UNINFLECTED_WORDS = frozenset(
    "news texas paris wales james series species lens mass gas bus ross moss boss christmas politics "
    "physics economics thing king bring string spring during evening morning building reed speed need feed seed "
    "breed creed red bed shed sacred hundred kindred naked united states".split()
)
VOWELS = frozenset("aeiouy")
#: Shorter words have no ending taken off or put on.
MIN_INFLECTED_CHARS = 4
SIBILANTS = ("s", "x", "z", "ch", "sh")


def inflected_forms(word: str) -> tuple[str, ...]:
    """A folded word and its likely other forms, itself first; words that are not plain English only themselves."""
    if len(word) < MIN_INFLECTED_CHARS or not (word.isascii() and word.isalpha()):
        return (word,)
    found = dict.fromkeys((word,))
    for base in (word,) if word in UNINFLECTED_WORDS else _base_forms(word):
        found.update(dict.fromkeys(_forms_of_base(base)))
    return tuple(found)


def _base_forms(word: str) -> list[str]:
    """What a word may be a form of, itself included."""
    if word.endswith("ies") and len(word) > MIN_INFLECTED_CHARS:
        return [word[:-3] + "y"]
    if word.endswith("es") and word[:-2].endswith(SIBILANTS):
        return [word[:-2], word[:-1]]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return [word[:-1]]
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3 and VOWELS & set(stem):
            if ending == "ed" and stem.endswith("i"):
                return [stem[:-1] + "y"]
            if stem[-1] == stem[-2] and stem[-1] not in "lsz":
                return [stem[:-1]]
            return [stem, stem + "e", *([stem[:-1]] if stem[-1] == stem[-2] else [])]
    return [word]


def _forms_of_base(base: str) -> list[str]:
    if base.endswith("e"):
        return [base, base + "s", base + "d", base[:-1] + "ing"]
    if base.endswith("y") and base[-2:-1] not in VOWELS:
        return [base, base[:-1] + "ies", base[:-1] + "ied", base + "ing"]
    plural = base + ("es" if base.endswith(SIBILANTS) else "s")
    doubled = base + base[-1] if _doubles_last_letter(base) else ""
    twice = [doubled + "ed", doubled + "ing"] if doubled else []
    return [base, plural, base + "ed", base + "ing", *twice]


def _doubles_last_letter(base: str) -> bool:
    """Does its last letter double before an ending? "plan": consonant, vowel, consonant."""
    return (
        len(base) >= 3
        and base[-1] not in VOWELS | set("wx")
        and base[-2] in VOWELS
        and (base[-3] not in VOWELS or base[-3:-1] == "ui")
    )
