"""Test sanitised HTML, its plain text, and marked ranges."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.body import (
    Mark,
    block_starts,
    html_from_paragraphs,
    mark_html,
    marked_blocks,
    plain_text,
    sanitise_html,
)

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs", "Cn"]), min_size=1, max_size=8
)
PARAGRAPH = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
TAGS = "p h2 h3 blockquote ul ol li strong em sub sup div table td b br".split()
#: Broken HTML: elements opened, closed and crossed at random around unusual text.
TANGLE = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.sampled_from(["<a href='https://example.org/?a=1&b=2'>", "<a href=/here>", "</a>", "<script>x</script>"]),
        st.sampled_from([" ", "\n", "&nbsp;", "&amp;", "&lt;p&gt;", "<", "e", "\u0301", "ᄒ", "ᅡ", "\x00", "🦉"]),
        WORDS,
    ),
    max_size=25,
).map("".join)


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>One <em>two</em></p>", "<p>One <em>two</em></p>"),
        ("<p onclick=x>a<script>alert(1)</script></p>", "<p>a</p>"),
        ("<p><a href='javascript:alert(1)'>a</a></p>", "<p>a</p>"),
        ("<p><a href='//elsewhere.example/'>a</a></p>", "<p>a</p>"),
        (
            '<p><a href="https://example.org/?a=1&amp;b=2" target="_blank">a</a></p>',
            '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">a</a></p>',
        ),
        ("<p><a href='/claims/'>a</a></p>", '<p><a href="/claims/" rel="noopener noreferrer">a</a></p>'),
        ("<div>a</div><style>p{}</style>b", "<p>a</p>\n<p>b</p>"),
        ("<table><tr><td>a<td>b</table>", "<p>a</p>\n<p>b</p>"),
        ("<b>a</b> <i>b</i>", "<p><strong>a</strong> <em>b</em></p>"),
        ("<h1>a</h1><h5>b</h5>", "<h2>a</h2>\n<h3>b</h3>"),
        ("<ul><li>a<li>b</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<ul><li><p>a</p></li></ul>", "<ul>\n<li>a</li>\n</ul>"),
        ("<ol><li>a</ol><ol><li>b</ol>", "<ol>\n<li>a</li>\n</ol>\n<ol>\n<li>b</li>\n</ol>"),
        ("<li>a", "<p>a</p>"),
        ("<blockquote><p>a</p><h2>b</h2></blockquote>", "<blockquote>a</blockquote>\n<blockquote>b</blockquote>"),
        ("<em><p>a</p><p>b</p></em>", "<p><em>a</em></p>\n<p><em>b</em></p>"),
        ("<em>a<em>b</em>c</em>", "<p><em>abc</em></p>"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<p>a <br><br> b<br></p>", "<p>a<br>b</p>"),
        ("<p>  </p><p></p>", ""),
        ("a\ud800\x00b", "<p>ab</p>"),
        ("", ""),
    ],
)
def test_sanitise_html_keeps_only_allowed_html(html: str, clean: str) -> None:
    assert sanitise_html(html) == clean
    assert sanitise_html(clean) == clean


@given(TANGLE)
def test_sanitise_html_is_idempotent_with_clean_text(html: str) -> None:
    clean = sanitise_html(html)

    assert sanitise_html(clean) == clean

    text = plain_text(clean)

    assert unicodedata.is_normalized("NFC", text)
    assert all(block == " ".join(block.split()) and block for block in text.split("\n\n") if text)


def test_plain_text_joins_blocks_and_collapses_white_space() -> None:
    html = "<h2>A</h2><p>b  <em>c</em>\n d<br>e</p><ul><li>f</li><li>g</li></ul><blockquote><p>h</p></blockquote>"

    assert plain_text(sanitise_html(html)) == "A\n\nb c d e\n\nf\n\ng\n\nh"


def test_accent_in_another_element_joins_its_letter() -> None:
    clean = sanitise_html("<p>cafe<em>\u0301 noir</em></p>")

    assert clean == "<p>café<em> noir</em></p>"
    assert plain_text(clean) == "café noir"


@given(st.lists(PARAGRAPH, max_size=5))
def test_clean_paragraphs_survive_a_round_trip(paragraphs: list[str]) -> None:
    clean = [" ".join(unicodedata.normalize("NFC", p).split()) for p in paragraphs]
    body = html_from_paragraphs(clean)

    assert plain_text(body) == "\n\n".join(clean)
    assert plain_text(sanitise_html(body)) == plain_text(body)


def test_html_from_paragraphs_cleans_and_escapes() -> None:
    assert html_from_paragraphs(["a  <b>\t&amp;", " ", "e\u0301\x07"]) == "<p>a &lt;b&gt; &amp;amp;</p>\n<p>é</p>"


@pytest.mark.parametrize(("text", "starts"), [("", [0]), ("one", [0]), ("one\n\ntwo\n\n3", [0, 5, 10])])
def test_block_begins_after_each_blank_line(text: str, starts: list[int]) -> None:
    assert block_starts(text) == starts


class Balance(HTMLParser):
    """Parser that checks marked HTML.

    It fails unless all elements close in order, no link is inside a link, and no mark is empty.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.text = ""
        self.marked: dict[str, str] = {}
        self.ids: list[str] = []
        self.wrote = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "br":
            self.handle_data(" ")
            return
        assert tag != "a" or "a" not in [name for name, _ in self.open], "a link within a link"
        assert given.get("class") != "ref" or "mark" not in [name for name, _ in self.open], "a reference in a mark"
        key = given.get("data-mark") or ("ref" if given.get("class") == "ref" else "")
        self.open.append((tag, key))
        if "id" in given:
            self.ids.append(given["id"] or "")
        self.wrote = False

    def handle_endtag(self, tag: str) -> None:
        assert self.wrote, f"an empty {tag}"
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.wrote = True
        keys = [key for _, key in self.open if key]
        if "ref" in keys:
            return
        self.text += data
        assert len(set(keys)) == len(keys), "a mark within itself"
        for key in keys:
            self.marked[key] = self.marked.get(key, "") + data


def read(html: str) -> Balance:
    balance = Balance()
    balance.feed(html)
    balance.close()
    assert balance.open == []
    return balance


BODY = sanitise_html(
    "<p>“One <strong>two <em>three</em></strong> four,” she said &amp; left.</p>"
    "<ul><li>five</li><li>six 🦉<br>seven</li></ul>"
    "<p><a href='/x'>eight <em>nine</em> ten</a> eleven <a href='/y'>twelve</a></p>"
)
TEXT = plain_text(BODY)
SPANS = st.lists(
    st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, len(TEXT))).filter(lambda span: span[0] < span[1]),
    max_size=7,
)


@given(SPANS, st.booleans())
def test_overlapping_marks_give_well_formed_html_with_same_text(spans: list[tuple[int, int]], labelled: bool) -> None:
    marks = [Mark(f"m{i}", *span, label=f"[{i}]" if labelled else "") for i, span in enumerate(spans)]
    made = marked_blocks(BODY, marks)
    whole = read("".join(block.html for block in made))

    assert [TEXT[block.start : block.end] for block in made] == TEXT.split("\n\n")
    assert [read(block.html).text for block in made] == TEXT.split("\n\n")

    for number, (start, end) in enumerate(spans):
        assert whole.marked.get(f"m{number}", "") == TEXT[start:end].replace("\n", "")
        covers = bool(TEXT[start:end].strip("\n"))
        assert whole.ids.count(f"m{number}") == covers
        assert whole.ids.count(f"ref-m{number}") == (covers and labelled)
        begins = [block for block in made if f"m{number}" in block.keys]
        assert len(begins) == covers
        assert all(block.start <= max(start, block.start) < block.end for block in begins)
    joined = read(mark_html(BODY, marks))

    assert (joined.marked, joined.ids) == (whole.marked, whole.ids)

    if not labelled:
        assert plain_text(mark_html(BODY, marks)) == TEXT


def test_body_without_marks_is_unchanged() -> None:
    assert mark_html(BODY, []) == BODY
    assert marked_blocks("") == []


def test_mark_covers_exactly_its_range_across_elements() -> None:
    start = TEXT.index("two")
    (first, *_) = marked_blocks(BODY, [Mark("m", start, start + len("two three four"), "claim")])

    assert first.html == (
        '<p>“One <strong><mark id="m" class="claim" data-mark="m">two </mark><em><mark class="claim" data-mark="m">three'
        '</mark></em></strong><mark class="claim" data-mark="m"> four</mark>,” she said &amp; left.</p>'
    )
    assert first.keys == ("m",)


def test_mark_inside_a_mark_is_nested() -> None:
    (block,) = marked_blocks("<p>abcdef</p>", [Mark("in", 2, 4), Mark("out", 0, 6)])

    assert block.html == ('<p><mark id="out" data-mark="out">ab<mark id="in" data-mark="in">cd</mark>ef</mark></p>')
    assert block.keys == ("out", "in")


def test_crossing_marks_are_split() -> None:
    (block,) = marked_blocks("<p>abcdef</p>", [Mark("x", 0, 4), Mark("y", 2, 6)])

    assert block.html == (
        '<p><mark id="x" data-mark="x">ab<mark id="y" data-mark="y">cd</mark></mark><mark data-mark="y">ef</mark></p>'
    )


def test_mark_over_two_blocks_begins_in_the_first() -> None:
    first, second = marked_blocks("<p>ab</p><p>cd</p>", [Mark("m", 1, 5, label="1")])

    assert (first.keys, second.keys) == (("m",), ())
    assert first.html == '<p>a<mark id="m" data-mark="m">b</mark></p>'
    assert second.html.startswith('<p><mark data-mark="m">c</mark><a class="ref" id="ref-m"')


def test_marks_with_the_same_key_have_one_id() -> None:
    (block,) = marked_blocks("<p>abcdef</p>", [Mark("m", 4, 6), Mark("m", 0, 2)])

    assert block.html == '<p><mark id="m" data-mark="m">ab</mark>cd<mark data-mark="m">ef</mark></p>'


def test_labelled_mark_is_followed_by_footnote_link() -> None:
    (block,) = marked_blocks("<p>Yes.</p>", [Mark("m", 0, 3, label="1", title='Claim "1"')])

    assert '</mark><a class="ref" id="ref-m" href="#note-m" aria-label="Claim &quot;1&quot;">1</a>.' in block.html


def test_footnote_link_inside_a_link_comes_after_it() -> None:
    (block,) = marked_blocks(sanitise_html("<p><a href='/x'>one two</a> three</p>"), [Mark("m", 0, 3, label="1")])

    assert ' two</a><a class="ref"' in block.html


def test_mark_attributes_are_escaped() -> None:
    (block,) = marked_blocks("<p>ab</p>", [Mark('"><i>', 0, 1, classes='"&', label="<1>", title="'<")])

    assert "<i>" not in block.html
    assert read(block.html).ids == ['"><i>', 'ref-"><i>']


def test_list_numbers_continue_in_separate_blocks() -> None:
    html = [block.html for block in marked_blocks("<ol><li>a</li><li>b</li></ol><ol><li>c</li></ol>")]

    assert html == [
        '<ol start="1"><li>a</li></ol>',
        '<ol start="2"><li>b</li></ol>',
        '<ol start="1"><li>c</li></ol>',
    ]


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2), (0, len(TEXT) + 1)])
def test_mark_outside_the_text_raises_error(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="Mark m covers"):
        marked_blocks(BODY, [Mark("m", start, end)])
    with pytest.raises(ValueError, match="Mark m covers"):
        mark_html(BODY, [Mark("m", start, end)])


@pytest.mark.slow
def test_many_marks_in_a_long_paragraph_take_linear_time() -> None:
    body = html_from_paragraphs(["word " * 20_000])
    marks = [Mark(f"m{i}", i * 10, i * 10 + 25, label="1") for i in range(9_000)]

    assert read(mark_html(body, marks)).ids.count("m8999") == 1
