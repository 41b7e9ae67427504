"""Text for readers: bounds, days, directions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from articles.display.formatting import bounds, date_said, describe_bounds, direction
from articles.models import Claim, Quantity
from articles.templatetags.articles import percent


@pytest.mark.parametrize(
    ("raw", "figure", "expected"),
    [
        ("at least 100", {"lower": 100}, "100 or more"),
        ("more than 100", {"lower": 100, "lower_inclusive": False}, ""),
        ("over 100", {"lower": 100, "lower_inclusive": False}, "more than 100"),
        ("nearly 1,000", {"lower": 900, "upper": 1000, "upper_inclusive": False}, "from 900 to under 1,000"),
        ("several hundred", {"lower": 200, "upper": 1000, "upper_inclusive": False}, "from 200 to under 1,000"),
        ("between 4,000 and 5,000", {"lower": 4000, "upper": 5000}, "4,000 to 5,000"),
        ("fewer than 300", {"lower": 0, "upper": 300, "upper_inclusive": False}, ""),
        ("under 300", {"lower": 0, "upper": 300, "upper_inclusive": False}, "fewer than 300"),
        ("up to 300", {"upper": 300}, "300 or fewer"),
        ("twelve", {"lower": 12, "upper": 12}, ""),
        ("some 12", {"lower": 12, "upper": 12, "approximate": True}, "about 12"),
        ("15 to 20 per cent", {"lower": 15, "upper": 20, "unit": "%"}, "15% to 20%"),
        ("more than half", {"lower": 50, "lower_inclusive": False, "unit": "%"}, "more than 50%"),
        ("at least 2.5 million euros", {"lower": Decimal("2500000.00"), "unit": "EUR"}, "2,500,000 EUR or more"),
        ("under 5 km", {"lower": 0, "upper": 5, "upper_inclusive": False, "unit": "km"}, "less than 5 km"),
        ("up to 9 per cent", {"upper": 9, "unit": "%"}, "9% or less"),
        ("less than 5%", {"upper": 5, "upper_inclusive": False, "unit": "%"}, ""),
        ("at least half a metre", {"lower": Decimal("0.500000"), "unit": "m"}, "0.5 m or more"),
        (
            "above 5, to 9",
            {"lower": 5, "upper": 9, "lower_inclusive": False, "upper_inclusive": True},
            "over 5, up to 9",
        ),
        (
            "5 to 9, neither",
            {"lower": 5, "upper": 9, "lower_inclusive": False, "upper_inclusive": False},
            "between 5 and 9, neither included",
        ),
    ],
)
def test_bounds_are_given_if_they_add_to_the_words(raw, figure, expected):
    exact = {name: Decimal(value) if type(value) is int else value for name, value in figure.items()}

    assert bounds(Quantity(raw=raw, **exact)) == expected


@pytest.mark.parametrize(
    ("raw", "figure", "expected"),
    [
        ("twelve", {"lower": 12, "upper": 12}, "exactly 12"),
        ("some 12", {"lower": 12, "upper": 12, "approximate": True}, "about 12"),
        ("fewer than 300", {"lower": 0, "upper": 300, "upper_inclusive": False}, "fewer than 300"),
        ("many", {}, ""),
        (
            "at least 12345678901234567890",
            {"lower": Decimal("12345678901234567890.125000")},
            "12,345,678,901,234,567,890.125 or more",
        ),
    ],
)
def test_describe_bounds_repeats_the_words_of_the_text(raw, figure, expected):
    exact = {name: Decimal(value) if type(value) is int else value for name, value in figure.items()}

    assert describe_bounds(Quantity(raw=raw, **exact)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, ""),
        (date(2024, 12, 17), date(2024, 12, 17), "Tuesday 17 December 2024"),
        (date(2024, 12, 30), date(2025, 1, 5), "30 December 2024 – 5 January 2025"),
    ],
)
def test_date_said_is_a_day_or_a_range(first, last, expected):
    assert date_said(Claim(stated_from=first, stated_to=last)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "ltr"), ("uk", "ltr"), ("ar", "rtl"), ("AR-EG", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("", "ltr")],
)
def test_direction_of_language(language, expected):
    assert direction(language) == expected


@pytest.mark.parametrize(("part", "whole", "expected"), [(1, 3, 33), (2, 3, 67), (0, 5, 0), (0, 0, 0), (5, 5, 100)])
def test_percent_is_rounded(part, whole, expected):
    assert percent(part, whole) == expected
