"""Share image and feeds of pages that have none of their own."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.display import share_card
from articles.exports.feeds import FeedLink, feed_links

register = template.Library()


@register.simple_tag(takes_context=True)
def site_image(context: dict[str, Any]) -> str:
    """Return the URL of the site's share image; empty if the host is not allowed."""
    request: HttpRequest | None = context.get("request")
    try:
        return share_card.site_image_url(request.build_absolute_uri) if request else ""
    except DisallowedHost:
        return ""  # on the error page for that host


@register.simple_tag
def site_feeds() -> list[FeedLink]:
    """Return the feeds of all articles and all claims."""
    return feed_links(reverse("articles:articles"), _("Stories")) + feed_links(reverse("articles:claims"), _("Claims"))
