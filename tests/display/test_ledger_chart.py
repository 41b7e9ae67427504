"""The chart of a ledger: bars, their ends, scales, labels."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.display.ledger_chart import (
    NARROW,
    SHAPES,
    WIDE,
    Bar,
    build_scale,
    format_tick,
    render_chart,
    render_symbol,
    standalone_svg,
)
from articles.display.ledger_chart_png import draw_chart

SVG = "{http://www.w3.org/2000/svg}"


def bar(lower: int | None, upper: int | None, **more: Any) -> Bar:
    given = {
        "lower_inclusive": True,
        "upper_inclusive": True,
        "approximate": False,
        "text": "some 40 bolts",
        "label": "1 Dec 2024 · Ada Roe",
        "origin": 0,
        **more,
    }
    return Bar(None if lower is None else Decimal(lower), None if upper is None else Decimal(upper), **given)


def draw(*bars: Bar, **kwargs: Any) -> ElementTree.Element:
    return ElementTree.fromstring(render_chart(bars, title="Bolts", description="How many", **kwargs))  # noqa: S314 - our own


def classes(root: ElementTree.Element) -> list[str]:
    return [name for element in root.iter() for name in element.get("class", "").split()]


def test_bar_goes_from_lower_to_upper_bound() -> None:
    root = draw(bar(100, 300), bar(0, 400))
    (first, second) = [line for line in root.iter(f"{SVG}line") if line.get("class") == "span"]

    across = build_scale([bar(100, 300), bar(0, 400)], WIDE.margin, WIDE.width - WIDE.margin)

    assert (float(first.get("x1", "")), float(first.get("x2", ""))) == (across.position(100), across.position(300))
    assert float(second.get("x1", "")) < float(first.get("x1", ""))


@pytest.mark.parametrize(
    ("given", "has", "lacks"),
    [
        (bar(100, None), "open", "not"),
        (bar(None, 100), "open", "not"),
        (bar(100, 200), "end", "open"),
        (bar(100, 200, upper_inclusive=False), "not", "open"),
        (bar(100, 100), "mark", "span"),
        (bar(100, 200, approximate=True), "rough", "open"),
    ],
)
def test_open_exclusive_and_inclusive_ends_differ(given: Bar, has: str, lacks: str) -> None:
    names = classes(draw(given))

    assert has in names
    assert lacks not in names


def test_origins_differ_in_shape() -> None:
    marks = {render_symbol(origin).split("<g")[1] for origin in range(len(SHAPES))}

    assert len(marks) == len(SHAPES)
    assert render_symbol(len(SHAPES) + 3).count("<path") == 1


def test_row_is_a_link_with_a_full_label() -> None:
    root = draw(bar(100, None, href="/claims/1/", text="at least 100 killed"))

    (link,) = root.iter(f"{SVG}a")

    assert link.get("href") == "/claims/1/"
    assert link.get("aria-label") == "1 Dec 2024 · Ada Roe: at least 100 killed"


def test_text_of_a_bar_is_escaped() -> None:
    root = draw(bar(1, 2, text='"><script>alert(1)</script>&', href='/?a=1&b="'))

    assert not list(root.iter(f"{SVG}script"))


def test_only_standalone_chart_has_styles() -> None:
    svg = render_chart([bar(1, 2)], title="Bolts", description="How many")

    assert "style" not in svg

    alone = standalone_svg(svg, "https://news.example.org/ledgers/bolts/")

    assert "<style>" in alone
    assert "https://news.example.org/ledgers/bolts/" in alone
    assert ElementTree.fromstring(alone).get("role") == "img"  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("values", "powers"),
    [
        ([(40, 100)], False),
        ([(40, 100), (3_000, 5_000)], True),
        ([(-5, 5_000)], False),
        ([(0, 0)], False),
        ([(0, 0), (5, 5), (1000, 1000)], False),
    ],
)
def test_scale_is_logarithmic_for_wide_ranges(values: list[tuple[int, int]], powers: bool) -> None:
    assert build_scale([bar(*pair) for pair in values], 0, 100).is_logarithmic is powers


@given(
    st.lists(
        st.tuples(st.none() | st.integers(-(10**9), 10**9), st.none() | st.integers(0, 10**9), st.booleans()).filter(
            lambda figure: figure[:2] != (None, None)
        ),
        min_size=1,
        max_size=12,
    )
)
def test_bars_of_any_figures_stay_within_the_chart(values: list[tuple[int | None, int | None, bool]]) -> None:
    bars = [
        bar(low, high if low is None or high is None else max(low, high), approximate=rough)
        for low, high, rough in values
    ]
    for size in (WIDE, NARROW):
        root = draw(*bars, size=size)
        for line in root.iter(f"{SVG}line"):
            assert -1 <= float(line.get("x1", "")) <= size.width + 1
            assert -1 <= float(line.get("x2", "")) <= size.width + 1


@pytest.mark.parametrize(("value", "said"), [(1500, "1,500"), (2e6, "2 M"), (0.5, "0.5"), (3.5e9, "3.5 B")])
def test_tick_labels(value: float, said: str) -> None:
    assert format_tick(value) == said


def test_chart_without_bars_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        render_chart([], title="Bolts", description="")


def test_origins_beyond_the_shapes_have_numbers() -> None:
    root = draw(*(bar(40, 40, origin=number) for number in range(len(SHAPES) + 2)))

    numbers = [element.text for element in root.iter(f"{SVG}text") if element.get("class") == "nth"]

    assert numbers == ["7", "8"]
    assert render_symbol(len(SHAPES)) != render_symbol(len(SHAPES) + 1)
    assert "nth" not in render_symbol(len(SHAPES) - 1)


@pytest.mark.parametrize(
    "bars",
    [
        [bar(100, 300), bar(None, 400), bar(5, None), bar(7, 7), bar(0, 0)],
        [bar(1, 9_000_000, approximate=True, lower_inclusive=False, upper_inclusive=False)],
        [bar(40, 40, origin=number) for number in range(9)],
        [bar(None, 3, text="w" * 500, label="漢字" * 200, upper_inclusive=False)],
    ],
)
def test_any_chart_is_drawn_as_png(bars: list[Bar]) -> None:
    png = draw_chart(bars, title="T" * 300, source="https://example.org", unit="%")

    assert png.startswith(b"\x89PNG")


def test_png_chart_without_bars_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        draw_chart([], title="", source="")
