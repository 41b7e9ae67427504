"""Test related links, URLs in every position, and files with several articles."""

from __future__ import annotations

import textwrap

import pytest

from articles.parsing import Draft, read_articles
from articles.parsing.footer import is_usable_url, split_articles, split_related_links
from tests.parsing.story import (
    CLEAN_TEXT,
    HEADLINE,
    PARAGRAPHS,
    RELATED_TITLE,
    URL,
    is_same_article,
    parse_draft,
    warning_codes,
)

LINE = f"Related article: <u>{RELATED_TITLE}</u>"


def related(text: str) -> list[tuple[str, str | None]]:
    return [(link.title, link.url) for link in split_related_links(text.split("\n"))[1]]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Related article: <u>Boats to Run</u>\nAll Night", [("Boats to Run All Night", None)]),
        ("Related article: <u>Boats to\nRun All</u> Night", [("Boats to Run All Night", None)]),
        ("Related article: <u>Boats for the U.S.\nNavy to Run</u>", [("Boats for the U.S. Navy to Run", None)]),
        ("RELATED: Boats to Run", [("Boats to Run", None)]),
        ("READ MORE | Boats to Run", [("Boats to Run", None)]),
        ("Read also:\n\nBoats to Run\nAll Night", [("Boats to Run All Night", None)]),
        ("Read more:\n- Boats to Run\n- Bridge to Close", [("Boats to Run", None), ("Bridge to Close", None)]),
        ('See also: <a href="https://a.example/b">Boats</a>', [("Boats", "https://a.example/b")]),
        ("Related: Boats https://a.example/b", [("Boats", "https://a.example/b")]),
        ("Related: https://a.example/b", [("https://a.example/b", "https://a.example/b")]),
        ("Related: <a href='javascript:alert(1)'>Boats</a>", [("Boats", None)]),
        ("Related:", []),
    ],
)
def test_related_links_are_taken_out(text: str, links: list[tuple[str, str | None]]) -> None:
    kept, _ = split_related_links([*text.split("\n"), "", "The council met."])

    assert related(text) == links
    assert [line for line in kept if line] == ["The council met."]


@pytest.mark.parametrize(
    "line",
    [
        "Related problems were found on the second bridge.",
        "Read more than one report, the mayor said.",
        "More stories were told that night than in a year.",
    ],
)
def test_text_like_a_related_label_stays(line: str) -> None:
    assert split_related_links([line]) == ([line], [])


@pytest.mark.parametrize(
    "copy",
    [
        CLEAN_TEXT.replace("</u>\n\n", "</u>\n"),
        CLEAN_TEXT.replace(f"</u>\n\n{PARAGRAPHS[2]}", f"</u>\n{textwrap.fill(PARAGRAPHS[2], 72)}"),
    ],
    ids=["a long line", "wrapped at 72"],
)
def test_text_right_below_a_related_link_stays(copy: str) -> None:
    assert is_same_article(parse_draft(copy), parse_draft(CLEAN_TEXT))


def test_paragraph_around_a_related_link_is_rejoined() -> None:
    draft = parse_draft(
        CLEAN_TEXT.replace(f"{LINE}\n\n", "").replace("council's own count", f"council's\n\n{LINE}\n\nown count")
    )

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert warning_codes(draft) == ["paragraph-rejoined"]


@pytest.mark.parametrize(
    "footer",
    [
        f"Original url: {URL}",
        f"ORIGINAL URL:\n{URL}",
        f"Original url:\n\n\n{URL}",
        f"Original URL\n{URL}",
        f"Source: {URL}",
        f"Original url: <a href='{URL}'>{URL}</a>",
        f"Original url: <{URL}>",
        URL,
        "Original url:\n" + "\n".join(textwrap.wrap(URL, 40)),
        "Original url:\n" + "\n".join(textwrap.wrap(URL, 70, break_on_hyphens=False)),
    ],
)
def test_url_is_found_in_each_position(footer: str) -> None:
    draft = parse_draft(CLEAN_TEXT[: CLEAN_TEXT.index("Original url")] + footer + "\n")

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert warning_codes(draft) == []


@pytest.mark.parametrize(
    ("footer", "code"),
    [
        ("", "url-missing"),
        ("Original url:", "url-missing"),
        ("Original url: not known", "url-unusable"),
        ("Original url: https://", "url-unusable"),
        ("Original url: http://[broken", "url-unusable"),
        ("Original url: ftp://a.example/b", "url-unusable"),
        (f"Original url: https://a.example/{'x' * 2000}", "url-unusable"),
    ],
)
def test_missing_or_unusable_url_gives_warning(footer: str, code: str) -> None:
    draft = parse_draft(CLEAN_TEXT[: CLEAN_TEXT.index("Original url")] + footer + "\n")

    assert draft.original_url is None
    assert draft.paragraphs == PARAGRAPHS
    assert warning_codes(draft) == [code]


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://a.example/b?c=d#e", True),
        ("http://localhost:8000/a", True),
        ("https://[2001:db8::1]/a", True),
        ("https:///a", False),
        ("javascript:alert(1)", False),
        ("https://a.example/b c", False),
        ('https://a.example/"><script>', False),
        ("https://a.example:0/", False),
        ("https://a.example:99999/", False),
        ("//a.example/b", False),
    ],
)
def test_is_usable_url(url: str, usable: bool) -> None:
    assert is_usable_url(url) is usable


def test_a_url_above_each_headline_belongs_to_what_follows() -> None:
    story = CLEAN_TEXT[: CLEAN_TEXT.index("Original url")]
    first, second = read_articles(f"Original url: {URL}\n\n{story}Original url: {URL}-2\n\n{story}".encode())

    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert (first.original_url, second.original_url) == (URL, f"{URL}-2")
    assert first.paragraphs == second.paragraphs == PARAGRAPHS


def test_second_article_without_url_is_read() -> None:
    second = CLEAN_TEXT.replace(HEADLINE, "Ferry Firm Runs Six Extra Boats")[:-120]
    _, other = read_articles(f"{CLEAN_TEXT}\n\n{second}".encode())

    assert isinstance(other, Draft)
    assert other.headline == "Ferry Firm Runs Six Extra Boats"
    assert warning_codes(other) == ["several-articles", "url-missing"]


@pytest.mark.parametrize(
    "below",
    [
        "Share this article",
        "Share this\n\nSubscribe to our newsletter for more stories like this one.\n\nAll rights reserved.",
    ],
)
def test_page_text_below_the_url_is_ignored(below: str) -> None:
    draft = parse_draft(f"{CLEAN_TEXT}\n\n{below}\n")

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert warning_codes(draft) == ["text-after-url"]


def test_second_url_without_article_gives_warning() -> None:
    draft = parse_draft(f"{CLEAN_TEXT}\nOriginal url: {URL}-2\n")

    assert is_same_article(draft, parse_draft(CLEAN_TEXT))
    assert warning_codes(draft) == ["url-twice"]


def test_lines_are_split_after_each_url() -> None:
    lines = "a\n\nOriginal url: https://x.example/1\nb\nOriginal url:\nhttps://x.example/2\n".split("\n")

    assert [([line for line in piece.lines if line], piece.url) for piece in split_articles(lines)] == [
        (["a"], "https://x.example/1"),
        (["b"], "https://x.example/2"),
    ]
