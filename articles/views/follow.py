"""The page that lists all feeds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.exports.feeds import feed_links
from articles.models import Topic
from articles.queries.sources import most_quoted_sources

#: Sources listed. The feeds of the others are on their own pages.
MAX_SOURCES = 12


def follow_page(request: HttpRequest) -> HttpResponse:
    """Show /follow/. Two queries: the topics, and the sources quoted most."""
    everything = (
        ("articles:articles", _("Stories"), _("Every new story, and every corrected one.")),
        ("articles:claims", _("Claims"), _("Every attributed statement, with who said it and who passed it on.")),
        ("articles:corrections", _("Corrections"), _("What was wrong, and what is right.")),
    )
    context = {
        "everything": [
            {"name": name, "description": description, "page": reverse(page), "feeds": feed_links(reverse(page), name)}
            for page, name, description in everything
        ],
        "topics": [
            {
                "name": topic.name,
                "page": topic.get_absolute_url(),
                "feeds": feed_links(topic.get_absolute_url(), topic.name),
            }
            for topic in Topic.objects.public().by_name()
        ],
        "sources": [
            {"name": source.name, "page": page, "feeds": feed_links(page, source.name)}
            for source in most_quoted_sources(MAX_SOURCES)
            for page in (reverse("articles:source", args=[source.slug]),)
        ],
    }
    return render(request, "follow.html", context)
