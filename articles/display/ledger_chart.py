"""Draw a ledger's figures as an SVG chart: bars from the lower to the upper bound.

The SVG has classes and presentation attributes but no styles, so that a strict Content-Security-Policy allows it and
the page's colours apply. `standalone_svg` adds styles for a file of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.formats import date_format

from articles.queries.ledgers import LedgerRow

#: Shapes that distinguish origins besides their colour. Further origins share the last shape and colour, and have a
#: number.
SHAPES = ("circle", "square", "diamond", "triangle", "cross", "pillar")
#: Above this ratio of the largest bound to the smallest, the scale is logarithmic.
MIN_LOGARITHMIC_RATIO = 60
TICK_COUNT = 6
#: From the centre of a ring to the centre of the mark next to it.
RING_MARK_OFFSET = 14


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure. A bound of None is open. `origin` is a number from 0."""

    lower: Decimal | None
    upper: Decimal | None
    lower_inclusive: bool
    upper_inclusive: bool
    approximate: bool
    text: str  # in the words of the article: "at least 100"
    label: str  # day and speaker
    origin: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class ChartSize:
    """The width of a chart and the sizes of its rows, in units of the SVG."""

    width: int
    row_height: int = 46
    font_size: int = 13
    margin: int = 14


WIDE, NARROW = ChartSize(760), ChartSize(360, row_height=60, font_size=14, margin=10)


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from values to x positions."""

    low: float
    high: float
    start: float
    end: float
    is_logarithmic: bool

    def position(self, value: float) -> float:
        low, high = self._transform(self.low), self._transform(self.high)
        share = (self._transform(value) - low) / (high - low)
        return round(self.start + share * (self.end - self.start), 1)

    def _transform(self, value: float) -> float:
        return math.log10(value) if self.is_logarithmic else value

    def ticks(self) -> list[float]:
        """Return round numbers on the scale."""
        if self.is_logarithmic:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            powers = [10.0**power for power in range(first, last + 1)]
            return [tick for tick in powers if self.low <= tick <= self.high]
        step = _round_step((self.high - self.low) / TICK_COUNT)
        first = math.ceil(self.low / step - 1e-9)
        return [number * step for number in range(first, math.floor(self.high / step + 1e-9) + 1)]


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * part for part in (1, 2, 5, 10) if power * part >= rough * 0.999)


def build_scale(bars: Sequence[Bar], start: float, end: float) -> Scale:
    """Return a scale for all bounds, with room for open ends.

    A linear scale includes zero; a logarithmic one cannot.
    """
    known = [float(bound) for bar in bars for bound in (bar.lower, bar.upper) if bound is not None]
    positive = [value for value in known if value > 0]
    # A logarithmic scale has no zero. A bar from zero can begin at the edge, but a mark at zero has no place.
    has_zero_mark = any(bar.lower == bar.upper == 0 for bar in bars)
    if positive and not has_zero_mark and min(known) >= 0 and max(positive) / min(positive) > MIN_LOGARITHMIC_RATIO:
        low, high = 10.0 ** math.floor(math.log10(min(positive))), max(positive) * 1.6
        return Scale(low, high, start, end, is_logarithmic=True)
    low, high = min(0.0, *known), max(0.0, *known)
    if low == high:
        high = low + 1.0
    step = _round_step((high - low) / TICK_COUNT)
    top = math.ceil(high / step - 1e-9) * step
    if top - high < step * 0.35:
        top += step * 0.5  # room for an arrow
    return Scale(min(0.0, math.floor(low / step + 1e-9) * step), top, start, end, is_logarithmic=False)


def render_chart(bars: Sequence[Bar], *, title: str, description: str, size: ChartSize = WIDE, unit: str = "") -> str:
    """Return the bars as an <svg> element. Raise ValueError without bars."""
    if not bars:
        raise ValueError("A chart needs at least one figure.")
    scale = build_scale(bars, size.margin, size.width - size.margin)
    top = size.font_size + 14
    height = top + size.row_height * len(bars) + 8
    grid = "".join(_tick(tick, scale, top, height, size, unit) for tick in scale.ticks())
    rows = "".join(_row(bar, scale, top + size.row_height * number, size) for number, bar in enumerate(bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {size.width} {height}" '
        f'width="{size.width}" height="{height}" role="group" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<g class="grid" aria-hidden="true">{grid}</g>{rows}</svg>'
    )


def render_symbol(origin: int) -> str:
    """Return the mark of an origin for a legend, with its number if it has one."""
    width = 16 if origin < len(SHAPES) else 34
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart symbol" viewBox="0 0 {width} 16" width="{width}" height="16" '
        f'aria-hidden="true"><g class="o{_class_number(origin)}">{_mark(origin, 8, 8)}</g></svg>'
    )


def format_tick(value: float) -> str:
    """Return the label of a tick: 1,500; 2 M; 0.5."""
    for size, letter in ((1e12, " T"), (1e9, " B"), (1e6, " M")):
        if abs(value) >= size:
            return f"{value / size:,.10g}{letter}"
    return f"{value:,.10g}"


def _class_number(origin: int) -> int:
    return min(origin, len(SHAPES) - 1)


def _tick(value: float, scale: Scale, top: float, height: float, size: ChartSize, unit: str) -> str:
    x = scale.position(value)
    anchor = "start" if x < size.margin + 20 else "end" if x > size.width - size.margin - 20 else "middle"
    zero = ' class="zero"' if value == 0 else ""
    suffix = "%" if unit == "%" else ""
    return (
        f'<line{zero} x1="{x}" y1="{top - 6}" x2="{x}" y2="{height}"/>'
        f'<text x="{x}" y="{size.font_size}" text-anchor="{anchor}">{format_tick(round(value, 10))}{suffix}</text>'
    )


def _row(bar: Bar, scale: Scale, top: float, size: ChartSize) -> str:
    label = escape(f"{bar.label}: {bar.text}")
    text_y = top + size.font_size + 2
    y = top + size.row_height - 14
    narrow = size.width < WIDE.width
    lines = (
        f'<text x="{size.margin}" y="{text_y}"><tspan class="raw">{escape(_shorten(bar.text, 34 if narrow else 60))}</tspan>'
        + (
            f'</text><text class="label" x="{size.margin}" y="{text_y + size.font_size + 3}">{escape(_shorten(bar.label, 46))}'
            if narrow
            else f'<tspan class="label" dx="10">{escape(_shorten(bar.label, 80))}</tspan>'
        )
        + "</text>"
    )
    hit = f'<rect class="hit" x="0" y="{top}" width="{size.width}" height="{size.row_height}"/>'
    inner = f"<title>{label}</title>{hit}{lines}{_bar(bar, scale, y)}"
    body = f'<a href="{escape(bar.href)}" aria-label="{label}">{inner}</a>' if bar.href else inner
    return f'<g class="row o{_class_number(bar.origin)}">{body}</g>'


def _bar(bar: Bar, scale: Scale, y: float) -> str:
    lower, upper = (None if bound is None else float(bound) for bound in (bar.lower, bar.upper))
    if lower is not None and lower == upper:
        return _mark(bar.origin, scale.position(lower), y, rough=bar.approximate)
    if scale.is_logarithmic:  # no zero on such a scale: a bar from zero begins at the edge
        lower = None if lower is not None and lower < scale.low else lower
    x1 = scale.start if lower is None else scale.position(lower)
    x2 = scale.end if upper is None else scale.position(upper)
    rough = " rough" if bar.approximate else ""
    parts = [f'<line class="span{rough}" x1="{x1}" y1="{y}" x2="{max(x2, x1 + 2)}" y2="{y}"/>']
    parts.append(_open_end(x1, y, -1) if lower is None else _bar_end(x1, y, inclusive=bar.lower_inclusive))
    parts.append(_open_end(x2, y, 1) if upper is None else _bar_end(x2, y, inclusive=bar.upper_inclusive))
    # The mark is at the known bound; if that is exclusive, it is next to the ring there.
    if lower is not None:
        parts.append(_mark(bar.origin, round(x1 + (0 if bar.lower_inclusive else RING_MARK_OFFSET), 1), y))
    else:
        parts.append(_mark(bar.origin, round(x2 - (0 if bar.upper_inclusive else RING_MARK_OFFSET), 1), y))
    return "".join(parts)


def _bar_end(x: float, y: float, *, inclusive: bool) -> str:
    """Draw an inclusive bound as a stroke across the bar, an exclusive one as a ring."""
    if inclusive:
        return f'<line class="end" x1="{x}" y1="{y - 7}" x2="{x}" y2="{y + 7}"/>'
    return f'<circle class="end not" cx="{x}" cy="{y}" r="5"/>'


def _open_end(x: float, y: float, direction: int) -> str:
    """Draw an open bound as an arrow, to the left (-1) or right (1)."""
    return f'<path class="open" d="M{x - direction * 9} {y - 6}L{x} {y}L{x - direction * 9} {y + 6}"/>'


def _mark(origin: int, x: float, y: float, *, rough: bool = False) -> str:
    kind = SHAPES[_class_number(origin)]
    attributes = f'class="mark{" rough" if rough else ""}"'
    if kind == "circle":
        return f'<circle {attributes} cx="{x}" cy="{y}" r="5.5"/>'
    paths = {
        "square": f"M{x - 5} {y - 5}h10v10h-10z",
        "diamond": f"M{x} {y - 7}L{x + 7} {y}L{x} {y + 7}L{x - 7} {y}z",
        "triangle": f"M{x} {y - 6}L{x + 6.5} {y + 5}h-13z",
        "pillar": f"M{x - 3} {y - 7}h6v14h-6z",
        "cross": f"M{x - 6} {y - 2}h4v-4h4v4h4v4h-4v4h-4v-4h-4z",
    }
    mark = f'<path {attributes} d="{paths[kind]}"/>'
    if origin < len(SHAPES):
        return mark
    return f'{mark}<text class="nth" x="{x + 8}" y="{y - 3}">{origin + 1}</text>'


def _shorten(text: str, max_chars: int) -> str:
    return text if len(text) <= max_chars else f"{text[: max_chars - 1].rstrip()}…"


#: Styles of a chart in its own file, light and dark. The rules for pages are in site.css.
STANDALONE_CSS = """
svg{color-scheme:light dark;background:#fffefc;font-family:system-ui,sans-serif}
text{fill:#5c554b;font-size:13px}.nth{font-size:9px}.raw{fill:#1b1815;font-weight:600}
.grid line{stroke:#e6e0d4}.grid .zero{stroke:#8d8274}.hit{fill:none}
.span,.end,.open{stroke:currentColor;stroke-width:2.5;fill:none}.not{fill:#fffefc}.rough{stroke-dasharray:5 3}
.mark{fill:currentColor;stroke:currentColor}
.o0{color:#8a1c16}.o1{color:#1f5f8b}.o2{color:#5b6b13}.o3{color:#7a3f91}.o4{color:#9a5b00}.o5{color:#4b4b4b}
@media(prefers-color-scheme:dark){svg{background:#1e1b16}text{fill:#aea596}.raw{fill:#ebe5d9}
.grid line{stroke:#302b23}.grid .zero{stroke:#8f8576}.not{fill:#1e1b16}
.o0{color:#f2a793}.o1{color:#8cc4ea}.o2{color:#c3d46a}.o3{color:#d9a8ec}.o4{color:#f0bb66}.o5{color:#c9c9c9}}
"""


def standalone_svg(svg: str, source: str) -> str:
    """Return a chart as a file of its own, with styles and the URL of its page."""
    head, rest = svg.split("</desc>", 1)
    # To the page that embeds it, the file is one image.
    head = head.replace('role="group"', 'role="img"', 1)
    return f"{head}</desc><metadata>{escape(source)}</metadata><style>{STANDALONE_CSS}</style>{rest}"


def chart_bars(rows: Sequence[LedgerRow]) -> list[Bar]:
    """Return the rows of a ledger as bars."""
    return [
        Bar(
            lower=row.quantity.lower,
            upper=row.quantity.upper,
            lower_inclusive=row.quantity.lower_inclusive,
            upper_inclusive=row.quantity.upper_inclusive,
            approximate=row.quantity.approximate,
            text=str(row.quantity),
            label=" · ".join(
                part
                for part in (date_format(row.said_on, "j M Y") if row.said_on else "", row.origin, row.speaker)
                if part
            ),
            origin=row.origin_number,
            href=row.claim.get_absolute_url(),
        )
        for row in rows
    ]
