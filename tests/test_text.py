"""Restricted HTML, its plain text, and marks around ranges of it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text import Mark, blocks, from_paragraphs, plain, sanitise

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs", "Cn"]), min_size=1, max_size=8
)
PARAGRAPH = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>One <em>two</em></p>", "<p>One <em>two</em></p>"),
        ("<p onclick=x>a<script>alert(1)</script></p>", "<p>a</p>"),
        ("<p><a href='javascript:alert(1)'>a</a></p>", "<p><a>a</a></p>"),
        ("<div>a</div><style>p{}</style>b", "<p>ab</p>"),
        ("<ul><li>a<li>b</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("", ""),
    ],
)
def test_only_a_small_set_of_html_survives(html: str, clean: str) -> None:
    assert sanitise(html) == clean
    assert sanitise(clean) == clean


def test_the_plain_text_joins_blocks_by_a_blank_line_and_collapses_white_space() -> None:
    html = "<h2>A</h2><p>b  <em>c</em>\n d<br>e</p><ul><li>f</li><li>g</li></ul><blockquote><p>h</p></blockquote>"
    assert plain(sanitise(html)) == "A\n\nb c d e\n\nf\n\ng\n\nh"


@given(st.lists(PARAGRAPH, max_size=5))
def test_paragraphs_come_back_as_they_went_in(paragraphs: list[str]) -> None:
    import unicodedata

    clean = [" ".join(unicodedata.normalize("NFC", p).split()) for p in paragraphs]
    assert plain(from_paragraphs(clean)) == "\n\n".join(p for p in clean if p)


class Balance(HTMLParser):
    """Raises unless every element that opens closes in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "a" not in self.open[-1:]:
            self.text += data


BODY = sanitise(
    "<p>“One <strong>two <em>three</em></strong> four,” she said &amp; left.</p><ul><li>five</li><li>six 🦉 seven</li></ul>"
)
LENGTH = len(plain(BODY))


@given(
    st.lists(st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).filter(lambda s: s[0] < s[1]), max_size=6)
)
def test_marks_however_they_overlap_give_well_formed_html_with_the_same_text(spans: list[tuple[int, int]]) -> None:
    made = blocks(BODY, [Mark(f"m{i}", start, end) for i, (start, end) in enumerate(spans)])
    assert [plain(block.html) for block in made] == plain(BODY).split("\n\n")
    for block in made:
        balance = Balance()
        balance.feed(block.html)
        balance.close()
        assert balance.open == []
    html = "".join(block.html for block in made)
    assert all(
        html.count(f'id="m{i}"') == 1 for i in range(len(spans)) if plain(BODY)[spans[i][0] : spans[i][1]].strip()
    )


def test_a_mark_covers_exactly_its_code_points_across_elements() -> None:
    start = plain(BODY).index("two")
    (first, *_) = blocks(BODY, [Mark("m", start, start + len("two three four"), "claim")])
    assert first.html == (
        '<p>“One <strong><mark id="m" class="claim" data-mark="m">two </mark><em><mark class="claim" data-mark="m">three'
        '</mark></em></strong><mark class="claim" data-mark="m"> four</mark>,” she said &amp; left.</p>'
    )
    assert first.keys == ("m",)


def test_a_labelled_mark_is_followed_by_a_footnote_link() -> None:
    (block,) = blocks("<p>Yes.</p>", [Mark("m", 0, 3, label="1", title='Claim "1"')])
    assert '</mark><a class="ref" id="ref-m" href="#note-m" aria-label="Claim &quot;1&quot;">1</a>.' in block.html


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2), (0, LENGTH + 1)])
def test_an_impossible_mark_is_an_error(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="Mark m covers"):
        blocks(BODY, [Mark("m", start, end)])
