"""Folding and comparing names. Pure: strings in, strings and numbers out.

A folded name is what two spellings of one name have in common; it is compared, never shown.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

#: Titles and honorifics that come before a name and are no part of it.
NAME_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady sen senator rep gov governor president chancellor "
    "minister premier pm mp mep cllr councillor capt captain col colonel gen general lt maj major sgt cpl adm "
    "admiral cmdr commander rev reverend fr bishop judge justice king queen prince princess chief inspector "
    "constable lawmaker spokesman spokeswoman spokesperson".split()
)
#: Titles that go on to another ("Lt. Gen."), or need one ("Prime Minister", "Vice President").
TITLE_PREFIXES = frozenset("vice prime deputy former acting foreign defence defense interior finance".split())
LEADING_ARTICLES = frozenset(("the",))  # "a" may be an initial: "A. Frith"
#: Letters that Unicode does not take apart into a base and a mark.
LETTER_REPLACEMENTS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h"}
)
#: What stands between the words of a name: hyphens and dashes of every kind, slashes, full stops, commas.
WORD_SEPARATORS = re.compile(r"[\s\-‐-―−/.,;:_]+")
APOSTROPHES = re.compile(r"[’ʼ‘`´′＇]")
#: Words an acronym leaves out.
WORDS_NOT_IN_ACRONYMS = frozenset("of the and for in on at to de la le du des di da".split())
#: From this similarity on, an editor is asked whether two sources are one.
MIN_LIKELY_SCORE = 0.8


def normalize_name(name: str) -> str:
    """A name as it is compared: "The National Intelligence Service" -> "national intelligence service".

    Case, accents, width, hyphens, full stops, the article before a name and titles before a name do
    not count. A possessive stays: "South Korea's spy agency" names no South Korea. A name that is
    all title ("The President") keeps its words. Folding twice is folding once.
    """
    text = unicodedata.normalize("NFKD", name)
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = APOSTROPHES.sub("'", text).casefold().translate(LETTER_REPLACEMENTS)
    # Initials written together or apart are the same: "U.S." is "us", "J. F." is "jf" as in "J.F.".
    text = re.sub(r"\b((?:[a-z]\.\s?)+)(?=[a-z]\.)([a-z])\.", lambda m: re.sub(r"[.\s]", "", m[0]) + " ", text)
    words = [word.strip("'\"“”()[]") for word in WORD_SEPARATORS.split(text)]
    words = [word for word in words if word]
    return " ".join(_without_titles(words))


def surname(name: str) -> str:
    """The family name as newspapers call somebody a second time: the last word, or what particles begin it.

    Of "Lee Seong-kweun" it is "lee": a Korean or Chinese name puts the family first and hyphenates
    the given name. Folded; empty for an empty name.
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
    """The first letters of a name's words, without the small ones: "nis" for National Intelligence Service."""
    return "".join(word[0] for word in normalize_name(name).split() if word not in WORDS_NOT_IN_ACRONYMS)


@dataclass(frozen=True, slots=True)
class NameSimilarity:
    """How alike two names are, from 0 to 1, and why, in words for an editor."""

    score: float
    reason: str


def compare_names(one: str, other: str) -> NameSimilarity:
    """How probably two names are one source's. Symmetric; the reason names the strongest sign."""
    a, b = normalize_name(one), normalize_name(other)
    if not a or not b:
        return NameSimilarity(0.0, "")
    if a == b:
        return NameSimilarity(1.0, "the same name")
    words_a, words_b = a.split(), b.split()
    if sorted(words_a) == sorted(words_b):
        return NameSimilarity(0.95, "the same words in another order")  # Lee Seong-kweun, Seong-kweun Lee
    if a.replace(" ", "") == b.replace(" ", ""):
        return NameSimilarity(0.9, "the same letters, spaced differently")
    for short, long in ((one, other), (other, one)):
        letters = normalize_name(short).replace(" ", "")
        if len(letters) >= 2 and short.replace(".", "").isupper() and letters == acronym(long):
            return NameSimilarity(0.85, f"{short} could be short for {long}")
    if min(len(words_a), len(words_b)) >= 2 and surname(one) == surname(other):
        first, second = words_a[0], words_b[0]
        if first[0] == second[0] and min(len(first), len(second)) == 1:
            return NameSimilarity(0.85, "the same surname and initial")
        if set(words_a) < set(words_b) or set(words_b) < set(words_a):
            return NameSimilarity(0.82, "the same name with a word more")
    # "Order 44" and "Order 45" are two, however alike they are spelt.
    near = _spelling_similarity(a, b) if re.findall(r"\d+", a) == re.findall(r"\d+", b) else 0.0
    if near >= MIN_LIKELY_SCORE:
        return NameSimilarity(near, "nearly the same spelling")
    return NameSimilarity(near * 0.5, "")


def slugify_name(name: str) -> str:
    """The name as part of an address: lower-case ASCII words joined by hyphens; empty if nothing is left."""
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
    """1 minus the edit distance over the longer length; 0 at once where the lengths differ too much."""
    longest = max(len(a), len(b))
    if abs(len(a) - len(b)) > longest * (1 - MIN_LIKELY_SCORE) or longest > 200:
        return 0.0
    return Levenshtein.normalized_similarity(a, b)
