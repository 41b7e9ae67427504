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
def test_all_words_are_required(typed):
    assert parse_query(typed) == BOTH


@pytest.mark.parametrize(
    "typed", ['"river ferry"', "“river ferry”", "„River ferry“", "«river, ferry»", '"river ferry']
)
def test_any_quotation_marks_make_a_phrase(typed):
    assert parse_query(typed).groups == ((Term(("river", "ferry"), is_exact=True),),)


@pytest.mark.parametrize("typed", ["ferry -river", "ferry −river", "ferry NOT river", "-river ferry"])
def test_minus_excludes(typed):
    assert parse_query(typed) == Query(((Term(("ferry",)),),), (Term(("river",)),))


def test_excluded_phrase_alone_has_no_groups():
    assert parse_query('-"river ferry"') == Query((), (Term(("river", "ferry"), is_exact=True),))


@pytest.mark.parametrize("typed", ["river OR ferry", "river | ferry", "river || ferry"])
def test_or_makes_alternatives(typed):
    assert parse_query(typed).groups == ((Term(("river",)), Term(("ferry",))),)


@pytest.mark.parametrize(
    ("typed", "same"), [("OR ferry", "ferry"), ("ferry OR", "ferry"), ("ferry OR -river", "ferry -river")]
)
def test_operator_without_operand_is_ignored(typed, same):
    assert parse_query(typed) == parse_query(same)


def test_star_is_prefix_and_hyphen_joins_words():
    assert parse_query("harb*").groups == ((Term(("harb",), is_prefix=True),),)
    assert parse_query("Seong-kweun").groups == parse_query("seong‑kweun").groups == ((Term(("seong", "kweun")),),)
    assert parse_query("don’t").groups == parse_query("don't").groups == ((Term(("don", "t")),),)


@pytest.mark.parametrize("typed", ["Korea's", "Korea’s", "KOREA"])
def test_possessive_is_its_word(typed):
    assert parse_query(typed).groups == ((Term(("korea",)),),)


def test_stop_words_count_alone_or_in_a_phrase():
    assert parse_query("the ferry") == parse_query("ferry")
    assert parse_query("the").groups == ((Term(("the",)),),)
    assert parse_query('"the ferry"').groups[0][0].words == ("the", "ferry")


@pytest.mark.parametrize("typed", ["", " ", '"', "-", "***", '""', "-- OR |", "\x00", "\ud800", "€ — …"])
def test_query_without_words_is_empty(typed):
    assert not parse_query(typed)


def test_long_query_is_truncated():
    long = parse_query("word " * 2_000)
    assert long.is_truncated
    assert len(parse_query(" ".join(f"w{n}" for n in range(60))).groups) == MAX_QUERY_TERMS
    assert not parse_query("word").is_truncated
    assert parse_query("a" * 5_000).groups == ((Term(("a" * MAX_WORD_CHARS,), is_prefix=True),),)


@given(st.text())
def test_parsed_query_parses_to_itself(typed):
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
def test_normalization_removes_case_and_latin_accents(written, folded):
    assert normalize_word(written) == folded


@given(st.text())
def test_normalization_is_idempotent(text):
    assert split_words(" ".join(split_words(text))) == split_words(text)


@given(st.text())
def test_spans_point_to_their_words(text):
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
def test_inflected_forms_of_a_word(asked, found):
    assert set(found) | {asked} <= set(inflected_forms(asked))


@pytest.mark.parametrize("word", ["news", "Київ".lower(), "100", "us", "北朝鮮"])
def test_uninflected_word_has_no_other_base(word):
    assert word in inflected_forms(word)
    assert "new" not in inflected_forms(word)
    if not word.isascii() or len(word) < 4:
        assert inflected_forms(word) == (word,)
