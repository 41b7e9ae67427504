"""A claim as data: to see whether it has changed, and to restore it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.errors import RefusedError
from articles.models import Anchor, Claim, Hop, Ledger, Quantity
from sources.models import Source

#: A claim as JSON data: its own columns, and a list of rows for hops, anchors and quantities.
Snapshot = dict[str, Any]

VERSIONED_COLUMNS = (
    "statement", "form", "modality", "cue", "stated_from", "stated_to", "stated_words",
    "review", "reviewed_by_id", "reviewed_at", "reviewed_how",
)  # fmt: skip
UNVERSIONED_COLUMNS = ("public_id", "order", "extractor", "confidence", "reporting")
HOP_COLUMNS = ("id", "position", "mention", "verb", "explicit", "source_id", "unnamed", "organisation_id")
HOP_SOURCES = ("source_id", "organisation_id")
ANCHOR_COLUMNS = ("id", "revision_id", "part", "start", "end", "state")
QUANTITY_COLUMNS = (
    "id", "order", "raw", "counts", "unit", "lower", "upper", "lower_inclusive", "upper_inclusive", "approximate",
    "ledger_id",
)  # fmt: skip
#: Characters of the SHA-256 digest that are used: 80 bits, enough to tell the states of one claim apart.
VERSION_CHARS = 20


def with_parts(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return claims with all that a snapshot or a card reads. Six queries."""
    return claims.select_related("reviewed_by").prefetch_related(
        "hops__source", "hops__organisation", "anchors", "quantities"
    )


def take_snapshot(claim: Claim) -> Snapshot:
    """Return a claim that was read `with_parts` as data. No query."""
    return {
        "claim": _row(claim, (*VERSIONED_COLUMNS, *UNVERSIONED_COLUMNS)),
        "hops": _rows(claim.hops.all(), HOP_COLUMNS, "position"),
        "anchors": _rows(claim.anchors.all(), ANCHOR_COLUMNS, "id"),
        "quantities": _rows(claim.quantities.all(), QUANTITY_COLUMNS, "order"),
    }


def snapshot_version(snapshot: Snapshot) -> str:
    """Return a digest that changes with everything that an editor can see or change.

    The ledger of a figure is not part of it.
    """
    versioned = {
        "claim": {name: snapshot["claim"][name] for name in VERSIONED_COLUMNS},
        "hops": [_without_keys(hop, "id") for hop in snapshot["hops"]],
        "anchors": [_without_keys(anchor, "id") for anchor in snapshot["anchors"]],
        "quantities": [_without_keys(figure, "ledger_id") for figure in snapshot["quantities"]],
    }
    serialised = json.dumps(versioned, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(serialised.encode()).hexdigest()[:VERSION_CHARS]


def restore_snapshot(claim: Claim, snapshot: Snapshot) -> None:
    """Restore a claim. Figures keep their rows: other rows may point at them.

    A source that was merged in the meantime is replaced by the one that is left. A ledger that was deleted is left
    out. Raise RefusedError if a source was deleted.
    """
    sources = _current_sources(snapshot["hops"])
    ledger_ids = [row["ledger_id"] for row in snapshot["quantities"]]
    ledgers = set(Ledger.objects.filter(pk__in=ledger_ids).values_list("pk", flat=True))
    for name, value in snapshot["claim"].items():
        if name != "public_id":
            setattr(claim, name, _claim_field(name).to_python(value))
    claim.save(update_fields=[name for name in snapshot["claim"] if name != "public_id"])
    claim.hops.all().delete()
    Hop.objects.bulk_create(
        [Hop(claim=claim, **{**row, **{name: sources[row[name]] for name in HOP_SOURCES}}) for row in snapshot["hops"]]
    )
    claim.anchors.all().delete()
    Anchor.objects.bulk_create([Anchor(claim=claim, **row) for row in snapshot["anchors"]])
    claim.quantities.exclude(pk__in=[row["id"] for row in snapshot["quantities"]]).delete()
    for row in snapshot["quantities"]:
        values = {name: value for name, value in row.items() if name != "id"}
        for bound in ("lower", "upper"):
            values[bound] = None if row[bound] is None else Decimal(row[bound])
        if values["ledger_id"] not in ledgers:
            values["ledger_id"] = None
        Quantity.objects.update_or_create(pk=row["id"], defaults={"claim": claim, **values})


def _current_sources(hops: Iterable[dict[str, Any]]) -> dict[int | None, int | None]:
    """Return the current source of each hop: itself, or the one it was merged into."""
    wanted = {hop[name] for hop in hops for name in HOP_SOURCES} - {None}
    current: dict[int | None, int | None] = {None: None}
    for source in Source.objects.filter(pk__in=wanted).select_related("merged_into"):
        kept = source
        while kept.merged_into is not None:
            kept = kept.merged_into
        current[source.pk] = kept.pk
    if not wanted <= current.keys():
        raise RefusedError("no-source", _("Not undone: a source of the claim was deleted in the meantime."))
    return current


def _claim_field(name: str) -> models.Field[Any, Any]:
    return next(field for field in Claim._meta.fields if field.attname == name)


def _rows(rows: Iterable[Any], columns: tuple[str, ...], order_by: str) -> list[dict[str, Any]]:
    return [_row(row, columns) for row in sorted(rows, key=lambda row: (getattr(row, order_by), row.pk))]


def _row(row: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: _json_value(getattr(row, name)) for name in columns}


def _json_value(value: Any) -> Any:
    """Return a value for JSON, the same before and after it was stored."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.6f}"
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _without_keys(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
