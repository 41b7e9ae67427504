"""Queries of ledgers and their public figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from articles.models import Claim, Hop, Ledger, Quantity

#: Figures in a chart. The table has all, in pages.
MAX_CHARTED_FIGURES = 40
#: Other figures of the same ledger on a claim's page.
MAX_OTHER_FIGURES = 6


def public_ledgers() -> QuerySet[Ledger]:
    """Return ledgers with a public figure, those with the newest figure first.

    Each has `figures` and `article_count` (counts), and `last` (the publication of its newest figure).
    """
    public = Q(quantities__claim__in=Claim.objects.public().order_by().values("pk"))
    return (
        Ledger.objects.filter(Exists(public_quantities().filter(ledger=OuterRef("pk"))))
        .annotate(
            figures=Count("quantities", filter=public, distinct=True),
            article_count=Count("quantities__claim__article", filter=public, distinct=True),
            last=Max("quantities__claim__article__published_at", filter=public),
        )
        .order_by("-last", "name")
    )


def public_quantities() -> QuerySet[Quantity]:
    """Return the figures of public claims."""
    return Quantity.objects.filter(claim__in=Claim.objects.public().order_by().values("pk"))


def ledger_quantities(ledger: Ledger) -> Any:
    """Return a ledger's public figures with claim, article and chain, by `said`.

    `said` is the day on which the claim was made, or else published.
    """
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
    """A row of a ledger: a figure, when it was said, its origin and its speaker.

    `speaker` is the last hop of the chain; "" if that is the origin.
    """

    quantity: Quantity
    said_on: date | None
    origin: str
    speaker: str
    origin_number: int  # from 0, in the order of appearance

    @property
    def claim(self) -> Claim:
        return self.quantity.claim


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of some figures: a source, or an unnamed speaker of one article."""

    name: str
    number: int
    quantity_count: int
    slug: str = ""


def ledger_rows(quantities: Iterable[Any]) -> tuple[list[LedgerRow], list[Origin]]:
    """Return the rows of a ledger and its origins, numbered as they appear.

    `quantities` are of `ledger_quantities`.
    """
    numbers: dict[tuple[Any, ...], int] = {}
    rows: list[LedgerRow] = []
    names: list[tuple[str, str]] = []
    counts: list[int] = []
    for quantity in quantities:
        chain: Sequence[Hop] = quantity.claim.chain
        origin = chain[0] if chain else None
        key = _origin_key(quantity, origin)
        if key not in numbers:
            numbers[key] = len(numbers)
            names.append(_name_and_slug(origin))
            counts.append(0)
        number = numbers[key]
        counts[number] += 1
        speaker = _name_and_slug(chain[-1])[0] if len(chain) > 1 else ""
        rows.append(LedgerRow(quantity, quantity.said, names[number][0], speaker, number))
    origins = [
        Origin(name, number, count, slug)
        for number, ((name, slug), count) in enumerate(zip(names, counts, strict=True))
    ]
    return rows, origins


def _origin_key(quantity: Quantity, hop: Hop | None) -> tuple[Any, ...]:
    """Return the identity of an origin. Unnamed ones of two articles are different."""
    if hop is None:
        return ("none", quantity.claim_id)
    return ("source", hop.source_id) if hop.source_id else ("unnamed", quantity.claim.article_id, hop.unnamed)


def _name_and_slug(hop: Hop | None) -> tuple[str, str]:
    if hop is None:
        return "", ""
    return (hop.source.name, hop.source.slug) if hop.source else (hop.mention, "")


def other_quantities(quantities: Iterable[Quantity]) -> list[tuple[Ledger, list[LedgerRow]]]:
    """Return the ledgers of a claim's figures, each with its newest other figures.

    Two queries for each ledger.
    """
    found = []
    for pk in dict.fromkeys(quantity.ledger_id for quantity in quantities if quantity.ledger_id):
        own = [quantity.pk for quantity in quantities if quantity.ledger_id == pk]
        rows = ledger_quantities(Ledger(pk=pk)).select_related("ledger").exclude(pk__in=own)
        newest = list(rows.order_by("-said", "-id")[:MAX_OTHER_FIGURES])[::-1]
        if newest:
            found.append((newest[0].ledger, ledger_rows(newest)[0]))
    return found


def recently_updated(limit: int) -> list[Ledger]:
    """Return the public ledgers with the newest figures.

    Each has the text of its newest figure as `newest`. Two queries.
    """
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
