"""Find noun phrases, mainly after a cue: "said | lawmaker Lee Seong-kweun, who …".

Positions are indices into a sentence's tokens, [start, end).
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

#: Maximum length of a subject, and of an aside between it and its verb.
MAX_PHRASE_TOKENS = 30
MAX_ASIDE_TOKENS = 45
DASHES = ("—", "–", "-")
#: Marks inside names.
NAME_MARKS = ("&", "/", "#", "@", "’", "'", "+")
#: A quotation of at most this length inside a phrase is a nickname or has scare quotes.
MAX_NICKNAME_CHARS = 24
#: "said Lee in an interview": these name the occasion and are not part of the source.
OCCASION_NOUNS = frozenset(
    "interview statement briefing speech letter email post tweet message session address call rally debate broadcast "
    "television radio court memo filing video testimony release podcast phone telephone forum ceremony appearance hearing "
    "conference meeting twitter facebook response reply recent earlier".split()
)


class Phrase(NamedTuple):
    """A noun phrase: its core ends at `core_end`, its apposition or clause at `end`."""

    start: int
    core_end: int
    end: int


def head_index(tokens: Sequence[Token], phrase: Phrase) -> int:
    """Return the token of the head noun: "accounts" of "accounts filed by the club"."""
    for index in range(phrase.start + 1, phrase.core_end):
        token = tokens[index]
        is_participle = token.lower.endswith("ed") and not token.is_capital and tokens[index - 1].kind == "word"
        ends_phrase = token.lower in PREPOSITIONS or token.lower in RELATIVES or token.kind == "mark"
        if ends_phrase or (
            is_participle and index > phrase.start + 1 - (tokens[phrase.start].lower not in DETERMINERS)
        ):
            return index - 1
    return phrase.core_end - 1


def subject_after(tokens: Sequence[Token], start: int, limit: int) -> Phrase | None:
    """Return the noun phrase that starts after a cue, or None.

    "said | lawmaker Lee Seong-kweun, who …", "according to | a memo". `limit` is the end of the tokens to
    read.
    """
    if start >= limit or tokens[start].kind not in ("word", "number") or not _begins_phrase(tokens, start, limit):
        return None
    if tokens[start].lower in SUBJECT_PRONOUNS:
        return Phrase(start, start + 1, start + 1)
    core_end, index = start, start
    while index < min(limit, start + MAX_PHRASE_TOKENS):
        token = tokens[index]
        if token.text == "(":
            closing = next((i for i in range(index, min(index + 8, limit)) if tokens[i].text == ")"), None)
            if closing is None:
                break
            index = core_end = closing + 1
            continue
        if not _continues_phrase(tokens, index, start, limit) or _starts_reduced_relative(tokens, index, limit):
            break
        index += 1
        core_end = index
    if core_end == start:
        return None
    end = skip_reduced_relative(tokens, core_end, limit)
    return Phrase(start, core_end, _aside_end(tokens, end, limit))


def antecedent_before(tokens: Sequence[Token], end: int, lower_limit: int = 0) -> Phrase | None:
    """Return the noun phrase that ends before a relative clause, or None.

    "are read by | scientists in Leeds |, who …"
    """
    index = end
    while index > lower_limit and end - index < MAX_PHRASE_TOKENS:
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
            index == lower_limit or tokens[index - 1].lower not in PHRASE_PREPOSITIONS
        ):
            break
    while index < end and tokens[index].lower in PREPOSITIONS and not tokens[index].is_capital:
        index += 1
    return Phrase(index, end, end) if index < end else None


def _starts_reduced_relative(tokens: Sequence[Token], index: int, limit: int) -> bool:
    """Return whether a reduced relative clause starts here: "a memo | obtained by …"."""
    after = tokens[index + 1].lower if index + 1 < limit else ""
    return tokens[index].lower.endswith(("ed", "seen")) and after in ("by", "to") and not tokens[index].is_capital


def skip_reduced_relative(tokens: Sequence[Token], core_end: int, limit: int) -> int:
    """Return the token after a reduced relative clause: "obtained by the Herald".

    Returns `core_end` if none follows.
    """
    start = core_end + 1 if core_end < limit and tokens[core_end].text == "," else core_end
    if start >= limit or not _starts_reduced_relative(tokens, start, limit):
        return core_end
    agent = subject_after(tokens, start + 2, limit)
    return agent.core_end if agent is not None else core_end


def _begins_phrase(tokens: Sequence[Token], start: int, limit: int) -> bool:
    first_word = tokens[start].lower
    if first_word in SUBJECT_PRONOUNS:
        return first_word not in ("who", "it")
    if tokens[start].is_capital or first_word in DETERMINERS or first_word in POSSESSIVES:
        return (first_word not in CALENDAR_WORDS and first_word not in ("that", "this")) or tokens[
            start
        ].kind == "number"
    for token in tokens[start : min(start + 6, limit)]:
        if token.kind == "number":
            continue
        if token.kind != "word" or token.lower in SUBORDINATORS | PREPOSITIONS | FINITE_VERBS:
            return False
        if token.is_capital or token.lower in SPEAKER_NOUNS or token.lower in TITLES:
            return True
    return False


def _continues_phrase(tokens: Sequence[Token], index: int, start: int, limit: int) -> bool:
    token = tokens[index]
    if token.kind == "mark":
        return token.text in NAME_MARKS and index > start
    if token.kind == "quote":
        return (
            index > start
            and len(token.text) <= MAX_NICKNAME_CHARS
            and index + 1 < limit
            and tokens[index + 1].kind == "word"
        )
    if token.kind == "number":
        return index == start or tokens[index - 1].kind == "word"
    word = token.lower
    if index == start:
        return True
    if word in COORDINATORS:
        return word == "and" and _and_joins_phrases(tokens, index, limit)
    following = tokens[index + 1] if index + 1 < limit else None
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
        return _preposition_continues(tokens, index, limit)
    return not (word in VERBS and VERBS[word].form == "gerund" and word not in VERB_OR_NOUN_FORMS)


def _preposition_continues(tokens: Sequence[Token], index: int, limit: int) -> bool:
    """Return whether a preposition continues the phrase: it does not start an adjunct."""
    word, previous = tokens[index].lower, tokens[index - 1]
    if word not in PHRASE_PREPOSITIONS or index + 1 >= limit:
        return False
    following = [token.lower for token in tokens[index + 1 : index + 5]]
    if following[0] in CALENDAR_WORDS or any(w in OCCASION_NOUNS for w in following):
        return False
    if word == "of":
        return True
    if word in ("for", "from", "at") and tokens[index + 1].is_capital | (following[0] in DETERMINERS):
        return not previous.is_capital or tokens[index - 1].lower in SPEAKER_NOUNS or word in ("for", "from")
    return not previous.is_capital and following[0] not in POSSESSIVES


def _and_joins_phrases(tokens: Sequence[Token], index: int, limit: int) -> bool:
    """Return whether "and" joins phrases: "said Lee and Kim", not "said Lee and left"."""
    for next_index in range(index + 1, min(index + 10, limit)):
        if tokens[next_index].kind in ("mark", "quote"):
            return tokens[next_index].kind == "mark" and next_index > index + 1
        if is_finite(tokens, next_index) or tokens[next_index].lower in VERBS:
            return False
    return index + 1 < limit


def _aside_end(tokens: Sequence[Token], core_end: int, limit: int) -> int:
    """Return where a phrase ends with its apposition or relative clause.

    ", an engineer from Ohio", "who saw it"
    """
    if core_end >= limit:
        return core_end
    if tokens[core_end].lower in ("who", "whose", "which"):
        start = core_end
    elif tokens[core_end].text == "," and core_end + 1 < limit:
        first = tokens[core_end + 1]
        starts_aside = first.lower in DETERMINERS | POSSESSIVES | RELATIVES | SPEAKER_NOUNS | {
            "now",
            "then",
            "formerly",
        }
        if not starts_aside and first.kind != "number":
            return core_end
        start = core_end + 1
    else:
        return core_end
    for index in range(start, min(limit, start + MAX_ASIDE_TOKENS)):
        verb = VERBS.get(tokens[index].lower)
        if (
            verb is not None
            and verb.reporting
            and verb.form in ("past", "s")
            and tokens[index].lower not in VERB_OR_NOUN_FORMS
        ):
            return core_end
        if tokens[index].text in (",", ";", ":", ".") or tokens[index].text in DASHES or tokens[index].kind == "quote":
            return index if index > start else core_end
    return limit
