"""How many rows each choice of a filter would leave, all choices of a list in one query.

The count beside a choice is of the rows that every other filter lets through, so that it says what choosing it would
show. At most BOUND rows are looked at for each filter; where there are more, the counts are said to be "or more".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django_filters import FilterSet

#: Rows that are counted for a filter at most.
BOUND = 10_000
#: The name under which the number of all rows found is kept.
ALL = ""

#: Of rows found (a subquery of their ids): a values() queryset with `value` and `count`, a row for each choice.
Counting = Callable[[Any], QuerySet[Any]]


@dataclass(slots=True)
class Facets:
    """Counts by filter and choice; `total` of all rows that the filters let through."""

    total: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    #: Filters of which only the first BOUND rows were counted.
    bounded: set[str] = field(default_factory=set)

    def label(self, name: str, value: str, label: str) -> str:
        """A choice as it is shown: "direct (12)", "direct (1,204+)"; without a number where none was counted."""
        if name not in self.counts or not value:
            return label
        count = self.counts[name].get(str(value), 0)
        return f"{label} ({count:,}{'+' if name in self.bounded and count else ''})"

    bound: int = 0

    @property
    def more(self) -> bool:
        """Are there more rows than were counted?"""
        return self.total > self.bound


def count(filterset: FilterSet, countings: Mapping[str, Counting]) -> Facets:
    """Count the choices of a valid filterset's filters, and the rows found: one query."""
    model = filterset.queryset.model
    parts = [_part(ALL, _rows(filterset, None, BOUND + 1).values("pk"), model)]
    for name, counting in countings.items():
        # one row more than is counted tells whether there are more
        rows = model._base_manager.filter(pk__in=_rows(filterset, name, BOUND + 1).values("pk")).order_by()
        parts.append(
            counting(rows.values("pk"))
            .annotate(facet=Value(name, CharField()))
            .order_by()
            .values_list("facet", "value", "count")
        )
        parts.append(_part(f"{name}{SIZE}", _rows(filterset, name, BOUND + 1).values("pk"), model))
    found = Facets(bound=BOUND, counts={name: {} for name in countings})
    for facet, value, number in parts[0].union(*parts[1:], all=True):
        if facet == ALL:
            found.total = number
        elif facet.endswith(SIZE):
            if number > BOUND:
                found.bounded.add(facet.removesuffix(SIZE))
        else:
            found.counts[facet][str(value)] = number
    return found


#: Marks the row that says how many rows a filter's choices were counted of.
SIZE = "#"


def _part(name: str, ids: Any, model: Any) -> Any:
    """One row: the name, nothing, and how many ids there are."""
    rows = model._base_manager.filter(pk__in=ids).order_by()
    return (
        rows.annotate(facet=Value(name, CharField()), value=Value("", CharField()))
        .values("facet", "value")
        .annotate(count=Count("pk"))
        .values_list("facet", "value", "count")
    )


def _rows(filterset: FilterSet, without: str | None, most: int) -> Any:
    """At most so many rows that all filters but one let through."""
    rows = filterset.queryset
    for name, value in filterset.form.cleaned_data.items():
        if name != without and name in filterset.filters:
            rows = filterset.filters[name].filter(rows, value)
    return rows.select_related(None).prefetch_related(None).order_by().only("pk")[:most]
