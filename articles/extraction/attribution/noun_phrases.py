"""Noun phrases, and the one that begins after a cue: "said | lawmaker Lee Seong-kweun, who …".

Positions are indices into a sentence's tokens, half-open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from articles.extraction.attribution.finite_verbs import is_finite
from articles.extraction.document import Token
from articles.extraction.lexicon.cues import VERB_OR_NOUN_FORMS, VERBS
from articles.extraction.lexicon.word_classes import (
    CALENDAR_WORDS,
    COORDINATORS,
    DETERMINERS,
    FINITE_VERBS,
    PHRASE_PREPOSITIONS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVES,
    SPEAKER_NOUNS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TITLES,
    is_adverb,
)

#: Tokens of a subject, and of what stands between it and its verb.
MAX_PHRASE_TOKENS = 30
MAX_ASIDE_TOKENS = 45
DASHES = ("—", "–", "-")
#: Marks that stand within names.
NAME_MARKS = ("&", "/", "#", "@", "’", "'", "+")
#: A short quotation within a phrase is a nickname or a word used with tongs.
MAX_NICKNAME_CHARS = 24
#: "said Lee in an interview": where it was said, no part of who.
OCCASION_NOUNS = frozenset(
    "interview statement briefing speech letter email post tweet message session address call rally debate broadcast "
    "television radio court memo filing video testimony release podcast phone telephone forum ceremony appearance hearing "
    "conference meeting twitter facebook response reply recent earlier".split()
)


class Phrase(NamedTuple):
    """A noun phrase: tokens [start, core), and with what is said of it by the way [start, end)."""

    start: int
    core_end: int
    end: int


def head_index(tokens: Sequence[Token], phrase: Phrase) -> int:
    """The token of the noun that a phrase is about: "accounts" of "accounts filed by the club in March"."""
    for index in range(phrase.start + 1, phrase.core_end):
        token = tokens[index]
        participle = token.lower.endswith("ed") and not token.is_capital and tokens[index - 1].kind == "word"
        ends = token.lower in PREPOSITIONS or token.lower in RELATIVES or token.kind == "mark"
        if ends or (participle and index > phrase.start + 1 - (tokens[phrase.start].lower not in DETERMINERS)):
            return index - 1
    return phrase.core_end - 1


def subject_after(tokens: Sequence[Token], start: int, ceiling: int) -> Phrase | None:
    """The noun phrase that begins after a cue: "said | lawmaker Lee Seong-kweun, who …", "according to | a memo"."""
    if start >= ceiling or tokens[start].kind not in ("word", "number") or not _begins_phrase(tokens, start, ceiling):
        return None
    if tokens[start].lower in SUBJECT_PRONOUNS:
        return Phrase(start, start + 1, start + 1)
    core, index = start, start
    while index < min(ceiling, start + MAX_PHRASE_TOKENS):
        token = tokens[index]
        if token.text == "(":
            closing = next((i for i in range(index, min(index + 8, ceiling)) if tokens[i].text == ")"), None)
            if closing is None:
                break
            index = core = closing + 1
            continue
        if not _continues_phrase(tokens, index, start, ceiling) or _starts_reduced_relative(tokens, index, ceiling):
            break
        index += 1
        core = index
    if core == start:
        return None
    end = skip_reduced_relative(tokens, core, ceiling)
    return Phrase(start, core, _aside_end(tokens, end, ceiling))


def antecedent_before(tokens: Sequence[Token], end: int, floor: int = 0) -> Phrase | None:
    """The noun phrase that ends before a relative clause: "are read by | scientists in Leeds |, who …"."""
    index = end
    while index > floor and end - index < MAX_PHRASE_TOKENS:
        token = tokens[index - 1]
        word = token.lower
        if token.kind not in ("word", "number"):
            break
        if not token.is_capital:
            if word in PREPOSITIONS and word not in PHRASE_PREPOSITIONS - {"by", "to", "against", "with"}:
                break
            if word in SUBORDINATORS - PREPOSITIONS or word in COORDINATORS or word in FINITE_VERBS or is_adverb(word):
                break
            verb = VERBS.get(word)
            if is_finite(tokens, index - 1) or (
                verb is not None and word not in VERB_OR_NOUN_FORMS and word not in PHRASE_PREPOSITIONS
            ):
                break
        index -= 1
        if word in DETERMINERS | POSSESSIVES and (
            index == floor or tokens[index - 1].lower not in PHRASE_PREPOSITIONS
        ):
            break
    while index < end and tokens[index].lower in PREPOSITIONS and not tokens[index].is_capital:
        index += 1
    return Phrase(index, end, end) if index < end else None


def _starts_reduced_relative(tokens: Sequence[Token], index: int, ceiling: int) -> bool:
    """ "a memo | obtained by the Herald": what was done with it begins here."""
    after = tokens[index + 1].lower if index + 1 < ceiling else ""
    return tokens[index].lower.endswith(("ed", "seen")) and after in ("by", "to") and not tokens[index].is_capital


def skip_reduced_relative(tokens: Sequence[Token], core: int, ceiling: int) -> int:
    """Past "obtained by the Herald", if that follows."""
    begin = core + 1 if core < ceiling and tokens[core].text == "," else core
    if begin >= ceiling or not _starts_reduced_relative(tokens, begin, ceiling):
        return core
    by = subject_after(tokens, begin + 2, ceiling)
    return by.core_end if by is not None else core


def _begins_phrase(tokens: Sequence[Token], start: int, ceiling: int) -> bool:
    first = tokens[start].lower
    if first in SUBJECT_PRONOUNS:
        return first not in ("who", "it")
    if tokens[start].is_capital or first in DETERMINERS or first in POSSESSIVES:
        return (first not in CALENDAR_WORDS and first not in ("that", "this")) or tokens[start].kind == "number"
    for token in tokens[start : min(start + 6, ceiling)]:
        if token.kind == "number":
            continue
        if token.kind != "word" or token.lower in SUBORDINATORS | PREPOSITIONS | FINITE_VERBS:
            return False
        if token.is_capital or token.lower in SPEAKER_NOUNS or token.lower in TITLES:
            return True
    return False


def _continues_phrase(tokens: Sequence[Token], index: int, start: int, ceiling: int) -> bool:
    token = tokens[index]
    if token.kind == "mark":
        return token.text in NAME_MARKS and index > start
    if token.kind == "quote":
        return (
            index > start
            and len(token.text) <= MAX_NICKNAME_CHARS
            and index + 1 < ceiling
            and tokens[index + 1].kind == "word"
        )
    if token.kind == "number":
        return index == start or tokens[index - 1].kind == "word"
    word = token.lower
    if index == start:
        return True
    if word in COORDINATORS:
        return word == "and" and _and_joins_phrases(tokens, index, ceiling)
    following = tokens[index + 1] if index + 1 < ceiling else None
    if not token.is_capital and word in SUBORDINATORS - PREPOSITIONS:
        return False
    if word in CALENDAR_WORDS or (
        word in ("last", "late", "early", "earlier", "this") and following and following.kind == "word"
    ):
        return word not in CALENDAR_WORDS and not (
            following and following.lower in CALENDAR_WORDS | {"week", "month", "year", "in", "this"}
        )
    if is_finite(tokens, index) or (not token.is_capital and is_adverb(word)):
        return False
    if not token.is_capital and word in PREPOSITIONS:
        return _preposition_continues(tokens, index, ceiling)
    return not (word in VERBS and VERBS[word].form == "gerund" and word not in VERB_OR_NOUN_FORMS)


def _preposition_continues(tokens: Sequence[Token], index: int, ceiling: int) -> bool:
    """Does a preposition go on with the phrase, or begin when and where it was said?"""
    word, before = tokens[index].lower, tokens[index - 1]
    if word not in PHRASE_PREPOSITIONS or index + 1 >= ceiling:
        return False
    following = [token.lower for token in tokens[index + 1 : index + 5]]
    if following[0] in CALENDAR_WORDS or any(w in OCCASION_NOUNS for w in following):
        return False
    if word == "of":
        return True
    if word in ("for", "from", "at") and tokens[index + 1].is_capital | (following[0] in DETERMINERS):
        return not before.is_capital or tokens[index - 1].lower in SPEAKER_NOUNS or word in ("for", "from")
    return not before.is_capital and following[0] not in POSSESSIVES


def _and_joins_phrases(tokens: Sequence[Token], index: int, ceiling: int) -> bool:
    """ "said Lee and Kim." joins; "said Lee and left." does not."""
    for at in range(index + 1, min(index + 10, ceiling)):
        if tokens[at].kind in ("mark", "quote"):
            return tokens[at].kind == "mark" and at > index + 1
        if is_finite(tokens, at) or tokens[at].lower in VERBS:
            return False
    return index + 1 < ceiling


def _aside_end(tokens: Sequence[Token], core: int, ceiling: int) -> int:
    """Where a phrase ends with its apposition or relative clause: ", an engineer from Ohio", "who saw it"."""
    if core >= ceiling:
        return core
    if tokens[core].lower in ("who", "whose", "which"):
        start = core
    elif tokens[core].text == "," and core + 1 < ceiling:
        first = tokens[core + 1]
        known = first.lower in DETERMINERS | POSSESSIVES | RELATIVES | SPEAKER_NOUNS | {"now", "then", "formerly"}
        if not known and first.kind != "number":
            return core
        start = core + 1
    else:
        return core
    for index in range(start, min(ceiling, start + MAX_ASIDE_TOKENS)):
        verb = VERBS.get(tokens[index].lower)
        if (
            verb is not None
            and verb.reporting
            and verb.form in ("past", "s")
            and tokens[index].lower not in VERB_OR_NOUN_FORMS
        ):
            return core
        if tokens[index].text in (",", ";", ":", ".") or tokens[index].text in DASHES or tokens[index].kind == "quote":
            return index if index > start else core
    return ceiling
