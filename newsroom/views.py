"""The site's shell: the home page and robots.txt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from articles.ledgers import moved
from articles.models import Article, Claim
from articles.speaking import most_quoted

#: How many of each the front page has.
STORIES, BESIDE, CLAIMS, SOURCES, LEDGERS = 11, 4, 6, 12, 3


def home(request: HttpRequest) -> HttpResponse:
    """/ — six queries: stories, the first claim of each with hops and figures, sources, ledgers; one more for their figures."""
    stories = list(Article.objects.public().for_list().with_first_claim().newest_first()[:STORIES])
    firsts = [story.first_claim for story in stories if story.first_claim][:CLAIMS]
    context = {
        "lead": stories[0] if stories else None,
        "beside": stories[1 : 1 + BESIDE],
        "stories": stories[1 + BESIDE :],
        "claims": Claim.objects.public().filter(pk__in=firsts).for_list().newest_first(),
        "sources": most_quoted(SOURCES),
        "ledgers": moved(LEDGERS),
    }
    return render(request, "home.html", context)


def developers(request: HttpRequest) -> HttpResponse:
    """/developers/ — what machines can read here, with examples that run. No query."""
    return render(request, "developers.html", {"root": request.build_absolute_uri("/").rstrip("/")})


def robots(request: HttpRequest) -> HttpResponse:
    """/robots.txt — everything public may be read; the admin is nobody's business, nor is the archive in one file."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(f"Disallow: {reverse(f'articles:{name}')}export." for name in ("articles", "claims")),
        "",
        *(
            f"Sitemap: {request.build_absolute_uri(reverse(f'articles:{name}'))}"
            for name in ("sitemap_index", "news_sitemap")
        ),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
