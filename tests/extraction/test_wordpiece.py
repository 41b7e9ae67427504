"""Words cut into the encoder's pieces: which, where they stand, and what beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.extraction.tagger.wordpiece import CAPITALISED, LOWER, NUMBER, OTHER, UPPER, WordPieces, letter_case

NAMES = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "harbour",
    "har",
    "##bour",
    "##s",
    "s",
    "cafe",
    "'",
    ".",
    "中",
    "a",
    "##a",
]


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    path: Path = tmp_path_factory.mktemp("pieces") / "pieces.txt"
    path.write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    return WordPieces(path)


def read(pieces: WordPieces, stretch: str) -> list[tuple[str, str]]:
    cut = pieces.split(stretch)
    return [(NAMES[number], stretch[a:b]) for number, (a, b) in zip(cut.piece_ids, cut.offsets, strict=True)]


@pytest.mark.parametrize(
    ("stretch", "expected"),
    [
        ("harbour", [("harbour", "harbour")]),
        ("Harbours.", [("harbour", "Harbour"), ("##s", "s"), (".", ".")]),
        ("harbour's", [("harbour", "harbour"), ("'", "'"), ("s", "s")]),
        ("Café", [("cafe", "Café")]),
        ("cafe\u0301", [("cafe", "cafe")]),  # the accent is a character of its own, and read with the letter
        ("中中", [("中", "中"), ("中", "中")]),
        ("har\u200bbour", [("harbour", "har\u200bbour")]),  # a control character goes
        ("quay", [("[UNK]", "quay")]),
        ("a" * 101, [("[UNK]", "a" * 101)]),
        ("[CLS]", [("[UNK]", "["), ("[UNK]", "CLS"), ("[UNK]", "]")]),  # words of a text are never marks
        ("\u200b", []),
    ],
)
def test_a_stretch_is_cut_into_the_longest_known_pieces(
    pieces: WordPieces, stretch: str, expected: list[tuple[str, str]]
) -> None:
    assert read(pieces, stretch) == expected


def test_pieces_know_their_words_case_and_where_words_begin(pieces: WordPieces) -> None:
    cut = pieces.split("Harbours.")
    assert cut.begins == (True, False, True)
    assert cut.cases == (CAPITALISED, CAPITALISED, OTHER)


@pytest.mark.parametrize(
    ("word", "case"),
    [("harbour", LOWER), ("Harbour", CAPITALISED), ("NIS", UPPER), ("A", CAPITALISED), ("7th", NUMBER), ("_", OTHER)],
)
def test_cases(word: str, case: int) -> None:
    assert letter_case(word) == case


def test_a_name_that_is_not_listed_is_an_error(pieces: WordPieces) -> None:
    with pytest.raises(KeyError):
        pieces.piece_id("[NONE]")


@given(st.text(min_size=1, max_size=60))
def test_any_stretch_is_cut_in_order_and_the_same_when_kept(stretch: str) -> None:
    pieces = SHIPPED
    cut = pieces.split(stretch)
    assert cut == pieces.split(stretch) == pieces._split(stretch)
    assert all(0 <= a < b <= len(stretch) for a, b in cut.offsets)
    assert list(cut.offsets) == sorted(cut.offsets)
    assert len(cut.piece_ids) == len(cut.offsets) == len(cut.cases) == len(cut.begins)


SHIPPED = WordPieces(Path(__file__).parents[2] / "articles" / "extraction" / "tagger" / "weights" / "pieces.txt")
