"""The list of stories, and a story's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from articles.display.marked_text import build_passages, summarize_claims
from articles.display.passage_links import follow_passage
from articles.display.share_card import article_card
from articles.exports.json_ld import article_json_ld, script_content
from articles.filters import ArticleFilterSet
from articles.models import Article, Claim
from articles.views.list_view import render_list
from articles.views.page_cache import cache_for_anonymous


def article_list(request: HttpRequest) -> HttpResponse:
    """/articles/ — four queries: the page, topics, agencies, and the counts beside the choices.

    One more where a source is asked for, and one more where nobody is called that.
    """
    stories = Article.objects.public().for_list().newest_first()
    return render_list(request, ArticleFilterSet, stories, "articles/list.html", feed=_("Stories"))


@cache_for_anonymous
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/articles/<slug>/ — one query if the page is kept; six if not: the story, its claims with anchors, hops, figures.

    A retracted story keeps its page, which says so and shows neither its text nor its claims.
    """
    story = get_object_or_404(Article.objects.readable().for_page().with_last_correction(), slug=slug)
    retracted = story.status == Article.Status.RETRACTED
    claims = [] if retracted else list(Claim.objects.for_article_page(story))
    shared = article_card(story, request.build_absolute_uri)
    followed = None
    if "v" in request.GET and not retracted:
        followed = follow_passage(story, request.GET.get("claim", ""), request.GET["v"])
    context = {
        "followed": followed,
        "card": shared,
        "structured": script_content(article_json_ld(story, claims, request.build_absolute_uri, shared.image_url)),
        "article": story,
        "retracted": retracted,
        "passages": [] if retracted else build_passages(story, claims),
        "tally": summarize_claims(claims),
    }
    return render(request, "articles/article.html", context)
