"""Test which attributions are proposed by default, and which only on demand."""

from __future__ import annotations

import pytest

from articles.extraction import extract, tagger

pytestmark = pytest.mark.skipif(not tagger.AVAILABLE, reason="needs the packages of the statistical tagger")


def reported(text: str) -> list[str]:
    """Return the statements that are proposed by default."""
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
def test_reported_statement_is_proposed(text: str) -> None:
    assert reported(text)


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
def test_unreported_content_is_not_proposed(text: str) -> None:
    assert reported(text) == []


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
def test_introduction_is_not_part_of_the_statement(text: str, statement: str) -> None:
    assert reported(text) == [statement]


def test_respondents_of_a_poll_are_not_the_origin() -> None:
    (claim,) = [
        proposal
        for proposal in extract(
            "According to a poll by Carrow University, 51 percent of respondents said they would take the bus.",
            language="en",
        ).proposals
        if len(proposal.hops) == 1 and "51 percent" in proposal.statement
    ]

    assert "poll" in claim.hops[0].mention
