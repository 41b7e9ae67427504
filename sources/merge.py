"""Merge two sources that are the same, preview a merge, and undo it.

A merge points every row that refers to the merged source at the kept one, in whichever table. It stores the keys of
these rows, so that an undo moves back exactly them. The names of the merged source become other names of the kept
one, so the next import resolves them. The old URL redirects to the kept source.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from record import log, verbs
from record.users import User
from sources.models import Affiliation, Merge, PossibleDuplicate, Source, SourceName
from sources.names import normalize_name
from sources.preferred_names import update_preferred_name
from sources.resolver import MAX_NAME_CHARS


class MergeError(Exception):
    """Two sources that cannot be merged, or a merge that cannot be undone.

    The message is for editors.
    """


def _source_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Yield model and field of the foreign keys to a source that a merge moves."""
    for relation in Source._meta.related_objects:
        model: Any = relation.related_model
        if model not in (Source, SourceName, PossibleDuplicate, Merge):
            yield model, relation.field.name


def preview_merge(kept: Source, gone: Source) -> list[tuple[str, int]]:
    """Return what a merge would move, as (label, count), without zeros."""
    counts = [(_("names"), gone.names.count())]
    for model, field in _source_columns():
        column: Any = model._meta.get_field(field)
        label = f"{model._meta.verbose_name_plural} ({column.verbose_name})"
        counts.append((label, model._default_manager.filter(**{field: gone}).count()))
    return [(label, count) for label, count in counts if count]


@transaction.atomic
def merge_sources(kept: Source, gone: Source, *, by: User) -> Merge:
    """Merge `gone` into `kept`. Return the merge, which `undo_merge` takes.

    Raise PermissionDenied; or MergeError if both are the same row, or one was merged before.
    """
    _require_permission(by)
    rows = {row.pk: row for row in Source.objects.select_for_update().filter(pk__in=(kept.pk, gone.pk)).order_by("pk")}
    if len(rows) < 2:
        raise MergeError(_("A source cannot be merged into itself."))
    kept, gone = rows[kept.pk], rows[gone.pk]
    for source in (kept, gone):
        if source.merged_into_id:
            raise MergeError(
                _("%(source)s was already merged into another source. Reload the page.") % {"source": source}
            )
    moved: dict[str, list[int]] = {"names": _move_names(kept, gone), "confirmed names": _confirm_name(kept, gone.name)}
    for model, field in _source_columns():
        if pks := _move_rows(model, field, kept, gone):
            moved[f"{model._meta.label_lower}.{field}"] = pks
    redirects = Source.objects.filter(merged_into=gone)
    moved["redirects"] = list(redirects.values_list("pk", flat=True))
    redirects.update(merged_into=kept)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    moved["closed duplicates"], moved["added duplicates"] = _move_duplicates(kept, gone)
    merge = Merge.objects.create(kept=kept, gone=gone, by=by, moved=moved)
    log.record(verbs.MERGED, kept, user=by, other=gone.name)
    log.record(verbs.MERGED, gone, user=by, other=kept.name)
    return merge


@transaction.atomic
def undo_merge(merge: Merge, *, by: User) -> list[tuple[str, int]]:
    """Undo a merge: move back the rows that still belong to the kept source.

    Return what somebody has changed since and therefore stays: (label, count). Raise PermissionDenied; or MergeError
    if the merge was undone before, or the kept source was itself merged since.
    """
    _require_permission(by)
    merge = Merge.objects.select_for_update(of=("self",)).select_related("kept", "gone").get(pk=merge.pk)
    kept, gone, moved = merge.kept, merge.gone, merge.moved
    if merge.undone_at is not None:
        raise MergeError(_("This merge was already undone."))
    if kept.merged_into_id:
        raise MergeError(
            _("%(source)s has been merged into another source since. Undo that merge first.") % {"source": kept}
        )
    unmoved: list[tuple[str, int]] = []
    models_by_label = {model._meta.label_lower: model for model, _field in _source_columns()}
    for key, pks in moved.items():
        label, dot, field = key.rpartition(".")
        if not dot:
            continue
        model = models_by_label[label]
        count = model._default_manager.filter(**{"pk__in": pks, field: kept}).update(**{field: gone})
        unmoved.append((str(model._meta.verbose_name_plural), len(pks) - count))
    SourceName.objects.filter(pk__in=moved["confirmed names"]).update(learned=True)
    names = SourceName.objects.filter(pk__in=moved["names"], source=kept)
    unmoved.append((_("names"), len(moved["names"]) - names.update(source=gone, preferred=False)))
    SourceName.objects.filter(source=gone, name=gone.name).update(preferred=True)
    Source.objects.filter(pk__in=moved["redirects"], merged_into=kept).update(merged_into=gone)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    for source in (kept, gone):
        # An editor may have renamed one of them to a name of the other since.
        update_preferred_name(source)
    duplicates = PossibleDuplicate.objects
    duplicates.filter(pk__in=moved["added duplicates"], state=PossibleDuplicate.State.OPEN).delete()
    duplicates.filter(pk__in=moved["closed duplicates"], state=PossibleDuplicate.State.MERGED).update(
        state=PossibleDuplicate.State.OPEN
    )
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    log.record(verbs.MERGE_UNDONE, kept, user=by, other=gone.name)
    log.record(verbs.MERGE_UNDONE, gone, user=by, other=kept.name)
    return [(label, count) for label, count in unmoved if count]


def _require_permission(user: User) -> None:
    if not user.has_perm("sources.merge_source"):
        raise PermissionDenied(_("Your role does not let you merge sources."))


def _move_names(kept: Source, gone: Source) -> list[int]:
    """Move the names that the kept source does not have yet. Return their keys.

    The others stay with the merged source, where nothing looks them up.
    """
    rows = gone.names.exclude(folded__in=list(kept.names.values_list("folded", flat=True)))
    pks = list(rows.values_list("pk", flat=True))
    SourceName.objects.filter(pk__in=pks).update(source=kept, preferred=False)
    return pks


def _confirm_name(kept: Source, name: str) -> list[int]:
    """Mark the name of the merged source as confirmed. Return the keys of the rows.

    By merging, an editor says that it is a name of the kept source.
    """
    rows = kept.names.filter(folded=normalize_name(name)[:MAX_NAME_CHARS], learned=True)
    pks = list(rows.values_list("pk", flat=True))
    SourceName.objects.filter(pk__in=pks).update(learned=False)
    return pks


def _move_duplicates(kept: Source, gone: Source) -> tuple[list[int], list[int]]:
    """Close the open duplicates of the merged source, and add them to the kept one.

    Return the keys of the closed rows and of the added ones.
    """
    closed, added = [], []
    for row in PossibleDuplicate.objects.filter(Q(first=gone) | Q(second=gone), state=PossibleDuplicate.State.OPEN):
        third = row.second_id if row.first_id == gone.pk else row.first_id
        row.state = PossibleDuplicate.State.MERGED
        row.save(update_fields=["state"])
        closed.append(row.pk)
        if third != kept.pk:
            first, second = sorted((third, kept.pk))
            duplicate, is_new = PossibleDuplicate.objects.get_or_create(
                first_id=first, second_id=second, defaults={"evidence": row.evidence}
            )
            if is_new:
                added.append(duplicate.pk)
    return closed, added


def _move_rows(model: type[models.Model], field: str, kept: Source, gone: Source) -> list[int]:
    """Point a column at the kept source. Return the keys of the moved rows.

    Affiliations that the kept source has already, or that would be with itself, stay.
    """
    rows = model._default_manager.filter(**{field: gone})
    if model is Affiliation:
        other_field = "organisation" if field == "person" else "person"
        rows = rows.exclude(**{other_field: kept})
        existing = {_affiliation_key(row, field) for row in Affiliation.objects.filter(**{field: kept})}
        pks = []
        for row in rows.order_by("pk"):
            if _affiliation_key(row, field) not in existing:
                existing.add(_affiliation_key(row, field))
                pks.append(row.pk)
    else:
        pks = list(rows.values_list("pk", flat=True))
    model._default_manager.filter(pk__in=pks).update(**{field: kept})
    return pks


def _affiliation_key(row: Any, field: str) -> tuple[Any, ...]:
    other = row.organisation_id if field == "person" else row.person_id
    return (other, row.role, row.since)
