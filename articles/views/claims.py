"""The list of claims, and a claim's page."""

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

#: Of the same said elsewhere, how many are shown.
MAX_REPEATED_CLAIMS = 20


def claim_list(request: HttpRequest) -> HttpResponse:
    """/claims/ — five queries: the page, its hops and figures, topics, and the counts beside the choices.

    One more for each source that is asked for, and one more where nobody is called that.
    """
    claims = Claim.objects.public().for_list().newest_first()
    return render_list(request, ClaimFilterSet, claims, "claims/list.html", first=4, feed=_("Claims"))


def claim_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """/claims/<uuid>/ — four queries: the claim, its hops, figures and anchors.

    Three more where editors confirmed that the same was said elsewhere; two more for each ledger its figures are in.
    """
    found = get_object_or_404(Claim.objects.public().for_page(), public_id=public_id)
    article = found.article
    anchors = list(found.anchors.content_in_revision(article.live))
    elsewhere = Claim.objects.public().for_list().newest_first().confirmed_repeats_of(found)
    context = {
        "card": claim_card(found, request.build_absolute_uri),
        "structured": script_content(claim_json_ld(found, anchors, request.build_absolute_uri)),
        "claim": found,
        "article": article,
        "key": claim_key(found),
        "fragment": text_fragment(article.live.text[anchors[0].start : anchors[0].end]) if article.live else "",
        "context": _highlighted_context(article.live.text, anchors) if article.live else [],
        "elsewhere": list(elsewhere[:MAX_REPEATED_CLAIMS]),
        "ledgers": other_quantities(found.figures),
    }
    return render(request, "claims/claim.html", context)


def _highlighted_context(text: str, anchors: list[Anchor]) -> list[tuple[str, bool]]:
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
