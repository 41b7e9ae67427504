"""Ledger list, ledger page, and ledger charts as images."""

from __future__ import annotations

import hashlib

from csp.decorators import csp_replace
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
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

#: Rows of the table on one page, and ledgers on the list.
ROWS_PER_PAGE = 100
#: Seconds for which a drawn chart is cached under its content.
CHART_CACHE_SECONDS = 24 * 3600


def ledger_list(request: HttpRequest) -> HttpResponse:
    """Show /ledgers/: ledgers with a public figure, latest figure first. One query."""
    return render(request, "ledgers/list.html", {"ledgers": list(public_ledgers()[:ROWS_PER_PAGE])})


def ledger_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show /ledgers/<slug>/.

    Three queries: the ledger with its counts, a page of figures, their chains. Two more if the table has several
    pages: the chart always shows the last MAX_CHARTED_FIGURES.
    """
    ledger = get_object_or_404(public_ledgers(), slug=slug)
    problem, page = "", None
    figures: list[LedgerRow] = []
    try:
        page = paginate(
            ledger_quantities(ledger).order_by("said", "id"), request.GET.get("page", ""), size=ROWS_PER_PAGE
        )
        figures, origins = ledger_rows(page.rows)
    except BadCursorError as error:
        problem, origins = str(error), []
    is_complete = page and not (page.next or page.previous)
    charted, charted_origins = (figures, origins) if is_complete else _latest_rows(ledger)
    charted = charted[-MAX_CHARTED_FIGURES:]
    context = {
        "ledger": ledger,
        "page": page,
        "problem": problem,
        "figures": figures,
        "origins": [(origin, mark_safe(render_symbol(origin.number))) for origin in charted_origins],  # noqa: S308 - ours
        "charts": [mark_safe(_ledger_chart(ledger, charted, size)) for size in (WIDE, NARROW)] if charted else [],  # noqa: S308
        "charted": len(charted),
        "embed_html": _embed_html(request, ledger),
        "feeds": feed_links(ledger.get_absolute_url(), ledger.name),
        "card": ledger_card(ledger, request.build_absolute_uri),
    }
    return render(request, "ledgers/ledger.html", context, status=400 if problem else 200)


@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"]})  # type: ignore[arg-type]
def ledger_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw /ledgers/<slug>.svg: the chart for other sites.

    It has light and dark colours. Three queries.
    """
    ledger = get_object_or_404(public_ledgers(), slug=slug)
    figures, _origins = _latest_rows(ledger)
    if not figures:
        raise Http404
    page_url = request.build_absolute_uri(ledger.get_absolute_url())
    response = HttpResponse(
        standalone_svg(_ledger_chart(ledger, figures, WIDE), page_url), content_type="image/svg+xml; charset=utf-8"
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


def ledger_png(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw /ledgers/<slug>.png: the chart as a bitmap.

    It is for Open Graph and for places without SVG. Three queries.
    """
    ledger = get_object_or_404(public_ledgers(), slug=slug)
    figures, _origins = _latest_rows(ledger)
    if not figures:
        raise Http404
    bars = chart_bars(figures)
    source = f"{settings.SITE_NAME} · {request.build_absolute_uri(ledger.get_absolute_url())}"
    key = f"chart:{hashlib.sha256(repr((bars, ledger.name, ledger.unit, source)).encode()).hexdigest()}"
    png = cache.get(key)
    if png is None:
        png = draw_chart(bars, title=ledger.name, source=source, unit=ledger.unit)
        cache.set(key, png, CHART_CACHE_SECONDS)
    response = HttpResponse(png, content_type="image/png")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _latest_rows(ledger: Ledger) -> tuple[list[LedgerRow], list[Origin]]:
    """Return the last figures that fit on a chart, in the order of their statements."""
    newest = ledger_quantities(ledger).order_by("-said", "-id")[:MAX_CHARTED_FIGURES]
    return ledger_rows(list(newest)[::-1])


def _ledger_chart(ledger: Ledger, figures: list[LedgerRow], size: ChartSize) -> str:
    description = _("Each row is a figure: a bar from its lower to its upper bound. An arrow marks an open end.")
    return render_chart(
        chart_bars(figures),
        title=ledger.name,
        description=description,
        size=size,
        unit=ledger.unit,
    )


def _embed_html(request: HttpRequest, ledger: Ledger) -> str:
    """Return HTML for other sites: an image with a link, no frame and no script."""
    return render_to_string(
        "ledgers/embed.html",
        {
            "ledger": ledger,
            "page_url": request.build_absolute_uri(ledger.get_absolute_url()),
            "image_url": request.build_absolute_uri(reverse("articles:ledger-image", args=[ledger.slug])),
        },
        request,
    ).strip()
