"""Ledgers: the list, a ledger's page with its chart and its table, and the chart as an image."""

from __future__ import annotations

import hashlib

from csp.decorators import csp_replace
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.display.ledger_chart import (
    NARROW,
    WIDE,
    ChartSize,
    chart_bars,
    render_chart,
    render_symbol,
    standalone_svg,
)
from articles.display.ledger_chart_png import draw_chart
from articles.display.share_card import ledger_card
from articles.exports.feeds import feed_links
from articles.models import Ledger
from articles.pagination import BadCursorError, paginate
from articles.queries.ledgers import (
    MAX_CHARTED_FIGURES,
    LedgerRow,
    Origin,
    ledger_quantities,
    ledger_rows,
    public_ledgers,
)

#: Lines of the table on one page.
ROWS_PER_PAGE = 100
#: How long a drawn picture is kept, in seconds, by what it shows.
CHART_CACHE_SECONDS = 24 * 3600


def ledger_list(request: HttpRequest) -> HttpResponse:
    """/ledgers/ — one query: the ledgers with a public figure, those that moved last first."""
    return render(request, "ledgers/list.html", {"ledgers": list(public_ledgers()[:ROWS_PER_PAGE])})


def ledger_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/ledgers/<slug>/ — three queries: the ledger with its counts, a page of figures, their chains.

    Two more where the table has several pages: the chart always shows the last CHARTED figures.
    """
    found = get_object_or_404(public_ledgers(), slug=slug)
    problem, shown = "", None
    figures: list[LedgerRow] = []
    try:
        shown = paginate(
            ledger_quantities(found).order_by("said", "id"), request.GET.get("page", ""), size=ROWS_PER_PAGE
        )
        figures, origins = ledger_rows(shown.rows)
    except BadCursorError as error:
        problem, origins = str(error), []
    charted, sources = (figures, origins) if shown and not (shown.next or shown.previous) else _latest_rows(found)
    charted = charted[-MAX_CHARTED_FIGURES:]
    context = {
        "ledger": found,
        "page": shown,
        "problem": problem,
        "figures": figures,
        "origins": [(origin, mark_safe(render_symbol(origin.number))) for origin in sources],  # noqa: S308 - ours
        "charts": [mark_safe(_ledger_chart(found, charted, size)) for size in (WIDE, NARROW)] if charted else [],  # noqa: S308
        "charted": len(charted),
        "snippet": _embed_html(request, found),
        "feeds": feed_links(found.get_absolute_url(), found.name),
        "card": ledger_card(found, request.build_absolute_uri),
    }
    return render(request, "ledgers/ledger.html", context, status=400 if problem else 200)


@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"]})  # type: ignore[arg-type]
def ledger_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """/ledgers/<slug>.svg — three queries. The chart as an image for other pages: light and dark, with its source."""
    found = get_object_or_404(public_ledgers(), slug=slug)
    figures, _origins = _latest_rows(found)
    if not figures:
        raise Http404
    address = request.build_absolute_uri(found.get_absolute_url())
    answer = HttpResponse(
        standalone_svg(_ledger_chart(found, figures, WIDE), address), content_type="image/svg+xml; charset=utf-8"
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def ledger_png(request: HttpRequest, slug: str) -> HttpResponse:
    """/ledgers/<slug>.png — three queries. The same for whoever shows no SVG; what Open Graph shows of a ledger."""
    found = get_object_or_404(public_ledgers(), slug=slug)
    figures, _origins = _latest_rows(found)
    if not figures:
        raise Http404
    shown = chart_bars(figures)
    source = f"{settings.SITE_NAME} · {request.build_absolute_uri(found.get_absolute_url())}"
    key = f"chart:{hashlib.sha256(repr((shown, found.name, found.unit, source)).encode()).hexdigest()}"
    png = cache.get(key)
    if png is None:
        png = draw_chart(shown, title=found.name, source=source, unit=found.unit)
        cache.set(key, png, CHART_CACHE_SECONDS)
    answer = HttpResponse(png, content_type="image/png")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _latest_rows(ledger: Ledger) -> tuple[list[LedgerRow], list[Origin]]:
    """The last figures that a chart has room for, in the order in which they were said."""
    newest = ledger_quantities(ledger).order_by("-said", "-id")[:MAX_CHARTED_FIGURES]
    return ledger_rows(list(newest)[::-1])


def _ledger_chart(ledger: Ledger, figures: list[LedgerRow], size: ChartSize) -> str:
    described = _("Each row is a figure: a bar from its lower to its upper bound. An arrow is an open end.")
    return render_chart(
        chart_bars(figures),
        title=ledger.name,
        description=described,
        size=size,
        unit=ledger.unit,
    )


def _embed_html(request: HttpRequest, ledger: Ledger) -> str:
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
