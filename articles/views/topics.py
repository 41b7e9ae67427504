"""The list of topics, and a topic's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.exports.feeds import feed_links
from articles.models import Article, Claim, Topic
from articles.pagination import BadCursorError, paginate
from articles.queries.sources import most_quoted_sources

#: How many of those who speak most a topic's page names.
MAX_SOURCES = 10


def topic_list(request: HttpRequest) -> HttpResponse:
    """/topics/ — one query: every topic with a public story, by name."""
    return render(request, "topics/list.html", {"topics": list(Topic.objects.public().by_name())})


def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/topics/<slug>/ — three queries: the topic, a page of its stories, who speaks most in them.

    A topic that no public story is filed under has no page for readers.
    """
    found = get_object_or_404(Topic.objects.public(), slug=slug)
    problem, shown = "", None
    try:
        shown = paginate(
            Article.objects.public().for_list().newest_first().filed_under(slug), request.GET.get("page", "")
        )
    except BadCursorError as error:
        problem = str(error)
    context = {
        "feeds": feed_links(found.get_absolute_url(), found.name),
        "topic": found,
        "page": shown,
        "problem": problem,
        "sources": most_quoted_sources(MAX_SOURCES, Claim.objects.public().filed_under(slug)),
    }
    return render(request, "topics/topic.html", context, status=400 if problem else 200)
