"""Addresses: which two URLs are the same story, which publisher a host belongs to, and free slugs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.text import slugify

from articles.models import Article

MAX_SLUG_BASE_CHARS = 100  # of the 120 a slug may have: the rest is for the number that makes it unique


class SlugAllocator:
    """Free slugs for new articles, two queries a batch."""

    def __init__(self, headlines: Iterable[str]) -> None:
        bases = {slug_base(headline) for headline in headlines}
        crowded = Article.objects.filter(slug__in=bases).values_list("slug", flat=True)
        self._taken = set(crowded)
        if self._taken:
            numbered = Q()
            for base in self._taken:
                numbered |= Q(slug__startswith=f"{base}-")
            self._taken |= set(Article.objects.filter(numbered).values_list("slug", flat=True))

    def allocate(self, headline: str) -> str:
        """A slug nobody has, from a headline; a number tells equal ones apart."""
        base = slug_base(headline)
        slug, number = base, 2
        while slug in self._taken:
            slug, number = f"{base}-{number}", number + 1
        self._taken.add(slug)
        return slug


def slug_base(headline: str) -> str:
    """The headline as an address, cut at a word."""
    slug = slugify(headline) or "story"
    if len(slug) > MAX_SLUG_BASE_CHARS:
        slug = slug[: MAX_SLUG_BASE_CHARS + 1].rpartition("-")[0] or slug[:MAX_SLUG_BASE_CHARS]
    return slug
