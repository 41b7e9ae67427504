"""The list of stories, and a story's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from articles.display.marked_text import passages, tally
from articles.display.passage_links import follow
from articles.display.share_card import card_of_story
from articles.exports.json_ld import of_story, script
from articles.filters import ArticleFilter
from articles.models import Article, Claim
from articles.views.list_view import listing
from articles.views.page_cache import kept


def article_list(request: HttpRequest) -> HttpResponse:
    """/articles/ — four queries: the page, topics, agencies, and the counts beside the choices.

    One more where a source is asked for, and one more where nobody is called that.
    """
    stories = Article.objects.public().for_list().newest_first()
    return listing(request, ArticleFilter, stories, "articles/list.html", feed=_("Stories"))


@kept
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """/articles/<slug>/ — one query if the page is kept; six if not: the story, its claims with anchors, hops, figures.

    A retracted story keeps its page, which says so and shows neither its text nor its claims.
    """
    story = get_object_or_404(Article.objects.readable().for_page().with_last_correction(), slug=slug)
    retracted = story.status == Article.Status.RETRACTED
    claims = [] if retracted else list(Claim.objects.in_live(story))
    shared = card_of_story(story, request.build_absolute_uri)
    followed = None
    if "v" in request.GET and not retracted:
        followed = follow(story, request.GET.get("claim", ""), request.GET["v"])
    context = {
        "followed": followed,
        "card": shared,
        "structured": script(of_story(story, claims, request.build_absolute_uri, shared.picture)),
        "article": story,
        "retracted": retracted,
        "passages": [] if retracted else passages(story, claims),
        "tally": tally(claims),
    }
    return render(request, "articles/article.html", context)
