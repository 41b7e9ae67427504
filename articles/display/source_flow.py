"""The flow of words as a diagram: whom a source passes on at one side, who passes it on at the other. Pure.

Like articles.display.ledger_chart: data in, SVG out, classes and presentation attributes only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, MIDDLE = 760, 30, 380
#: Where the streams meet the names, and how near to the middle they end.
SIDE, KNOT = 250, 26
#: How many partners a side has room for, and how many letters a name.
SHOWN, LETTERS = 6, 30
#: The widest stream, in the SVG's units; the others are in proportion to their claims.
WIDEST = 12


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody before or after a source in chains of public claims, and in how many claims."""

    name: str
    claims: int
    href: str


def flow(before: Sequence[Partner], after: Sequence[Partner], *, title: str) -> str:
    """Streams from those passed on, through the source, to those who pass it on; "" where there is nobody.

    Of each side the first SHOWN are drawn.
    """
    before, after = before[:SHOWN], after[:SHOWN]
    if not (before or after):
        return ""
    most = max(partner.claims for partner in (*before, *after))
    height = ROW * max(len(before), len(after), 2) + 12
    centre = height / 2
    drawn = _side(before, -1, centre, most) + _side(after, 1, centre, most)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart flow" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="group" aria-label="{escape(title)}">{drawn}'
        f'<circle class="knot" cx="{MIDDLE}" cy="{centre}" r="9"/></svg>'
    )


def _side(partners: Sequence[Partner], way: int, centre: float, most: int) -> str:
    top = centre - ROW * len(partners) / 2
    return "".join(
        _stream(partner, way, top + ROW * (place + 0.5), centre, most) for place, partner in enumerate(partners)
    )


def _stream(partner: Partner, way: int, y: float, centre: float, most: int) -> str:
    outer, inner = MIDDLE + way * (MIDDLE - SIDE), MIDDLE + way * KNOT
    bend = (outer + inner) / 2
    thick = round(max(1.5, WIDEST * partner.claims / most), 1)
    said = escape(f"{partner.name}: {partner.claims}")
    name = partner.name if len(partner.name) <= LETTERS else f"{partner.name[: LETTERS - 1].rstrip()}…"
    left = 0 if way < 0 else outer
    return (
        f'<path class="stream" d="M{outer} {y}C{bend} {y} {bend} {centre} {inner} {centre}" stroke-width="{thick}"/>'
        f'<a href="{escape(partner.href)}" aria-label="{said}"><title>{said}</title>'
        f'<rect class="hit" x="{left}" y="{y - ROW / 2}" width="{SIDE}" height="{ROW}"/>'
        f'<text x="{outer + way * 8}" y="{y + 4}" text-anchor="{"end" if way < 0 else "start"}">'
        f'<tspan class="raw">{escape(name)}</tspan><tspan dx="6">{partner.claims}</tspan></text></a>'
    )
