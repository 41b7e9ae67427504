"""Mistyped words: which public word was meant, and whether the last one is the beginning of one."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from articles.fulltext.query import Query, Term
from articles.search.vocabulary import public_terms, similar_words

#: Of a query so many words are looked after, the longest first; shorter ones are too like too many others.
MAX_CORRECTED_WORDS, MIN_CORRECTED_CHARS = 3, 4
#: From so many letters on the last word may be the beginning of one.
MIN_PREFIX_CHARS = 2


def suggest_query(asked_for: Query) -> Query | None:
    """Return what may have been meant by a query that found nothing; None where no other words come near.

    The last word may be the beginning of one. Each word put for another stands in a public article, and each beginning
    in something public, so that nobody can read hidden texts by asking. A word with a digit is left as it is: the next
    number is another number. At most two queries.
    """
    words = {
        word
        for term in asked_for.terms
        if not (term.is_exact or term.is_prefix)
        for word in term.words
        if not any(map(str.isdigit, word))
    }
    asked = sorted((word for word in words if len(word) >= MIN_CORRECTED_CHARS), key=lambda word: (-len(word), word))[
        :MAX_CORRECTED_WORDS
    ]
    last = asked_for.groups[-1][-1].words[-1]
    begun = last in words and len(last) >= MIN_PREFIX_CHARS
    if not (asked or begun):
        return None
    indexed = similar_words(asked) if asked else []
    near = {word: closest_words(word, indexed) for word in asked}
    beginning = Term((last,), is_prefix=True)
    replacements = {other for others in near.values() for other in others}
    typed = {*asked, last} if begun else set(asked)
    fit, known = public_terms(
        map(_exact_term, sorted(replacements)), [*map(_exact_term, sorted(typed)), *([beginning] if begun else [])]
    )
    meant = {
        word: other
        for word in asked
        if _exact_term(word) not in known
        and (other := next((other for other in near[word] if _exact_term(other) in fit), None))
    }
    query = asked_for
    if begun and _exact_term(last) not in known and beginning in known:
        meant.pop(last, None)
        query = query.with_last_word_as_prefix()
    amended = query.replace_words(meant)
    return amended if amended != asked_for else None


def closest_words(word: str, others: Collection[str]) -> list[str]:
    """Return the words that differ from this one in at most a letter in four, the nearest first. Pure.

    Letters put in, left out, changed or swapped with the next are counted. Words with a digit are left out, and
    so is the word itself.
    """
    allowed = 1 if len(word) < 6 else 2
    found = process.extract(word, others, scorer=OSA.distance, processor=None, score_cutoff=allowed, limit=None)
    return [
        other
        for _, _, other in sorted(
            (away, -Prefix.similarity(word, other), other)
            for other, away, _ in found
            if away and not any(map(str.isdigit, other))
        )
    ]


def _exact_term(word: str) -> Term:
    """The word as it stands, without its other forms."""
    return Term((word,), is_exact=True)
