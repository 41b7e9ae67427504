"""Filters of the admin templates for claims."""

from django import template

from articles.admin import formatting
from articles.models import Claim

register = template.Library()

register.filter("chain", formatting.format_chain)
register.filter("figures", formatting.format_quantities)
register.filter("reviewed", formatting.review_badge)


@register.filter
def confidence_percent(claim: Claim) -> str:
    """Return the confidence of the extractor as "84%"; empty for an editor's claim."""
    return "" if claim.confidence is None else f"{claim.confidence:.0%}"
