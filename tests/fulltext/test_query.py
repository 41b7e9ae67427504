"""What is typed, read: every string is a query, and each operator means one thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fulltext.inflection import inflected_forms
from articles.fulltext.normalize import normalize_word, split_words, word_spans
from articles.fulltext.query import MAX_QUERY_TERMS, MAX_WORD_CHARS, Query, Term, parse_query

BOTH = Query(((Term(("river",)),), (Term(("ferry",)),)))


@pytest.mark.parametrize(
    "typed", ["river ferry", " River,  FERRY! ", "river AND ferry", "river + ferry", "the river ferry"]
)
def test_words_are_all_wanted_whatever_stands_between_them(typed):
    assert parse_query(typed) == BOTH


@pytest.mark.parametrize(
    "typed", ['"river ferry"', "“river ferry”", "„River ferry“", "«river, ferry»", '"river ferry']
)
def test_words_in_quotation_marks_of_any_kind_are_a_phrase(typed):
    assert parse_query(typed).groups == ((Term(("river", "ferry"), is_exact=True),),)


@pytest.mark.parametrize("typed", ["ferry -river", "ferry −river", "ferry NOT river", "-river ferry"])
def test_a_minus_leaves_out(typed):
    assert parse_query(typed) == Query(((Term(("ferry",)),),), (Term(("river",)),))


def test_a_phrase_can_be_left_out_and_alone_says_nothing_to_look_for():
    assert parse_query('-"river ferry"') == Query((), (Term(("river", "ferry"), is_exact=True),))


@pytest.mark.parametrize("typed", ["river OR ferry", "river | ferry", "river || ferry"])
def test_either_of_two(typed):
    assert parse_query(typed).groups == ((Term(("river",)), Term(("ferry",))),)


@pytest.mark.parametrize(
    ("typed", "same"), [("OR ferry", "ferry"), ("ferry OR", "ferry"), ("ferry OR -river", "ferry -river")]
)
def test_an_operator_with_nothing_beside_it_is_left_out(typed, same):
    assert parse_query(typed) == parse_query(same)


def test_a_star_begins_words_and_a_hyphen_or_apostrophe_joins_two():
    assert parse_query("harb*").groups == ((Term(("harb",), is_prefix=True),),)
    assert parse_query("Seong-kweun").groups == parse_query("seong‑kweun").groups == ((Term(("seong", "kweun")),),)
    assert parse_query("don’t").groups == parse_query("don't").groups == ((Term(("don", "t")),),)


@pytest.mark.parametrize("typed", ["Korea's", "Korea’s", "KOREA"])
def test_a_possessive_is_its_word(typed):
    assert parse_query(typed).groups == ((Term(("korea",)),),)


def test_small_words_count_only_where_there_is_nothing_else_or_in_a_phrase():
    assert parse_query("the ferry") == parse_query("ferry")
    assert parse_query("the").groups == ((Term(("the",)),),)
    assert parse_query('"the ferry"').groups[0][0].words == ("the", "ferry")


@pytest.mark.parametrize("typed", ["", " ", '"', "-", "***", '""', "-- OR |", "\x00", "\ud800", "€ — …"])
def test_what_has_no_word_is_nothing(typed):
    assert not parse_query(typed)


def test_of_a_long_query_only_the_beginning_is_read_and_that_is_said():
    long = parse_query("word " * 2_000)
    assert long.is_truncated
    assert len(parse_query(" ".join(f"w{n}" for n in range(60))).groups) == MAX_QUERY_TERMS
    assert not parse_query("word").is_truncated
    assert parse_query("a" * 5_000).groups == ((Term(("a" * MAX_WORD_CHARS,), is_prefix=True),),)


@given(st.text())
def test_what_was_read_is_read_the_same_again(typed):
    query = parse_query(typed)
    if not query.is_truncated:
        assert str(parse_query(str(query))) == str(query)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Łódź", "lodz"),
        ("Ørsted", "orsted"),
        ("São", "sao"),
        ("ÆGIS", "aegis"),
        ("Київ", "київ"),
        ("DİYARBAKIR", "diyarbakir"),
    ],
)
def test_capitals_and_accents_of_latin_letters_go_and_those_of_other_scripts_stay(written, folded):
    assert normalize_word(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert split_words(" ".join(split_words(text))) == split_words(text)


@given(st.text())
def test_places_are_where_the_words_stand(text):
    for place in word_spans(text):
        assert normalize_word(text[place.start : place.end]) == place.word


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("killed", ("kill", "kills", "killing")),
        ("attacks", ("attack", "attacked", "attacking")),
        ("agencies", ("agency",)),
        ("planned", ("plan", "plans", "planning")),
        ("denied", ("deny", "denies", "denying")),
        ("closing", ("close", "closed", "closes")),
        ("losses", ("loss",)),
        ("talk", ("talks", "talked", "talking")),
    ],
)
def test_a_word_is_found_in_its_other_forms(asked, found):
    assert set(found) | {asked} <= set(inflected_forms(asked))


@pytest.mark.parametrize("word", ["news", "Київ".lower(), "100", "us", "北朝鮮"])
def test_what_only_looks_like_a_form_is_itself(word):
    assert word in inflected_forms(word)
    assert "new" not in inflected_forms(word)
    if not word.isascii() or len(word) < 4:
        assert inflected_forms(word) == (word,)
