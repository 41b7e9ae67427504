"""What of a text is shown: the part with most of what was asked for, in pieces that add up to the text's own words."""

from hypothesis import given
from hypothesis import strategies as st

from articles.fulltext.query import parse
from articles.fulltext.snippets import LENGTH, Piece, marked, snippet

LONG = "It rained all week in the valley. " * 40


def found(pieces):
    return [piece.words for piece in pieces if piece.found]


def test_a_short_text_is_shown_whole_with_its_finds():
    assert marked("The ferry sank.", parse("ferry")) == [Piece("The "), Piece("ferry", found=True), Piece(" sank.")]


def test_other_forms_accents_beginnings_and_phrases_are_found_as_the_engines_find_them():
    assert found(marked("Sinking ferries, Łódź says", parse("sink ferry lodz say*"))) == [
        "Sinking ferries",
        "Łódź says",
    ]
    assert found(marked("at least 100, at last 100", parse('"at least 100"'))) == ["at least 100"]
    assert found(marked("killed by killing", parse('"killed"'))) == ["killed"]


def test_what_is_to_be_left_out_is_not_marked():
    assert found(marked("ferry boat", parse("ferry -boat"))) == ["ferry"]


def test_the_part_with_most_of_the_terms_is_shown_and_says_that_it_is_a_part():
    text = f"{LONG}A ferry came. {LONG}The captain of the ferry resigned. {LONG}"
    pieces = snippet(text, parse("captain ferry resigned"))
    assert found(pieces) == ["captain", "ferry resigned"]
    assert pieces[0].words.startswith("…")
    assert pieces[-1].words.endswith("…")
    assert sum(len(piece.words) for piece in pieces) < LENGTH + 10


def test_without_a_find_the_beginning_is_shown():
    assert snippet(LONG, parse("ferry"))[0].words.startswith("It rained")


def test_a_word_that_was_asked_for_between_a_hyphen_is_one_find():
    assert found(marked("Lee Seong-kweun said", parse("Seong-kweun"))) == ["Seong-kweun"]


@given(st.text(max_size=600), st.text(max_size=40))
def test_pieces_add_up_to_the_text(text, typed):
    assert "".join(piece.words for piece in marked(text, parse(typed))) == text
    shown = snippet(text, parse(typed))
    inner = "".join(piece.words for piece in shown if piece not in (Piece("… "), Piece(" …")))
    assert inner in text
