"""No bytes whatever make `read` raise, and its time grows with their length alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing import FORMATS, Draft, Rejected, read
from tests.importing.story import CLEAN

CLEAN_BYTES = CLEAN.encode()


@given(st.binary(max_size=2000), st.sampled_from([None, *FORMATS]))
def test_random_bytes_give_drafts_or_rejections(data: bytes, format: str | None) -> None:
    assert all(isinstance(found, Draft | Rejected) for found in read(data, format=format))


@given(st.text(max_size=1500))
def test_random_text_gives_drafts_or_rejections(text: str) -> None:
    for found in read(text.encode("utf-8", "surrogatepass")):
        if isinstance(found, Draft):
            assert found.headline.strip()
            assert all(paragraph.strip() == paragraph and "\n" not in paragraph for paragraph in found.paragraphs)


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(0, len(CLEAN_BYTES)), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=8
    )
)
def test_a_damaged_story_is_still_read(edits: list[tuple[int, int, bytes]]) -> None:
    data = CLEAN_BYTES
    for at, length, put in edits:
        data = data[:at] + put + data[at + length :]
    assert list(read(data))


def test_a_megabyte_of_anything_ends() -> None:
    for piece in ("<", "&", "-\n", "“", "By A and ", "Related: a\n", "Original url: ", "a\n\n", "A.\x00", "http://"):
        assert list(read((piece * (1_000_000 // len(piece))).encode()))
