"""Test the word-by-word comparison of two texts."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.diff import BLANK_LINE, ChangeKind, Row, compare_texts, count_changed_words

SIGNS = {ChangeKind.SAME: "{}", ChangeKind.REMOVED: "[-{}-]", ChangeKind.ADDED: "[+{}+]"}


def shown(rows: list[Row]) -> str:
    """Return rows as readable text: removed [- -], added [+ +], one row per line."""
    return "\n".join(
        "".join(SIGNS[piece.kind].format(piece.text.replace(BLANK_LINE, "¶")) for piece in row.pieces) for row in rows
    )


def sides(rows: list[Row]) -> tuple[str, str]:
    return tuple(
        BLANK_LINE.join("".join(p.text for p in side) for side in [getattr(row, which) for row in rows] if side)
        for which in ("before", "after")
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It rained.", "It rained.", "It rained."),
        ("At least 40 bolts are loose.", "At least 44 bolts are loose.", "At least [-40-][+44+] bolts are loose."),
        ("Some 1,000 died.", "Some 1,200 died.", "Some [-1,000-][+1,200+] died."),
        ("One.\n\nTwo.", "One.\n\nNew here.\n\nTwo.", "One.\n[+New here.+]\nTwo."),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", "One.\n[-Two.-]\nThree."),
        (
            "The bridge closed. The mayor spoke.",
            "The bridge closed.\n\nThe mayor spoke.",
            "The bridge closed.[- -][+¶+]The mayor spoke.",
        ),
        (
            "The bridge closed.\n\nThe mayor spoke.",
            "The bridge closed. The mayor spoke.",
            "The bridge closed.[-¶-][+ +]The mayor spoke.",
        ),
        # Two adjacent changed words are one change, not two with a space between them.
        ("He said it would shut.", "He said they may shut.", "He said [-it would-][+they may+] shut."),
        ("", "New.", "[+New.+]"),
        ("Old.", "", "[-Old.-]"),
        ("", "", ""),
        ("橋は月曜に閉まる。", "橋は火曜に閉まる。", "橋は[-月-][+火+]曜に閉まる。"),
        ("cafe\u0323 noir", "cafe noir", "[-cafe\u0323-][+cafe+] noir"),
    ],
)
def test_changes_are_shown_word_by_word(old: str, new: str, expected: str) -> None:
    assert shown(compare_texts(old, new)) == expected


def test_different_paragraphs_are_shown_as_replaced() -> None:
    old = "The council met in a hall by the sea and spoke of a bridge."
    new = "Forty people in orange coats took up a place at the old lighthouse."

    assert shown(compare_texts(old, new)) == f"[-{old}-][+{new}+]"


def test_row_ranges_match_its_blocks() -> None:
    old, new = "A one.\n\nB two.\n\nC three.", "A one.\n\nB two. C tree.\n\nD four."
    rows = compare_texts(old, new)

    for row in rows:
        assert BLANK_LINE.join(old.split(BLANK_LINE)[slice(*row.old)]) == "".join(p.text for p in row.before)
        assert BLANK_LINE.join(new.split(BLANK_LINE)[slice(*row.new)]) == "".join(p.text for p in row.after)


def test_changed_words_are_counted_without_signs() -> None:
    assert count_changed_words(compare_texts("He said: no.", "She said, flatly: no.")) == (1, 2)


BLOCK = st.text(st.sampled_from("ab ab.,’橋é\u0301"), min_size=1, max_size=30).filter(lambda text: text.strip())
TEXT = st.lists(BLOCK, max_size=6).map(BLANK_LINE.join)


@given(TEXT, TEXT)
def test_rows_contain_both_texts(old: str, new: str) -> None:
    rows = compare_texts(old, new)

    assert sides(rows) == (old, new)
    assert any(row.is_changed for row in rows) == (old != new)

    old_blocks, new_blocks = (text.split(BLANK_LINE) if text else [] for text in (old, new))

    for row in rows:
        assert BLANK_LINE.join(old_blocks[slice(*row.old)]) == "".join(p.text for p in row.before)
        assert BLANK_LINE.join(new_blocks[slice(*row.new)]) == "".join(p.text for p in row.after)


@pytest.mark.slow
@pytest.mark.parametrize("words", [5, 500, 50_000])
@pytest.mark.parametrize("blocks", [1, 4_000])
def test_a_megabyte_is_compared_in_seconds(words: int, blocks: int) -> None:
    """Cover texts without unique words (few different words) and with a single block."""
    rng = random.Random(words)
    every = [f"w{rng.randrange(words)}" for _ in range(150_000)]
    parts = [" ".join(every[n::blocks]) for n in range(blocks)]
    changed = [" ".join(w if rng.random() > 0.02 else "other" for w in part.split(" ")) for part in parts]
    moved = changed[: len(changed) // 10]
    rng.shuffle(moved)
    changed[: len(moved)] = moved
    began = time.monotonic()
    rows = compare_texts(BLANK_LINE.join(parts), BLANK_LINE.join(changed))

    assert time.monotonic() - began < 20  # a guard against quadratic time, not a measurement
    assert sides(rows) == (BLANK_LINE.join(parts), BLANK_LINE.join(changed))
