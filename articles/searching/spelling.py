"""Mistyped words: which of the words that are indexed was meant. One query; choosing is pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from django.db import connections

from articles.searching.engine import engine
from articles.searching.query import Query

#: Of a query so many words are looked after, the longest first; shorter ones are too like too many others.
WORDS, SHORTEST = 3, 4
#: From so many letters on the last word may be the beginning of one.
SHORTEST_BEGINNING = 2
#: Words that an engine gives for each, at most, where it can say itself which are nearest.
NEAR = 100


def nearest(asked_for: Query, *, using: str = "default") -> Query | None:
    """What may have been meant by a query that found nothing; None where no other words come near. One query.

    The last word may be the beginning of one. The words come from every text, also from those that no reader may
    see: so show only what then finds something that readers may.
    """
    query = asked_for
    words = {word for term in query.terms if not (term.exact or term.prefix) for word in term.words}
    asked = sorted((word for word in words if len(word) >= SHORTEST), key=lambda word: (-len(word), word))[:WORDS]
    last = query.groups[-1][-1].words[-1]
    begun = last in words and len(last) >= SHORTEST_BEGINNING
    if begun and last not in asked:
        asked.append(last)
    if not asked:
        return None
    known = _near(asked, using)
    meant = {word: near for word in asked if len(word) >= SHORTEST and (near := choose(word, known)) and near != word}
    if begun and last not in known and any(word.startswith(last) for word in known):
        meant.pop(last, None)
        query = query.begun()
    amended = query.replaced(meant)
    return amended if amended != asked_for else None


def choose(word: str, known: Iterable[str]) -> str | None:
    """The nearest of the known words: itself, or one that at most a letter in four tells from it. Pure."""
    allowed = 1 if len(word) < 6 else 2
    best = min(
        ((distance(word, other, allowed), -_shared(word, other), other) for other in known),
        default=None,
    )
    return best[2] if best and best[0] <= allowed else None


def distance(one: str, other: str, most: int) -> int:
    """How many letters were put in, left out, changed or swapped with the next; most + 1 where it is more. Pure.

    Optimal string alignment (Damerau 1964, no part changed twice).
    """
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i, *([0] * len(other))]
        for j, wanted in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]


def _near(words: list[str], using: str) -> list[str]:
    searches = engine(using)
    parts = [searches.near(word, NEAR) for word in words]
    sql = " UNION ".join(f"SELECT * FROM ({part}) AS near_{number}" for number, (part, _) in enumerate(parts))
    with connections[using].cursor() as cursor:
        cursor.execute(sql, list(chain.from_iterable(parameters for _, parameters in parts)))
        return [row[0] for row in cursor.fetchall()]


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with together."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
