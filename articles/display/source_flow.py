"""The flow of words as a diagram: whom a source passes on at one side, who passes it on at the other. Pure.

Like articles.display.ledger_chart: data in, SVG out, classes and presentation attributes only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW_HEIGHT, MIDDLE_X = 760, 30, 380
#: Where the streams meet the names, and how near to the middle they end.
SIDE_WIDTH, KNOT_GAP = 250, 26
#: How many partners a side has room for, and how many letters a name.
MAX_PARTNERS, MAX_NAME_CHARS = 6, 30
#: The widest stream, in the SVG's units; the others are in proportion to their claims.
MAX_STREAM_WIDTH = 12


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody before or after a source in chains of public claims, and in how many claims."""

    name: str
    claims: int
    href: str


def render_flow(before: Sequence[Partner], after: Sequence[Partner], *, title: str) -> str:
    """Streams from those passed on, through the source, to those who pass it on; "" where there is nobody.

    Of each side the first SHOWN are drawn.
    """
    before, after = before[:MAX_PARTNERS], after[:MAX_PARTNERS]
    if not (before or after):
        return ""
    most = max(partner.claims for partner in (*before, *after))
    height = ROW_HEIGHT * max(len(before), len(after), 2) + 12
    centre = height / 2
    drawn = _side(before, -1, centre, most) + _side(after, 1, centre, most)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart flow" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="group" aria-label="{escape(title)}">{drawn}'
        f'<circle class="knot" cx="{MIDDLE_X}" cy="{centre}" r="9"/></svg>'
    )


def _side(partners: Sequence[Partner], way: int, centre: float, most: int) -> str:
    top = centre - ROW_HEIGHT * len(partners) / 2
    return "".join(
        _stream(partner, way, top + ROW_HEIGHT * (place + 0.5), centre, most) for place, partner in enumerate(partners)
    )


def _stream(partner: Partner, way: int, y: float, centre: float, most: int) -> str:
    outer, inner = MIDDLE_X + way * (MIDDLE_X - SIDE_WIDTH), MIDDLE_X + way * KNOT_GAP
    bend = (outer + inner) / 2
    thick = round(max(1.5, MAX_STREAM_WIDTH * partner.claims / most), 1)
    said = escape(f"{partner.name}: {partner.claims}")
    name = partner.name if len(partner.name) <= MAX_NAME_CHARS else f"{partner.name[: MAX_NAME_CHARS - 1].rstrip()}…"
    left = 0 if way < 0 else outer
    return (
        f'<path class="stream" d="M{outer} {y}C{bend} {y} {bend} {centre} {inner} {centre}" stroke-width="{thick}"/>'
        f'<a href="{escape(partner.href)}" aria-label="{said}"><title>{said}</title>'
        f'<rect class="hit" x="{left}" y="{y - ROW_HEIGHT / 2}" width="{SIDE_WIDTH}" height="{ROW_HEIGHT}"/>'
        f'<text x="{outer + way * 8}" y="{y + 4}" text-anchor="{"end" if way < 0 else "start"}">'
        f'<tspan class="raw">{escape(name)}</tspan><tspan dx="6">{partner.claims}</tspan></text></a>'
    )
