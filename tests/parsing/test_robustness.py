"""Test that no input makes parsing raise, and that its time is linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.parsing import FORMATS, Draft, RejectedError, read_articles
from tests.parsing.story import CLEAN_TEXT, URL, parse_draft

CLEAN_BYTES = CLEAN_TEXT.encode()


@given(st.binary(max_size=2000), st.sampled_from([None, *FORMATS]))
def test_random_bytes_never_raise(data: bytes, format: str | None) -> None:
    assert all(isinstance(found, Draft | RejectedError) for found in read_articles(data, format=format))


@given(st.text(max_size=1500))
def test_random_text_never_raises(text: str) -> None:
    for found in read_articles(text.encode("utf-8", "surrogatepass")):
        if isinstance(found, Draft):
            assert found.headline.strip()
            assert all(paragraph.strip() == paragraph and "\n" not in paragraph for paragraph in found.paragraphs)


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(0, len(CLEAN_BYTES)), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=8
    )
)
def test_damaged_article_never_raises(edits: list[tuple[int, int, bytes]]) -> None:
    data = CLEAN_BYTES
    for at, length, put in edits:
        data = data[:at] + put + data[at + length :]

    assert list(read_articles(data))


#: Text that took, or could take, more than linear time in some stage.
PIECES = [
    "<", "&", "-\n", "“", "By A and ", "Related: a\n", "Original url: ", "a\n\n", "A.\x00", "http://", " ", "\t", "\f",
    "<a href=http://x", "<!--", "a-", "A-A-\n", "Related:\n\n", "Original url\n", "Read more:\n", "- a\n", "<u>", "â€œ",
    "1 May 2024 | ", "AP / ", "SEOUL, ", "('", "’s ", '{"headline":', "[", "a",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize(
    "before", ["", "Headline\n\nBy A B\n\nMay 1, 2024\n\nText. Related: "], ids=["alone", "below"]
)
def test_repeated_text_takes_linear_time(piece: str, before: str) -> None:
    start = time.process_time()

    assert list(read_articles((before + piece * (200_000 // len(piece))).encode()))
    assert time.process_time() - start < 10  # one second on a free machine; quadratic time would be minutes


WORDS = st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=2, max_size=9)
SENTENCES = st.builds(
    lambda first, rest: f"{first.capitalize()} {' '.join(rest)}.", WORDS, st.lists(WORDS, min_size=3, max_size=40)
)


@given(st.lists(SENTENCES, min_size=1, max_size=8))
def test_clean_article_survives_two_round_trips(paragraphs: list[str]) -> None:
    for _ in range(2):
        text = "\n\n".join(paragraphs)
        draft = parse_draft(
            f"A Plain Headline\n\nBy Mira Okafor\n\nNovember 12, 2024\n\n{text}\n\nOriginal url: {URL}\n"
        )
        assert list(draft.paragraphs) == paragraphs
        assert draft.warnings == ()
        paragraphs = list(draft.paragraphs)
