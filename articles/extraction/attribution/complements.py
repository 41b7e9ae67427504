"""What follows a cue: to whom, when and where it was said, and then what was said, in one form or another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from articles.extraction.attribution.finite_verbs import has_verb, is_finite
from articles.extraction.attribution.reader import SentenceReader
from articles.extraction.document import Token
from articles.extraction.lexicon.cues import VERB_OR_NOUN_FORMS, VERBS, Verb
from articles.extraction.lexicon.phrases import ADDRESSEE, AFTER_CUE, NAMED_ADDRESSEE
from articles.extraction.lexicon.word_classes import (
    AUXILIARIES,
    CALENDAR_WORDS,
    DETERMINERS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    is_adverb,
    is_contraction,
)

QUESTION_WORDS = frozenset("how why what whether if when where who which".split())
#: Verbs that may name whom it was said to with "to": "said to reporters that …".
VERBS_WITH_TO_ADDRESSEE = frozenset(("say", "write", "explain", "announce", "complain"))
#: After these hardly ever comes a mere noun: so many words and more are a clause, though its verb be unknown.
CLAUSE_TAKING_VERBS = frozenset("say insist argue think believe contend suspect hope".split())
MAX_NOUN_TOKENS = 3
NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten twelve twenty thirty forty fifty sixty seventy eighty ninety hundred "
    "hundreds thousand thousands million half a third".split()
) - {"a"}
PARENTHETICAL_WORDS = frozenset(("though", "too", "again", "however"))
#: "that", a colon or a quotation is looked for so far beyond when and where it was said.
MAX_ADJUNCT_TOKENS, MAX_ASIDE_TOKENS = 24, 12


@dataclass(frozen=True, slots=True)
class Complement:
    """What follows a cue. `at` is the token it begins with; None where nothing follows that was said."""

    start: int | None
    kind: str  # "that", "colon", "quote", "question", "infinitive", "clause", "noun", ""
    adjuncts_end: int  # the token after addressee, time and place
    has_addressee: bool = False  # is it said to whom?


def read_complement(reading: SentenceReader, index: int, verb: Verb) -> Complement:
    """What follows the cue at a token."""
    tokens = reading.tokens
    at, told = _past_addressee(reading, tokens[index].end, verb)
    if match := AFTER_CUE.match(reading.text, at, tokens[-1].end):
        at = match.end()
    place = passed = reading.index_at(at)
    if reading.lower_at(place) == "," and reading.lower_at(place + 2) == "," and place + 3 < len(tokens):
        word = reading.lower_at(place + 1)
        place += 3 if is_adverb(word) or word in PARENTHETICAL_WORDS else 0  # "added, though, that"
    if reading.lower_at(place) == "," and (that := _that_after_aside(tokens, place)):
        return Complement(that, "that", passed, told)
    skipped = _past_adjunct(tokens, place, addressing="a" in verb.frame or "u" in verb.frame)
    if skipped is not None:
        place, told = skipped, told or "a" in verb.frame
    begin, kind = _complement_start(tokens, place)
    if kind == "noun":
        clause = has_verb(tokens, place, len(tokens))
        kind = (
            "clause"
            if clause or (verb.lemma in CLAUSE_TAKING_VERBS and len(tokens) - place > MAX_NOUN_TOKENS)
            else kind
        )
    return Complement(begin, kind, passed, told)


def admitted_kind(reading: SentenceReader, complement: Complement, verb: Verb, index: int) -> str | None:
    """The kind of a complement, if the verb's frame has room for it; else None."""
    frame, kind = frozenset(verb.frame), complement.kind
    if complement.start is None:
        return None
    bare = kind in ("clause", "noun")
    if "u" in frame and bare and not complement.has_addressee and _is_order(reading.tokens, complement.start):
        return "order"
    if "p" in frame and kind != "noun" and kind != "clause":
        return None
    if "a" in frame and "b" not in frame and not complement.has_addressee and (bare or kind in ("that", "question")):
        return kind if kind in ("that", "question") and "t" in frame else None
    if kind == "quote" and not frame & set("btaq"):
        return "noun" if "n" in frame else None
    if kind == "colon" and reading.lower_at(index) in VERB_OR_NOUN_FORMS:
        return None
    if kind in ("that", "colon", "quote"):
        return kind if frame & set("btaqun") else None
    if kind == "question":
        return kind if frame & set("bta") else None
    if kind == "infinitive":
        return kind if "i" in frame or ("u" in frame and complement.has_addressee) else None
    return _admitted_bare_kind(reading, complement.start, kind, verb, index, told=complement.has_addressee)


def _admitted_bare_kind(
    reading: SentenceReader, at: int, kind: str, verb: Verb, index: int, *, told: bool
) -> str | None:
    """The same for words that nothing introduces: a clause, whom to urge, or a noun."""
    tokens, frame, first = reading.tokens, verb.frame, reading.tokens[at]
    if (is_finite(tokens, at) and not is_contraction(first.lower)) or first.lower in AUXILIARIES:
        return None  # "the merger announced Monday would …"
    if "u" in frame and not told:
        return "noun" if "n" in frame else None
    if "p" in frame:
        figure = any(t.lower == "at" and _is_figure(tokens, i) for i, t in enumerate(tokens[at:], at))
        return "noun" if figure and kind in ("clause", "noun") else None
    if kind == "clause" and ("b" in frame or "a" in frame):
        adjunct = first.lower in PREPOSITIONS or first.lower == "as"
        if (adjunct and verb.lemma != "say") or (
            reading.lower_at(index) in VERB_OR_NOUN_FORMS and first.kind != "word"
        ):
            return None
        return "clause"
    adjunct = first.lower in PREPOSITIONS or first.lower in ("so", "well", "as") or is_adverb(first.lower)
    return "noun" if "n" in frame and not adjunct else None


def _is_figure(tokens: Sequence[Token], preposition: int) -> bool:
    """Does a figure follow on "at": "at close to 1,000", "at between two and three thousand"?"""
    return any(
        token.kind == "number" or token.lower in NUMBER_WORDS for token in tokens[preposition + 1 : preposition + 5]
    )


def _is_order(tokens: Sequence[Token], at: int) -> bool:
    """Does an infinitive follow on whom it was said to: "urged | ministers on both sides to act"?"""
    if tokens[at].kind != "word" or tokens[at].lower in ("not", "to", "for"):
        return False
    for token in tokens[at + 1 : at + MAX_ASIDE_TOKENS]:
        if token.lower in ("to", "for"):
            return token.lower == "to"
    return False


def _past_addressee(reading: SentenceReader, at: int, verb: Verb) -> tuple[int, bool]:
    """Past whom it was said to; and whether that is said."""
    addressing = "a" in verb.frame
    if not (addressing or "u" in verb.frame or verb.lemma in VERBS_WITH_TO_ADDRESSEE):
        return at, False
    end = reading.tokens[-1].end
    match = ADDRESSEE.match(reading.text, at, end)
    if match and (addressing or match[0].lstrip().startswith("to ")):
        return match.end(), True
    named = NAMED_ADDRESSEE.match(reading.text, at, end) if addressing else None
    return (named.end(), True) if named else (at, False)


def _complement_start(tokens: Sequence[Token], place: int) -> tuple[int | None, str]:
    """Where what was said begins, and as what, once everything before it is passed."""
    if place >= len(tokens):
        return None, ""
    token, following = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else None
    if token.kind == "quote":
        return place, "quote"
    if token.kind == "mark":
        return _after_mark(token, following, place)
    if token.lower == "that" and following is not None:
        if is_finite(tokens, place + 1) or following.lower in AUXILIARIES:
            return place, "clause"  # "said that was not true"
        if following.kind != "mark":
            return place + 1, "that"
        if following.text == "," and place + 2 < len(tokens):
            return place + 2, "that"
    if token.lower in QUESTION_WORDS:
        return place, "question"
    if (
        token.lower == "to"
        and following is not None
        and not following.is_capital
        and following.lower not in DETERMINERS
    ):
        return place, "infinitive"
    if token.lower in SUBORDINATORS - {"since", "before", "after"} or token.lower == "and":
        return None, ""
    return place, "noun"


def _after_mark(mark: Token, following: Token | None, place: int) -> tuple[int | None, str]:
    if following is None:
        return None, ""
    if mark.text == ",":
        if following.kind == "quote":
            return place + 1, "quote"
        if following.lower == "that":
            return place + 2, "that"
    if mark.text == ":":
        return place + 1, "quote" if following.kind == "quote" else "colon"
    return None, ""


def _that_after_aside(tokens: Sequence[Token], comma: int) -> int | None:
    """ "saying, apparently for the first time, that …": past its "that"."""
    for index in range(comma + 1, min(comma + MAX_ASIDE_TOKENS, len(tokens) - 2)):
        if tokens[index].text == "," or tokens[index].kind == "quote":
            return index + 2 if tokens[index + 1].lower == "that" and tokens[index].text == "," else None
    return None


def _past_adjunct(tokens: Sequence[Token], place: int, *, addressing: bool) -> int | None:
    """Past when, where and to whom it was said, to a "that", a colon or a quotation that must follow.

    "said | during a taping in Buffalo, New York, | that it was": only where no verb comes before it.
    """
    if place >= len(tokens) or tokens[place].text in (":", ".", ";") or tokens[place].kind == "quote":
        return None
    first = tokens[place].lower
    if not (addressing or first in PREPOSITIONS | CALENDAR_WORDS | {"to", ",", "as"} or is_adverb(first)):
        return None
    for index in range(place, min(place + MAX_ADJUNCT_TOKENS, len(tokens))):
        token, before = tokens[index], tokens[index - 1]
        if token.kind == "quote":
            return index - (before.text == ",") if before.text in (",", ":") else None
        if token.text == ":" and index + 1 < len(tokens):
            return index
        if token.lower == "that" and index > place:
            return index if before.lower not in PREPOSITIONS | AUXILIARIES and before.lower not in VERBS else None
        if token.text in (".", ";", "?", "!") or token.lower in SUBJECT_PRONOUNS or is_finite(tokens, index):
            return None
        verb = VERBS.get(token.lower)
        if verb is not None and verb.form != "base" and token.lower not in VERB_OR_NOUN_FORMS:
            return None
        if token.lower in SUBORDINATORS - PREPOSITIONS or (token.lower in ("and", "to") and index == place):
            return None
    return None
