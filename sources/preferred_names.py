"""The preferred name of a source.

Each source has exactly one preferred SourceName. It equals `Source.name`.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from sources.models import Source, SourceName
from sources.names import normalize_name
from sources.resolver import MAX_NAME_CHARS, add_possible_duplicate


@transaction.atomic
def update_preferred_name(source: Source) -> SourceName:
    """Make the row of `source.name` the preferred one, and return it.

    Add it if it does not exist.

    The old name stays as another name. A learned name counts as confirmed from then on.
    """
    folded = normalize_name(source.name)[:MAX_NAME_CHARS]
    source.names.filter(preferred=True).exclude(folded=folded).update(preferred=False)
    row, created = source.names.get_or_create(folded=folded, defaults={"name": source.name, "preferred": True})
    if not created and (row.name != source.name or not row.preferred):
        row.name, row.preferred, row.learned = source.name, True, False
        row.save(update_fields=["name", "preferred", "learned"])
    return row


def add_namesake_duplicates(source: Source) -> list[Source]:
    """Add a possible duplicate for each current source that shares a name.

    Return these sources.
    """
    folded = source.names.values("folded")
    others = Source.objects.current().filter(names__folded__in=folded).exclude(pk=source.pk).distinct()
    namesakes = list(others.by_name())
    for other in namesakes:
        evidence = _("Both have the name “%(name)s”.") % {"name": _shared_name(source, other)}
        add_possible_duplicate(source, other, evidence)
    return namesakes


def _shared_name(source: Source, other: Source) -> str:
    return (
        SourceName.objects.filter(source=source, folded__in=other.names.values("folded"))
        .values_list("name", flat=True)
        .first()
        or ""
    )
