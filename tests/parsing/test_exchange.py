"""Test the exchange format: all keys, missing values, and error messages."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.parsing import Draft, RejectedError, read_articles
from articles.parsing.draft import (
    DraftAnchor,
    DraftClaim,
    DraftCorrection,
    DraftHop,
    DraftImage,
    DraftLink,
    DraftQuantity,
    DraftWarning,
)
from tests.parsing.story import parse_draft

ID = "6a2ee85e-6a9f-4a0f-9a0e-0d5f0d4b5a10"
CLAIM_ID = "7b3ff96f-7bb0-4b10-8b1f-1e601e5c6b21"
CLAIM: dict[str, Any] = {
    "id": CLAIM_ID,
    "statement": "At least 9,000 vehicles use the bridge.",
    "form": "indirect",
    "modality": "denied",
    "cue": "said",
    "review": "accepted",
    "reviewed_at": "2024-11-13T08:00:00+01:00",
    "reviewed_how": "desk",
    "confidence": 0.93,
    "extractor": "rules-1",
    "stated_on": "2024-11-12",
    "stated_from": "2024-11-11",
    "stated_to": "2024-11-12",
    "stated_words": "Monday or Tuesday",
    "paragraph": 0,
    "quotes": ["At least 9,000 vehicles"],
    "anchors": [{"part": "content", "start": 0, "end": 23}, {"part": "cue", "start": 24, "end": 28}],
    "hops": [
        {"source": "Ellery Council", "kind": "organisation", "mention": "the council", "verb": "counted", "explicit": False},
        {"source": "an official", "kind": "anonymous", "organisation": "Ellery Council", "unnamed": 2},
    ],
    "quantities": [
        {"raw": "At least 9,000", "counts": "vehicles", "unit": "", "lower": 9000, "upper": None},
        {"raw": "nearly 1.1 million", "unit": "USD", "lower": 0.1, "upper": 1.1, "lower_inclusive": False,
         "upper_inclusive": False, "approximate": True},
    ],
}  # fmt: skip
ARTICLE: dict[str, Any] = {
    "id": ID,
    "slug": "bridge",
    "headline": "Bridge to Close",
    "summary": "For a month.",
    "language": "en-GB",
    "status": "published",
    "published_at": "2024-11-12",
    "dateline": "PORT ELLERY",
    "bylines": ["Mira Okafor", "AFP"],
    "agency": "AFP",
    "publisher": "Harbour Ledger",
    "images": [{"credit": "KCNA", "caption": "c", "alt": "a", "url": "https://a.example/i.jpg"}, {"credit": "Pell"}],
    "paragraphs": ["At least 9,000 vehicles said it.", "Second."],
    "related": [{"title": "Boats", "url": None}, {"title": "Weir", "url": "https://a.example/w"}],
    "original_url": "https://a.example/b",
    "topics": ["Transport"],
    "corrections": [{"kind": "clarification", "note": "It was a weir."}],
    "claims": [CLAIM],
    "warnings": [{"code": "date-from-url", "detail": "It was."}],
    "some_later_key": {"is": "ignored"},
}


def line(**changes: Any) -> bytes:
    return json.dumps({**ARTICLE, **changes}).encode()


def claim(**changes: Any) -> bytes:
    return line(claims=[{**CLAIM, **changes}])


def test_draft_has_every_key() -> None:
    assert parse_draft(line()) == Draft(
        id=ID,
        slug="bridge",
        headline="Bridge to Close",
        summary="For a month.",
        language="en-GB",
        status="published",
        published=date(2024, 11, 12),
        dateline="PORT ELLERY",
        bylines=("Mira Okafor", "AFP"),
        agency="AFP",
        publisher="Harbour Ledger",
        images=(DraftImage("KCNA", "c", "a", "https://a.example/i.jpg"), DraftImage("Pell")),
        paragraphs=("At least 9,000 vehicles said it.", "Second."),
        related=(DraftLink("Boats"), DraftLink("Weir", "https://a.example/w")),
        original_url="https://a.example/b",
        topics=("Transport",),
        corrections=(DraftCorrection("clarification", "It was a weir."),),
        warnings=(DraftWarning("date-from-url", "It was."),),
        claims=(
            DraftClaim(
                id=CLAIM_ID,
                statement="At least 9,000 vehicles use the bridge.",
                form="indirect",
                modality="denied",
                cue="said",
                review="accepted",
                confidence=0.93,
                extractor="rules-1",
                stated_from=date(2024, 11, 11),
                stated_to=date(2024, 11, 12),
                stated_words="Monday or Tuesday",
                hops=(
                    DraftHop("Ellery Council", "organisation", "the council", "counted", explicit=False),
                    DraftHop("an official", "anonymous", organisation="Ellery Council", unnamed=2),
                ),
                anchors=(DraftAnchor("content", 0, 23), DraftAnchor("cue", 24, 28)),
                quantities=(
                    DraftQuantity("At least 9,000", "vehicles", "", "9000", None),
                    DraftQuantity(
                        "nearly 1.1 million", "", "USD", "0.1", "1.1",
                        lower_inclusive=False, upper_inclusive=False, approximate=True,
                    ),
                ),
                reviewed_at=datetime(2024, 11, 13, 7, tzinfo=UTC),
                reviewed_how="desk",
            ),
        ),
        is_from_exchange=True,
    )  # fmt: skip


def test_headline_and_paragraphs_are_sufficient() -> None:
    draft = parse_draft(b'{"headline": "A  headline", "paragraphs": ["One."]}')

    assert draft == Draft(headline="A headline", paragraphs=("One.",), is_from_exchange=True)
    assert draft.claims is None


def test_null_counts_as_missing() -> None:
    names = [key for key in ARTICLE if key not in ("headline", "paragraphs")]

    assert parse_draft(line(**dict.fromkeys(names))) == Draft(
        headline="Bridge to Close", paragraphs=parse_draft(line()).paragraphs, is_from_exchange=True
    )


def test_empty_list_of_claims_means_no_claims() -> None:
    assert parse_draft(line(claims=[])).claims == ()


def test_claim_without_id_gets_a_stable_id() -> None:
    minimal = {"statement": "It closes.", "form": "direct", "hops": [{"source": "Ann Frith", "kind": "person"}]}
    first, second = parse_draft(line(claims=[minimal, minimal])).claims or ()

    assert first.id != second.id
    assert parse_draft(line(claims=[minimal, minimal])).claims == (first, second)
    assert (first.modality, first.review, first.stated_from, first.anchors) == ("asserted", "proposed", None, ())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2024-11-12", date(2024, 11, 12)),
        ("2024-11-12T23:30:00+09:00", datetime(2024, 11, 12, 14, 30, tzinfo=UTC)),
        ("2024-11-12T14:30:00Z", datetime(2024, 11, 12, 14, 30, tzinfo=UTC)),
        ("2024-11-12T14:30:00", datetime(2024, 11, 12, 14, 30, tzinfo=UTC)),
        (None, None),
    ],
)
def test_published_keeps_day_or_time(given: str | None, expected: date | None) -> None:
    published = parse_draft(line(published_at=given)).published

    assert (published, type(published)) == (expected, type(expected))


def test_published_precision_day_gives_a_date() -> None:
    draft = parse_draft(line(published_at="2024-11-12T00:00:00Z", published_precision="day"))

    assert draft.published == date(2024, 11, 12)


def test_quantity_bounds_keep_every_digit() -> None:
    data = claim(quantities=[{"raw": "x", "lower": "LOWER"}]).replace(b'"LOWER"', b"1234567890123456789.000001")

    assert (parse_draft(data).claims or ())[0].quantities[0].lower == "1234567890123456789.000001"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"headline": "H"', "not valid JSON"),
        (line(headline=""), "“headline” is missing"),
        (line(headline=7), "“headline” must be text"),
        (line(paragraphs=[]), "“paragraphs” is missing"),
        (line(paragraphs="One."), "“paragraphs” must be a list"),
        (line(paragraphs=["One.", " "]), "“paragraphs” must contain text"),
        (line(headline="a\0b"), "NUL"),
        (line(headline="a\ud800b"), "surrogate"),
        (line(id="7"), "UUID"),
        (line(status="lost"), "“status” is 'lost'"),
        (line(published_at="12 November"), "“published_at”"),
        (line(published_at="0001-01-01T00:00:00+09:00"), "outside the range of times"),
        (line(original_url="javascript:alert(1)"), "“original_url” is not a usable URL"),
        (line(related=[{"title": "t", "url": "data:x"}]), "“url” is not a usable URL"),
        (line(related=[{"url": "https://a.example"}]), "“title” is missing"),
        (line(corrections=[{"kind": "whim", "note": "n"}]), "“kind”"),
        (line(claims={}), "“claims” must be a list"),
        (line(claims=[7]), "a JSON object in claims"),
        (claim(hops=[]), "at least one hop"),
        (claim(hops=[{"source": "x", "kind": "ghost"}]), "“kind” is 'ghost'"),
        (claim(hops=[{"source": "x", "kind": "anonymous", "unnamed": 0}]), "“unnamed”"),
        (claim(hops=[{"source": "x", "kind": "anonymous", "unnamed": True}]), "“unnamed”"),
        (claim(form="shouted"), "“form”"),
        (claim(confidence=1.5), "from 0 to 1"),
        (claim(confidence=True), "from 0 to 1"),
        (claim(stated_from="2024-11-13"), "the first must not be after the second"),
        (claim(stated_on=None, stated_to=None), "must both be days"),
        (claim(anchors=[{"part": "content", "start": 5, "end": 5}]), "with the end after the start"),
        (claim(anchors=[{"part": "content", "start": 0, "end": 9999}]), "beyond the end"),
        (claim(anchors=[{"part": "tail", "start": 0, "end": 1}]), "“part”"),
        (claim(quantities=[{"raw": "x", "lower": "9"}]), "“lower” must be a number"),
        (claim(quantities=[{"raw": "x", "lower": True}]), "“lower” must be a number"),
        (claim(quantities=[{"raw": "x", "lower": 2, "upper": 1}]), "above"),
        (claim(quantities=[{"raw": "x", "lower": 10**24}]), "too many digits"),
        (claim(quantities=[{"raw": "x", "lower": "L"}]).replace(b'"L"', b"1e99999999999999999999"), "."),
        (claim(quantities=[{"raw": "x", "lower": "L"}]).replace(b'"L"', b"NaN"), "must be a number"),
        (claim(quantities=[{"raw": "x", "lower": "L"}]).replace(b'"L"', b"9" * 5000), "not valid JSON"),
    ],
)
def test_invalid_value_is_named_in_the_error(data: bytes, message: str) -> None:
    (rejection,) = read_articles(data, format="exchange")

    assert isinstance(rejection, RejectedError), rejection
    assert rejection.code == "bad-json"
    assert message in rejection.detail


def test_anchors_in_unnormalised_paragraphs_are_rejected() -> None:
    unnormalised = ["At least 9,000  vehicles said it.", "Second."]
    (found,) = read_articles(line(paragraphs=unnormalised))

    assert isinstance(found, RejectedError)
    assert "normal form" in found.detail
    assert parse_draft(line(paragraphs=unnormalised, claims=None)).paragraphs == parse_draft(line()).paragraphs


def test_bad_line_is_named_and_other_lines_are_read() -> None:
    results = list(read_articles(b"\n".join([line(), b"", b'{"headline": 7}', line(slug="other"), b"nonsense"])))

    assert [isinstance(result, Draft) for result in results] == [True, False, True, False]

    third, fifth = (result.detail for result in results if isinstance(result, RejectedError))

    assert third.startswith("Line 3: ")
    assert fifth.startswith("Line 5 is not valid JSON")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ARTICLE, *CLAIM]), inner, max_size=4)
        ),
        max_leaves=12,
    ),
    st.sampled_from([*ARTICLE]),
    st.sampled_from([*CLAIM]),
)
def test_any_json_value_never_raises(value: object, key: str, of_claim: str) -> None:
    for data in (line(**{key: value}), claim(**{of_claim: value}), json.dumps(value).encode()):
        assert all(isinstance(found, Draft | RejectedError) for found in read_articles(data, format="exchange"))
