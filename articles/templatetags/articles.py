"""How a claim's parts are put into words: chains, bounds, days."""

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
    formatting.modality_label,
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
    """What names a claim within its story's address: #c-…"""
    return claim_key(claim)


@register.filter
def first_key(passages: Sequence[Passage]) -> str:
    """The key of a page's first claim."""
    return next((note.key for passage in passages for note in passage.notes), "")


@register.filter
def body(html: str) -> SafeString:
    """A block of a body. It was sanitised when it was stored and marked by articles.text.body."""
    return mark_safe(html)  # noqa: S308


@register.filter
def percent(part: int, whole: int) -> int:
    """What part of a whole, in whole percent."""
    return round(100 * part / whole) if whole else 0


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: str) -> str:
    """This page's address with some parameters changed; an empty value takes one out."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else request.path
