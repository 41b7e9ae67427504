"""Test finding a passage by its words, without guessing."""

import pytest

from articles.text.find import PassageNotFoundError, find_passage

TEXT = "He said no. She said no. “Nooo,” it said."


@pytest.mark.parametrize(
    ("passage", "near", "found"),
    [
        ("She said", None, (12, 20)),
        ("He said no. She", None, (0, 15)),
        ("said no.", 3, (3, 11)),
        ("said no.", 16, (16, 24)),
        ("said no.", 20, (16, 24)),  # inside it
        ("oo", 27, (27, 29)),  # starts there; another occurrence contains the offset too
        ("it said.", 999, (33, 41)),  # unique: `near` does not matter
    ],
)
def test_passage_is_found(passage, near, found):
    assert find_passage(TEXT, passage, near=near) == found
    assert TEXT[slice(*found)] == passage


@pytest.mark.parametrize(
    ("passage", "near", "message"),
    [
        ("said yes", None, "do not occur"),
        ("", None, "do not occur"),
        ("she said", None, "do not occur"),
        ("said no.", None, "more than once in the text, at 3, 16\\."),
        ("said no.", 11, "more than once"),  # between the two
        ("said no.", 999, "more than once"),
    ],
)
def test_missing_or_ambiguous_passage_raises_error(passage, near, message):
    with pytest.raises(PassageNotFoundError, match=message) as error_info:
        find_passage(TEXT, passage, near=near)

    assert str(error_info.value) == error_info.value.message % error_info.value.params


def test_passage_offsets_are_code_points():
    assert find_passage("🇬🇧 Ada Roe", "Ada") == (3, 6)
