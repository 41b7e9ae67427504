"""Mistyped words: those that come near, the nearest first."""

import pytest

from articles.search.spelling import closest_words

KNOWN = ["casualties", "casualty", "captain", "kursk", "turks", "ferry", "ferries", "merry", "91st", "b12"]


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("fery", ["ferry"]),
        ("frery", ["ferry"]),
        ("ferri", ["ferry"]),
        ("kurks", ["kursk", "turks"]),
        ("casulties", ["casualties"]),
        ("casualtes", ["casualties", "casualty"]),
        ("captian", ["captain"]),
        ("zerry", ["ferry", "merry"]),
        ("zebra", []),
        ("xxxx", []),
    ],
)
def test_near_words_come_nearest_first(typed, near):
    assert closest_words(typed, KNOWN) == near


@pytest.mark.parametrize("typed", ["merrys", "merrry", "emrry", "mery"])
def test_one_slip_is_near(typed):
    assert "merry" in closest_words(typed, KNOWN)


def test_a_word_is_not_near_itself():
    assert closest_words("merry", KNOWN) == ["ferry"]


@pytest.mark.parametrize("typed", ["91th", "bxx", "b13"])
def test_words_with_digits_are_never_near(typed):
    assert closest_words(typed, KNOWN) == []
