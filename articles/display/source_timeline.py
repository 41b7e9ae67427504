"""Draw a source's claims over time as an SVG: a column for each month or year.

As in articles.display.ledger_chart, the SVG has no styles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

WIDTH, HEIGHT, FOOTER_HEIGHT = 240, 64, 16
#: More months than this are drawn as years.
MAX_COLUMNS = 60
FORMS = ("direct", "mixed", "indirect")


@dataclass(frozen=True, slots=True)
class Column:
    """A month or year, with its claims of each form."""

    start: date
    label: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def build_columns(months: Mapping[tuple[date, str], int], *, month: str, year: str) -> list[Column]:
    """Return columns without gaps from the first month to the last.

    `months` has counts by (first day of the month, form). `month` and `year` are formats for strftime. If there are
    more than MAX_COLUMNS months, a column is a year.
    """
    if not months:
        return []
    days = sorted({day for day, _ in months})
    month_count = (days[-1].year - days[0].year) * 12 + days[-1].month - days[0].month + 1
    by_year = month_count > MAX_COLUMNS
    starts = (
        [date(y, 1, 1) for y in range(days[0].year, days[-1].year + 1)][-MAX_COLUMNS:]
        if by_year
        else [_add_months(days[0], number) for number in range(month_count)]
    )
    counts: dict[date, dict[str, int]] = {start: dict.fromkeys(FORMS, 0) for start in starts}
    for (day, form), count in months.items():
        start = date(day.year, 1, 1) if by_year else day
        if start in counts:
            counts[start][form] += count
    return [Column(start, start.strftime(year if by_year else month), counts[start]) for start in starts]


def render_timeline(columns: Sequence[Column], *, title: str) -> str:
    """Return the columns as an <svg>; "" if there are fewer than two."""
    if len(columns) < 2:
        return ""
    max_total = max(column.total for column in columns)
    step = WIDTH / len(columns)
    width = max(1.0, min(step - 1, 18))
    parts = []
    for number, column in enumerate(columns):
        x, y = round(number * step + (step - width) / 2, 1), float(HEIGHT)
        rects = []
        for form in FORMS:
            height = round(column.counts[form] / max_total * (HEIGHT - 4), 1)
            if height:
                y = round(y - height, 1)
                rects.append(f'<rect class="{form}" x="{x}" y="{y}" width="{width:.1f}" height="{height}"/>')
        parts.append(f"<g><title>{escape(column.label)}: {column.total}</title>{''.join(rects)}</g>")
    ends = (
        f'<text x="0" y="{HEIGHT + FOOTER_HEIGHT - 3}">{escape(columns[0].label)}</text>'
        f'<text x="{WIDTH}" y="{HEIGHT + FOOTER_HEIGHT - 3}" text-anchor="end">{escape(columns[-1].label)}</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="timeline" viewBox="0 0 {WIDTH} {HEIGHT + FOOTER_HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT + FOOTER_HEIGHT}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f'<line x1="0" y1="{HEIGHT}" x2="{WIDTH}" y2="{HEIGHT}"/>{"".join(parts)}{ends}</svg>'
    )


def _add_months(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
