"""Two sources that are one: merge them, say beforehand what that moves, and take it back.

Everything that points at the source that goes is pointed at the one that stays, whichever table it is in, and what was
moved is kept by its keys, so that an undo puts back just that. The names of the one that goes become other names of
the one that stays: the next import resolves them by itself. The old address leads to the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from record import log, verbs
from record.users import User
from sources.models import Affiliation, Merge, PossibleDuplicate, Source, SourceName
from sources.names import normalize_name
from sources.preferred_names import update_preferred_name
from sources.resolver import MAX_NAME_CHARS


class MergeError(Exception):
    """Two sources that cannot be merged, or a merge that cannot be taken back, with what to do about it."""


def _source_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that points at a source, but those that a merge treats in its own way."""
    for relation in Source._meta.related_objects:
        model: Any = relation.related_model
        if model not in (Source, SourceName, PossibleDuplicate, Merge):
            yield model, relation.field.name


def preview_merge(kept: Source, gone: Source) -> list[tuple[str, int]]:
    """What a merge would move: (what, how many), the empty ones left out."""
    counted = [("names", gone.names.count())]
    for model, field in _source_columns():
        column: Any = model._meta.get_field(field)
        label = f"{model._meta.verbose_name_plural} ({column.verbose_name})"
        counted.append((label, model._default_manager.filter(**{field: gone}).count()))
    return [(label, count) for label, count in counted if count]


@transaction.atomic
def merge_sources(kept: Source, gone: Source, *, by: User) -> Merge:
    """Make one source of two: `kept` stays, `gone` leads to it. Returns the record that `part` takes.

    Raises PermissionDenied, and MergeError for a source and itself or one that was merged already.
    """
    _require_permission(by)
    rows = {row.pk: row for row in Source.objects.select_for_update().filter(pk__in=(kept.pk, gone.pk)).order_by("pk")}
    if len(rows) < 2:
        raise MergeError("A source cannot be merged into itself.")
    kept, gone = rows[kept.pk], rows[gone.pk]
    for source in (kept, gone):
        if source.merged_into_id:
            raise MergeError(f"{source} was merged into another source already. Look again.")
    moved: dict[str, list[int]] = {"names": _move_names(kept, gone), "preferred": [], "led here": []}
    moved["vouched"] = _confirm_name(kept, gone.name)
    for model, field in _source_columns():
        found = _move_rows(model, field, kept, gone)
        if found:
            moved[f"{model._meta.label_lower}.{field}"] = found
    before = Source.objects.filter(merged_into=gone)
    moved["led here"] = list(before.values_list("pk", flat=True))
    before.update(merged_into=kept)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    moved["likely"], moved["likely made"] = _move_likenesses(kept, gone)
    made = Merge.objects.create(kept=kept, gone=gone, by=by, moved=moved)
    log.record(verbs.MERGED, kept, by=by, other=gone.name)
    log.record(verbs.MERGED, gone, by=by, other=kept.name)
    return made


@transaction.atomic
def undo_merge(made: Merge, *, by: User) -> list[tuple[str, int]]:
    """Take a merge back: everything that it moved and that still is where it put it.

    Returns what is not there any more, because somebody changed it since: (what, how many). That stays as it is.
    Raises PermissionDenied, and MergeError where it was taken back already or the source that stayed has itself been
    merged since.
    """
    _require_permission(by)
    made = Merge.objects.select_for_update(of=("self",)).select_related("kept", "gone").get(pk=made.pk)
    kept, gone = made.kept, made.gone
    if made.undone_at is not None:
        raise MergeError("This merge was taken back already.")
    if kept.merged_into_id:
        raise MergeError(f"{kept} was itself merged since. Take that back first.")
    stays: list[tuple[str, int]] = []
    for key, ids in made.moved.items():
        if "." not in key:
            continue
        label, _, field = key.rpartition(".")
        model = next(model for model, name in _source_columns() if model._meta.label_lower == label and name == field)
        back = model._default_manager.filter(**{"pk__in": ids, field: kept}).update(**{field: gone})
        stays.append((str(model._meta.verbose_name_plural), len(ids) - back))
    SourceName.objects.filter(pk__in=made.moved.get("vouched", [])).update(learned=True)
    names = SourceName.objects.filter(pk__in=made.moved["names"], source=kept)
    stays.append(("names", len(made.moved["names"]) - names.update(source=gone, preferred=False)))
    SourceName.objects.filter(source=gone, name=gone.name).update(preferred=True)
    Source.objects.filter(pk__in=made.moved["led here"], merged_into=kept).update(merged_into=gone)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    for source in (kept, gone):
        update_preferred_name(source)  # an editor may have called the one by a name of the other's since
    PossibleDuplicate.objects.filter(
        pk__in=made.moved.get("likely made", []), state=PossibleDuplicate.State.OPEN
    ).delete()
    for pk in made.moved.get("likely", []):
        PossibleDuplicate.objects.filter(pk=pk, state=PossibleDuplicate.State.MERGED).update(
            state=PossibleDuplicate.State.OPEN
        )
    made.undone_at = timezone.now()
    made.save(update_fields=["undone_at"])
    log.record(verbs.MERGE_UNDONE, kept, by=by, other=gone.name)
    log.record(verbs.MERGE_UNDONE, gone, by=by, other=kept.name)
    return [(what, count) for what, count in stays if count]


def _require_permission(by: User) -> None:
    if not by.has_perm("sources.merge_source"):
        raise PermissionDenied("Your role does not let you merge sources.")


def _move_names(kept: Source, gone: Source) -> list[int]:
    """Names that the one that stays has already stay with the one that goes, where nobody looks them up."""
    known = kept.names.values_list("folded", flat=True)
    rows = gone.names.exclude(folded__in=list(known))
    ids = list(rows.values_list("pk", flat=True))
    SourceName.objects.filter(pk__in=ids).update(source=kept, preferred=False)
    return ids


def _confirm_name(kept: Source, name: str) -> list[int]:
    """Make the name of the one that goes an editor's own: who merges the two says that it is this source's."""
    rows = kept.names.filter(folded=normalize_name(name)[:MAX_NAME_CHARS], learned=True)
    ids = list(rows.values_list("pk", flat=True))
    SourceName.objects.filter(pk__in=ids).update(learned=False)
    return ids


def _move_likenesses(kept: Source, gone: Source) -> tuple[list[int], list[int]]:
    """What was open about the one that goes is settled (between the two) or asked of the one that stays.

    Returns the keys of the rows closed and of those made for it.
    """
    closed, made = [], []
    for row in PossibleDuplicate.objects.filter(Q(first=gone) | Q(second=gone), state=PossibleDuplicate.State.OPEN):
        third = row.second_id if row.first_id == gone.pk else row.first_id
        row.state = PossibleDuplicate.State.MERGED
        row.save(update_fields=["state"])
        closed.append(row.pk)
        if third != kept.pk:
            first, second = sorted((third, kept.pk))
            asked, new = PossibleDuplicate.objects.get_or_create(
                first_id=first, second_id=second, defaults={"evidence": row.evidence}
            )
            if new:
                made.append(asked.pk)
    return closed, made


def _move_rows(model: type[models.Model], field: str, kept: Source, gone: Source) -> list[int]:
    """Point a column at the one that stays; rows that would then say nothing new, or speak of themselves, stay."""
    rows = model._default_manager.filter(**{field: gone})
    if model is Affiliation:
        other = "organisation" if field == "person" else "person"
        rows = rows.exclude(**{other: kept})
        said = {_affiliation_key(row, field) for row in Affiliation.objects.filter(**{field: kept})}
        ids = []
        for row in rows.order_by("pk"):
            if _affiliation_key(row, field) not in said:
                said.add(_affiliation_key(row, field))
                ids.append(row.pk)
    else:
        ids = list(rows.values_list("pk", flat=True))
    model._default_manager.filter(pk__in=ids).update(**{field: kept})
    return ids


def _affiliation_key(row: Any, field: str) -> tuple[Any, ...]:
    other = row.organisation_id if field == "person" else row.person_id
    return (other, row.role, row.since)
