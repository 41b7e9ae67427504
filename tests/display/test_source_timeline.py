"""A source's claims over time: columns without gaps, months or years, and a drawing that fits."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date

import pytest

from articles.display.source_timeline import MAX_COLUMNS, WIDTH, build_columns, render_timeline

SVG = "{http://www.w3.org/2000/svg}"


def made(counts: dict[tuple[date, str], int]) -> list[tuple[str, int]]:
    return [(column.label, column.total) for column in build_columns(counts, month="%Y-%m", year="%Y")]


def test_months_without_a_claim_have_their_place() -> None:
    counts = {(date(2024, 11, 1), "direct"): 2, (date(2025, 1, 1), "mixed"): 1, (date(2025, 1, 1), "direct"): 1}
    assert made(counts) == [("2024-11", 2), ("2024-12", 0), ("2025-01", 2)]


def test_a_long_time_is_told_by_years() -> None:
    counts = {(date(1990, 3, 1), "direct"): 1, (date(1990, 4, 1), "direct"): 1, (date(2020, 1, 1), "indirect"): 5}
    told = made(counts)
    assert told[0] == ("1990", 2)
    assert told[-1] == ("2020", 5)
    assert len(told) == 31


@pytest.mark.parametrize("counts", [{}, {(date(2024, 1, 1), "direct"): 3}])
def test_a_single_column_shows_nothing_over_time(counts: dict[tuple[date, str], int]) -> None:
    assert render_timeline(build_columns(counts, month="%b", year="%Y"), title="Claims") == ""


def test_the_drawing_fits_and_says_each_number() -> None:
    counts = {(date(2000 + n // 12, n % 12 + 1, 1), "direct"): n % 5 for n in range(MAX_COLUMNS)}
    svg = render_timeline(build_columns(counts, month="%b %Y", year="%Y"), title='Claims of "A" & B')
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    assert all(0 <= float(rect.get("x", "")) <= WIDTH for rect in root.iter(f"{SVG}rect"))
    assert any(title.text == "Feb 2000: 1" for title in root.iter(f"{SVG}title"))
    assert "style" not in svg
