"""A source's claims over time as a row of small columns, one a month or a year, by form. Pure: data in, SVG out.

Like articles.display.ledger_chart: classes and presentation attributes only. A list beside it says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

WIDTH, HEIGHT, FOOTER_HEIGHT = 240, 64, 16
#: Columns drawn one by one; a longer time is drawn by years.
MAX_COLUMNS = 60
FORMS = ("direct", "mixed", "indirect")


@dataclass(frozen=True, slots=True)
class Column:
    """A month or a year, and how many claims of each form were made in it."""

    start: date
    label: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def build_columns(months: Mapping[tuple[date, str], int], *, month: str, year: str) -> list[Column]:
    """Columns without a gap from the first month to the last, from counts by (first day of the month, form).

    `month` and `year` are formats for strftime. Where there are more than MOST months, a column is a year.
    """
    if not months:
        return []
    days = sorted({day for day, _ in months})
    spans = (days[-1].year - days[0].year) * 12 + days[-1].month - days[0].month + 1
    by_year = spans > MAX_COLUMNS
    starts = (
        [date(y, 1, 1) for y in range(days[0].year, days[-1].year + 1)][-MAX_COLUMNS:]
        if by_year
        else [_add_months(days[0], number) for number in range(spans)]
    )
    counts: dict[date, dict[str, int]] = {start: dict.fromkeys(FORMS, 0) for start in starts}
    for (day, form), count in months.items():
        start = date(day.year, 1, 1) if by_year else day
        if start in counts:
            counts[start][form] += count
    return [Column(start, start.strftime(year if by_year else month), counts[start]) for start in starts]


def render_timeline(found: Sequence[Column], *, title: str) -> str:
    """The columns as an <svg>; "" where there are fewer than two, which show nothing over time."""
    if len(found) < 2:
        return ""
    most = max(column.total for column in found)
    room = WIDTH / len(found)
    wide = max(1.0, min(room - 1, 18))
    parts = []
    for number, column in enumerate(found):
        x, y = round(number * room + (room - wide) / 2, 1), float(HEIGHT)
        stacked = []
        for form in FORMS:
            tall = round(column.counts[form] / most * (HEIGHT - 4), 1)
            if tall:
                y = round(y - tall, 1)
                stacked.append(f'<rect class="{form}" x="{x}" y="{y}" width="{wide:.1f}" height="{tall}"/>')
        parts.append(f"<g><title>{escape(column.label)}: {column.total}</title>{''.join(stacked)}</g>")
    ends = (
        f'<text x="0" y="{HEIGHT + FOOTER_HEIGHT - 3}">{escape(found[0].label)}</text>'
        f'<text x="{WIDTH}" y="{HEIGHT + FOOTER_HEIGHT - 3}" text-anchor="end">{escape(found[-1].label)}</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="timeline" viewBox="0 0 {WIDTH} {HEIGHT + FOOTER_HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT + FOOTER_HEIGHT}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f'<line x1="0" y1="{HEIGHT}" x2="{WIDTH}" y2="{HEIGHT}"/>{"".join(parts)}{ends}</svg>'
    )


def _add_months(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
