"""A source's names: which one readers see, and what else it goes by.

A source has exactly one preferred name row, and it says what `Source.name` says.
"""

from __future__ import annotations

from django.db import transaction

from sources.models import Source, SourceName
from sources.names import normalize_name
from sources.resolver import MAX_NAME_CHARS, add_possible_duplicate


@transaction.atomic
def update_preferred_name(source: Source) -> SourceName:
    """Make the row of `source.name` the preferred one, adding it if need be; an old name stays as an alias.

    Returns that row. A name that copy gave becomes an editor's by this.
    """
    folded = normalize_name(source.name)[:MAX_NAME_CHARS]
    source.names.filter(preferred=True).exclude(folded=folded).update(preferred=False)
    row, made = source.names.get_or_create(folded=folded, defaults={"name": source.name, "preferred": True})
    if not made and (row.name != source.name or not row.preferred):
        row.name, row.preferred, row.learned = source.name, True, False
        row.save(update_fields=["name", "preferred", "learned"])
    return row


def add_namesake_duplicates(source: Source) -> list[Source]:
    """Other sources, not merged away, that go by one of this source's names: each is noted as a likely duplicate."""
    folded = source.names.values("folded")
    others = Source.objects.current().filter(names__folded__in=folded).exclude(pk=source.pk).distinct()
    found = list(others.by_name())
    for other in found:
        add_possible_duplicate(source, other, f"Both go by a name that reads as “{_shared_name(source, other)}”.")
    return found


def _shared_name(one: Source, other: Source) -> str:
    return (
        SourceName.objects.filter(source=one, folded__in=other.names.values("folded"))
        .values_list("name", flat=True)
        .first()
        or ""
    )
