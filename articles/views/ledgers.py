"""Ledgers: the list, a ledger's page with its chart and its table, and the chart as an image."""

from __future__ import annotations

import hashlib

from csp.decorators import csp_replace
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.display.ledger_chart import NARROW, WIDE, Size, bars, chart, standalone, symbol
from articles.display.ledger_chart_png import draw
from articles.display.share_card import card_of_ledger
from articles.exports.feeds import links
from articles.models import Ledger
from articles.pagination import BadCursorError, page
from articles.queries.ledgers import CHARTED, Figure, Origin, figures_of, lines, public_ledgers

#: Lines of the table on one page.
LINES = 100
#: How long a drawn picture is kept, in seconds, by what it shows.
DRAWN = 24 * 3600


def ledger_list(request: HttpRequest) -> HttpResponse:
    """/ledgers/ — one query: the ledgers with a public figure, those that moved last first."""
    return render(request, "ledgers/list.html", {"ledgers": list(public_ledgers()[:LINES])})


def ledger(request: HttpRequest, slug: str) -> HttpResponse:
    """/ledgers/<slug>/ — three queries: the ledger with its counts, a page of figures, their chains.

    Two more where the table has several pages: the chart always shows the last CHARTED figures.
    """
    found = get_object_or_404(public_ledgers(), slug=slug)
    problem, shown = "", None
    figures: list[Figure] = []
    try:
        shown = page(figures_of(found).order_by("said", "id"), request.GET.get("page", ""), size=LINES)
        figures, origins = lines(shown.rows)
    except BadCursorError as error:
        problem, origins = str(error), []
    charted, sources = (figures, origins) if shown and not (shown.next or shown.previous) else _last(found)
    charted = charted[-CHARTED:]
    context = {
        "ledger": found,
        "page": shown,
        "problem": problem,
        "figures": figures,
        "origins": [(origin, mark_safe(symbol(origin.number))) for origin in sources],  # noqa: S308 - ours
        "charts": [mark_safe(_chart(found, charted, size)) for size in (WIDE, NARROW)] if charted else [],  # noqa: S308
        "charted": len(charted),
        "snippet": _snippet(request, found),
        "feeds": links(found.get_absolute_url(), found.name),
        "card": card_of_ledger(found, request.build_absolute_uri),
    }
    return render(request, "ledgers/ledger.html", context, status=400 if problem else 200)


@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"]})  # type: ignore[arg-type]
def image(request: HttpRequest, slug: str) -> HttpResponse:
    """/ledgers/<slug>.svg — three queries. The chart as an image for other pages: light and dark, with its source."""
    found = get_object_or_404(public_ledgers(), slug=slug)
    figures, _origins = _last(found)
    if not figures:
        raise Http404
    address = request.build_absolute_uri(found.get_absolute_url())
    answer = HttpResponse(
        standalone(_chart(found, figures, WIDE), address), content_type="image/svg+xml; charset=utf-8"
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """/ledgers/<slug>.png — three queries. The same for whoever shows no SVG; what Open Graph shows of a ledger."""
    found = get_object_or_404(public_ledgers(), slug=slug)
    figures, _origins = _last(found)
    if not figures:
        raise Http404
    shown = bars(figures, lambda day: date_format(day, "j M Y"))
    source = f"{settings.SITE_NAME} · {request.build_absolute_uri(found.get_absolute_url())}"
    key = f"chart:{hashlib.sha256(repr((shown, found.name, found.unit, source)).encode()).hexdigest()}"
    png = cache.get(key)
    if png is None:
        png = draw(shown, title=found.name, source=source, unit=found.unit)
        cache.set(key, png, DRAWN)
    answer = HttpResponse(png, content_type="image/png")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _last(ledger: Ledger) -> tuple[list[Figure], list[Origin]]:
    """The last figures that a chart has room for, in the order in which they were said."""
    newest = figures_of(ledger).order_by("-said", "-id")[:CHARTED]
    return lines(list(newest)[::-1])


def _chart(ledger: Ledger, figures: list[Figure], size: Size) -> str:
    described = _("Each row is a figure: a bar from its lower to its upper bound. An arrow is an open end.")
    return chart(
        bars(figures, lambda day: date_format(day, "j M Y")),
        title=ledger.name,
        description=described,
        size=size,
        unit=ledger.unit,
    )


def _snippet(request: HttpRequest, ledger: Ledger) -> str:
    """HTML for other sites: a picture with a link, no frame and no script."""
    return render_to_string(
        "ledgers/snippet.html",
        {
            "ledger": ledger,
            "address": request.build_absolute_uri(ledger.get_absolute_url()),
            "image": request.build_absolute_uri(f"/ledgers/{ledger.slug}.svg"),
        },
        request,
    ).strip()
