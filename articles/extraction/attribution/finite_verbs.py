"""Recognise finite verbs, as far as possible without a parser."""

from __future__ import annotations

from collections.abc import Sequence

from articles.extraction.document import Token
from articles.extraction.lexicon.cues import VERB_OR_NOUN_FORMS, VERBS
from articles.extraction.lexicon.word_classes import (
    AUXILIARIES,
    DETERMINERS,
    FINITE_VERBS,
    POSSESSIVES,
    RELATIVES,
    SUBJECT_PRONOUNS,
    UNCHANGED_PAST_FORMS,
    is_adverb,
    is_contraction,
    is_possessive,
)

#: Words that follow a finite verb but not a noun.
WORDS_AFTER_VERB = frozenset("him them me us that up out off to it himself herself themselves itself".split())
MODALS = frozenset("can may might must will be".split())


def is_finite(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a token is the finite verb of a clause."""
    token = tokens[index]
    if token.kind != "word" or token.is_capital:
        return False
    word = token.lower
    if word in FINITE_VERBS or is_contraction(word):
        return True
    verb = VERBS.get(word)
    is_known_verb = verb is not None and verb.form in ("past", "s") and word not in VERB_OR_NOUN_FORMS
    if not (is_known_verb or word.endswith(("ed", "s")) or word in UNCHANGED_PAST_FORMS):
        return False
    return _follows_subject(tokens, index, is_known_verb=is_known_verb)


def _follows_subject(tokens: Sequence[Token], index: int, *, is_known_verb: bool) -> bool:
    word = tokens[index].lower
    subject_end = index - 1
    while subject_end > 0 and tokens[subject_end].kind == "word" and is_adverb(tokens[subject_end].lower):
        subject_end -= 1
    previous = tokens[subject_end] if subject_end >= 0 else None
    following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    if previous is not None and (
        previous.lower in DETERMINERS or previous.lower in AUXILIARIES or is_possessive(previous.lower)
    ):
        return False
    if is_known_verb:
        return following not in ("by", "with")
    is_name = previous is not None and previous.kind == "word" and previous.is_capital
    if is_name and subject_end == 0 and previous is not None and previous.lower.endswith("s"):
        is_name = False  # "Leaflets printed in Seoul"
    is_pronoun = previous is not None and (previous.lower in SUBJECT_PRONOUNS or previous.lower in RELATIVES)
    object_follows = following in DETERMINERS or following in POSSESSIVES or following in WORDS_AFTER_VERB
    if word.endswith("s"):
        return (is_pronoun or (is_name and object_follows)) and not is_possessive(word)
    if word in UNCHANGED_PAST_FORMS:
        return is_name or is_pronoun
    return following != "by" if is_name or is_pronoun else object_follows


def is_past_after_aside(tokens: Sequence[Token], index: int) -> bool:
    """Return whether an -ed form ends an aside: "Lee, who leads it, | arrived"."""
    return index > 0 and tokens[index - 1].text == "," and tokens[index].lower.endswith("ed")


def has_verb(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Return whether [start, end) contains the verb of a clause."""
    return any(
        token.kind == "word" and (token.lower in MODALS or is_contraction(token.lower) or is_finite(tokens, index))
        for index, token in enumerate(tokens[start:end], start)
    )
