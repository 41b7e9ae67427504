"""A source's names: which one readers see, and what else it goes by.

A source has exactly one preferred name row, and it says what `Source.name` says.
"""

from __future__ import annotations

from django.db import transaction

from sources.models import Source, SourceName
from sources.names import fold
from sources.resolver import NAME_LENGTH, note_likeness


@transaction.atomic
def keep_preferred(source: Source) -> SourceName:
    """Make the row of `source.name` the preferred one, adding it if need be; an old name stays as an alias.

    Returns that row. A name that copy gave becomes an editor's by this.
    """
    folded = fold(source.name)[:NAME_LENGTH]
    source.names.filter(preferred=True).exclude(folded=folded).update(preferred=False)
    row, made = source.names.get_or_create(folded=folded, defaults={"name": source.name, "preferred": True})
    if not made and (row.name != source.name or not row.preferred):
        row.name, row.preferred, row.learned = source.name, True, False
        row.save(update_fields=["name", "preferred", "learned"])
    return row


def note_namesakes(source: Source) -> list[Source]:
    """Other sources, not merged away, that go by one of this source's names: each is noted as a likely duplicate."""
    folded = source.names.values("folded")
    others = Source.objects.current().filter(names__folded__in=folded).exclude(pk=source.pk).distinct()
    found = list(others.by_name())
    for other in found:
        note_likeness(source, other, f"Both go by a name that reads as “{_common(source, other)}”.")
    return found


def _common(one: Source, other: Source) -> str:
    return (
        SourceName.objects.filter(source=one, folded__in=other.names.values("folded"))
        .values_list("name", flat=True)
        .first()
        or ""
    )
