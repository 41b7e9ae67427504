"""Decimal numbers as people write them."""

from __future__ import annotations

from decimal import Decimal


def plain_decimal(value: Decimal) -> Decimal:
    """Return the same value without trailing zeros or an exponent: 100, 2.5.

    Exact for any number of digits. Decimal.normalize() rounds to 28 digits and returns 1E+2 for 100.
    """
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
