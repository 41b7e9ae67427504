"""File quantities under ledgers, and suggest which ones belong there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F, Q

from articles.models import Claim, Ledger, Quantity
from sources.names import normalize_name

#: Quantities suggested for one ledger at most.
MAX_SUGGESTIONS = 200


def counted_terms(ledger: Ledger) -> list[str]:
    """Return the normalised terms that a ledger counts: the lines of `counts`."""
    return _normalized_lines(ledger.counts)


def suggest_quantities(ledger: Ledger) -> list[Quantity]:
    """Return quantities that probably belong under a ledger. Two queries.

    They count the same thing in the same unit and are under no ledger. If the ledger has subject words, the claim or
    its article's headline must have one. Rejected claims are left out, proposed ones are not.
    """
    terms, subjects = counted_terms(ledger), _normalized_lines(ledger.about)
    if not terms:
        return []
    has_term = Q()
    for line in ledger.counts.splitlines():
        if term := line.strip():
            has_term |= Q(counts__icontains=term) | Q(claim__statement__icontains=term)
    rows = (
        Quantity.objects.filter(has_term, ledger__isnull=True, unit=ledger.unit)
        .exclude(claim__review=Claim.Review.REJECTED)
        .select_related("claim", "claim__article", "claim__article__latest")
        .defer("claim__article__latest__body", "claim__article__latest__text")
        .order_by(F("claim__article__published_at").desc(nulls_last=True), "id")
    )
    found = []
    for row in rows.iterator(chunk_size=1000):
        if _matches_ledger(row, terms, subjects):
            found.append(row)
            if len(found) == MAX_SUGGESTIONS:
                break
    return found


def suggest_ledgers(quantity: Quantity, ledgers: Iterable[Ledger]) -> list[Ledger]:
    """Return those of the ledgers that a quantity probably belongs to. No query.

    Empty if it already is under a ledger.
    """
    if quantity.ledger_id is not None:
        return []
    return [
        ledger
        for ledger in ledgers
        if ledger.unit == quantity.unit
        and (terms := counted_terms(ledger))
        and _matches_ledger(quantity, terms, _normalized_lines(ledger.about))
    ]


@transaction.atomic
def file_quantities(quantities: Iterable[int], ledger: Ledger | None) -> dict[int, int | None]:
    """Move quantities to a ledger, or with None out of any.

    Return key -> former ledger of those that were moved, so that it can be undone.
    """
    rows = Quantity.objects.select_for_update().filter(pk__in=list(quantities))
    before = dict(rows.values_list("pk", "ledger_id"))
    target = ledger.pk if ledger else None
    changed: dict[int, int | None] = {pk: former for pk, former in before.items() if former != target}
    Quantity.objects.filter(pk__in=changed).update(ledger=ledger)
    return changed


def _normalized_lines(text: str) -> list[str]:
    return [normalize_name(line) for line in text.splitlines() if line.strip()]


def _matches_ledger(row: Quantity, terms: Sequence[str], subjects: Sequence[str]) -> bool:
    claim = row.claim
    counted = normalize_name(f"{row.counts} {row.raw}")
    statement = normalize_name(claim.statement)
    headline = normalize_name(claim.article.latest.headline) if claim.article.latest else ""
    if not any(
        _has_phrase(counted, term)
        or (_has_phrase(statement, term) and _has_phrase_near(statement, normalize_name(row.raw), term))
        for term in terms
    ):
        return False
    return not subjects or any(_has_phrase(statement, word) or _has_phrase(headline, word) for word in subjects)


def _has_phrase(text: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}\b", text) is not None


def _has_phrase_near(text: str, figure: str, phrase: str) -> bool:
    """Return whether the phrase follows the figure within about ten words."""
    return re.search(rf"{re.escape(figure)}(?:\W+\w+){{0,9}}?\W+{re.escape(phrase)}\b", text) is not None
