"""How a claim's parts are put into words: chains, bounds, days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.models import Article, Claim, Hop, Quantity
from articles.addresses import host_of
from articles.marking import Passage, key_of

register = template.Library()


@register.filter
def bounds(quantity: Quantity) -> str:
    """A figure's bounds in words: "100 or more", "from 900 to under 1,000", "exactly 12"."""
    low, high = _number(quantity.lower), _number(quantity.upper)
    unit = f" {quantity.unit}" if quantity.unit not in ("", "%") else quantity.unit
    if quantity.lower == quantity.upper:
        return f"{low}{unit}"
    if quantity.upper is None:
        words = _("%(low)s or more") if quantity.lower_inclusive else _("more than %(low)s")
    elif quantity.lower is None or (quantity.lower == 0 and not quantity.approximate):
        words = _("%(high)s or fewer") if quantity.upper_inclusive else _("fewer than %(high)s")
    elif quantity.upper_inclusive:
        words = _("%(low)s to %(high)s")
    else:
        words = _("from %(low)s to under %(high)s")
    return words % {"low": low + quantity.unit * (quantity.unit == "%"), "high": high + unit}


@register.filter
def published(article: Article) -> str:
    """When, as exactly as is known: a day alone, or the minute too."""
    if article.published_at is None:
        return ""
    day = date_format(article.published_at, "j F Y")
    if article.published_precision == Article.Precision.DAY:
        return day
    return f"{day}, {date_format(article.published_at, 'H:i')} UTC"


@register.filter
def said_on(claim: Claim) -> str:
    """The day or days it was said; empty where nobody knows."""
    if claim.stated_from is None or claim.stated_to is None:
        return ""
    if claim.stated_from == claim.stated_to:
        return date_format(claim.stated_from, "l j F Y")
    return f"{date_format(claim.stated_from, 'j F')} – {date_format(claim.stated_to, 'j F Y')}"


@register.filter
def who(hop: Hop) -> str:
    """A hop's source by name, or the words for somebody unnamed."""
    return hop.source.name if hop.source else hop.mention


@register.filter
def in_order(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Rows that came as JSON (articles.jsonrows), in their own order."""
    return sorted(rows or [], key=lambda row: row.get("order") or 0)


@register.filter
def key(claim: Claim) -> str:
    """What names a claim within its story's address: #c-…"""
    return key_of(claim)


@register.filter
def first_key(passages: Sequence[Passage]) -> str:
    """The key of a page's first claim."""
    return next((note.key for passage in passages for note in passage.notes), "")


@register.filter
def host(url: str) -> str:
    """The host of an address, as a reader would say it."""
    return host_of(url) or url


@register.filter
def body(html: str) -> SafeString:
    """A block of a body. It was sanitised when it was stored and marked by articles.text."""
    return mark_safe(html)  # noqa: S308


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: str) -> str:
    """This page's query string with some parameters changed; an empty value takes one out."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else request.path


def _number(value: Decimal | None) -> str:
    if value is None:
        return ""
    plain = value.to_integral_value() if value == value.to_integral_value() else value.normalize()
    return number_format(plain, use_l10n=True, force_grouping=True)
