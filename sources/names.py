"""Normalize and compare names of sources. Without Django.

A normalized name is the same for all spellings of a name. It is compared and never shown.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

#: Titles and honorifics before a name, which are not part of it.
NAME_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady sen senator rep gov governor president chancellor "
    "minister premier pm mp mep cllr councillor capt captain col colonel gen general lt maj major sgt cpl adm "
    "admiral cmdr commander rev reverend fr bishop judge justice king queen prince princess chief inspector "
    "constable lawmaker spokesman spokeswoman spokesperson".split()
)
#: Words that make a title together with the next word: "Prime Minister", "Vice President".
TITLE_PREFIXES = frozenset("vice prime deputy former acting foreign defence defense interior finance".split())
LEADING_ARTICLES = frozenset(("the",))  # "a" may be an initial: "A. Frith"
#: Letters that Unicode normalization does not split into a base letter and a mark.
LETTER_REPLACEMENTS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h"}
)
#: What separates the words of a name: hyphens, dashes, slashes, full stops, commas.
WORD_SEPARATORS = re.compile(r"[\s\-‐-―−/.,;:_]+")
APOSTROPHES = re.compile(r"[’ʼ‘`´′＇]")
#: Words that an acronym leaves out.
WORDS_NOT_IN_ACRONYMS = frozenset("of the and for in on at to de la le du des di da".split())
#: Names with at least this similarity are possible duplicates.
MIN_LIKELY_SCORE = 0.8


def normalize_name(name: str) -> str:
    """Return the form of a name that is compared.

    "The National Intelligence Service" -> "national intelligence service". Removed are case, accents, width, hyphens,
    full stops, a leading article and titles. A possessive stays: "South Korea's spy agency" is not "South Korea". A
    name that is only a title ("The President") keeps its words. Idempotent.
    """
    text = unicodedata.normalize("NFKD", name)
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = APOSTROPHES.sub("'", text).casefold().translate(LETTER_REPLACEMENTS)
    # Join initials: "U.S." is "us"; "J. F." and "J.F." are "jf".
    text = re.sub(r"\b((?:[a-z]\.\s?)+)(?=[a-z]\.)([a-z])\.", lambda m: re.sub(r"[.\s]", "", m[0]) + " ", text)
    words = [word.strip("'\"“”()[]") for word in WORD_SEPARATORS.split(text)]
    words = [word for word in words if word]
    return " ".join(_without_titles(words))


def surname(name: str) -> str:
    """Return the normalized family name, or "" for an empty name.

    It is the last word, with particles: "van der berg". Of "Lee Seong-kweun" it is "lee": Korean and Chinese names
    put the family name first and often hyphenate the given name.
    """
    bare = name.strip()
    words = normalize_name(bare).split()
    if not words:
        return ""
    given = bare.split()
    if len(given) == 2 and re.fullmatch(r"\w{1,4}", given[0]) and re.fullmatch(r"\w+-[a-z]\w*", given[1]):
        return words[0]
    if len(words) > 2 and words[-2] in {"van", "von", "de", "der", "den", "al", "el", "bin", "di", "da", "la", "le"}:
        start = len(words) - 2
        while start > 1 and words[start - 1] in {"van", "von", "de", "la"}:
            start -= 1
        return " ".join(words[start:])
    if words[-1] in {"jr", "sr", "ii", "iii", "iv"} and len(words) > 2:
        return words[-2]
    return words[-1]


def acronym(name: str) -> str:
    """Return the first letters of the main words.

    "National Intelligence Service" -> "nis".
    """
    return "".join(word[0] for word in normalize_name(name).split() if word not in WORDS_NOT_IN_ACRONYMS)


@dataclass(frozen=True, slots=True)
class NameSimilarity:
    """How similar two names are, from 0 to 1, and why."""

    score: float
    reason: str  # for editors; in English, marked for translation


def gettext_noop(text: str) -> str:
    """Mark a text for `makemessages`, which looks for this name. Callers translate it."""
    return text


def compare_names(one: str, other: str) -> NameSimilarity:
    """Return how similar two names are, and the strongest reason. Symmetric."""
    a, b = normalize_name(one), normalize_name(other)
    if not a or not b:
        return NameSimilarity(0.0, "")
    if a == b:
        return NameSimilarity(1.0, gettext_noop("the same name"))
    words_a, words_b = a.split(), b.split()
    if sorted(words_a) == sorted(words_b):
        return NameSimilarity(
            0.95, gettext_noop("the same words in another order")
        )  # Lee Seong-kweun, Seong-kweun Lee
    if a.replace(" ", "") == b.replace(" ", ""):
        return NameSimilarity(0.9, gettext_noop("the same letters with other spaces"))
    for short, long in ((one, other), (other, one)):
        letters = normalize_name(short).replace(" ", "")
        if len(letters) >= 2 and short.replace(".", "").isupper() and letters == acronym(long):
            return NameSimilarity(0.85, gettext_noop("one could be an acronym of the other"))
    if min(len(words_a), len(words_b)) >= 2 and surname(one) == surname(other):
        first, second = words_a[0], words_b[0]
        if first[0] == second[0] and min(len(first), len(second)) == 1:
            return NameSimilarity(0.85, gettext_noop("the same surname and initial"))
        if set(words_a) < set(words_b) or set(words_b) < set(words_a):
            return NameSimilarity(0.82, gettext_noop("the same name with another word"))
    # "Order 44" and "Order 45" are different, although their spelling is similar.
    similarity = _spelling_similarity(a, b) if re.findall(r"\d+", a) == re.findall(r"\d+", b) else 0.0
    if similarity >= MIN_LIKELY_SCORE:
        return NameSimilarity(similarity, gettext_noop("nearly the same spelling"))
    return NameSimilarity(similarity * 0.5, "")


def slugify_name(name: str) -> str:
    """Return the name for a URL: lower-case ASCII words joined by hyphens.

    "" if nothing is left.
    """
    text = APOSTROPHES.sub("'", name).replace("'s ", "s ")
    text = unicodedata.normalize("NFKD", text.casefold().translate(LETTER_REPLACEMENTS))
    text = re.sub(r"^(the|a|an)\s+(?=\S)", "", text.encode("ascii", "ignore").decode())
    return re.sub(r"[^a-z0-9]+", "-", text.replace("'", "")).strip("-")


def _without_titles(words: list[str]) -> list[str]:
    rest = words
    while len(rest) > 1:
        if (
            rest[0] in LEADING_ARTICLES
            or (len(rest) > 2 and (rest[0] in NAME_TITLES or (rest[0] in TITLE_PREFIXES and rest[1] in NAME_TITLES)))
            or (len(rest) == 2 and rest[0] in {"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "prof"})
        ):
            rest = rest[1:]
        else:
            break
    return rest


def _spelling_similarity(a: str, b: str) -> float:
    """Return 1 minus the edit distance over the longer length.

    Lengths that differ too much give 0 at once.
    """
    longest = max(len(a), len(b))
    if abs(len(a) - len(b)) > longest * (1 - MIN_LIKELY_SCORE) or longest > 200:
        return 0.0
    return Levenshtein.normalized_similarity(a, b)
