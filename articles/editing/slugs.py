"""Allocate slugs for new articles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.text import slugify

from articles.models import Article

#: A slug may have 120 characters. The rest is for the number that makes it unique.
MAX_SLUG_BASE_CHARS = 100


class SlugAllocator:
    """Give free slugs to a batch of new articles. Two queries per batch."""

    def __init__(self, headlines: Iterable[str]) -> None:
        bases = {slug_base(headline) for headline in headlines}
        self._taken = set(Article.objects.filter(slug__in=bases).values_list("slug", flat=True))
        if self._taken:
            is_numbered = Q()
            for base in self._taken:
                is_numbered |= Q(slug__startswith=f"{base}-")
            self._taken |= set(Article.objects.filter(is_numbered).values_list("slug", flat=True))

    def allocate(self, headline: str) -> str:
        """Return a free slug for a headline, with a number if the plain one is taken."""
        base = slug_base(headline)
        slug, number = base, 2
        while slug in self._taken:
            slug, number = f"{base}-{number}", number + 1
        self._taken.add(slug)
        return slug


def slug_base(headline: str) -> str:
    """Return the headline as a slug, cut at a word."""
    slug = slugify(headline) or "story"
    if len(slug) > MAX_SLUG_BASE_CHARS:
        slug = slug[: MAX_SLUG_BASE_CHARS + 1].rpartition("-")[0] or slug[:MAX_SLUG_BASE_CHARS]
    return slug
