"""Test which statements, chains, figures and days are found, and which are not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from articles.extraction import extract, propose
from articles.extraction.proposal import Form, Modality, Proposal
from articles.parsing import Draft, read_articles
from tests.requirements import SHARED

THURSDAY = date(2024, 12, 19)
SAMPLE = SHARED / "seeds" / "000_577b2b35639ba842.txt"


def chain(proposal: Proposal) -> list[str]:
    return [hop.speaker.name for hop in proposal.hops]


def reported_claims(text: str) -> list[tuple[str, list[str]]]:
    return [(p.statement, chain(p)) for p in propose(text, published=THURSDAY, language="en") if p.reporting]


SENTENCES = [
    # quotations and their cues
    ("“We will rebuild the pier,” Ann Frith said.", "“We will rebuild the pier”", ["Ann Frith"]),
    ('"We will rebuild the pier," said council leader Ann Frith.', '"We will rebuild the pier"', ["Ann Frith"]),
    ("''We will rebuild the pier,'' Ann Frith said.", "''We will rebuild the pier''", ["Ann Frith"]),
    (
        "“We will rebuild,” Ann Frith said, “and nobody will stop us.”",
        "“We will rebuild, and nobody will stop us.”",
        ["Ann Frith"],
    ),
    (
        "“We will rebuild,” Ann Frith said. “Nobody will stop us.”",
        "“We will rebuild. Nobody will stop us.”",
        ["Ann Frith"],
    ),
    ("“Enough!” Ann Frith said, and left.", None, []),
    # indirect speech, before and after
    ("Ann Frith said the pier was sound.", "the pier was sound", ["Ann Frith"]),
    ("Ann Frith told reporters on Tuesday that the pier was sound.", "the pier was sound", ["Ann Frith"]),
    ("The pier was sound, Ann Frith said on Tuesday.", "The pier was sound", ["Ann Frith"]),
    ("The pier was sound, according to the Harbour Authority.", "The pier was sound", ["Harbour Authority"]),
    ("According to the Harbour Authority, the pier was sound.", "the pier was sound", ["Harbour Authority"]),
    (
        "The pier, Ann Frith added, would need “a coat of paint.”",
        "The pier would need “a coat of paint.”",
        ["Ann Frith"],
    ),
    # chains
    (
        "The mayor, Ann Frith, said the Harbour Authority had reported that the pier was sound.",
        "the pier was sound",
        ["Harbour Authority", "Ann Frith"],
    ),
    (
        "Ann Frith said the pier was sound, citing the Harbour Authority.",
        "the pier was sound",
        ["Harbour Authority", "Ann Frith"],
    ),
    (
        "The pier was sound, according to a memo obtained by the Ellery Post.",
        "The pier was sound",
        ["a memo", "Ellery Post"],
    ),
    (
        "Ann Frith told the Ellery Post that the pier was sound.",
        "the pier was sound",
        ["Ann Frith", "Ellery Post"],
    ),
    ("Ann Frith told the BBC: “The pier is sound.”", "“The pier is sound.”", ["Ann Frith", "BBC"]),
    ("Ann Frith tells Reuters: “The pier is sound.”", "“The pier is sound.”", ["Ann Frith", "Reuters"]),
    ("Ann Frith told the Ellery Post: the pier was sound.", "the pier was sound", ["Ann Frith", "Ellery Post"]),
    ("Ann Frith told the BBC:\n\n“The pier is sound.”", "“The pier is sound.”", ["Ann Frith", "BBC"]),
    ("“The pier is old,” Ann Frith told AFP; “it will go.”", "“The pier is old, it will go.”", ["Ann Frith", "AFP"]),
    ("Ann Frith told the council: “The pier is sound.”", "“The pier is sound.”", ["Ann Frith"]),
    (
        "Following a briefing by the Harbour Authority, Ann Frith said the pier was sound.",
        "the pier was sound",
        ["Harbour Authority", "Ann Frith"],
    ),
    # a reason is not a source
    (
        "Ann Frith said the pier was sound, citing the long life of oak under water.",
        "the pier was sound",
        ["Ann Frith"],
    ),
    # unnamed
    ("A senior harbour official said the pier was sound.", "the pier was sound", ["A senior harbour official"]),
    # not attributed, or not said
    ("Ann Frith did not say whether the pier was sound.", None, []),
    ("He called it “rain”.", None, []),
    ("The film “The Long Goodbye” opens on Friday.", None, []),
    ("The reported losses were high.", None, []),
    ("It was said to be sound.", None, []),
    ("", None, []),
]


@pytest.mark.parametrize(("text", "statement", "speakers"), SENTENCES, ids=[row[0][:60] for row in SENTENCES])
def test_sentence_gives_statement_and_chain(text: str, statement: str | None, speakers: list[str]) -> None:
    claims = reported_claims(text)

    if statement is None:
        assert [c for c in claims if len(c[0].split()) > 2] == []
    else:
        assert claims == [(statement, speakers)]


MENTIONS = [
    ("“I know,” said Ann Frith. The council met. “I knew,” she said.", ["Ann Frith", "Ann Frith"]),
    ("Council leader Ann Frith spoke. The pier is sound, Frith said.", ["Ann Frith"]),
    ("Engineer Ada Roe measured it. The engineer said it was sound.", ["Ada Roe"]),
    ("A lawmaker said it was sound.\n\nBut lawmaker Ada Roe said there was doubt.", ["Ada Roe", "Ada Roe"]),
    ("An official said it was sound. Another witness said it was not.", ["An official", "Another witness"]),
    ("An official said it was sound. The official said he knew.", ["An official", "An official"]),
    (
        "Lorland's spy agency, the National Watch Service (NWS), said it knew. The NWS said it had known.",
        ["National Watch Service", "National Watch Service"],
    ),
    ("“I did,” Mr. Okafor said. Ms. Frith denied it. “He did not,” she said.", ["Okafor", "Frith"]),
]


@pytest.mark.parametrize(("text", "speakers"), MENTIONS, ids=[row[0][:60] for row in MENTIONS])
def test_mention_resolves_to_speaker(text: str, speakers: list[str]) -> None:
    assert [names[-1] for _, names in reported_claims(text)] == speakers


def test_alias_in_text_is_added_to_speaker() -> None:
    (claim,) = propose("Lorland's spy agency, the National Watch Service (NWS), said it knew of this.", language="en")

    assert set(claim.hops[0].speaker.aliases) == {"Lorland's spy agency", "NWS"}


def test_unnamed_speakers_get_different_numbers() -> None:
    claims = propose("A diplomat said it was over. An engineer said it was not.", language="en")

    assert [c.hops[0].speaker.anonymous_number for c in claims] == [1, 2]


QUANTITIES = [
    ("at least 100 soldiers", "soldiers", "100", None, True, True),
    ("nearly 1,000 soldiers", "soldiers", "900", "1000", True, False),
    ("several hundred soldiers", "soldiers", "200", "1000", True, False),
    ("between 4,000 and 5,000 soldiers", "soldiers", "4000", "5000", True, True),
    ("fewer than 300 soldiers", "soldiers", "0", "300", True, False),
    ("more than two thousand soldiers", "soldiers", "2000", None, False, True),
    ("up to 40 soldiers", "soldiers", "0", "40", True, True),
    ("twenty-two soldiers", "soldiers", "22", "22", True, True),
    ("£1.2 million", "", "1200000", "1200000", True, True),
    ("36 percent of colonies", "colonies", "36", "36", True, True),
]


@pytest.mark.parametrize(
    ("text", "counts", "low", "high", "low_in", "high_in"), QUANTITIES, ids=[f[0] for f in QUANTITIES]
)
def test_figure_gives_bounds(
    text: str, counts: str, low: str | None, high: str | None, low_in: bool, high_in: bool
) -> None:
    (claim,) = propose(f"Ann Frith said they had counted {text}.", language="en")

    (figure,) = claim.quantities
    assert figure.counts == counts
    assert (figure.lower, figure.upper) == (low and Decimal(low), high and Decimal(high))
    assert (figure.lower_inclusive, figure.upper_inclusive) == (low_in, high_in)


@pytest.mark.parametrize(
    "text", ["in 2019", "on December 12", "at 5:30", "a 17-year-old boy", "the 3rd street", "one of them"]
)
def test_number_of_year_day_time_or_age_is_not_a_figure(text: str) -> None:
    (claim,) = propose(f"Ann Frith said it was seen by them {text}.", language="en")

    assert claim.quantities == ()


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Ann Frith said Tuesday that it was sound.", date(2024, 12, 17), date(2024, 12, 17)),
        ("Ann Frith said on Thursday that it was sound.", THURSDAY, THURSDAY),
        ("Ann Frith said yesterday that it was sound.", date(2024, 12, 18), date(2024, 12, 18)),
        ("Ann Frith said last week that it was sound.", date(2024, 12, 9), date(2024, 12, 15)),
        ("Ann Frith said on December 20 that it was sound.", date(2023, 12, 20), date(2023, 12, 20)),
    ],
)
def test_day_of_statement_is_found(text: str, start: date, end: date) -> None:
    (claim,) = propose(text, published=THURSDAY, language="en")

    assert claim.stated_on is not None
    assert (claim.stated_on.start, claim.stated_on.end) == (start, end)


def test_day_in_content_is_not_day_of_statement() -> None:
    (claim,) = propose("Ann Frith said that the pier would close on Tuesday.", published=THURSDAY, language="en")

    assert claim.stated_on is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Frith said the pier was sound.", Modality.ASSERTED),
        ("Ann Frith said the pier may fall.", Modality.POSSIBLE),
        ("Ann Frith said the pier is expected to fall.", Modality.EXPECTED),
        ("Ann Frith said the council plans to close the pier.", Modality.PLANNED),
        ("Ann Frith denied that the pier was rotten.", Modality.DENIED),
    ],
)
def test_modality_is_detected(text: str, expected: Modality) -> None:
    (claim,) = propose(text, language="en")

    assert claim.modality == expected


def test_quotation_over_two_paragraphs_is_one_claim() -> None:
    (claim,) = propose(
        "“It was dark,” Ann Frith said. “We saw nothing.\n\n“Then the lamp came on and we saw it all.”", language="en"
    )

    assert "lamp came on" in claim.statement
    assert claim.form == Form.DIRECT


def test_stray_mark_does_not_affect_next_paragraph() -> None:
    text = 'The 6" pipe burst.\n\n“We closed the pier at once,” Ann Frith said.'

    assert reported_claims(text)[-1] == ("“We closed the pier at once”", ["Ann Frith"])


# --- A whole article ---

ARTICLE = """At least 40 of the dam's gates have failed since the spring, a Norland deputy told journalists on Thursday.

After a presentation by Norland's water agency, deputy Ivo Petrakis said the gates were built in a hurry, "with bolts that nobody had tested."

"The Dam Authority also reported that the number of cracked gates is expected to reach nearly 90," he added.

Despite that, Norland's water agency said it had seen signs that the governor was preparing to open a second lake. Petrakis noted that the valley — which was flooded once before — had "no room for another."

The capital may offer "generous terms" for the land, Petrakis added, including "new houses on higher ground."

The deputy said "several older gates" had already been closed, with the largest "about the size of a church door."

Local water officials reported that the failures could be put down to the "unusual cold, and the haste of that year," said Petrakis.

His remarks came after a senior federal engineer said Tuesday that the dam had "several hundred" faults in its eastern wall."""


def test_article_like_sample_gives_nine_claims() -> None:
    claims = propose(ARTICLE, published=THURSDAY)

    assert [(c.form.value, chain(c)) for c in claims] == [
        ("indirect", ["Ivo Petrakis"]),
        ("mixed", ["Norland's water agency", "Ivo Petrakis"]),
        ("direct", ["Dam Authority", "Ivo Petrakis"]),
        ("indirect", ["Norland's water agency"]),
        ("mixed", ["Ivo Petrakis"]),
        ("mixed", ["Ivo Petrakis"]),
        ("mixed", ["Ivo Petrakis"]),
        ("mixed", ["Local water officials", "Ivo Petrakis"]),
        ("mixed", ["a senior federal engineer"]),
    ]
    assert claims[-1].hops[0].speaker.anonymous_number is not None


@pytest.mark.skipif(not SAMPLE.exists(), reason="needs the sample in ../shared")
def test_sample_gives_nine_claims() -> None:
    (draft,) = read_articles(SAMPLE.read_bytes())
    assert isinstance(draft, Draft)

    extraction = extract(draft.text, published=THURSDAY)

    claims = extraction.proposals
    lee, agency, service = "Lee Seong-kweun", "South Korea's spy agency", "National Intelligence Service"
    assert [(draft.text.count("\n\n", 0, c.content[0].start), c.form.value, chain(c)) for c in claims] == [
        (0, "indirect", [lee]),
        (1, "mixed", [agency, lee]),
        (2, "direct", [service, lee]),
        (3, "indirect", [agency]),
        (3, "mixed", [lee]),
        (4, "mixed", [lee]),
        (5, "mixed", [lee]),
        (6, "mixed", ["South Korean intelligence officials", lee]),
        (7, "mixed", ["a senior U.S. military official"]),
    ]

    bounds = [[(q.raw, q.lower, q.upper, q.upper_inclusive) for q in c.quantities] for c in claims]
    assert bounds[0] == [("At least 100", 100, None, True)]
    assert bounds[1] == [("at least 100", 100, None, True)]
    assert bounds[2] == [("nearly 1,000", 900, 1000, False)]
    assert bounds[7 + 1] == [("several hundred", 200, 1000, False)]
    assert [c.stated_on and c.stated_on.start for c in (claims[0], claims[8])] == [THURSDAY, date(2024, 12, 17)]

    modalities = [c.modality.value for c in claims]
    assert (modalities[2], modalities[5], modalities[7]) == ("expected", "possible", "possible")
    assert {m for i, m in enumerate(modalities) if i not in (2, 5, 7)} == {"asserted"}
    assert "including" in claims[5].statement
    assert len(claims[5].content) == 2
    assert len({c.hops[-1].speaker for c in claims if chain(c)[-1] == lee}) == 1
    assert [{pair.first.name, pair.second.name} for pair in extraction.same_speakers] == [{agency, service}]
    assert not any("KCNA" in name for c in claims for name in chain(c))


@pytest.mark.parametrize(
    "after",
    [
        "'Legend of the Harbour.'",  # a heading in other marks
        '"Kevin was asleep.\n\n“Come along,” Oskar Brandt said.',  # a stray mark, and the next quotation has other marks
        '"BRANDT: Well, I would not know about that, to be honest."',  # a transcript names its speakers
    ],
)
def test_speaker_is_not_carried_over_to_other_marks(after: str) -> None:
    text = f'"We will rebuild the pier," Ann Frith said. "Nobody will stop us."\n\n{after}'

    claims = [statement for statement, speakers in reported_claims(text) if speakers == ["Ann Frith"]]

    assert claims == ['"We will rebuild the pier. Nobody will stop us."']


def test_speaker_is_carried_over_to_next_paragraph() -> None:
    text = '"We will rebuild the pier," Ann Frith said.\n\n"Nobody will stop us from doing so this year."'

    claims = reported_claims(text)

    assert [speakers for _, speakers in claims] == [["Ann Frith"]]
    assert "Nobody will stop us" in claims[0][0]


@pytest.mark.parametrize(
    "text",
    [
        "I told the council that the pier was sound.",
        "We asked whether the pier was sound.",
        "Ann Frith did not mention Brandt.",
    ],
)
def test_claim_without_reported_speech_is_not_reporting(text: str) -> None:
    proposals = propose(text, published=THURSDAY, language="en")

    assert proposals
    assert not any(proposal.reporting for proposal in proposals)
