"""The list of claims, and a claim's page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from articles.display.marked_text import key_of
from articles.display.passage_links import text_fragment
from articles.display.share_card import card_of_claim
from articles.exports.json_ld import of_claim, script
from articles.filters import ClaimFilter
from articles.models import Anchor, Claim
from articles.queries.ledgers import beside
from articles.text.body import block_starts
from articles.views.list_view import listing

#: Of the same said elsewhere, how many are shown.
ELSEWHERE = 20


def claim_list(request: HttpRequest) -> HttpResponse:
    """/claims/ — five queries: the page, its hops and figures, topics, and the counts beside the choices.

    One more for each source that is asked for, and one more where nobody is called that.
    """
    claims = Claim.objects.public().for_list().newest_first()
    return listing(request, ClaimFilter, claims, "claims/list.html", first=4, feed=_("Claims"))


def claim(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """/claims/<uuid>/ — four queries: the claim, its hops, figures and anchors.

    Three more where editors confirmed that the same was said elsewhere; two more for each ledger its figures are in.
    """
    found = get_object_or_404(Claim.objects.public().for_page(), public_id=public_id)
    article = found.article
    anchors = list(found.anchors.content_in(article.live))
    elsewhere = Claim.objects.public().for_list().newest_first().same_elsewhere(found)
    context = {
        "card": card_of_claim(found, request.build_absolute_uri),
        "structured": script(of_claim(found, anchors, request.build_absolute_uri)),
        "claim": found,
        "article": article,
        "key": key_of(found),
        "fragment": text_fragment(article.live.text[anchors[0].start : anchors[0].end]) if article.live else "",
        "context": _in_context(article.live.text, anchors) if article.live else [],
        "elsewhere": list(elsewhere[:ELSEWHERE]),
        "ledgers": beside(found.figures),
    }
    return render(request, "claims/claim.html", context)


def _in_context(text: str, anchors: list[Anchor]) -> list[tuple[str, bool]]:
    """The paragraphs that a claim stands in, cut into pieces: (words, are they the claim's?)."""
    starts = block_starts(text)
    first, last = min(a.start for a in anchors), max(a.end for a in anchors)
    begin = max(start for start in starts if start <= first)
    end = next((start - 2 for start in starts if start >= last), len(text))
    pieces, at = [], begin
    for anchor in sorted(anchors, key=lambda a: a.start):
        if anchor.start > at:
            pieces.append((text[at : anchor.start], False))
        pieces.append((text[max(at, anchor.start) : anchor.end], True))
        at = max(at, anchor.end)
    pieces.append((text[at:end], False))
    return [piece for piece in pieces if piece[0]]
