"""To be described."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F, Q

from articles.models import Claim, Ledger, Quantity
from sources.names import fold

#: Figures suggested for a ledger at most.
SUGGESTED = 200


def words_of(ledger: Ledger) -> list[str]:
    """What a ledger's figures count, as copy has it, folded: one a line of `counts`."""
    return [fold(line) for line in ledger.counts.splitlines() if line.strip()]


def suggestions(ledger: Ledger) -> list[Quantity]:
    """Figures that probably belong under a ledger: they count the same, in the same unit, and are filed nowhere.

    Where the ledger says what it is about, the claim or its story's headline must have one of those words. Rejected
    claims are left out; claims still proposed are not. Two queries.
    """
    wanted, about = words_of(ledger), [fold(line) for line in ledger.about.splitlines() if line.strip()]
    if not wanted:
        return []
    has = Q()
    for words in ledger.counts.splitlines():
        if words := words.strip():
            has |= Q(counts__icontains=words) | Q(claim__statement__icontains=words)
    rows = (
        Quantity.objects.filter(has, ledger__isnull=True, unit=ledger.unit)
        .exclude(claim__review=Claim.Review.REJECTED)
        .select_related("claim", "claim__article", "claim__article__latest")
        .defer("claim__article__latest__body", "claim__article__latest__text")
        .order_by(F("claim__article__published_at").desc(nulls_last=True), "id")
    )
    found = []
    for row in rows.iterator(chunk_size=1000):
        if _fits(row, wanted, about):
            found.append(row)
            if len(found) == SUGGESTED:
                break
    return found


def places_for(quantity: Quantity, ledgers: Iterable[Ledger]) -> list[Ledger]:
    """Under which of these ledgers a figure probably belongs; none where it is filed already. No query of its own."""
    if quantity.ledger_id is not None:
        return []
    return [
        ledger
        for ledger in ledgers
        if ledger.unit == quantity.unit
        and (wanted := words_of(ledger))
        and _fits(quantity, wanted, [fold(line) for line in ledger.about.splitlines() if line.strip()])
    ]


def _fits(row: Quantity, wanted: Sequence[str], about: Sequence[str]) -> bool:
    claim = row.claim
    counted = fold(f"{row.counts} {row.raw}")
    told = fold(claim.statement)
    headline = fold(claim.article.latest.headline) if claim.article.latest else ""
    if not any(_has(counted, words) or (_has(told, words) and _near(told, fold(row.raw), words)) for words in wanted):
        return False
    return not about or any(_has(told, words) or _has(headline, words) for words in about)


def _has(text: str, words: str) -> bool:
    return re.search(rf"\b{re.escape(words)}\b", text) is not None


def _near(text: str, raw: str, words: str) -> bool:
    """Does a statement say the words within some ten words of the figure?"""
    return re.search(rf"{re.escape(raw)}(?:\W+\w+){{0,9}}?\W+{re.escape(words)}\b", text) is not None


@transaction.atomic
def file(quantities: Iterable[int], ledger: Ledger | None) -> dict[int, int | None]:
    """File figures under a ledger, or with None nowhere; gives where each was before, so that it can be put back."""
    rows = Quantity.objects.select_for_update().filter(pk__in=list(quantities))
    before = dict(rows.values_list("pk", "ledger_id"))
    changed: dict[int, int | None] = {pk: was for pk, was in before.items() if was != (ledger.pk if ledger else None)}
    Quantity.objects.filter(pk__in=changed).update(ledger=ledger)
    return changed
