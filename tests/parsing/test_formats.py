"""Test that formats are recognised by content, and others rejected by name."""

from __future__ import annotations

import json

import pytest

from articles.parsing import FORMATS, MAX_ARTICLE_BYTES, Draft, RejectedError, read_articles
from tests.parsing.story import CLEAN_TEXT, HEADLINE, is_same_article, parse_draft, parse_rejection

LINE = json.dumps({"headline": HEADLINE, "paragraphs": ["The bridge is closed."]})


def test_formats_have_names() -> None:
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
def test_exchange_format_is_recognised_by_content(data: bytes) -> None:
    assert parse_draft(data).paragraphs == ("The bridge is closed.",)


@pytest.mark.parametrize(
    ("data", "name"),
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
def test_unsupported_format_is_rejected_by_name(data: bytes, name: str) -> None:
    rejection = parse_rejection(data)

    assert rejection.code == "format-not-supported"
    assert name in rejection.detail
    assert "Save" in rejection.detail


@pytest.mark.parametrize(
    "headline",
    ['["No comment"] says the mayor', '{"x"} marks the spot', "<Ctrl> is the key", "[1] and other footnotes"],
)
def test_headline_like_another_format_is_read(headline: str) -> None:
    assert is_same_article(parse_draft(CLEAN_TEXT.replace(HEADLINE, headline)), parse_draft(CLEAN_TEXT)) is False
    assert parse_draft(CLEAN_TEXT.replace(HEADLINE, headline)).headline == headline


def test_explicit_format_is_used() -> None:
    as_exchange = list(read_articles(CLEAN_TEXT.encode(), format="exchange"))

    assert {found.code for found in as_exchange if isinstance(found, RejectedError)} == {"bad-json"}
    assert not any(isinstance(found, Draft) for found in as_exchange)

    (found,) = read_articles(CLEAN_TEXT.encode(), format="seed")

    assert isinstance(found, Draft)
    with pytest.raises(KeyError):
        list(read_articles(CLEAN_TEXT.encode(), format="carrier pigeon"))


@pytest.mark.slow
@pytest.mark.parametrize(("size", "is_read"), [(MAX_ARTICLE_BYTES, True), (MAX_ARTICLE_BYTES + 1, False)])
def test_size_limit_is_exact(size: int, is_read: bool) -> None:
    data = CLEAN_TEXT.encode()
    padded = data + b"\n" * (size - len(data))

    assert isinstance(next(read_articles(padded)), Draft) is is_read
