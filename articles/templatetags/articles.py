"""Filters of the public templates: claims, figures, dates, URLs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from articles.display import formatting
from articles.display.marked_text import Passage, claim_key
from articles.models import Claim

register = template.Library()
for _function in (
    formatting.bounds,
    formatting.published,
    formatting.published_day,
    formatting.machine_time,
    formatting.day,
    formatting.year,
    formatting.date_said,
    formatting.form_label,
    formatting.hop_name,
    formatting.lede,
    formatting.in_order,
    formatting.newest_first,
    formatting.first_image,
    formatting.writers,
    formatting.credits,
    formatting.host,
    formatting.direction,
    formatting.claim_count_label,
    formatting.correction_label,
):
    register.filter(_function)


@register.filter
def key(claim: Claim) -> str:
    """Return the fragment of a claim in the URL of its article: "c-…"."""
    return claim_key(claim)


@register.filter
def first_key(passages: Sequence[Passage]) -> str:
    """Return the key of the first claim of an article page."""
    return next((note.key for passage in passages for note in passage.notes), "")


@register.filter
def body(html: str) -> SafeString:
    """Mark HTML of an article body as safe: it was sanitised when it was stored."""
    return mark_safe(html)  # noqa: S308


@register.filter
def percent(part: int, whole: int) -> int:
    """Return a share in whole percent; 0 of nothing."""
    return round(100 * part / whole) if whole else 0


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: str) -> str:
    """Return the URL of this page with parameters changed; an empty value removes one."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else request.path
