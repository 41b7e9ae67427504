"""Test splitting words into the encoder's pieces, with offsets and letter case."""

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


def read(pieces: WordPieces, text: str) -> list[tuple[str, str]]:
    split = pieces.split(text)
    return [(NAMES[number], text[a:b]) for number, (a, b) in zip(split.piece_ids, split.offsets, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("harbour", [("harbour", "harbour")]),
        ("Harbours.", [("harbour", "Harbour"), ("##s", "s"), (".", ".")]),
        ("harbour's", [("harbour", "harbour"), ("'", "'"), ("s", "s")]),
        ("Café", [("cafe", "Café")]),
        ("cafe\u0301", [("cafe", "cafe")]),  # the accent is a separate code point that belongs to no piece
        ("中中", [("中", "中"), ("中", "中")]),
        ("har\u200bbour", [("harbour", "har\u200bbour")]),  # a control character is dropped
        ("quay", [("[UNK]", "quay")]),
        ("a" * 101, [("[UNK]", "a" * 101)]),
        ("[CLS]", [("[UNK]", "["), ("[UNK]", "CLS"), ("[UNK]", "]")]),  # text never gives the encoder's marks
        ("\u200b", []),
    ],
)
def test_split_takes_the_longest_known_pieces(pieces: WordPieces, text: str, expected: list[tuple[str, str]]) -> None:
    assert read(pieces, text) == expected


def test_pieces_have_case_and_word_starts(pieces: WordPieces) -> None:
    split = pieces.split("Harbours.")

    assert split.begins == (True, False, True)
    assert split.cases == (CAPITALISED, CAPITALISED, OTHER)


@pytest.mark.parametrize(
    ("word", "case"),
    [("harbour", LOWER), ("Harbour", CAPITALISED), ("NIS", UPPER), ("A", CAPITALISED), ("7th", NUMBER), ("_", OTHER)],
)
def test_letter_case(word: str, case: int) -> None:
    assert letter_case(word) == case


def test_piece_id_of_unknown_piece_raises_error(pieces: WordPieces) -> None:
    with pytest.raises(KeyError):
        pieces.piece_id("[NONE]")


@given(st.text(min_size=1, max_size=60))
def test_any_text_splits_in_order_and_is_cached(text: str) -> None:
    split = SHIPPED.split(text)

    assert split == SHIPPED.split(text) == SHIPPED_AGAIN.split(text)
    assert all(0 <= a < b <= len(text) for a, b in split.offsets)
    assert list(split.offsets) == sorted(split.offsets)
    assert len(split.piece_ids) == len(split.offsets) == len(split.cases) == len(split.begins)


SHIPPED_PATH = Path(__file__).parents[2] / "articles" / "extraction" / "tagger" / "weights" / "pieces.txt"
SHIPPED, SHIPPED_AGAIN = WordPieces(SHIPPED_PATH), WordPieces(SHIPPED_PATH)
