"""Test which part of a text is shown.

It is the part with most of the searched words. Its pieces together are words of the text.
"""

from hypothesis import given
from hypothesis import strategies as st

from articles.fulltext.query import parse_query
from articles.fulltext.snippets import SNIPPET_CHARS, SnippetPiece, build_snippet, highlight_text

LONG = "It rained all week in the valley. " * 40


def found(pieces):
    return [piece.text for piece in pieces if piece.is_match]


def test_short_text_is_shown_whole():
    assert highlight_text("The ferry sank.", parse_query("ferry")) == [
        SnippetPiece("The "),
        SnippetPiece("ferry", is_match=True),
        SnippetPiece(" sank."),
    ]


def test_forms_accents_prefixes_and_phrases_are_marked():
    assert found(highlight_text("Sinking ferries, Łódź says", parse_query("sink ferry lodz say*"))) == [
        "Sinking ferries",
        "Łódź says",
    ]
    assert found(highlight_text("at least 100, at last 100", parse_query('"at least 100"'))) == ["at least 100"]
    assert found(highlight_text("killed by killing", parse_query('"killed"'))) == ["killed"]


def test_excluded_words_are_not_marked():
    assert found(highlight_text("ferry boat", parse_query("ferry -boat"))) == ["ferry"]


def test_snippet_is_the_part_with_most_terms():
    text = f"{LONG}A ferry came. {LONG}The captain of the ferry resigned. {LONG}"
    pieces = build_snippet(text, parse_query("captain ferry resigned"))
    assert found(pieces) == ["captain", "ferry resigned"]
    assert pieces[0].text.startswith("…")
    assert pieces[-1].text.endswith("…")
    assert sum(len(piece.text) for piece in pieces) < SNIPPET_CHARS + 10


def test_snippet_without_match_is_the_start():
    assert build_snippet(LONG, parse_query("ferry"))[0].text.startswith("It rained")


def test_hyphenated_match_is_one_piece():
    assert found(highlight_text("Lee Seong-kweun said", parse_query("Seong-kweun"))) == ["Seong-kweun"]


@given(st.text(max_size=600), st.text(max_size=40))
def test_pieces_add_up_to_the_text(text, typed):
    assert "".join(piece.text for piece in highlight_text(text, parse_query(typed))) == text
    shown = build_snippet(text, parse_query(typed))
    inner = "".join(piece.text for piece in shown if piece not in (SnippetPiece("… "), SnippetPiece(" …")))
    assert inner in text
