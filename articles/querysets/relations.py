"""Related rows without an import of their model, which itself imports the querysets."""

from __future__ import annotations

from typing import Any

from django.db import models


def related(queryset: models.QuerySet, relation: str) -> Any:  # type: ignore[type-arg]
    """The rows on the other side of a relation, all of them, without importing their model here.

    They come with that model's own named queries, which no type can say without the import.
    """
    return queryset.model._meta.get_field(relation).related_model._default_manager.all()
