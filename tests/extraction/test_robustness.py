"""Any text gives proposals or none, the same each time, with offsets that lie in it. Never an exception."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.extraction import Extraction, extract, extract_many, propose

DAY = date(2024, 12, 19)
SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
PIECES = st.sampled_from(
    "said told \"  “ ” '' , . — : ; ( ) that Lee Ann Frith the lawmaker he she according to officials who of citing "
    "added reported at least 100 nearly 1,000 killed on Tuesday \n\n The Agency (NIS) 's did not deny it 🦉 𝔘 \nQ: \nA: \nLEE: Mr. Jr. USA Today".split(
        " "
    )
)


def check(text: str, found: Extraction) -> None:
    for proposal in found.proposals:
        assert proposal.statement.strip()
        assert proposal.hops
        assert proposal.content
        assert 0 <= proposal.confidence <= 1
        spans = [*proposal.content, *proposal.cue, *proposal.source, *(q.span for q in proposal.quantities)]
        spans += [hop.span for hop in proposal.hops if hop.span]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(a.end <= b.start for a, b in zip(proposal.content, proposal.content[1:], strict=False))
        assert all(text[q.span.start : q.span.end] == q.raw for q in proposal.quantities)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=70).map(" ".join))
def test_word_salad_of_cues_and_marks_is_understood_or_left(text: str) -> None:
    check(text, extract(text, published=DAY, language="en"))


@given(st.text(max_size=400))
def test_any_text_at_all(text: str) -> None:
    check(text, extract(text, language="en"))
    extract(text)


def mutated(path: Path) -> st.SearchStrategy[str]:
    text = path.read_bytes().decode("utf-8", "replace")
    cut = st.tuples(
        st.integers(0, len(text)), st.integers(0, 60), st.sampled_from(['"', "“", "”", "\n\n", "", "said"])
    )
    return st.lists(cut, min_size=1, max_size=6).map(lambda cuts: _cut(text, cuts))


def _cut(text: str, cuts: list[tuple[int, int, str]]) -> str:
    for at, length, put in cuts:
        text = text[:at] + put + text[at + length :]
    return text


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS).flatmap(mutated))
def test_damaged_stories(text: str) -> None:
    check(text, extract(text, published=DAY, language="en"))


@pytest.mark.slow
def test_the_same_text_gives_the_same_in_any_company() -> None:
    texts = [(path.read_bytes().decode("utf-8", "replace"), DAY) for path in SEEDS]
    alone = [extract(text, published=day) for text, day in texts]
    assert list(extract_many(texts)) == alone
    assert list(extract_many(reversed(texts))) == alone[::-1]


def test_offsets_are_code_points_whatever_stands_before() -> None:
    plain = "“It is safe,” said Ann Frith on Tuesday."
    for prefix in ("🦉𝔘\n\n", "é\n\n"):
        (found,) = propose(prefix + plain, published=DAY)
        (before,) = propose(plain, published=DAY)
        assert [s.start - len(prefix) for s in found.content] == [s.start for s in before.content]


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        '"',
        "“",
        "said ",
        'He said "a" ',
        "a said b. ",
        "Lee (",
        "\n\n",
        "100 ",
        "''",
        "who said ",
        "A. ",
        "Q: Is it?\nA: It is, as the Agency said, so.\n",
        "Mayor Ann Frith, of the Ellery Post. ",
    ],
)
def test_time_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        extract(text, language="en")
        return time.process_time() - began

    seconds(1000)
    small, large = seconds(10_000), seconds(80_000)
    assert large < 40 * small + 0.5, "eight times the text took much more than eight times as long"


def test_text_in_another_language_gives_no_proposals_and_says_so() -> None:
    german = "Der Minister sagte am Dienstag, dass die Brücke sicher sei. " * 6
    found = extract(german)
    assert (found.proposals, found.language) == ((), "de")
    assert found.warnings[0][0] == "language-not-understood"
    assert re.search(r"by hand", found.warnings[0][1])
