"""The site's shell: the home page and robots.txt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Article, Claim
from articles.speaking import most_quoted

STORIES, CLAIMS, SOURCES = 13, 6, 10


def home(request: HttpRequest) -> HttpResponse:
    """/ — five queries: stories, claims with hops and figures, sources."""
    stories = list(Article.objects.public().for_list().newest_first()[:STORIES])
    context = {
        "lead": stories[0] if stories else None,
        "stories": stories[1:],
        "claims": list(Claim.objects.public().with_figures().for_list().newest_first()[:CLAIMS]),
        "sources": list(most_quoted(SOURCES)),
    }
    return render(request, "home.html", context)


def robots(request: HttpRequest) -> HttpResponse:
    """/robots.txt — everything public may be read; the admin is nobody's business."""
    return HttpResponse("User-agent: *\nDisallow: /admin/\n", content_type="text/plain; charset=utf-8")
