"""Edit a claim's fields and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from articles.claims import filing
from articles.claims.build import MAX_QUANTITY_VALUE, QUANTITY_STEP
from articles.desk.context import ActionContext, read_id, read_text
from articles.errors import RefusedError
from articles.models import Anchor, Claim, Ledger, Quantity

TEXT_FIELDS = ("statement", "form", "modality", "cue", "stated_words")
DATE_FIELDS = ("stated_from", "stated_to")


def set_fields(context: ActionContext, claim: Claim, data: Mapping[str, Any]) -> None:
    """Set the given fields of a claim. Raises RefusedError that names wrong fields."""
    changed = [name for name in (*TEXT_FIELDS, *DATE_FIELDS) if name in data]
    errors: dict[str, str] = {}
    for name in changed:
        try:
            setattr(claim, name, _parse_date(data, name) if name in DATE_FIELDS else read_text(data, name))
        except ValidationError as error:
            errors[name] = " ".join(error.messages)
    if claim.stated_from and not claim.stated_to:
        claim.stated_to = claim.stated_from
        changed.append("stated_to")
    validate_row(claim, changed, errors)
    claim.save(update_fields=changed)
    if "cue" in data:
        _update_cue_anchor(context, claim)


def set_quantities(claim: Claim, figures: Sequence[Any]) -> None:
    """Replace a claim's figures. An existing figure keeps its text (`raw`)."""
    existing = {quantity.pk: quantity for quantity in claim.quantities.all()}
    quantities = []
    for order, figure in enumerate(figures):
        if not isinstance(figure, dict):
            raise RefusedError("invalid", _("A figure is not valid."))
        quantity = existing.get(figure.get("id", 0)) or Quantity(claim=claim, raw=read_text(figure, "raw"))
        _set_quantity_fields(quantity, figure, order)
        quantities.append(quantity)
    claim.quantities.exclude(pk__in=[quantity.pk for quantity in quantities if quantity.pk]).delete()
    for quantity in quantities:
        quantity.save()


def _set_quantity_fields(quantity: Quantity, data: Mapping[str, Any], order: int) -> None:
    quantity.order = order
    quantity.counts, quantity.unit = read_text(data, "counts"), read_text(data, "unit")
    errors = {}
    for name in ("lower", "upper"):
        try:
            setattr(quantity, name, _parse_bound(read_text(data, name)))
        except ValueError as error:
            errors[f"figures.{order}.{name}"] = str(error)
    for name in ("lower_inclusive", "upper_inclusive", "approximate"):
        setattr(quantity, name, bool(data.get(name, getattr(quantity, name))))
    if quantity.lower is None and quantity.upper is None and not errors:
        errors[f"figures.{order}.lower"] = _("Enter a lower or an upper bound.")
    if not quantity.raw:
        errors[f"figures.{order}.raw"] = _("Enter the figure as it is written in the story.")
    validate_row(quantity, [], errors, exclude=["claim", "ledger"], prefix=f"figures.{order}.")


def _parse_bound(typed: str) -> Decimal | None:
    if not typed:
        return None
    try:
        bound = Decimal(typed.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        raise ValueError(_("Enter a number, such as 100 or 2.5.")) from None
    if not bound.is_finite() or abs(bound) >= MAX_QUANTITY_VALUE:
        raise ValueError(_("This number is too large."))
    return bound.quantize(QUANTITY_STEP)


def validate_row(
    row: models.Model,
    changed: Sequence[str],
    errors: dict[str, str],
    *,
    exclude: Sequence[str] = (),
    prefix: str = "",
) -> None:
    """Validate a row. Raises RefusedError that names the wrong fields.

    `changed` are the fields to validate, empty for all. `errors` are those found before. `prefix` is put before the
    names of the fields.
    """
    excluded = {*exclude}
    if changed:
        excluded |= {field.name for field in row._meta.fields if field.name not in changed}
    try:
        row.full_clean(exclude=excluded, validate_unique=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors.setdefault(prefix + name.replace("__all__", ""), " ".join(messages))
    if errors:
        raise RefusedError("invalid", _("Not saved: %s") % " ".join(dict.fromkeys(errors.values())), errors)


def _parse_date(data: Mapping[str, Any], name: str) -> date | None:
    typed = read_text(data, name)
    return models.DateField().to_python(typed) if typed else None


def _update_cue_anchor(context: ActionContext, claim: Claim) -> None:
    """Anchor the cue if it occurs once in the claim's paragraphs, or else nowhere."""
    if context.article.latest is None:
        return
    text = context.article.latest.text
    anchors = [
        anchor
        for anchor in claim.anchors.all()
        if anchor.revision_id == context.article.latest_id and anchor.state != Anchor.State.LOST
    ]
    contents = [anchor for anchor in anchors if anchor.part == Anchor.Part.CONTENT]
    cues = [anchor for anchor in anchors if anchor.part == Anchor.Part.CUE]
    if not contents or any(text[anchor.start : anchor.end] == claim.cue for anchor in cues):
        return
    start = text.rfind("\n\n", 0, min(anchor.start for anchor in contents)) + 1
    end = text.find("\n\n", max(anchor.end for anchor in contents))
    end = len(text) if end == -1 else end
    at = text.find(claim.cue, start, end) if claim.cue else -1
    claim.anchors.filter(revision=context.article.latest, part=Anchor.Part.CUE).delete()
    if at != -1 and text.find(claim.cue, at + 1, end) == -1:
        Anchor.objects.create(
            claim=claim, revision=context.article.latest, part=Anchor.Part.CUE, start=at, end=at + len(claim.cue)
        )


def file_quantities(claim: Claim, ledgers: object) -> None:
    """Add figures of a claim to ledgers: {figure: ledger, or None for no ledger}.

    Raises RefusedError for a figure that is not in the claim, or a ledger that does not exist.
    """
    figures = {str(quantity.pk): quantity.pk for quantity in claim.quantities.all()}
    if not isinstance(ledgers, dict) or not ledgers or not set(ledgers) <= figures.keys():
        raise RefusedError("gone", _("This figure is no longer in the claim."))
    wanted = {read_id(ledger) or 0 for ledger in ledgers.values() if ledger is not None}
    existing = {ledger.pk: ledger for ledger in Ledger.objects.filter(pk__in=wanted)}
    if wanted != existing.keys():
        raise RefusedError("gone", _("This ledger no longer exists."))
    for pk in dict.fromkeys(ledgers.values()):
        filing.file_quantities(
            [figures[key] for key, ledger in ledgers.items() if ledger == pk], existing[pk] if pk else None
        )
