"""Plain decimals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from articles.text.numbers import plain_decimal


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("100.000000", "100"),
        ("2.500000", "2.5"),
        ("0.000001", "0.000001"),
        ("0.000000", "0"),
        ("-3.000000", "-3"),
        ("1E+2", "100"),
        ("123456789012345678901234.123456", "123456789012345678901234.123456"),
    ],
)
def test_plain_decimal_has_no_trailing_zeros_or_exponent(value: str, expected: str) -> None:
    assert str(plain_decimal(Decimal(value))) == expected
