"""Mistyped words: the nearest that there is, and nothing where none is near."""

import pytest

from articles.searching.spelling import choose, distance

KNOWN = ["casualties", "casualty", "captain", "kursk", "turks", "ferry", "ferries", "merry"]


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [("ferry", "ferry", 0), ("fery", "ferry", 1), ("frery", "ferry", 1), ("ferri", "ferry", 1), ("kurks", "kursk", 1)],
)
def test_one_slip_is_one_away_a_swap_too(one, other, away):
    assert distance(one, other, 2) == distance(other, one, 2) == away


def test_what_is_further_than_asked_is_one_more_than_asked():
    assert distance("ferry", "captain", 2) == 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("casulties", "casualties"),
        ("kurks", "kursk"),
        ("fery", "ferry"),
        ("captian", "captain"),
        ("zebra", None),
        ("xxxx", None),
    ],
)
def test_the_nearest_is_chosen_if_it_is_near(typed, meant):
    assert choose(typed, KNOWN) == meant


def test_a_word_that_is_known_is_meant():
    assert choose("merry", KNOWN) == "merry"
