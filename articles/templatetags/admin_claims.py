"""Template filters that format claims as the admin's lists do."""

from django import template

from articles.admin import formatting
from articles.models import Claim

register = template.Library()

register.filter("chain", formatting.format_chain)
register.filter("figures", formatting.format_quantities)
register.filter("reviewed", formatting.review_badge)


@register.filter
def confidence_percent(claim: Claim) -> str:
    """Return the extractor's confidence: "84%"."""
    return "" if claim.confidence is None else f"{claim.confidence:.0%}"
