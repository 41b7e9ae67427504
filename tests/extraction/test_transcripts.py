"""Test transcripts: the text after a speaker's label and colon is direct speech."""

from __future__ import annotations

from datetime import date

import pytest

from articles.extraction import propose
from articles.extraction.proposal import Form, Proposal

FRIDAY = date(2026, 11, 20)

INTERVIEW = """Mayor Ann Frith spoke to the Ellery Post about the bridge. The interview has been shortened.

Q: When will the bridge open, and who will pay?

A: It will open in October. The council has paid for it already, and nobody will be asked for more.

Q: Engineers have said that the piers are weak.

A: They looked at the old piers. The Harbour Authority said in March that the new ones were sound.

Q: Is that enough?

A: I think so."""

HEARING = """The following is an edited transcript.

FRITH: The bridge will open in October.
OKAFOR: You said that last year. Do you remember what it was going to cost?
FRITH: I said it could cost nine million. It will cost twelve.

THE CHAIR: Ms. Frith has the floor, and nobody else.

Ann Frith left at noon. "I have no more to say," she told reporters."""


def reported_claims(text: str) -> list[Proposal]:
    return [p for p in propose(text, published=FRIDAY, language="en") if p.reporting]


def speaker_names(proposal: Proposal) -> list[str]:
    return [hop.speaker.name for hop in proposal.hops]


def test_answer_is_a_statement_and_question_is_not() -> None:
    answers = [p for p in reported_claims(INTERVIEW) if p.form == Form.DIRECT]

    assert [p.statement[:24] for p in answers] == ["It will open in October.", "They looked at the old p"]
    assert all(speaker_names(p) == ["Ann Frith"] and p.hops[0].mention == "A" for p in answers)
    assert not any("piers are weak" in p.statement for p in reported_claims(INTERVIEW))


def test_attribution_in_answer_gives_chain() -> None:
    (claim,) = [p for p in reported_claims(INTERVIEW) if p.form == Form.INDIRECT]

    assert speaker_names(claim) == ["Harbour Authority", "Ann Frith"]
    assert claim.statement == "the new ones were sound"
    assert claim.stated_on is not None
    assert claim.stated_on.start == date(2026, 3, 1)


def test_answers_after_two_names_have_unnamed_speaker() -> None:
    text = INTERVIEW.replace("about the bridge", "and to Engineer Tom Garrick about the bridge")

    answers = [p for p in reported_claims(text) if p.form == Form.DIRECT]

    assert {(p.hops[0].speaker.name, p.hops[0].speaker.anonymous_number) for p in answers} == {
        ("the person interviewed", 1)
    }


def test_label_in_capitals_resolves_to_person_in_text() -> None:
    claims = reported_claims(HEARING)

    assert [(speaker_names(p)[-1], p.statement) for p in claims] == [
        ("Ann Frith", "The bridge will open in October."),
        ("Okafor", "You said that last year. Do you remember what it was going to cost?"),
        ("Ann Frith", "I said it could cost nine million. It will cost twelve."),
        ("THE CHAIR", "Ms. Frith has the floor, and nobody else."),
        ("Ann Frith", '"I have no more to say"'),
    ]
    assert all(p.form == Form.DIRECT for p in claims)


def test_content_and_label_are_in_their_line() -> None:
    for proposal in reported_claims(HEARING)[:4]:
        (span,) = proposal.content
        assert HEARING[span.start : span.end] == proposal.statement
        assert proposal.source
        assert HEARING[proposal.source[0].end] == ":"


@pytest.mark.parametrize(
    "text",
    [
        "When: Friday at nine o'clock in the town hall.\nWhere: The old hall by the river, on the left.\nWho: Everybody "
        "who wants to come is welcome.",
        "Photo: The bridge as it was seen on Friday.\nRelated: How the bridge was built over ten years.\nPhoto: The river "
        "as it was seen on Monday.\nRelated: What the river carries every year.",
        "Ellery: They won three games and lost two.\nMarlow: They won two games and lost three.\nTarn: They lost all of "
        "the games they played.",
    ],
    ids=["times and places", "captions", "a table"],
)
def test_list_is_not_a_transcript(text: str) -> None:
    assert reported_claims(text) == []
