"""Claim list and claim page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from articles.display.marked_text import claim_key
from articles.display.passage_links import text_fragment
from articles.display.share_card import claim_card
from articles.exports.json_ld import claim_json_ld, script_content
from articles.filters import ClaimFilterSet
from articles.models import Anchor, Claim
from articles.queries.ledgers import other_quantities
from articles.text.body import block_starts
from articles.views.list_view import render_list

#: Repeats of the claim in other articles that are shown.
MAX_REPEATED_CLAIMS = 20


def claim_list(request: HttpRequest) -> HttpResponse:
    """Show /claims/.

    Four queries: the page, its hops and figures, and the counts of the choices. One more for each source filter, and
    one more if no source has that name.
    """
    claims = Claim.objects.public().for_list().newest_first()
    return render_list(request, ClaimFilterSet, claims, "claims/list.html", first=4, feed=_("Claims"))


def claim_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show /claims/<uuid>/.

    Four queries: the claim, its hops, figures and anchors. Three more if editors confirmed repeats in other articles,
    and two more for each ledger with one of its figures.
    """
    claim = get_object_or_404(Claim.objects.public().for_page(), public_id=public_id)
    article = claim.article
    anchors = list(claim.anchors.content_in_revision(article.live))
    repeats = Claim.objects.public().for_list().newest_first().confirmed_repeats_of(claim)
    context = {
        "card": claim_card(claim, request.build_absolute_uri),
        "structured": script_content(claim_json_ld(claim, anchors, request.build_absolute_uri)),
        "claim": claim,
        "article": article,
        "key": claim_key(claim),
        "fragment": text_fragment(article.live.text[anchors[0].start : anchors[0].end]) if article.live else "",
        "context": _highlighted_context(article.live.text, anchors) if article.live else [],
        "repeats": list(repeats[:MAX_REPEATED_CLAIMS]),
        "ledgers": other_quantities(claim.figures),
    }
    return render(request, "claims/claim.html", context)


def _highlighted_context(text: str, anchors: list[Anchor]) -> list[tuple[str, bool]]:
    """Return the paragraphs of a claim as pieces.

    A piece is (text, whether it belongs to the claim).
    """
    starts = block_starts(text)
    first, last = min(a.start for a in anchors), max(a.end for a in anchors)
    begin = max(start for start in starts if start <= first)
    end = next((start - 2 for start in starts if start >= last), len(text))
    pieces, position = [], begin
    for anchor in sorted(anchors, key=lambda a: a.start):
        if anchor.start > position:
            pieces.append((text[position : anchor.start], False))
        pieces.append((text[max(position, anchor.start) : anchor.end], True))
        position = max(position, anchor.end)
    pieces.append((text[position:end], False))
    return [piece for piece in pieces if piece[0]]
