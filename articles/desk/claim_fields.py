"""What a claim says: its statement, form, modality, cue, the day it was said, and its figures."""

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


def set_fields(work: ActionContext, claim: Claim, given: Mapping[str, Any]) -> None:
    """Set those of a claim's columns that are given. Raises RefusedError with what is wrong in which."""
    changed = [name for name in (*TEXT_FIELDS, *DATE_FIELDS) if name in given]
    errors: dict[str, str] = {}
    for name in changed:
        try:
            setattr(claim, name, _parse_date(given, name) if name in DATE_FIELDS else read_text(given, name))
        except ValidationError as error:
            errors[name] = " ".join(error.messages)
    if claim.stated_from and not claim.stated_to:
        claim.stated_to = claim.stated_from
        changed.append("stated_to")
    validate_row(claim, changed, errors)
    claim.save(update_fields=changed)
    if "cue" in given:
        _update_cue_anchor(work, claim)


def set_quantities(claim: Claim, given: Sequence[Any]) -> None:
    """Make a claim's figures these, in this order. A figure that is kept keeps its words; only its meaning changes."""
    kept = {row.pk: row for row in claim.quantities.all()}
    rows = []
    for order, figure in enumerate(given):
        if not isinstance(figure, dict):
            raise RefusedError("invalid", _("A figure was not understood."))
        row = kept.get(figure.get("id", 0)) or Quantity(claim=claim, raw=read_text(figure, "raw"))
        _set_quantity_fields(row, figure, order)
        rows.append(row)
    claim.quantities.exclude(pk__in=[row.pk for row in rows if row.pk]).delete()
    for row in rows:
        row.save()


def _set_quantity_fields(row: Quantity, given: Mapping[str, Any], order: int) -> None:
    row.order = order
    row.counts, row.unit = read_text(given, "counts"), read_text(given, "unit")
    errors = {}
    for name in ("lower", "upper"):
        try:
            setattr(row, name, _parse_bound(read_text(given, name)))
        except ValueError as error:
            errors[f"figures.{order}.{name}"] = str(error)
    for name in ("lower_inclusive", "upper_inclusive", "approximate"):
        setattr(row, name, bool(given.get(name, getattr(row, name))))
    if row.lower is None and row.upper is None and not errors:
        errors[f"figures.{order}.lower"] = _("Give at least one bound.")
    if not row.raw:
        errors[f"figures.{order}.raw"] = _("Give the words of the copy.")
    validate_row(row, [], errors, exclude=["claim", "ledger"], prefix=f"figures.{order}.")


def _parse_bound(words: str) -> Decimal | None:
    if not words:
        return None
    try:
        bound = Decimal(words.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        raise ValueError(_("Give a number, such as 100 or 2.5.")) from None
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
    """Check a row under every rule of its table. Raises RefusedError that names the fields."""
    left_out = {*exclude}
    if changed:
        left_out |= {field.name for field in row._meta.fields if field.name not in changed}
    try:
        row.full_clean(exclude=left_out, validate_unique=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors.setdefault(prefix + name.replace("__all__", ""), " ".join(messages))
    if errors:
        raise RefusedError("invalid", _("Not saved: %s") % " ".join(dict.fromkeys(errors.values())), errors)


def _parse_date(given: Mapping[str, Any], name: str) -> date | None:
    words = read_text(given, name)
    return models.DateField().to_python(words) if words else None


def _update_cue_anchor(work: ActionContext, claim: Claim) -> None:
    """Anchor the cue anew if its words stand once in the paragraphs of what was said; if not, it stands nowhere."""
    if work.article.latest is None:
        return
    text = work.article.latest.text
    here = [anchor for anchor in claim.anchors.all() if anchor.revision_id == work.article.latest_id]
    standing = [anchor for anchor in here if anchor.part == Anchor.Part.CONTENT and anchor.state != "lost"]
    cues = [anchor for anchor in here if anchor.part == Anchor.Part.CUE and anchor.state != "lost"]
    if not standing or any(text[anchor.start : anchor.end] == claim.cue for anchor in cues):
        return
    begin = text.rfind("\n\n", 0, min(anchor.start for anchor in standing)) + 1
    end = text.find("\n\n", max(anchor.end for anchor in standing))
    end = len(text) if end == -1 else end
    at = text.find(claim.cue, begin, end) if claim.cue else -1
    claim.anchors.filter(revision=work.article.latest, part=Anchor.Part.CUE).delete()
    if at != -1 and text.find(claim.cue, at + 1, end) == -1:
        Anchor.objects.create(
            claim=claim, revision=work.article.latest, part=Anchor.Part.CUE, start=at, end=at + len(claim.cue)
        )


def file_quantities(claim: Claim, places: object) -> None:
    """File figures of a claim: {figure: ledger, or None for nowhere}. Raises RefusedError for any that there is not."""
    figures = {str(row.pk): row.pk for row in claim.quantities.all()}
    if not isinstance(places, dict) or not places or not set(places) <= figures.keys():
        raise RefusedError("gone", _("This figure is not in the claim any more."))
    wanted = {read_id(place) or 0 for place in places.values() if place is not None}
    known = {ledger.pk: ledger for ledger in Ledger.objects.filter(pk__in=wanted)}
    if wanted != known.keys():
        raise RefusedError("gone", _("This ledger is not there any more."))
    for place in dict.fromkeys(places.values()):
        filing.file_quantities(
            [figures[key] for key, one in places.items() if one == place], known[place] if place else None
        )
