"""How a claim's parts are put into words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from articles.display.formatting import bounds, date_said, direction
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
def test_a_figures_bounds_where_they_say_more_than_its_words(raw, figure, expected):
    exact = {name: Decimal(value) if type(value) is int else value for name, value in figure.items()}
    assert bounds(Quantity(raw=raw, **exact)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, ""),
        (date(2024, 12, 17), date(2024, 12, 17), "Tuesday 17 December 2024"),
        (date(2024, 12, 30), date(2025, 1, 5), "30 December 2024 – 5 January 2025"),
    ],
)
def test_the_day_or_days_a_claim_was_said_on(first, last, expected):
    assert date_said(Claim(stated_from=first, stated_to=last)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "ltr"), ("uk", "ltr"), ("ar", "rtl"), ("AR-EG", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("", "ltr")],
)
def test_which_way_a_language_is_written(language, expected):
    assert direction(language) == expected


@pytest.mark.parametrize(("part", "whole", "expected"), [(1, 3, 33), (2, 3, 67), (0, 5, 0), (0, 0, 0), (5, 5, 100)])
def test_shares_in_whole_percent(part, whole, expected):
    assert percent(part, whole) == expected
