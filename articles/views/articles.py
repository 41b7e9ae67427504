"""Article list and article page."""

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
    """Show /articles/.

    Two queries: the page, and the counts of the choices. One more with a source filter, and one more if no source
    has that name.
    """
    articles = Article.objects.public().for_list().newest_first()
    return render_list(request, ArticleFilterSet, articles, "articles/list.html", feed=_("Stories"))


@cache_for_anonymous
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show /articles/<slug>/.

    One query if the page is cached, else six: its state, the article, its claims with anchors, hops and figures.
    The page of a retracted article says so and shows neither text nor claims.
    """
    article = get_object_or_404(Article.objects.readable().for_page().with_last_correction(), slug=slug)
    retracted = article.status == Article.Status.RETRACTED
    claims = [] if retracted else list(Claim.objects.for_article_page(article))
    card = article_card(article, request.build_absolute_uri)
    followed = None
    if "v" in request.GET and not retracted:
        followed = follow_passage(article, request.GET.get("claim", ""), request.GET["v"])
    context = {
        "followed": followed,
        "card": card,
        "structured": script_content(article_json_ld(article, claims, request.build_absolute_uri, card.image_url)),
        "article": article,
        "retracted": retracted,
        "passages": [] if retracted else build_passages(article, claims),
        "tally": summarize_claims(claims),
    }
    return render(request, "articles/article.html", context)
