"""Draw whom a source passes on, and who passes it on, as an SVG diagram.

As in articles.display.ledger_chart, the SVG has no styles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW_HEIGHT, MIDDLE_X = 760, 30, 380
#: Width of the names at each side, and the gap between the streams and the middle.
SIDE_WIDTH, KNOT_GAP = 250, 26
#: Partners on each side, and characters of a name, that fit.
MAX_PARTNERS, MAX_NAME_CHARS = 6, 30
#: The widest stream in units of the SVG. The others are in proportion to their claims.
MAX_STREAM_WIDTH = 12


@dataclass(frozen=True, slots=True)
class Partner:
    """A source before or after another in chains of public claims."""

    name: str
    claims: int
    href: str


def render_flow(before: Sequence[Partner], after: Sequence[Partner], *, title: str) -> str:
    """Return streams from one side to the other as an <svg>; "" without partners.

    The first MAX_PARTNERS of each side are drawn.
    """
    before, after = before[:MAX_PARTNERS], after[:MAX_PARTNERS]
    if not (before or after):
        return ""
    max_claims = max(partner.claims for partner in (*before, *after))
    height = ROW_HEIGHT * max(len(before), len(after), 2) + 12
    centre = height / 2
    drawn = _side(before, -1, centre, max_claims) + _side(after, 1, centre, max_claims)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart flow" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="group" aria-label="{escape(title)}">{drawn}'
        f'<circle class="knot" cx="{MIDDLE_X}" cy="{centre}" r="9"/></svg>'
    )


def _side(partners: Sequence[Partner], direction: int, centre: float, max_claims: int) -> str:
    top = centre - ROW_HEIGHT * len(partners) / 2
    return "".join(
        _stream(partner, direction, top + ROW_HEIGHT * (number + 0.5), centre, max_claims)
        for number, partner in enumerate(partners)
    )


def _stream(partner: Partner, direction: int, y: float, centre: float, max_claims: int) -> str:
    outer, inner = MIDDLE_X + direction * (MIDDLE_X - SIDE_WIDTH), MIDDLE_X + direction * KNOT_GAP
    bend = (outer + inner) / 2
    width = round(max(1.5, MAX_STREAM_WIDTH * partner.claims / max_claims), 1)
    label = escape(f"{partner.name}: {partner.claims}")
    name = partner.name if len(partner.name) <= MAX_NAME_CHARS else f"{partner.name[: MAX_NAME_CHARS - 1].rstrip()}…"
    left = 0 if direction < 0 else outer
    return (
        f'<path class="stream" d="M{outer} {y}C{bend} {y} {bend} {centre} {inner} {centre}" stroke-width="{width}"/>'
        f'<a href="{escape(partner.href)}" aria-label="{label}"><title>{label}</title>'
        f'<rect class="hit" x="{left}" y="{y - ROW_HEIGHT / 2}" width="{SIDE_WIDTH}" height="{ROW_HEIGHT}"/>'
        f'<text x="{outer + direction * 8}" y="{y + 4}" text-anchor="{"end" if direction < 0 else "start"}">'
        f'<tspan class="raw">{escape(name)}</tspan><tspan dx="6">{partner.claims}</tspan></text></a>'
    )
