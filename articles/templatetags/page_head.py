"""What stands in a page's head for machines, where the page itself says nothing more special."""

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
def site_picture(context: dict[str, Any]) -> str:
    """The whole address of the picture for a page without its own; nothing where the site's own is not known."""
    request: HttpRequest | None = context.get("request")
    try:
        return share_card.site_image_url(request.build_absolute_uri) if request else ""
    except DisallowedHost:
        return ""  # the page that says so


@register.simple_tag
def site_feeds() -> list[FeedLink]:
    """The feeds of a page without its own: every story, every claim."""
    return feed_links(reverse("articles:articles"), _("Stories")) + feed_links(reverse("articles:claims"), _("Claims"))
