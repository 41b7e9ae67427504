"""Normalizing and comparing names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.names import MIN_LIKELY_SCORE, compare_names, normalize_name, slugify_name, surname


@pytest.mark.parametrize(
    ("name_a", "name_b"),
    [
        ("The National Intelligence Service", "national intelligence service"),
        ("Mr. Lee", "Lee"),
        ("Lee Seong-kweun", "LEE SEONG–KWEUN"),
        ("José Núñez", "Jose Nunez"),
        ("South Korea’s spy agency", "South Korea's spy agency"),
        ("U.S. Treasury", "US Treasury"),
        ("President Mara Holt", "Mara Holt"),
        ("J. F. Kerr", "J.F. Kerr"),
        ("Łódź Øresund", "Lodz Oresund"),
    ],
)
def test_spellings_of_a_name_normalize_to_the_same(name_a: str, name_b: str) -> None:
    assert normalize_name(name_a) == normalize_name(name_b)


@pytest.mark.parametrize(
    ("name_a", "name_b"),
    [
        ("South Korea's spy agency", "South Korea"),
        ("Ann Frith", "Anna Frith"),
        ("The President", "President Holt"),
        ("North Korea", "South Korea"),
    ],
)
def test_different_names_normalize_differently(name_a: str, name_b: str) -> None:
    assert normalize_name(name_a) != normalize_name(name_b)


@given(st.text(max_size=60))
def test_normalizing_is_idempotent(name: str) -> None:
    assert normalize_name(normalize_name(name)) == normalize_name(name)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Ann Frith", "frith"),
        ("Lee Seong-kweun", "lee"),
        ("Jo van der Berg", "van der berg"),
        ("Dr Miriam Osei", "osei"),
        ("", ""),
    ],
)
def test_surname(name: str, family: str) -> None:
    assert surname(name) == family


@pytest.mark.parametrize(
    ("name_a", "name_b", "likely"),
    [
        ("NIS", "National Intelligence Service", True),
        ("Seong-kweun Lee", "Lee Seong-kweun", True),
        ("A. Frith", "Ann Frith", True),
        ("Zelenskyy", "Zelensky", True),
        ("Ann Frith", "Carl Frith", False),
        ("Northern Courier", "Daily Meridian", False),
        ("", "Ann", False),
    ],
)
def test_similarity_is_symmetric_and_finds_likely_duplicates(name_a: str, name_b: str, likely: bool) -> None:
    assert (compare_names(name_a, name_b).score >= MIN_LIKELY_SCORE) is likely
    assert compare_names(name_a, name_b).score == compare_names(name_b, name_a).score


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("The National Intelligence Service", "national-intelligence-service"),
        ("Lee Seong-kweun", "lee-seong-kweun"),
        ("東京", ""),
    ],
)
def test_slug_of_a_name(name: str, slug: str) -> None:
    assert slugify_name(name) == slug
