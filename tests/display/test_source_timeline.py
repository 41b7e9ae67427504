"""A source's claims over time: columns of months or years."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date

import pytest

from articles.display.source_timeline import MAX_COLUMNS, WIDTH, build_columns, render_timeline

SVG = "{http://www.w3.org/2000/svg}"


def labels_and_totals(counts: dict[tuple[date, str], int]) -> list[tuple[str, int]]:
    return [(column.label, column.total) for column in build_columns(counts, month="%Y-%m", year="%Y")]


def test_months_without_claims_have_columns() -> None:
    counts = {(date(2024, 11, 1), "direct"): 2, (date(2025, 1, 1), "mixed"): 1, (date(2025, 1, 1), "direct"): 1}

    assert labels_and_totals(counts) == [("2024-11", 2), ("2024-12", 0), ("2025-01", 2)]


def test_long_time_has_columns_of_years() -> None:
    counts = {(date(1990, 3, 1), "direct"): 1, (date(1990, 4, 1), "direct"): 1, (date(2020, 1, 1), "indirect"): 5}

    columns = labels_and_totals(counts)

    assert columns[0] == ("1990", 2)
    assert columns[-1] == ("2020", 5)
    assert len(columns) == 31


@pytest.mark.parametrize("counts", [{}, {(date(2024, 1, 1), "direct"): 3}])
def test_timeline_with_one_column_is_empty(counts: dict[tuple[date, str], int]) -> None:
    assert render_timeline(build_columns(counts, month="%b", year="%Y"), title="Claims") == ""


def test_timeline_fits_and_labels_its_columns() -> None:
    counts = {(date(2000 + n // 12, n % 12 + 1, 1), "direct"): n % 5 for n in range(MAX_COLUMNS)}
    svg = render_timeline(build_columns(counts, month="%b %Y", year="%Y"), title='Claims of "A" & B')

    root = ElementTree.fromstring(svg)  # noqa: S314 - our own

    assert all(0 <= float(rect.get("x", "")) <= WIDTH for rect in root.iter(f"{SVG}rect"))
    assert any(title.text == "Feb 2000: 1" for title in root.iter(f"{SVG}title"))
    assert "style" not in svg
