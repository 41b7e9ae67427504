"""Suggest a query for one that found nothing: corrected words, or a prefix."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from articles.fulltext.query import Query, Term
from articles.search.vocabulary import public_terms, similar_words

#: Words of a query that are corrected, the longest first. Shorter words resemble too many others.
MAX_CORRECTED_WORDS, MIN_CORRECTED_CHARS = 3, 4
#: The last word may be the start of a word if it has this many letters.
MIN_PREFIX_CHARS = 2


def suggest_query(typed_query: Query) -> Query | None:
    """Return a similar query for one that found nothing; None if there is none.

    The last word may become a prefix. Each replacement occurs in a public article, and each prefix in something public,
    so that nobody can explore hidden texts. Words with a digit stay: a similar number is another number. At most two
    queries.
    """
    words = {
        word
        for term in typed_query.terms
        if not (term.is_exact or term.is_prefix)
        for word in term.words
        if not any(map(str.isdigit, word))
    }
    misspelled = sorted(
        (word for word in words if len(word) >= MIN_CORRECTED_CHARS), key=lambda word: (-len(word), word)
    )[:MAX_CORRECTED_WORDS]
    last = typed_query.groups[-1][-1].words[-1]
    may_be_prefix = last in words and len(last) >= MIN_PREFIX_CHARS
    if not (misspelled or may_be_prefix):
        return None
    indexed = similar_words(misspelled) if misspelled else []
    closest = {word: closest_words(word, indexed) for word in misspelled}
    prefix = Term((last,), is_prefix=True)
    replacements = {other for others in closest.values() for other in others}
    typed_words = {*misspelled, last} if may_be_prefix else set(misspelled)
    article_terms, known_terms = public_terms(
        map(_exact_term, sorted(replacements)),
        [*map(_exact_term, sorted(typed_words)), *([prefix] if may_be_prefix else [])],
    )
    corrections = {
        word: other
        for word in misspelled
        if _exact_term(word) not in known_terms
        and (other := next((other for other in closest[word] if _exact_term(other) in article_terms), None))
    }
    query = typed_query
    if may_be_prefix and _exact_term(last) not in known_terms and prefix in known_terms:
        corrections.pop(last, None)
        query = query.with_last_word_as_prefix()
    suggestion = query.replace_words(corrections)
    return suggestion if suggestion != typed_query else None


def closest_words(word: str, others: Collection[str]) -> list[str]:
    """Return the words within one edit, the closest first.

    From six letters on, two edits are allowed. An edit adds, removes or changes a letter, or swaps two neighbours.
    Words with a digit and the word itself are left out. The function does not use the database.
    """
    max_edits = 1 if len(word) < 6 else 2
    found = process.extract(word, others, scorer=OSA.distance, processor=None, score_cutoff=max_edits, limit=None)
    return [
        other
        for _, _, other in sorted(
            (edits, -Prefix.similarity(word, other), other)
            for other, edits, _ in found
            if edits and not any(map(str.isdigit, other))
        )
    ]


def _exact_term(word: str) -> Term:
    """Return a term for this word without its other forms."""
    return Term((word,), is_exact=True)
