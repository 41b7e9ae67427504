"""Test how pronouns, descriptions and roles resolve to speakers."""

from __future__ import annotations

from datetime import date

import pytest

from articles.extraction import propose
from articles.extraction.proposal import Proposal, SpeakerKind

FRIDAY = date(2026, 11, 20)


def find_proposal(text: str, part: str) -> Proposal:
    """Return the one proposal of a text with `part` in its statement."""
    proposals = [p for p in propose(text, published=FRIDAY, language="en") if part in p.statement]
    assert len(proposals) == 1, [p.statement for p in proposals]
    return proposals[0]


def speaker_names(proposal: Proposal) -> list[str]:
    return [hop.speaker.name for hop in proposal.hops]


CHAINS = [
    (  # a company, by "it"
        "Shares of Ostermark AG fell on Friday.\n\nThe company expects revenue of 4 billion euros, it said in a statement.",
        "revenue of 4 billion",
        ["Ostermark AG"],
    ),
    (  # without the legal form in its name
        "Shares of Ostermark AG fell on Friday. Ostermark said at the time that the report was inaccurate.",
        "the report was inaccurate",
        ["Ostermark AG"],
    ),
    (  # "who" refers to the phrase before it, not to the last speaker
        "“I gave it six months,” said Moira Sleath. Her notebooks are now being read by scientists in Leeds, who say "
        "they may be the longest record of rainfall in the county.",
        "the longest record",
        ["scientists in Leeds"],
    ),
    (  # "which" refers to the organisation before it
        "More than 12,000 people have been killed, according to the United Nations, which says the true figure is "
        "considerably higher.",
        "considerably higher",
        ["United Nations"],
    ),
    (  # the doctor is "he", so "she" is the other person
        "“I stayed,” says Moira Sleath. “I count,” she says.\n\n“What she has is priceless,” says Dr. Anil Mehta. “We "
        "have satellites. We have no notebooks.” He believes that the valley is drier.\n\nNeighbours used to call her "
        "“the rain woman,” she recalls.",
        "the rain woman",
        ["Moira Sleath"],
    ),
    (  # a jury is not "she"
        "A jury heard on Wednesday that a bank manager moved the money because, as she wrote to a friend, “nobody ever looks.”",
        "nobody ever looks",
        ["she"],
    ),
    (  # an organisation named in apposition to its role
        "Transport Minister Luc Ferrand ordered an inquiry. The owner, Korrin Lines, denied that the boat was overloaded.",
        "the boat was overloaded",
        ["Korrin Lines"],
    ),
    (  # "the company's director" is not the only person who spoke so far
        "Transport Minister Luc Ferrand said the licence should go. In a message, the company's director wrote that the "
        "crew had done its duty.",
        "the crew had done",
        ["the company's director"],
    ),
    (  # a name in apposition to a description with another name in it
        "Deputy Energy Secretary Carol Winters resigned. Winters' predecessor, Neil Abrams, told reporters the plan had "
        "been drawn up by consultants.",
        "the plan had been drawn up",
        ["Neil Abrams"],
    ),
    (  # an agency at the start of a sentence, and the document it cites
        "Reuters reported last month, citing a letter to suppliers, that the company had asked for more time.",
        "the company had asked",
        ["a letter to suppliers", "Reuters"],
    ),
    (  # quoted as saying
        "Earlier, state television quoted an unnamed navy officer as saying that the search would be called off.",
        "the search would be called off",
        ["an unnamed navy officer", "state television"],
    ),
    (  # a spokeswoman is not the person she speaks for
        "Jo Stein is the party's candidate. Stein spokeswoman Melezia Fig said the candidate was on her way.",
        "the candidate was on her way",
        ["Melezia Fig"],
    ),
    (
        "Jo Stein is the candidate. The Stein campaign said the advertisement would run until Friday.",
        "the advertisement would run",
        ["The Stein campaign"],
    ),
    (  # capitalised words that are not part of the name
        "Helen Marsh won. Rival Helen Marsh, said Tom Beck. Democrat Helen Marsh said the count was fair.",
        "the count was fair",
        ["Helen Marsh"],
    ),
    (  # the other party's nominee
        "Democratic presidential nominee Helen Marsh spoke first. Republican presidential nominee Tom Beck spoke next. "
        "The Democratic nominee said the count was fair.",
        "the count was fair",
        ["Helen Marsh"],
    ),
    (
        "Democratic presidential nominee Helen Marsh spoke in Ohio. The Republican nominee said the count was fair.",
        "the count was fair",
        ["The Republican nominee"],
    ),
    (  # Chelsea is a place, not the mayor's name
        "Mayor Bill Tarrant arrived at nine. In Chelsea, the mayor said it was too early to tell.",
        "too early",
        ["Bill Tarrant"],
    ),
    (  # Jr. is not a family name
        "Vice President Joseph R. Tarn Jr. laughed. Mr. Tarn said the count was fair.",
        "the count was fair",
        ["Joseph R. Tarn Jr."],
    ),
    (  # "Mr." is not Moira
        "President Tarn spoke in Ohio. Moira Tarn stayed at home. Mr. Tarn said the count was fair.",
        "the count was fair",
        ["Tarn"],
    ),
    (
        "“We were there first,” Melezia Fig told USA Today. Nobody else had come.",
        "We were there first",
        ["Melezia Fig", "USA Today"],
    ),
    (  # a family and "their solicitor" are not the last speaker
        "“We let them down,” said nurse Bernadette Shaw. The family of one of them, Derek Holt, 71, said they had been misled.",
        "they had been misled",
        ["The family of one of them"],
    ),
    (
        "“I could see the sky,” said Fergus Daly. Their solicitor would say only that a claim had been lodged.",
        "a claim had been lodged",
        ["Their solicitor"],
    ),
    (  # "which" refers to the last organisation of the phrase
        "Robert Fenn asked why nobody had heard a warning from the regulator, which had described the software as unfit for use.",
        "unfit for use",
        ["the regulator"],
    ),
    (  # a name in apposition to a description of one person
        "The lifeboat's coxswain, Una Brack, says it was running when they found him.",
        "it was running",
        ["Una Brack"],
    ),
    (
        "Fergus Daly lost the boat. Daly's wife, Sinead, said that he was no fool.",
        "he was no fool",
        ["Sinead"],
    ),
    (  # two ways to write an apostrophe
        "Commissioner James O’Neill came. O'Neill said the street was closed.",
        "the street was closed",
        ["James O’Neill"],
    ),
    (  # a given name alone
        "Melanie said that he had been there.",
        "he had been there",
        ["Melanie"],
    ),
    (  # of two relatives, the main person of the article
        "Hilde Marsh fell ill. Hilde Marsh was taken home. Hilde Marsh slept. She went to the flat of Clara Marsh. "
        "Marsh said that she was well.",
        "she was well",
        ["Hilde Marsh"],
    ),
    (
        "The industry group Plastics Norden said the fibres could not be traced to any one product.",
        "the fibres could not be traced",
        ["Plastics Norden"],
    ),
]


@pytest.mark.parametrize(("text", "part", "speakers"), CHAINS, ids=[row[1] for row in CHAINS])
def test_statement_gives_chain_of_speakers(text: str, part: str, speakers: list[str]) -> None:
    assert speaker_names(find_proposal(text, part)) == speakers


KINDS = [
    ("Reuters reported that the company had asked for more time.", SpeakerKind.AGENCY),
    (
        "According to an internal report read out in court, the bank's staff had warned its head office.",
        SpeakerKind.DOCUMENT,
    ),
    ("Shadow studies suggest that the churchyard would lose four hours of sunlight a day.", SpeakerKind.DOCUMENT),
    ("Lorland's General Staff said the losses were between 1,500 and 2,000 men.", SpeakerKind.ORGANISATION),
    ("State television said on Friday that the search would be called off.", SpeakerKind.ORGANISATION),
    ("The industry group Plastics Norden said the fibres could not be traced to a product.", SpeakerKind.ORGANISATION),
]


@pytest.mark.parametrize(("text", "kind"), KINDS, ids=[row[0][:40] for row in KINDS])
def test_speaker_kind_is_detected(text: str, kind: SpeakerKind) -> None:
    (proposal,) = propose(text, published=FRIDAY, language="en")

    assert proposal.hops[-1].speaker.kind == kind


ROLES = [
    ("Chief Executive Ines Brandt said the plant would close.", "chief executive", ""),
    ("Chief nurse Bernadette Shaw said the ward would close.", "chief nurse", ""),
    ("Shadow health secretary Robert Fenn said the ward would close.", "shadow health secretary", ""),
    ("Union leader Karl Reiss said the plant would close.", "union leader", ""),
    ("Police Chief Wanda Cole said burglaries were down.", "police chief", ""),
    ("Library director Jane Osei said the board was told in April.", "library director", ""),
    ("Deputy Energy Secretary Carol Winters said no jobs would go.", "deputy energy secretary", ""),
    (
        "Ann Tarn, a lecturer at Marlow Law School.\n\nMr. Beck said so, and Tarn said the count was fair.",
        "lecturer",
        "Marlow Law School",
    ),
    ("White House press secretary Josh Tarn said the count was fair.", "press secretary", "White House"),
    ("Attorney General Roy Tarn said the count was fair.", "attorney general", ""),
    ("Secretary General Ban Ori-mun said the test was a breach.", "secretary general", ""),
    ("Secretary of State John Tarn said the talks would go on.", "secretary of state", ""),
    ("Chairman Rep. Jason Tarn said the letter was no request.", "representative", ""),
    (
        "Republican vice-presidential nominee Mike Tarn said the count was fair.",
        "Republican vice-presidential nominee",
        "",
    ),
    ("Ed Tarn, who served as general chairman of the party, said the count was fair.", "general chairman", ""),
    ("Water Board director Ann Frith said the dam was sound.", "director", "Water Board"),
]


@pytest.mark.parametrize(("text", "role", "organisation"), ROLES, ids=[row[1] for row in ROLES])
def test_role_and_organisation_are_detected(text: str, role: str, organisation: str) -> None:
    speaker = propose(text, published=FRIDAY, language="en")[-1].hops[-1].speaker

    assert (speaker.role, speaker.organisation) == (role, organisation)


def test_one_subject_of_two_verbs_is_one_speaker() -> None:
    text = "An investigator's report concludes that the cause cannot be found, but notes that the tank was empty."

    first, second = propose(text, published=FRIDAY, language="en")

    assert first.hops[0].speaker == second.hops[0].speaker


def test_short_sentence_is_reporting() -> None:
    (proposal,) = propose("Fergus Daly insists that the engine failed.", published=FRIDAY, language="en")

    assert proposal.reporting


def test_passive_expectation_has_no_earlier_speaker() -> None:
    text = "“They were not,” replied Inspector Paul Hage. The trial is expected to last three weeks."

    trial = [p for p in propose(text, published=FRIDAY, language="en") if "three weeks" in p.statement]

    assert all("Hage" not in speaker_names(p)[0] and not p.reporting for p in trial)


def test_verb_particle_is_not_a_statement() -> None:
    text = "Luc Ferrand met the crew on Monday. Ferrand did not rule that out."

    statements = [p.statement for p in propose(text, published=FRIDAY, language="en")]

    assert "out" not in statements


DAYS = [
    (  # a day in another speaker's content in the same sentence
        "Two people said the board would meet on Sunday, though one of them cautioned that no decision had been made.",
        "no decision",
        None,
    ),
    (  # a day in another clause
        "The second set of pumps arrived last week, and the contractor has assured us that the tests will finish.",
        "the tests will finish",
        None,
    ),
    (  # a day in a relative clause of the source
        "The dam will hold, according to the Water Board, which laid out its findings to the council on Thursday.",
        "The dam will hold",
        "on Thursday",
    ),
    ("Reuters reported last month that the company had asked for time.", "asked for time", "last month"),
    ("The company had asked for more time, Ann Frith said on Tuesday.", "more time", "on Tuesday"),
]


@pytest.mark.parametrize(("text", "part", "day"), DAYS, ids=[row[1] for row in DAYS])
def test_day_belongs_to_this_statement(text: str, part: str, day: str | None) -> None:
    stated_on = find_proposal(text, part).stated_on

    assert (stated_on.words if stated_on else None) == (day.removeprefix("on ") if day else None)


def test_age_is_not_a_figure() -> None:
    text = "The governor said that a woman, 64, had been killed and two more people were missing."

    (proposal,) = propose(text, published=FRIDAY, language="en")

    assert [(q.raw, q.counts) for q in proposal.quantities] == [("two", "people")]


def test_sentence_before_quotation_is_not_content() -> None:
    text = (
        "Resident Bill Tully complained that trucks start at 5 a.m. “I haven't slept since July,” he told the board."
    )

    assert find_proposal(text, "slept since July").statement == "“I haven't slept since July”"
