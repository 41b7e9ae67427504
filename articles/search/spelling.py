"""Mistyped words: which public word was meant, and whether the last one is the beginning of one."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from articles.fulltext.query import Query, Term
from articles.search.vocabulary import public_terms, similar_words

#: Of a query so many words are looked after, the longest first; shorter ones are too like too many others.
WORDS, SHORTEST = 3, 4
#: From so many letters on the last word may be the beginning of one.
SHORTEST_BEGINNING = 2


def nearest(asked_for: Query) -> Query | None:
    """Return what may have been meant by a query that found nothing; None where no other words come near.

    The last word may be the beginning of one. Each word put for another stands in a public article, and each beginning
    in something public, so that nobody can read hidden texts by asking. A word with a digit is left as it is: the next
    number is another number. At most two queries.
    """
    words = {
        word
        for term in asked_for.terms
        if not (term.exact or term.prefix)
        for word in term.words
        if not any(map(str.isdigit, word))
    }
    asked = sorted((word for word in words if len(word) >= SHORTEST), key=lambda word: (-len(word), word))[:WORDS]
    last = asked_for.groups[-1][-1].words[-1]
    begun = last in words and len(last) >= SHORTEST_BEGINNING
    if not (asked or begun):
        return None
    indexed = similar_words(asked) if asked else []
    near = {word: alike(word, indexed) for word in asked}
    beginning = Term((last,), prefix=True)
    replacements = {other for others in near.values() for other in others}
    typed = {*asked, last} if begun else set(asked)
    fit, known = public_terms(
        map(_word, sorted(replacements)), [*map(_word, sorted(typed)), *([beginning] if begun else [])]
    )
    meant = {
        word: other
        for word in asked
        if _word(word) not in known and (other := next((other for other in near[word] if _word(other) in fit), None))
    }
    query = asked_for
    if begun and _word(last) not in known and beginning in known:
        meant.pop(last, None)
        query = query.begun()
    amended = query.replaced(meant)
    return amended if amended != asked_for else None


def alike(word: str, others: Collection[str]) -> list[str]:
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


def _word(word: str) -> Term:
    """The word as it stands, without its other forms."""
    return Term((word,), exact=True)
