"""Words that an editor gives are put where they stand, and nowhere by guessing."""

import pytest

from articles.text.find import PassageNotFoundError, find_passage

TEXT = "He said no. She said no. “Nooo,” it said."


@pytest.mark.parametrize(
    ("words", "near", "found"),
    [
        ("She said", None, (12, 20)),
        ("He said no. She", None, (0, 15)),
        ("said no.", 3, (3, 11)),
        ("said no.", 16, (16, 24)),
        ("said no.", 20, (16, 24)),  # within it
        ("oo", 27, (27, 29)),  # where it begins, though another covers the place too
        ("it said.", 999, (33, 41)),  # it stands once: the place does not matter
    ],
)
def test_words_are_found(words, near, found):
    assert find_passage(TEXT, words, near=near) == found
    assert TEXT[slice(*found)] == words


@pytest.mark.parametrize(
    ("words", "near", "complaint"),
    [
        ("said yes", None, "do not stand"),
        ("", None, "do not stand"),
        ("she said", None, "do not stand"),
        ("said no.", None, "2 times, at 3, 16"),
        ("said no.", 11, "2 times"),  # between the two
        ("said no.", 999, "2 times"),
    ],
)
def test_or_not_at_all(words, near, complaint):
    with pytest.raises(PassageNotFoundError, match=complaint):
        find_passage(TEXT, words, near=near)


def test_offsets_count_code_points():
    assert find_passage("🇬🇧 Ada Roe", "Ada") == (3, 6)
