"""Ledgers for readers: one measure, every public figure of it, who said each first; and filing figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from articles.models import Claim, Hop, Ledger, Quantity

#: Figures that a chart has at most; the table goes on, page by page.
MAX_CHARTED_FIGURES = 40
#: Other figures of the same ledger that a claim's page has.
MAX_OTHER_FIGURES = 6


def public_ledgers() -> QuerySet[Ledger]:
    """Ledgers with a public figure, each with `figures`, `stories`, and `last` (the day of its last figure)."""
    public = Q(quantities__claim__in=Claim.objects.public().order_by().values("pk"))
    return (
        Ledger.objects.filter(Exists(public_quantities().filter(ledger=OuterRef("pk"))))
        .annotate(
            figures=Count("quantities", filter=public, distinct=True),
            stories=Count("quantities__claim__article", filter=public, distinct=True),
            last=Max("quantities__claim__article__published_at", filter=public),
        )
        .order_by("-last", "name")
    )


def public_quantities() -> QuerySet[Quantity]:
    """Figures of claims that readers may see."""
    return Quantity.objects.filter(claim__in=Claim.objects.public().order_by().values("pk"))


def ledger_quantities(ledger: Ledger) -> Any:
    """A ledger's public figures with claim, story and chain, each with the day it was `said`, in that order."""
    chain = Prefetch(
        "claim__hops", Hop.objects.select_related("source", "organisation").order_by("position"), to_attr="chain"
    )
    return (
        public_quantities()
        .filter(ledger=ledger)
        .select_related(
            "claim", "claim__article", "claim__article__live", "claim__article__publisher", "claim__article__agency"
        )
        .defer("claim__article__live__body", "claim__article__live__text")
        .prefetch_related(chain)
        .annotate(said=Coalesce("claim__stated_from", TruncDate("claim__article__published_at")))
        .order_by("said", "id")
    )


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of a ledger: the quantity, when it was said, who said it first, and who told the outlet."""

    quantity: Quantity
    said_on: date | None
    origin: str
    speaker: str
    origin_number: int  # of its origin, from 0, in the order of appearance

    @property
    def claim(self) -> Claim:
        return self.quantity.claim


@dataclass(frozen=True, slots=True)
class Origin:
    """Whoever first said some of the figures: a source, or somebody unnamed of one story."""

    name: str
    number: int
    quantity_count: int
    slug: str = ""


def ledger_rows(quantities: Iterable[Any]) -> tuple[list[LedgerRow], list[Origin]]:
    """A ledger's lines and its origins, numbered as they appear. `quantities` as `figures_of` gives them."""
    numbers: dict[tuple[Any, ...], int] = {}
    figures: list[LedgerRow] = []
    names: list[tuple[str, str]] = []
    counts: list[int] = []
    for quantity in quantities:
        chain: Sequence[Hop] = quantity.claim.chain
        first = chain[0] if chain else None
        key = _origin_key(quantity, first)
        if key not in numbers:
            numbers[key] = len(numbers)
            names.append(_name_and_slug(first))
            counts.append(0)
        number = numbers[key]
        counts[number] += 1
        teller = _name_and_slug(chain[-1])[0] if len(chain) > 1 else ""
        figures.append(LedgerRow(quantity, quantity.said, names[number][0], teller, number))
    origins = [
        Origin(name, number, count, slug)
        for number, ((name, slug), count) in enumerate(zip(names, counts, strict=True))
    ]
    return figures, origins


def _origin_key(quantity: Quantity, hop: Hop | None) -> tuple[Any, ...]:
    """Two articles' unnamed officials are never one."""
    if hop is None:
        return ("nobody", quantity.claim_id)
    return ("source", hop.source_id) if hop.source_id else ("unnamed", quantity.claim.article_id, hop.unnamed)


def _name_and_slug(hop: Hop | None) -> tuple[str, str]:
    if hop is None:
        return "", ""
    return (hop.source.name, hop.source.slug) if hop.source else (hop.mention, "")


def other_quantities(quantities: Iterable[Quantity]) -> list[tuple[Ledger, list[LedgerRow]]]:
    """For a claim's figures that are filed: their ledgers, each with the other figures last said. Two queries each."""
    found = []
    for pk in dict.fromkeys(quantity.ledger_id for quantity in quantities if quantity.ledger_id):
        here = [quantity.pk for quantity in quantities if quantity.ledger_id == pk]
        rows = ledger_quantities(Ledger(pk=pk)).select_related("ledger").exclude(pk__in=here)
        newest = list(rows.order_by("-said", "-id")[:MAX_OTHER_FIGURES])[::-1]
        if newest:
            found.append((newest[0].ledger, ledger_rows(newest)[0]))
    return found


def recently_updated(limit: int) -> list[Ledger]:
    """The public ledgers whose last figure is the newest, each with that figure as `newest`. Two queries."""
    ledgers = list(public_ledgers()[:limit])
    rows = (
        public_quantities()
        .filter(ledger__in=ledgers)
        .order_by("ledger", "-claim__article__published_at", "-id")
        .values_list("ledger", "raw", "counts")
    )
    newest: dict[int, str] = {}
    for pk, raw, counts in rows.iterator():
        newest.setdefault(pk, f"{raw} {counts}".strip())
        if len(newest) == len(ledgers):
            break
    for ledger in ledgers:
        ledger.newest = newest.get(ledger.pk, "")  # type: ignore[attr-defined]
    return ledgers


# --- Filing ---
