"""Which source somebody means while typing: by any of its names, those of the story first, with likely duplicates."""

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
#: Letters, at most, of a name's first and last word by which others that may be alike are looked up.
MAX_PREFIX_LETTERS = 4


def suggest_sources(article: Article, typed: str) -> list[dict[str, Any]]:
    """Sources that may be meant, best first: {"id", "name", "kind", "alias", "here", "why"}. At most four queries.

    `alias` is the other name that has the words in it; `here` says that the source speaks in this story; `why`
    says, of one that does not go by these words, why it is probably the same.
    """
    folded = normalize_name(typed)
    here = set(
        Hop.objects.filter(claim__article=article, source__isnull=False).values_list("source_id", flat=True).distinct()
    )
    sources = Source.objects.current()
    if not folded:
        rows = sources.filter(pk__in=here).by_name()[:MAX_SUGGESTIONS]
        return [{**source_data(source), "alias": "", "here": True, "why": ""} for source in rows]
    starts = SourceName.objects.filter(folded__startswith=folded).values("source")
    ranked = (
        sources.with_name_containing(typed)
        .annotate(
            rank=Case(
                When(pk__in=here, then=Value(0)),
                When(pk__in=starts, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("rank", "name", "id")
        .prefetch_related("names")
    )
    found = [
        {**source_data(source), "alias": _matching_alias(source, folded), "here": source.pk in here, "why": ""}
        for source in ranked[:MAX_SUGGESTIONS]
    ]
    known = {row["id"] for row in found}
    return found + [row for row in find_duplicates(typed, here) if row["id"] not in known]


def find_duplicates(typed: str, here: set[int]) -> list[dict[str, Any]]:
    """Sources that a new one of this name would probably be a second of, likeliest first. One query."""
    words = normalize_name(typed).split()
    if not words:
        return []
    beginnings = {word[:MAX_PREFIX_LETTERS] for word in (words[0], words[-1], surname(typed)) if len(word) > 1}
    alike = Q(folded__in=[" ".join(words), "".join(words)])
    for beginning in beginnings:
        alike |= Q(folded__startswith=beginning) | Q(folded__contains=f" {beginning}")
    names = SourceName.objects.filter(alike, source__merged_into__isnull=True).select_related("source")
    best: dict[int, tuple[float, str, Source]] = {}
    for name in names.order_by("pk")[:MAX_COMPARED_NAMES]:
        likeness = compare_names(typed, name.name)
        if likeness.score >= MIN_LIKELY_SCORE and likeness.score > best.get(name.source_id, (0.0,))[0]:
            best[name.source_id] = likeness.score, likeness.reason, name.source
    ordered = sorted(best.values(), key=lambda one: (-one[0], one[2].pk))
    return [
        {**source_data(source), "alias": "", "here": source.pk in here, "why": gettext(reason)}
        for _score, reason, source in ordered[:MAX_SUGGESTIONS]
    ]


def _matching_alias(source: Source, folded: str) -> str:
    """The name by which it was found, where that is not the one readers see."""
    if folded in normalize_name(source.name):
        return ""
    return next((name.name for name in source.names.all() if folded in name.folded), "")
