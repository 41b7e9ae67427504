"""Suggest sources while somebody types a name."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext

from articles.desk.cards import source_data
from articles.models import Article, Hop
from sources.models import Source, SourceName
from sources.names import MIN_LIKELY_SCORE, compare_names, normalize_name, surname

#: Suggestions shown, and names compared with what was typed.
MAX_SUGGESTIONS = 8
MAX_COMPARED_NAMES = 200
#: Letters of a name's first and last word that a similar name must share.
MAX_PREFIX_LETTERS = 4


def suggest_sources(article: Article, typed: str) -> list[dict[str, Any]]:
    """Return sources that may be meant, those of the article first.

    Likely duplicates of a new source come last.

    Each is {"id", "name", "kind", "kind_name", "alias", "here", "why"}. `alias` is the other name that matches. `here`:
    the source speaks in this article. `why` says why a source with another name is probably the same. At most four
    queries.
    """
    normalized = normalize_name(typed)
    article_sources = set(
        Hop.objects.filter(claim__article=article, source__isnull=False).values_list("source_id", flat=True).distinct()
    )
    sources = Source.objects.current()
    if not normalized:
        rows = sources.filter(pk__in=article_sources).by_name()[:MAX_SUGGESTIONS]
        return [{**source_data(source), "alias": "", "here": True, "why": ""} for source in rows]
    prefixed = SourceName.objects.filter(folded__startswith=normalized).values("source")
    ranked = (
        sources.with_name_containing(typed)
        .annotate(
            rank=Case(
                When(pk__in=article_sources, then=Value(0)),
                When(pk__in=prefixed, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("rank", "name", "id")
        .prefetch_related("names")
    )
    found = [
        {
            **source_data(source),
            "alias": _matching_alias(source, normalized),
            "here": source.pk in article_sources,
            "why": "",
        }
        for source in ranked[:MAX_SUGGESTIONS]
    ]
    found_pks = {row["id"] for row in found}
    return found + [row for row in find_duplicates(typed, article_sources) if row["id"] not in found_pks]


def find_duplicates(typed: str, article_sources: set[int]) -> list[dict[str, Any]]:
    """Return sources with a similar name, most similar first. One query."""
    words = normalize_name(typed).split()
    if not words:
        return []
    prefixes = {word[:MAX_PREFIX_LETTERS] for word in (words[0], words[-1], surname(typed)) if len(word) > 1}
    similar = Q(folded__in=[" ".join(words), "".join(words)])
    for prefix in prefixes:
        similar |= Q(folded__startswith=prefix) | Q(folded__contains=f" {prefix}")
    names = SourceName.objects.filter(similar, source__merged_into__isnull=True).select_related("source")
    best: dict[int, tuple[float, str, Source]] = {}
    for name in names.order_by("pk")[:MAX_COMPARED_NAMES]:
        match = compare_names(typed, name.name)
        if match.score >= MIN_LIKELY_SCORE and match.score > best.get(name.source_id, (0.0,))[0]:
            best[name.source_id] = match.score, match.reason, name.source
    ordered = sorted(best.values(), key=lambda match: (-match[0], match[2].pk))
    return [
        {**source_data(source), "alias": "", "here": source.pk in article_sources, "why": gettext(reason)}
        for _score, reason, source in ordered[:MAX_SUGGESTIONS]
    ]


def _matching_alias(source: Source, normalized: str) -> str:
    """Return the name that matches, if it is not the one that readers see."""
    if normalized in normalize_name(source.name):
        return ""
    return next((name.name for name in source.names.all() if normalized in name.folded), "")
