"""Topic list and topic page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.exports.feeds import feed_links
from articles.models import Article, Claim, Topic
from articles.pagination import BadCursorError, paginate
from articles.queries.sources import most_quoted_sources

#: Most quoted sources that the page of a topic lists.
MAX_SOURCES = 10


def topic_list(request: HttpRequest) -> HttpResponse:
    """Show /topics/: every topic with a public article, by name. One query."""
    return render(request, "topics/list.html", {"topics": list(Topic.objects.public().by_name())})


def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show /topics/<slug>/. 404 for a topic without public articles.

    Three queries: the topic, a page of its articles, the sources that they quote most.
    """
    topic = get_object_or_404(Topic.objects.public(), slug=slug)
    problem, page = "", None
    try:
        page = paginate(
            Article.objects.public().for_list().newest_first().filed_under(slug), request.GET.get("page", "")
        )
    except BadCursorError as error:
        problem = str(error)
    context = {
        "feeds": feed_links(topic.get_absolute_url(), topic.name),
        "topic": topic,
        "page": page,
        "problem": problem,
        "sources": most_quoted_sources(MAX_SOURCES, Claim.objects.public().filed_under(slug)),
    }
    return render(request, "topics/topic.html", context, status=400 if problem else 200)
