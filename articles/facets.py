"""Count the rows of each choice of each filter in one query.

The count of a choice is over the rows that all other filters let through: it is what choosing it would show. At most
MAX_COUNTED_ROWS rows are counted for each filter; beyond that, counts are shown with a plus sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.validators import EMPTY_VALUES
from django.db import connections
from django.db.models import CharField, QuerySet, Value
from django.db.models.expressions import RawSQL
from django_filters import FilterSet

#: Rows counted for each filter at most.
MAX_COUNTED_ROWS = 10_000
#: The key for the rows that all filters let through.
ALL_ROWS = ""

#: Takes a subquery of ids. Returns a values() queryset of `value` and `count`, a row for each choice, and `label` if
#: the choices come from the database.
ChoiceCounter = Callable[[Any], QuerySet[Any]]


@dataclass(slots=True)
class Facets:
    """Counts by filter and choice.

    `total` counts the rows that all filters let through.
    """

    total: int = 0
    #: Counts stop after this many rows.
    max_counted: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    #: Names by filter and choice, for choices from the database.
    choice_names: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Filters with more rows than were counted.
    capped_filters: set[str] = field(default_factory=set)

    def format_choice(self, name: str, value: str, label: str) -> str:
        """Return a label with its count: "direct (12)" or "direct (1,204+)".

        Without a count, return the label alone.
        """
        if name not in self.counts or not value:
            return label
        count = self.counts[name].get(str(value), 0)
        return f"{label} ({count:,}{'+' if name in self.capped_filters and count else ''})"

    @property
    def has_more(self) -> bool:
        return self.total > self.max_counted


def count_facets(filterset: FilterSet, countings: Mapping[str, ChoiceCounter]) -> Facets:
    """Count the choices of the filters of a valid filterset, and the rows found.

    One query. The rows that all filters let through are computed once, for all filters that are not in use. Each filter
    in use needs rows of its own.
    """
    using = filterset.queryset.db
    sets = {ALL_ROWS: _matching_ids(filterset, None)}
    sets |= {name: _matching_ids(filterset, name) for name in countings if _is_in_use(filterset, name)}
    tables = {name: f"found_{number}" for number, name in enumerate(sets)}
    with_, parts = [], []
    params: list[Any] = []
    for name, rows in sets.items():
        sql, more = _compile_sql(rows, using)
        with_.append(f"{tables[name]} (pk) AS ({sql})")
        params += more
    for name, table in tables.items():
        parts.append(f"SELECT %s, '', '', COUNT(*) FROM {table}")  # noqa: S608 - our own names
        params.append(name + TOTAL_SUFFIX)
    for name, counting in countings.items():
        ids = RawSQL(f"SELECT pk FROM {tables.get(name, tables[ALL_ROWS])}", ())  # noqa: S608, S611 - our own names
        choices = counting(ids).annotate(facet=Value(name, CharField())).order_by()
        if "label" not in choices.query.annotations:
            choices = choices.annotate(label=Value("", CharField()))
        sql, more = _compile_sql(choices.values_list("facet", "value", "label", "count"), using)
        parts.append(sql)
        params += more
    found = Facets(max_counted=MAX_COUNTED_ROWS, counts={name: {} for name in countings})
    sizes: dict[str, int] = {}
    with connections[using].cursor() as cursor:
        cursor.execute(f"WITH {', '.join(with_)} {' UNION ALL '.join(parts)}", params)
        for facet, value, label, number in cursor.fetchall():
            if facet.endswith(TOTAL_SUFFIX):
                sizes[facet.removesuffix(TOTAL_SUFFIX)] = number
                continue
            found.counts[facet][str(value)] = number
            if label:
                found.choice_names.setdefault(facet, {})[str(value)] = label
    found.total = sizes[ALL_ROWS]
    # One row more than is counted shows that there are more.
    found.capped_filters = {name for name in countings if sizes.get(name, found.total) > MAX_COUNTED_ROWS}
    return found


#: Marks the result row with the number of rows counted for a filter.
TOTAL_SUFFIX = "#"


def _is_in_use(filterset: FilterSet, name: str) -> bool:
    return filterset.form.cleaned_data.get(name) not in EMPTY_VALUES


def _matching_ids(filterset: FilterSet, without: str | None) -> QuerySet[Any]:
    """Return ids of rows that all filters but one let through, at most one too many."""
    rows = filterset.queryset
    for name, value in filterset.form.cleaned_data.items():
        if name != without and name in filterset.filters:
            rows = filterset.filters[name].filter(rows, value)
    return rows.select_related(None).prefetch_related(None).order_by().values("pk")[: MAX_COUNTED_ROWS + 1]  # type: ignore[no-any-return]


def _compile_sql(rows: QuerySet[Any], using: str) -> tuple[str, Sequence[Any]]:
    """Return SQL and parameters of a queryset; SQL without rows for an empty one."""
    try:
        sql, params = rows.query.get_compiler(using).as_sql()
    except EmptyResultSet:  # a filter lets nothing through
        return "SELECT CAST(NULL AS bigint) WHERE 1 = 0", ()
    return sql, params
