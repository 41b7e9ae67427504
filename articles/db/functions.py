"""Related rows as JSON in the row of their owner.

For the few rows that a page shows (bylines, topics): several to-many relations in one query. Works on SQLite and
PostgreSQL.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Expression, F, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.db.models.sql.compiler import SQLCompiler


class JsonArrayAgg(Aggregate):
    """Aggregate values to a JSON list."""

    function = "json_group_array"
    output_field = JSONField()
    allow_distinct = False

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="jsonb_agg", **extra)


def json_rows(rows: QuerySet[Any], owner: str, *fields: str, **named: str | Expression) -> Subquery:
    """Return a subquery of the rows of the outer row as a JSON list of objects.

    `owner` is the rows' foreign key to the outer row. `named` gives fields by another path or an expression:
    source="source__slug". The list has no particular order, so include the field to sort by. No rows give None.
    """
    columns: dict[str, Any] = {field: F(field) for field in fields}
    columns |= {name: F(path) if isinstance(path, str) else path for name, path in named.items()}
    grouped = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Subquery(grouped.annotate(json_rows=JsonArrayAgg(JSONObject(**columns))).values("json_rows")[:1])
