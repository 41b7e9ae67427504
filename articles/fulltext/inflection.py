"""Other forms of English words, so that "killed" finds "killing". Pure.

Forms are added to the query, not to the index. So both databases find the same, quoted words are found exactly, and
the index has whole words for suggestions. A form that occurs in no text costs nothing.
"""

from __future__ import annotations

#: Words that only look like forms of others: "news" is not the plural of "new".
UNINFLECTED_WORDS = frozenset(
    "news texas paris wales james series species lens mass gas bus ross moss boss christmas politics "
    "physics economics thing king bring string spring during evening morning building reed speed need feed seed "
    "breed creed red bed shed sacred hundred kindred naked united states".split()
)
VOWELS = frozenset("aeiouy")
#: Shorter words are not inflected.
MIN_INFLECTED_CHARS = 4
SIBILANTS = ("s", "x", "z", "ch", "sh")


def inflected_forms(word: str) -> tuple[str, ...]:
    """Return a normalized word and its likely other forms, the word itself first.

    A word with other characters than a to z has no other forms.
    """
    if len(word) < MIN_INFLECTED_CHARS or not (word.isascii() and word.isalpha()):
        return (word,)
    found = dict.fromkeys((word,))
    for base in (word,) if word in UNINFLECTED_WORDS else _base_forms(word):
        found.update(dict.fromkeys(_forms_of_base(base)))
    return tuple(found)


def _base_forms(word: str) -> list[str]:
    """Return the base forms that a word may have, itself included."""
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
    """Return whether the last letter doubles before an ending: "plan", "planned"."""
    return (
        len(base) >= 3
        and base[-1] not in VOWELS | set("wx")
        and base[-2] in VOWELS
        and (base[-3] not in VOWELS or base[-3:-1] == "ui")
    )
