"""Small related rows as JSON beside their owner: several to-many relations in one query.

For what a page shows of a handful of rows (bylines, topics). Works on SQLite and PostgreSQL.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Expression, F, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.db.models.sql.compiler import SQLCompiler


class JsonArrayAgg(Aggregate):
    """The group's values as a JSON list."""

    function = "json_group_array"
    output_field = JSONField()
    allow_distinct = False

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="jsonb_agg", **extra)


def json_rows(rows: QuerySet[Any], owner: str, *fields: str, **named: str | Expression) -> Subquery:
    """The rows of the outer query's row as a list of objects with these fields; None where there are none.

    `named` gives fields by another path or an expression: source="source__slug". In no particular
    order: ask for the field to sort by.
    """
    columns: dict[str, Any] = {field: F(field) for field in fields}
    columns |= {name: F(path) if isinstance(path, str) else path for name, path in named.items()}
    grouped = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Subquery(grouped.annotate(json_rows=JsonArrayAgg(JSONObject(**columns))).values("json_rows")[:1])
