"""Every query about sources alone, named. Those that join their claims are in articles.querysets."""

from __future__ import annotations

from typing import Any, Self

from django.db import connections, models
from django.db.models.functions import Coalesce

from sources.names import normalize_name


class SourceQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        """Those that still stand for themselves: not merged into another.

        That is nearly all of them, and SQLite, which cannot know it, would rather gather them by the index of those
        merged and sort them than read a page of them in their order: it is asked in a way that no index answers.
        """
        if connections[self.db].vendor == "sqlite":
            return self.alias(merged=Coalesce("merged_into", 0)).filter(merged=0)
        return self.filter(merged_into__isnull=True)

    def by_name(self) -> Self:
        """In the order of the sources page; served by the index source_by_name."""
        return self.order_by("name", "id")

    def with_name_containing(self, words: str, names: models.QuerySet[Any] | None = None) -> Self:
        """Those with a name or alias that has these words in it, however accented or capitalised.

        Of all names, as editors see them, unless `names` says of which.
        """
        if names is None:
            names = self.model._meta.get_field("names").related_model._default_manager.all()
        folded = normalize_name(words)
        if not folded:
            return self
        return self.filter(pk__in=names.filter(folded__contains=folded).order_by().values("source"))
