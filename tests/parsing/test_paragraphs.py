"""Test hard wraps, split paragraphs and broken words."""

from __future__ import annotations

import textwrap

import pytest

from articles.parsing.hyphens import is_dictionary_word, join_broken_words
from articles.parsing.paragraphs import join_lines, rejoin_paragraphs
from tests.parsing.story import CLEAN_TEXT, PARAGRAPHS, is_same_article, parse_draft, warning_codes


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100, 120])
def test_hard_wraps_are_undone(width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(text, width, break_on_hyphens=False) for text in PARAGRAPHS)

    assert join_lines(wrapped.split("\n")) == list(PARAGRAPHS)


def test_wrapped_paragraph_ends_at_full_stop_on_short_line() -> None:
    wrapped = "\n".join(textwrap.fill(text, 72, break_on_hyphens=False) for text in PARAGRAPHS)

    assert join_lines(wrapped.split("\n")) == list(PARAGRAPHS)


def test_lines_without_blank_lines_stay_paragraphs() -> None:
    assert join_lines(list(PARAGRAPHS)) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (["The wall — built of stone —", "was old."], ["The wall — built of stone — was old."]),
        (["The wall--", "the old one--was built", "of stone."], ["The wall--the old one--was built of stone."]),
        (["It is a pre- and post-", "war house."], ["It is a pre- and post-\nwar house."]),
        (["a pre-", "and a post-war house."], ["a pre- and a post-war house."]),
        (["in the mid-", "1990s they met."], ["in the mid-\n1990s they met."]),
        (["The order bans:", "• lorries", "• buses", "* walkers"], ["The order bans:", "• lorries", "• buses", "* walkers"]),
        (["What was found", "The bearings were cracked in two places."], ["What was found",
                                                                        "The bearings were cracked in two places."]),
    ],
)  # fmt: skip
def test_lines_are_joined(lines: list[str], paragraphs: list[str]) -> None:
    assert join_lines(lines) == paragraphs


LONG = "The council met on the last day of the month and voted as everybody had"


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        (LONG, "expected of it.", f"{LONG} expected of it."),
        (f"{LONG},", "Ann Frith said.", f"{LONG}, Ann Frith said."),
        (f"{LONG} —", "Ann Frith too.", f"{LONG} — Ann Frith too."),
        (f"{LONG} a", "Sallow Weir.", f"{LONG} a Sallow Weir."),
        ("It is at", "11 the latest.", "It is at 11 the latest."),
        ("she called it “a shame”", "and left.", "she called it “a shame” and left."),
        ("she said", "“and left” by the back door.", "she said “and left” by the back door."),
    ],
)
def test_split_paragraph_is_rejoined(before: str, after: str, whole: str) -> None:
    paragraphs, warnings = rejoin_paragraphs([before, after])

    assert paragraphs == [whole]
    assert [warning.code for warning in warnings] == ["paragraph-rejoined"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (f"{LONG} hoped", "Nobody spoke.", ["possible-break"]),
        (f"{LONG} hoped", "“Nobody spoke,” she said.", ["possible-break"]),
        (f"{LONG} hoped", "1,000 people came.", ["possible-break"]),
        ("He was told of it by the U.S.", "military, which knew.", ["possible-break"]),
        ("The council met.", "nobody spoke.", []),
        ("“We met.”", "nobody spoke.", []),
        ("The council met…", "and met again.", []),
        ("The order says:", "no lorries.", []),
        ("She called it “a shame”", "Nobody spoke.", []),
        ("What They Came For", "Nobody spoke.", []),
        ("A Bridge in May", "Nobody spoke.", []),
        ("* * *", "nobody spoke.", []),
    ],
)
def test_possibly_split_paragraph_stays(before: str, after: str, expected: list[str]) -> None:
    paragraphs, warnings = rejoin_paragraphs([before, after])

    assert paragraphs == [before, after]
    assert [warning.code for warning in warnings] == expected


@pytest.mark.parametrize(
    ("broken", "elsewhere", "whole", "warned"),
    [
        ("compro-\nmised", "", "compromised", False),
        ("Mos-\ncow", "", "Moscow", False),
        ("Seong-\nkweun", "", "Seong-kweun", True),
        ("Seong-\nkweun", "Lee Seong-kweun", "Seong-kweun", False),
        ("Seong-\nkweun", "Lee Seongkweun", "Seongkweun", False),
        ("long-\nterm", "a long-term plan", "long-term", False),
        ("zorb-\nlike", "", "zorb-like", True),
        ("Franco-\nGerman", "", "Franco-German", False),
        ("20-\nyear", "", "20-year", False),
        ("mid-\n1990s", "", "mid-1990s", False),
        ("state-of-\nthe-art", "", "state-of-the-art", False),
        ("co-opera-\ntive", "a co-operative", "co-operative", False),
    ],
)
def test_hyphen_at_end_of_line_is_kept_or_dropped(broken: str, elsewhere: str, whole: str, warned: bool) -> None:
    paragraphs, warnings = join_broken_words([f"so {broken} it", f"is {elsewhere} said."])
    if elsewhere.startswith("a co"):  # the joined word is in the dictionary, but the text has the hyphenated one
        broken = whole

    assert paragraphs[0] == f"so {whole} it"
    assert [warning.code for warning in warnings] == (["hyphen-kept"] if warned else [])


@pytest.mark.parametrize(
    ("word", "is_one"), [("compromised", True), ("Moscow", True), ("seongkweun", False), ("andthe", False)]
)
def test_is_dictionary_word(word: str, is_one: bool) -> None:
    assert is_dictionary_word(word) is is_one


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        (CLEAN_TEXT.replace("inspectors", "inspec\u00ad\ntors"), ["odd-characters"]),
        (CLEAN_TEXT.replace("long-term", "long\u2011term"), ["odd-characters"]),
        (CLEAN_TEXT.replace("\n", "\x85"), []),
        (CLEAN_TEXT.replace("\n", "\u2028"), []),
        (CLEAN_TEXT.replace("\n\n", "\u2029"), ["page-break"]),
        (CLEAN_TEXT.replace("“", "\x93").replace("”", "\x94"), ["mojibake"]),
        (CLEAN_TEXT.encode().decode("cp1252", "replace").replace("\ufffd", "\x9d"), ["mojibake"]),
        (CLEAN_TEXT.replace("“", "<q>").replace("”", "</q>"), []),
        (CLEAN_TEXT.replace("angry town", "<span class='x'>angry</span> <!-- sic --> town"), []),
        (CLEAN_TEXT.replace("angry town", "<span\nclass='x'>angry town"), []),
        (CLEAN_TEXT.replace("9,000 vehicles", "9,000&nbsp;vehicles"), []),
        ("<p>" + CLEAN_TEXT.replace("\n\n", "</p><p>"), []),
    ],
    ids=["soft hyphen at a line's end", "no-break hyphen", "NEL", "line separators", "paragraph separators",
         "C1 controls for quotes", "mojibake", "markup for quotes", "a comment", "a tag over two lines", "an entity",
         "block markup"],
)  # fmt: skip
def test_characters_and_markup_are_normalised(copy: str, expected: list[str]) -> None:
    draft = parse_draft(copy)

    assert is_same_article(draft, parse_draft(CLEAN_TEXT)), draft.text
    assert warning_codes(draft) == expected


@pytest.mark.parametrize("words", ["a < b and c > d", "press <Ctrl> twice", "&lt;b&gt; means bold", "R&D and AT&T"])
def test_text_like_markup_stays(words: str) -> None:
    draft = parse_draft(CLEAN_TEXT.replace("an angry town", words))

    assert words.replace("&lt;", "<").replace("&gt;", ">") in draft.text


@pytest.mark.parametrize("cafe", ["cafe\u0301", "caf<b>e</b>\u0301", "cafe&#769;", "caf&eacute;"])
def test_text_is_nfc(cafe: str) -> None:
    assert "an angry café" in parse_draft(CLEAN_TEXT.replace("an angry town", f"an angry {cafe}")).text


def test_curly_quotation_marks_stay() -> None:
    assert parse_draft(CLEAN_TEXT).text.count("“") == parse_draft(CLEAN_TEXT).text.count("”") == 2
