"""What can be followed, for people: every kind of feed on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.exports.feeds import feed_links
from articles.models import Topic
from articles.queries.sources import most_quoted_sources

#: How many sources are named here; each of the others has its feed on its own page.
MAX_SOURCES = 12


def follow_page(request: HttpRequest) -> HttpResponse:
    """/follow/ — two queries: the topics, and who speaks most."""
    everything = (
        ("articles:articles", _("Stories"), _("Every story as it comes out, and again when it is corrected.")),
        ("articles:claims", _("Claims"), _("Every attributed statement, with who said it and through whom it came.")),
        ("articles:corrections", _("Corrections"), _("What was wrong, and what is right.")),
    )
    context = {
        "everything": [
            {"name": name, "says": says, "page": reverse(page), "feeds": feed_links(reverse(page), name)}
            for page, name, says in everything
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
            {"name": voice.name, "page": page, "feeds": feed_links(page, voice.name)}
            for voice in most_quoted_sources(MAX_SOURCES)
            for page in (reverse("articles:source", args=[voice.slug]),)
        ],
    }
    return render(request, "follow.html", context)
