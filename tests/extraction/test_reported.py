"""What is told, and what is thought, planned, left unsaid or no statement: shown on demand only."""

from __future__ import annotations

import pytest

from articles.extraction import extract, tagger

pytestmark = pytest.mark.skipif(not tagger.AVAILABLE, reason="the statistical tagger's packages are not installed")


def told(text: str) -> list[str]:
    return [proposal.statement for proposal in extract(text, language="en").proposals if proposal.reporting]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Frith said the pier was sound.",
        "Ann Frith said talent was no defence.",
        "Ann Frith said he bore no grudge.",
        "Ann Frith estimated the damage at £6,200.",
        "Ann Frith denied that the pier was unsound.",
        "Ann Frith urged buyers to ask for a certificate.",
        "Ann Frith called the plan “a lock on every door in town.”",
        "“Never again,” Ann Frith vowed.",
        "“No,” Ann Frith said.",
        "A survey by Carrow University found that 36 percent of colonies had died.",
        "Two engineers suggest that the bolts were loose for years.",
    ],
)
def test_what_somebody_tells_is_proposed(text: str) -> None:
    assert told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ann Frith did not say whether the pier was sound.",
        "Ann Frith declined to say whether the pier was sound.",
        "Neither Ellery nor Carrow has acknowledged that the pier is closed.",
        "Ann Frith hopes to open the pier in May.",
        "Ann Frith believes that the pier is sound.",
        "Ann Frith confirmed the number.",
        "Ann Frith asked for a meeting.",
        "One of them asked not to be named.",
    ],
)
def test_what_nobody_tells_waits_for_nobody(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Ann Frith told reporters that the pier was sound.", "the pier was sound"),
        ("Ann Frith said that was not true.", "that was not true"),
        ("Ann Frith confirmed only that the pier was closed.", "the pier was closed"),
        (
            "According to the report, which the council published on Tuesday, the pier was sound.",
            "the pier was sound",
        ),
    ],
)
def test_what_introduces_a_statement_is_no_part_of_it(text: str, statement: str) -> None:
    assert told(text) == [statement]


def test_what_a_poll_counts_is_no_origin() -> None:
    (only,) = [
        proposal
        for proposal in extract(
            "According to a poll by Carrow University, 51 percent of respondents said they would take the bus.",
            language="en",
        ).proposals
        if len(proposal.hops) == 1 and "51 percent" in proposal.statement
    ]
    assert "poll" in only.hops[0].mention
