"""Test headline, deck, byline, date, credit and dateline."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from articles.parsing.agencies import find_agency
from articles.parsing.bylines import split_byline, split_dateline
from articles.parsing.credits import parse_credit
from articles.parsing.dates import ImpossibleDateError, find_date_in_url, parse_date_line
from articles.parsing.header import read_header
from tests.parsing.story import (
    CLEAN_TEXT,
    HEADLINE,
    PARAGRAPHS,
    is_same_article,
    parse_draft,
    parse_rejection,
    warning_codes,
)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Smith", ["Ann Smith"]),
        ("by: Ann Smith", ["Ann Smith"]),
        ("By Ann Smith and Bo Lee", ["Ann Smith", "Bo Lee"]),
        ("By Ann Smith, Bo Lee, and Cy Young", ["Ann Smith", "Bo Lee", "Cy Young"]),
        ("By Ann Smith, Political Editor", ["Ann Smith, Political Editor"]),
        ("By Ann Smith in Paris and Bo Lee in Seoul", ["Ann Smith", "Bo Lee"]),
        ("By Ann Smith (AFP)", ["Ann Smith", "AFP"]),
        ("By Ann Smith with dpa", ["Ann Smith", "dpa"]),
        ("By Jean-Luc de la Tour", ["Jean-Luc de la Tour"]),
        ("By April Jones", ["April Jones"]),
        ("By Dawn Fraser", ["Dawn Fraser"]),
        ("By The Associated Press", ["The Associated Press"]),
        ("By our correspondent", ["our correspondent"]),
        ("By the Newsroom", ["the Newsroom"]),
        ("By Ann B.", ["Ann B."]),
        ("By Thursday, the water had gone", None),
        ("By Thursday, the water had gone.", None),
        ("By April 15", None),
        ("By dawn the water had gone", None),
        ("By George, he did it", None),
        ("By the time help came it was too late", None),
        ("By 2030", None),
        ("By", None),
        ("Bystanders Watched", None),
        ("By " + "Ann " * 60, None),
    ],
)
def test_split_byline(line: str, names: list[str] | None) -> None:
    assert split_byline(line) == names


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("AFP", "AFP"),
        ("Agence France-Presse", "AFP"),
        ("The Associated Press", "AP"),
        ("Reuters Staff", "Reuters"),
        ("Yonhap News Agency", "Yonhap"),
        ("REUTERS", "Reuters"),
        ("dpa", "dpa"),
        ("Ani", None),
        ("Pa", None),
        ("Ann Smith", None),
        ("AFPX", None),
    ],
)
def test_find_agency(name: str, agency: str | None) -> None:
    assert find_agency(name) == agency


DECEMBER_19 = date(2024, 12, 19)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("December 19, 2024", DECEMBER_19),
        ("Dec. 19 2024", DECEMBER_19),
        ("19 December 2024", DECEMBER_19),
        ("19-Dec-2024", DECEMBER_19),
        ("the 19th of December 2024", DECEMBER_19),
        ("2024-12-19", DECEMBER_19),
        ("2024.12.19", DECEMBER_19),
        ("Thursday, December 19, 2024", DECEMBER_19),
        ("Thu 19 Dec 2024", DECEMBER_19),
        ("Published on December 19, 2024", DECEMBER_19),
        ("December 19, 2024 | 10:15", datetime(2024, 12, 19, 10, 15, tzinfo=UTC)),
        ("December 19, 2024, 10:15 a.m.", datetime(2024, 12, 19, 10, 15, tzinfo=UTC)),
        ("December 19, 2024 at 3:45 pm EST", datetime(2024, 12, 19, 20, 45, tzinfo=UTC)),
        ("10:15 GMT, December 19, 2024", datetime(2024, 12, 19, 10, 15, tzinfo=UTC)),
        ("2024-12-19T10:15:00+09:00", datetime(2024, 12, 19, 1, 15, tzinfo=UTC)),
        ("2024-12-19T10:15:00.000Z", datetime(2024, 12, 19, 10, 15, tzinfo=UTC)),
    ],
)
def test_date_line_is_parsed(line: str, expected: date) -> None:
    (header_date,) = parse_date_line(line)

    assert (header_date.value, type(header_date.value)) == (expected, type(expected))


@pytest.mark.parametrize(
    "line",
    [
        "December 2024",
        "19/12/2024",
        "On December 19, 2024, the bridge closed",
        "December 19, 2024 was a Thursday",
        "Room 2024",
        "",
        "1,000 dead",
    ],
)
def test_text_with_a_date_is_not_a_date_line(line: str) -> None:
    assert parse_date_line(line) == []


@pytest.mark.parametrize(
    "line", ["February 30, 2024", "2024-13-01", "2024-12-19 25:00", "9999-12-31T23:59-05:00", "0000-01-01"]
)
def test_impossible_date_raises_error(line: str) -> None:
    with pytest.raises(ImpossibleDateError):
        parse_date_line(line)


@pytest.mark.parametrize(
    "line", ["Published: Nov 12, 2024 | Updated: Nov 14, 2024", "November 12, 2024 (updated Nov 14, 2024)"]
)
def test_two_dates_on_a_line_give_the_first_and_a_warning(line: str) -> None:
    draft = parse_draft(CLEAN_TEXT.replace("November 12, 2024", line))

    assert (draft.published, warning_codes(draft)) == (date(2024, 11, 12), ["date-twice"])
    assert draft.paragraphs == PARAGRAPHS


def test_update_date_above_the_date_is_not_used() -> None:
    draft = parse_draft(CLEAN_TEXT.replace("November 12, 2024", "Updated November 14, 2024\n\nNovember 12, 2024"))

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert warning_codes(draft) == ["date-twice"]


def test_wrong_weekday_gives_warning() -> None:
    draft = parse_draft(CLEAN_TEXT.replace("November 12, 2024", "Monday, November 12, 2024"))

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert warning_codes(draft) == ["date-weekday"]
    assert "Tuesday" in draft.warnings[0].detail


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2024/12/19/story", DECEMBER_19),
        ("https://a.example/news/2024-12-19-story", DECEMBER_19),
        ("https://a.example/2024/13/19/story", None),
        ("https://a.example/story-20241219", None),
        ("https://a.example/1024/12/19/story", None),
    ],
)
def test_find_date_in_url(url: str, day: date | None) -> None:
    assert find_date_in_url(url) == day


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("KCNA", "KCNA"),
        ("REUTERS / Kim Min", "REUTERS / Kim Min"),
        ("Yonhap via REUTERS", "Yonhap via REUTERS"),
        ("Igor Ivanov / MN", "Igor Ivanov / MN"),
        ("Getty Images", "Getty Images"),
        ("Photo: Ann Smith", "Ann Smith"),
        ("Photo by Ann Smith / AP", "Ann Smith / AP"),
        ("© Ann Smith", "Ann Smith"),
        ("Photo: The bridge on Tuesday, with the two bearings that cracked to be seen below. Ann Smith / AP",
         "The bridge on Tuesday, with the two bearings that cracked to be seen below. Ann Smith / AP"),
        ("Picture this: a town without a bridge", None),
        ("The council and/or the mayor will decide", None),
        ("KCNA reported on Tuesday that the bridge was open.", None),
        ("Archive of the Lost", None),
        ("", None),
    ],
)  # fmt: skip
def test_parse_credit(line: str, expected: str | None) -> None:
    assert parse_credit(line) == expected


@pytest.mark.parametrize(
    ("start", "place", "agency"),
    [
        ("PORT ELLERY — ", "PORT ELLERY", None),
        ("SEOUL, Dec. 19 (Reuters) - ", "SEOUL", "Reuters"),
        ("LONDON, 19 December (Reuters) – ", "LONDON", "Reuters"),
        ("ST. PETERSBURG, Fla. (AP) — ", "ST. PETERSBURG, Fla.", "AP"),
        ("KYIV/MOSCOW -- ", "KYIV/MOSCOW", None),
        ("ÅLESUND — ", "ÅLESUND", None),
        ("Seoul (AFP) – ", "Seoul", "AFP"),
        ("(Reuters) - ", "", "Reuters"),
    ],
)
def test_dateline_is_split_off(start: str, place: str, agency: str | None) -> None:
    assert split_dateline(f"{start}The bridge is closed.") == (place, agency, "The bridge is closed.")


@pytest.mark.parametrize(
    "paragraph",
    [
        "NATO — which met on Tuesday — said no.",
        "BREAKING — The bridge is closed.",
        "Ann Frith — The leader of the council — said no.",
        "IT — The department that runs the town's computers.",
        "Frith (Labour) - The council leader.",
        "The bridge — Ellery's only one — is closed.",
    ],
)
def test_text_like_a_dateline_stays(paragraph: str) -> None:
    assert split_dateline(paragraph) == ("", None, paragraph)


@pytest.mark.parametrize(
    ("lines", "headline"),
    [
        (["Old Bridge Closes", "", "It closed on Tuesday."], "Old Bridge Closes"),
        (["", "Old Bridge", "Closes for Good", "", "It closed on Tuesday."], "Old Bridge Closes for Good"),
        (["Who Pays for the Bridge", "That Nobody Wants?", "", "It closed."], "Who Pays for the Bridge"),
        (
            ["Who Pays for the Bridge", "That Nobody Wants?", "By Ann Smith"],
            "Who Pays for the Bridge That Nobody Wants?",
        ),
        (["Old Bridge Closes", "It closed on Tuesday."], "Old Bridge Closes"),
        (["Old Bridge Closes", "KCNA", "", "By Ann Smith"], "Old Bridge Closes"),
        (["By George, He Did It", "", "By Ann Smith"], "By George, He Did It"),
        (["By Ann Smith", "", "It closed on Tuesday."], ""),
        (["December 19, 2024", "", "It closed on Tuesday."], ""),
    ],
)
def test_headline_is_read(lines: list[str], headline: str) -> None:
    assert read_header(lines).headline == headline


def test_deck_becomes_the_summary() -> None:
    deck = "The order came at midnight, and the ferries are not ready."
    draft = parse_draft(CLEAN_TEXT.replace(f"{HEADLINE}\n\n", f"{HEADLINE}\n\n{deck}\n\n"))

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert draft.summary == deck


def test_article_without_blank_lines_is_the_same() -> None:
    draft = parse_draft(re.sub(r"\n+", "\n", CLEAN_TEXT))

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert warning_codes(draft) == []


def test_byline_on_the_line_after_by_is_read() -> None:
    assert is_same_article(parse_draft(CLEAN_TEXT.replace("By Mira", "By\nMira")), parse_draft(CLEAN_TEXT))


def test_long_headline_is_cut_with_warning() -> None:
    draft = parse_draft(CLEAN_TEXT.replace(HEADLINE, "Bridge " * 60))

    assert len(draft.headline) <= 300
    assert warning_codes(draft) == ["headline-long"]


@pytest.mark.parametrize("start", ["", PARAGRAPHS[0] + " " + PARAGRAPHS[1] + "\n\n"], ids=["byline", "running text"])
def test_file_without_headline_is_rejected(start: str) -> None:
    assert parse_rejection(CLEAN_TEXT.replace(f"{HEADLINE}\n\n", start)).code == "no-headline"
