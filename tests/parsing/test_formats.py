"""Formats are told by what is in the file, whatever it is called; foreign ones are refused with a sentence."""

from __future__ import annotations

import json

import pytest

from articles.parsing import FORMATS, MAX_ARTICLE_BYTES, Draft, RejectedError, read_articles
from tests.parsing.story import CLEAN_TEXT, HEADLINE, is_same_article, parse_draft, parse_rejection

LINE = json.dumps({"headline": HEADLINE, "paragraphs": ["The bridge is closed."]})


def test_the_formats_have_names() -> None:
    assert set(FORMATS) >= {"seed", "exchange"}


@pytest.mark.parametrize(
    "data",
    [
        LINE.encode(),
        b"\xef\xbb\xbf" + LINE.encode(),
        b"\n\n  " + LINE.encode(),
        LINE.encode("utf-16"),
        f"[{LINE}]".encode(),
        json.dumps(json.loads(LINE), indent=2).encode(),
    ],
    ids=["plain", "byte order mark", "blank lines above", "UTF-16", "a list", "laid out"],
)
def test_the_exchange_form_is_told_by_its_content(data: bytes) -> None:
    assert parse_draft(data).paragraphs == ("The bridge is closed.",)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<!DOCTYPE html><html><body><p>Hello</p></body></html>", "HTML"),
        (b"\n<!-- saved -->\n<html><body>", "HTML"),
        ("<html><body>".encode("utf-16"), "HTML"),
        (b'<?xml version="1.0"?><nitf/>', "XML"),
        (b'<rss version="2.0">', "XML"),
        (b'{"uri": "a", "body_text": "b"}', "JSON"),
        (b'[{"a": 1}]', "JSON"),
        (b"[[1]]", "JSON"),
        (b"{}", "JSON"),
    ],
)
def test_formats_that_are_not_read_yet_are_refused_by_name(data: bytes, word: str) -> None:
    found = parse_rejection(data)
    assert found.code == "format-not-supported"
    assert word in found.detail
    assert "Save" in found.detail


@pytest.mark.parametrize(
    "headline",
    ['["No comment"] says the mayor', '{"x"} marks the spot', "<Ctrl> is the key", "[1] and other footnotes"],
)
def test_a_headline_may_begin_as_other_formats_do(headline: str) -> None:
    assert is_same_article(parse_draft(CLEAN_TEXT.replace(HEADLINE, headline)), parse_draft(CLEAN_TEXT)) is False
    assert parse_draft(CLEAN_TEXT.replace(HEADLINE, headline)).headline == headline


def test_a_format_that_is_named_is_used() -> None:
    as_exchange = list(read_articles(CLEAN_TEXT.encode(), format="exchange"))
    assert {found.code for found in as_exchange if isinstance(found, RejectedError)} == {"bad-json"}
    assert not any(isinstance(found, Draft) for found in as_exchange)
    (found,) = read_articles(CLEAN_TEXT.encode(), format="seed")
    assert isinstance(found, Draft)
    with pytest.raises(KeyError):
        list(read_articles(CLEAN_TEXT.encode(), format="carrier pigeon"))


@pytest.mark.parametrize(("size", "is_read"), [(MAX_ARTICLE_BYTES, True), (MAX_ARTICLE_BYTES + 1, False)])
def test_the_limit_is_exact(size: int, is_read: bool) -> None:
    data = CLEAN_TEXT.encode()
    padded = data + b"\n" * (size - len(data))
    assert isinstance(next(read_articles(padded)), Draft) is is_read
