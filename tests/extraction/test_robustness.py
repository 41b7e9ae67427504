"""Test that any text gives valid, repeatable proposals and never an exception."""

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


def assert_valid(text: str, extraction: Extraction) -> None:
    for proposal in extraction.proposals:
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
def test_random_cues_and_marks_give_valid_proposals(text: str) -> None:
    assert_valid(text, extract(text, published=DAY, language="en"))


@pytest.mark.slow
@given(st.text(max_size=400))
def test_random_characters_give_valid_proposals(text: str) -> None:
    assert_valid(text, extract(text, language="en"))
    extract(text)


def damaged_texts(path: Path) -> st.SearchStrategy[str]:
    text = path.read_bytes().decode("utf-8", "replace")
    cut_strategy = st.tuples(
        st.integers(0, len(text)), st.integers(0, 60), st.sampled_from(['"', "“", "”", "\n\n", "", "said"])
    )
    return st.lists(cut_strategy, min_size=1, max_size=6).map(lambda cuts: apply_cuts(text, cuts))


def apply_cuts(text: str, cuts: list[tuple[int, int, str]]) -> str:
    for start, length, insert in cuts:
        text = text[:start] + insert + text[start + length :]
    return text


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS).flatmap(damaged_texts))
def test_damaged_seed_gives_valid_proposals(text: str) -> None:
    assert_valid(text, extract(text, published=DAY, language="en"))


@pytest.mark.slow
def test_extract_many_gives_same_results_in_any_order() -> None:
    texts = [(path.read_bytes().decode("utf-8", "replace"), DAY) for path in SEEDS]
    expected = [extract(text, published=day) for text, day in texts]

    assert list(extract_many(texts)) == expected
    assert list(extract_many(reversed(texts))) == expected[::-1]


def test_offsets_count_code_points() -> None:
    plain = "“It is safe,” said Ann Frith on Tuesday."
    for prefix in ("🦉𝔘\n\n", "é\n\n"):
        (proposal,) = propose(prefix + plain, published=DAY)
        (expected,) = propose(plain, published=DAY)

        assert [s.start - len(prefix) for s in proposal.content] == [s.start for s in expected.content]


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
def test_time_grows_linearly_with_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        extract(text, language="en")
        return time.process_time() - started

    seconds(1000)  # fill caches, import what is imported late
    small, large = seconds(10_000), seconds(80_000)

    assert large < 40 * small + 0.5, "text of eight times the length took over 40 times as long"


def test_text_in_other_language_gives_warning_only() -> None:
    german = "Der Minister sagte am Dienstag, dass die Brücke sicher sei. " * 6

    extraction = extract(german)

    assert (extraction.proposals, extraction.language) == ((), "de")
    assert extraction.warnings[0][0] == "language-not-understood"
    assert re.search(r"by hand", extraction.warnings[0][1])
