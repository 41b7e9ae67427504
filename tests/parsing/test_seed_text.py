"""Test the seed format with every kind of damage that it should handle."""

from __future__ import annotations

import re
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from articles.parsing import Draft, RejectedError, read_articles
from articles.parsing.codes import REJECTIONS, WARNINGS
from tests.parsing.story import (
    CLEAN_TEXT,
    HEADLINE,
    PARAGRAPHS,
    RELATED_TITLE,
    URL,
    is_same_article,
    parse_draft,
    parse_rejection,
    warning_codes,
)
from tests.requirements import SHARED

SAMPLE = SHARED / "seeds" / "000_577b2b35639ba842.txt"


def test_clean_article_gives_every_part_without_warning() -> None:
    draft = parse_draft(CLEAN_TEXT)

    assert draft.headline == HEADLINE
    assert draft.bylines == ("Mira Okafor",)
    assert draft.agency is None
    assert draft.published == date(2024, 11, 12)
    assert [image.credit for image in draft.images] == ["Northwire / Sam Pell"]
    assert draft.paragraphs == PARAGRAPHS
    assert [link.title for link in draft.related] == [RELATED_TITLE]
    assert draft.original_url == URL
    assert draft.warnings == ()


def hard_wrapped() -> str:
    """Return the text wrapped at 72 columns; hyphens at line ends belong to the words."""
    blocks = CLEAN_TEXT.split("\n\n")
    return "\n\n".join(
        textwrap.fill(block, 72, break_on_hyphens=False, break_long_words=False) if len(block) > 110 else block
        for block in blocks
    )


SAME_AS_CLEAN = {
    "CRLF": CLEAN_TEXT.replace("\n", "\r\n"),
    "CR": CLEAN_TEXT.replace("\n", "\r"),
    "a byte order mark": "\ufeff" + CLEAN_TEXT,
    "hard-wrapped at 72": hard_wrapped(),
    "a two-line headline": CLEAN_TEXT.replace("for a Month After", "for a Month\nAfter", 1),
    "entities": CLEAN_TEXT.replace("“", "&ldquo;").replace("”", "&rdquo;").replace("'", "&#39;"),
    "a tag never closed": CLEAN_TEXT.replace("</u>", ""),
    "a tag closed on the next line": CLEAN_TEXT.replace("Bridge Works</u>", "Bridge</u>\nWorks"),
    "the URL on its label's line": CLEAN_TEXT.replace("Original url:\n\n", "Original url: "),
    "the URL on the next line": CLEAN_TEXT.replace("Original url:\n\n", "Original url:\n"),
    "the URL wrapped": CLEAN_TEXT.replace("harbour-bridge-to", "harbour-\nbridge-to"),
    "inline markup in the text": CLEAN_TEXT.replace("angry town", "<i>angry</i> town").replace("9,000", "<b>9,000"),
    "blank lines that hold spaces": CLEAN_TEXT.replace("\n\n", "\n  \n"),
}


@pytest.mark.parametrize("copy", SAME_AS_CLEAN.values(), ids=SAME_AS_CLEAN.keys())
def test_variant_is_the_same_article_without_warning(copy: str) -> None:
    draft = parse_draft(copy)

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert warning_codes(draft) == []


def cut(text: str, words: str, by: str) -> str:
    """Return the text with a break inserted after some words."""
    assert words in text
    return text.replace(f"{words} ", f"{words}{by}", 1)


SAME_WITH_WARNING = {
    "UTF-16 with a mark": (CLEAN_TEXT.encode("utf-16"), ["encoding-utf-16"]),
    "UTF-16 without one": (CLEAN_TEXT.encode("utf-16-le"), ["encoding-utf-16"]),
    "Windows-1252": (CLEAN_TEXT.encode("cp1252"), ["encoding-cp1252"]),
    "mojibake": (CLEAN_TEXT.encode().decode("cp1252", "replace").replace("\ufffd", "\x9d").encode(), ["mojibake"]),
    "no-break spaces": (CLEAN_TEXT.replace("9,000 vehicles", "9,000\u00a0vehicles").encode(), ["odd-characters"]),
    "zero-width characters": (CLEAN_TEXT.replace("bridge", "bri\u200bdge").encode(), ["odd-characters"]),
    "bidirectional characters": (CLEAN_TEXT.replace("bridge", "\u202abridge\u202c").encode(), ["odd-characters"]),
    "soft hyphens": (CLEAN_TEXT.replace("inspectors", "inspec\u00adtors").encode(), ["odd-characters"]),
    "NUL bytes": (CLEAN_TEXT.replace("inspectors", "inspec\0tors").encode(), ["odd-characters"]),
    "a paragraph cut by a blank line": (cut(CLEAN_TEXT, "cracks in", "\n\n").encode(), ["paragraph-rejoined"]),
    "a paragraph cut by a form feed": (
        cut(CLEAN_TEXT, "cracks in", "\f").encode(),
        ["page-break", "paragraph-rejoined"],
    ),
}


@pytest.mark.parametrize(("data", "expected"), SAME_WITH_WARNING.values(), ids=SAME_WITH_WARNING.keys())
def test_damaged_text_is_the_same_article_with_warning(data: bytes, expected: list[str]) -> None:
    draft = parse_draft(data)

    assert is_same_article(draft, parse_draft(CLEAN_TEXT)), draft.text
    assert warning_codes(draft) == expected


def test_one_bad_byte_stays_utf_8() -> None:
    draft = parse_draft(CLEAN_TEXT.encode().replace(b"9,000", b"9\xff000"))

    assert warning_codes(draft) == ["encoding-bad-bytes"]
    assert "9\ufffd000 vehicles" in draft.text
    assert "“We would rather" in draft.text


def test_file_cut_inside_a_character_keeps_the_rest() -> None:
    end = CLEAN_TEXT.encode().index("“Nobody".encode()) + 2
    draft = parse_draft(CLEAN_TEXT.encode()[:end])

    assert "encoding-cut" in warning_codes(draft)
    assert draft.headline == HEADLINE


def test_missing_byline_gives_no_warning() -> None:
    draft = parse_draft(CLEAN_TEXT.replace("By Mira Okafor\n\n", ""))

    assert draft.bylines == ()
    assert draft.paragraphs == PARAGRAPHS
    assert warning_codes(draft) == []


@pytest.mark.parametrize(
    ("line", "names", "agency"),
    [
        ("By Mira Okafor and Sam Pell", ("Mira Okafor", "Sam Pell"), None),
        ("By Mira Okafor, Sam Pell and Jo van der Berg", ("Mira Okafor", "Sam Pell", "Jo van der Berg"), None),
        ("By AFP", ("AFP",), "AFP"),
        ("BY MIRA OKAFOR", ("MIRA OKAFOR",), None),
        ("By The Associated Press", ("AP",), "AP"),
        ("By Mira Okafor, Reuters", ("Mira Okafor", "Reuters"), "Reuters"),
    ],
)
def test_byline_gives_names_and_agency(line: str, names: tuple[str, ...], agency: str | None) -> None:
    draft = parse_draft(CLEAN_TEXT.replace("By Mira Okafor", line))

    assert (draft.bylines, draft.agency) == (names, agency)


def test_paragraph_that_begins_with_by_is_not_a_byline() -> None:
    first = "By Thursday, the water had gone and the street was open again to everybody who lived there."
    draft = parse_draft(CLEAN_TEXT.replace("By Mira Okafor\n\n", "").replace(PARAGRAPHS[0], first))

    assert draft.bylines == ()
    assert draft.paragraphs[0] == first


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("12 November 2024", date(2024, 11, 12)),
        ("2024-11-12", date(2024, 11, 12)),
        ("Tuesday, November 12, 2024", date(2024, 11, 12)),
        ("Tues. Nov. 12, 2024", date(2024, 11, 12)),
        ("Updated: November 12, 2024", date(2024, 11, 12)),
        ("November 12, 2024 14:05 GMT", datetime(2024, 11, 12, 14, 5, tzinfo=UTC)),
        ("November 12, 2024 at 2:05 p.m. EST", datetime(2024, 11, 12, 19, 5, tzinfo=UTC)),
        ("2024-11-12T14:05+09:00", datetime(2024, 11, 12, 5, 5, tzinfo=UTC)),
    ],
)
def test_date_is_parsed_without_warning(line: str, expected: date) -> None:
    draft = parse_draft(CLEAN_TEXT.replace("November 12, 2024", line))

    assert draft.published == expected
    assert warning_codes(draft) == []


@pytest.mark.parametrize(
    ("line", "url", "published", "expected"),
    [
        ("", URL, date(2024, 11, 12), ["date-from-url"]),
        ("", URL.replace("/2024/11/12", ""), None, ["date-missing"]),
        ("November 31, 2024", URL, date(2024, 11, 12), ["date-impossible", "date-from-url"]),
        ("November 12, 2024\n\nNovember 14, 2024", URL, date(2024, 11, 12), ["date-twice"]),
    ],
    ids=["missing, the URL has it", "missing", "impossible", "two of them"],
)
def test_problem_with_date_gives_warning(line: str, url: str, published: date, expected: list[str]) -> None:
    draft = parse_draft(CLEAN_TEXT.replace("November 12, 2024", line).replace(URL, url))

    assert draft.published == published
    assert warning_codes(draft) == expected
    assert draft.paragraphs == PARAGRAPHS


def test_missing_url_gives_warning() -> None:
    draft = parse_draft(CLEAN_TEXT[: CLEAN_TEXT.index("Original url")])

    assert draft.original_url is None
    assert warning_codes(draft) == ["url-missing"]


def test_two_articles_in_one_file_give_two_drafts() -> None:
    second = CLEAN_TEXT.replace(HEADLINE, "Ferry Firm Runs Six Extra Boats").replace(URL, URL + "-2")
    first, other = read_articles((CLEAN_TEXT + "\n\n" + second).encode())

    assert isinstance(first, Draft)
    assert isinstance(other, Draft)
    assert is_same_article(first, parse_draft(CLEAN_TEXT))
    assert other.headline == "Ferry Firm Runs Six Extra Boats"
    assert warning_codes(first) == warning_codes(other) == ["several-articles"]


def test_page_text_below_the_url_gives_warning() -> None:
    draft = parse_draft(CLEAN_TEXT + "\nShare this\n")

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert warning_codes(draft) == ["text-after-url"]


@pytest.mark.parametrize(
    ("broken", "whole", "warned"),
    [
        ("compro-\nmised", "compromised", False),
        ("long-\nterm", "long-term", False),
        ("Seong-\nkweun", "Seong-kweun", True),
        ("zorb-\nlike", "zorb-like", True),
    ],
)
def test_broken_word_is_joined(broken: str, whole: str, warned: bool) -> None:
    draft = parse_draft(
        CLEAN_TEXT.replace("They", "They").replace("signed the order", f"signed the {broken} order of the long-term")
    )

    assert f"signed the {whole} order" in draft.text
    assert warning_codes(draft) == (["hyphen-kept"] if warned else [])


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("the council met in", "the old hall.", True),
        ("the council, led by Ann Frith,", "Then left.", True),
        ("and so it was decided — the", "Sallow Weir road stays open.", True),
        ("he called it", ", not for the first time, a scandal.", True),
        ("The council met on the last day of the month and voted as everybody had expected", "Nobody spoke.", False),
        ("The council met.", "nobody spoke.", False),
        ("What the engineers found", "The bearings are the size of a cartwheel.", False),
    ],
)
def test_only_split_paragraphs_are_rejoined(before: str, after: str, joined: bool) -> None:
    draft = parse_draft(CLEAN_TEXT.replace(PARAGRAPHS[2], f"{before}\n\n{after}"))
    text = f"{before}{'' if after[0] == ',' else ' '}{after}"

    assert (text in draft.paragraphs or f"{before} {after}" in draft.paragraphs) is joined

    if not joined:
        assert before in draft.paragraphs
        assert after in draft.paragraphs


def test_possible_break_before_a_capital_gives_warning() -> None:
    before = "The council met on the last day of the month and voted as everybody had expected"

    assert warning_codes(parse_draft(CLEAN_TEXT.replace(PARAGRAPHS[2], f"{before}\n\nNobody spoke."))) == [
        "possible-break"
    ]


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("Related article: <u>Boats to Run</u>\nAll Night", "Boats to Run All Night"),
        ("Read more: Boats to Run All Night", "Boats to Run All Night"),
        ("RELATED:\nBoats to Run All Night", "Boats to Run All Night"),
        ('Read also: <a href="https://a.example/b">Boats to Run All Night</a>', "Boats to Run All Night"),
    ],
)
def test_related_link_is_not_in_the_text(label: str, title: str) -> None:
    draft = parse_draft(CLEAN_TEXT.replace(f"Related article: <u>{RELATED_TITLE}</u>", label))

    assert [link.title for link in draft.related] == [title]
    assert draft.paragraphs == PARAGRAPHS


def test_dateline_becomes_a_field() -> None:
    draft = parse_draft(CLEAN_TEXT.replace(PARAGRAPHS[0], f"PORT ELLERY (AP) — {PARAGRAPHS[0]}"))

    assert (draft.dateline, draft.agency) == ("PORT ELLERY", "AP")
    assert draft.paragraphs == PARAGRAPHS


def test_printed_correction_becomes_a_field() -> None:
    draft = parse_draft(
        CLEAN_TEXT.replace("Original url:", "Correction: An earlier version misnamed the weir.\n\nOriginal url:")
    )

    assert [(note.kind, note.note) for note in draft.corrections] == [
        ("correction", "An earlier version misnamed the weir.")
    ]
    assert draft.paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t\r\n ", "empty"),
        (HEADLINE.encode(), "no-body"),
        (f"{HEADLINE}\n\nBy Mira Okafor\n\nNovember 12, 2024\n".encode(), "no-body"),
        (b"%PDF-1.7\n1 0 obj\n", "format-not-supported"),
        (b"PK\x03\x04\x14\x00\x00\x00", "format-not-supported"),
        (b"\x89PNG\r\n\x1a\n", "format-not-supported"),
        (b"<!DOCTYPE html><html><body><p>Hello</p></body></html>", "format-not-supported"),
        (b'<?xml version="1.0"?><nitf/>', "format-not-supported"),
        (bytes(range(1, 32)) * 40, "not-text"),
        (b"x" * 5_000_001, "too-large"),
    ],
)
def test_unusable_file_is_rejected_with_code_and_sentence(data: bytes, code: str) -> None:
    found = parse_rejection(data)

    assert found.code == code
    assert found.detail.endswith(".")


def test_every_code_in_the_modules_is_explained() -> None:
    folder = Path(__file__).parents[2] / "articles" / "parsing"
    use_of_code = re.compile(
        r'(?:DraftWarning|RejectedError)\(\s*"([a-z0-9-]+)"'
        r'|UnreadableFile\([^"()]*(?:\([^()]*\)[^"()]*)?(?:"",\s*)?"([a-z0-9-]+)"'
    )

    named = {
        first or second for path in folder.glob("*.py") for first, second in use_of_code.findall(path.read_text())
    }

    assert len(named) > 25
    assert named <= WARNINGS.keys() | REJECTIONS.keys()


def test_parsing_clean_output_changes_nothing() -> None:
    draft = parse_draft(CLEAN_TEXT)
    reparsed = parse_draft(
        f"{draft.headline}\n\nBy {draft.bylines[0]}\n\n{draft.published:%d %B %Y}\n\n{draft.images[0].credit}\n\n"
        + "\n\n".join(draft.paragraphs)
        + f"\n\nRelated article: {draft.related[0].title}\n\nOriginal url: {draft.original_url}\n"
    )

    assert is_same_article(draft, reparsed)
    assert warning_codes(reparsed) == []


@pytest.mark.skipif(not SAMPLE.exists(), reason="needs the sample in ../shared")
def test_sample_gives_its_article() -> None:
    draft = parse_draft(SAMPLE.read_bytes())

    assert draft.headline == "At Least 100 North Korean Soldiers Killed Fighting for Russia, Seoul Says"
    assert (draft.bylines, draft.agency) == (("AFP",), "AFP")
    assert draft.published == date(2024, 12, 19)
    assert [image.credit for image in draft.images] == ["KCNA"]
    assert len(draft.paragraphs) == 8
    assert "from which the initial deployment was drawn" in draft.paragraphs[3]

    title = "Medvedev Threatens Times Journalists Over Coverage of Russian General's Assassination"

    assert [link.title for link in draft.related] == [title]
    assert not any(word in draft.text for word in ("Medvedev", "Assassination", "Original", "http", "KCNA"))
    assert draft.original_url is not None
    assert draft.original_url.startswith("https://www.themoscowtimes.com/2024/12/19/at-least-100-")
    assert warning_codes(draft) == ["paragraph-rejoined"]


def test_rejection_can_be_pickled() -> None:
    import pickle

    again = pickle.loads(pickle.dumps(RejectedError("empty", "There is nothing.")))  # noqa: S301

    assert (again.code, again.detail) == ("empty", "There is nothing.")
