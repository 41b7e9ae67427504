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
def test_closest_words_come_first(typed, near):
    assert closest_words(typed, KNOWN) == near


@pytest.mark.parametrize("typed", ["merrys", "merrry", "emrry", "mery"])
def test_word_with_one_typo_is_close(typed):
    assert "merry" in closest_words(typed, KNOWN)


def test_word_is_not_close_to_itself():
    assert closest_words("merry", KNOWN) == ["ferry"]


@pytest.mark.parametrize("typed", ["91th", "bxx", "b13"])
def test_words_with_digits_are_never_close(typed):
    assert closest_words(typed, KNOWN) == []
