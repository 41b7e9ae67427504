"""To be described."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F, Q

from articles.models import Claim, Ledger, Quantity
from sources.names import normalize_name

#: Figures suggested for a ledger at most.
MAX_SUGGESTIONS = 200


def counted_terms(ledger: Ledger) -> list[str]:
    """What a ledger's figures count, as copy has it, folded: one a line of `counts`."""
    return [normalize_name(line) for line in ledger.counts.splitlines() if line.strip()]


def suggest_quantities(ledger: Ledger) -> list[Quantity]:
    """Figures that probably belong under a ledger: they count the same, in the same unit, and are filed nowhere.

    Where the ledger says what it is about, the claim or its story's headline must have one of those words. Rejected
    claims are left out; claims still proposed are not. Two queries.
    """
    wanted, about = counted_terms(ledger), [normalize_name(line) for line in ledger.about.splitlines() if line.strip()]
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
        if _matches_ledger(row, wanted, about):
            found.append(row)
            if len(found) == MAX_SUGGESTIONS:
                break
    return found


def suggest_ledgers(quantity: Quantity, ledgers: Iterable[Ledger]) -> list[Ledger]:
    """Under which of these ledgers a figure probably belongs; none where it is filed already. No query of its own."""
    if quantity.ledger_id is not None:
        return []
    return [
        ledger
        for ledger in ledgers
        if ledger.unit == quantity.unit
        and (wanted := counted_terms(ledger))
        and _matches_ledger(
            quantity, wanted, [normalize_name(line) for line in ledger.about.splitlines() if line.strip()]
        )
    ]


def _matches_ledger(row: Quantity, wanted: Sequence[str], about: Sequence[str]) -> bool:
    claim = row.claim
    counted = normalize_name(f"{row.counts} {row.raw}")
    told = normalize_name(claim.statement)
    headline = normalize_name(claim.article.latest.headline) if claim.article.latest else ""
    if not any(
        _has_phrase(counted, words)
        or (_has_phrase(told, words) and _has_phrase_near(told, normalize_name(row.raw), words))
        for words in wanted
    ):
        return False
    return not about or any(_has_phrase(told, words) or _has_phrase(headline, words) for words in about)


def _has_phrase(text: str, words: str) -> bool:
    return re.search(rf"\b{re.escape(words)}\b", text) is not None


def _has_phrase_near(text: str, raw: str, words: str) -> bool:
    """Does a statement say the words within some ten words of the figure?"""
    return re.search(rf"{re.escape(raw)}(?:\W+\w+){{0,9}}?\W+{re.escape(words)}\b", text) is not None


@transaction.atomic
def file_quantities(quantities: Iterable[int], ledger: Ledger | None) -> dict[int, int | None]:
    """File figures under a ledger, or with None nowhere; gives where each was before, so that it can be put back."""
    rows = Quantity.objects.select_for_update().filter(pk__in=list(quantities))
    before = dict(rows.values_list("pk", "ledger_id"))
    changed: dict[int, int | None] = {pk: was for pk, was in before.items() if was != (ledger.pk if ledger else None)}
    Quantity.objects.filter(pk__in=changed).update(ledger=ledger)
    return changed
