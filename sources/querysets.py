"""Every query about sources alone, named. Those that join their claims are in articles.querysets."""

from __future__ import annotations

from typing import Self

from django.db import models

from sources.naming import fold


class SourceQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def current(self) -> Self:
        """Those that still stand for themselves: not merged into another."""
        return self.filter(merged_into__isnull=True)

    def by_name(self) -> Self:
        """In the order of the sources page; served by the index source_by_name."""
        return self.order_by("name", "id")

    def called(self, words: str) -> Self:
        """Those with a name or alias that has these words in it, however accented or capitalised."""
        names = self.model._meta.get_field("names").related_model._default_manager.all()
        folded = fold(words)
        if not folded:
            return self
        return self.filter(pk__in=names.filter(folded__contains=folded).order_by().values("source"))
