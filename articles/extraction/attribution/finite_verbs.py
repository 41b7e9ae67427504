"""Which words are the verbs of clauses, as far as can be told without a parser."""

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

#: What follows the verb of a clause and no noun.
WORDS_AFTER_VERB = frozenset("him them me us that up out off to it himself herself themselves itself".split())
MODALS = frozenset("can may might must will be".split())


def is_finite(tokens: Sequence[Token], index: int) -> bool:
    """Is a token the verb of a clause?"""
    token = tokens[index]
    if token.kind != "word" or token.is_capital:
        return False
    word = token.lower
    if word in FINITE_VERBS or is_contraction(word):
        return True
    verb = VERBS.get(word)
    known = verb is not None and verb.form in ("past", "s") and word not in VERB_OR_NOUN_FORMS
    if not (known or word.endswith(("ed", "s")) or word in UNCHANGED_PAST_FORMS):
        return False
    return _follows_subject(tokens, index, known=known)


def _follows_subject(tokens: Sequence[Token], index: int, *, known: bool) -> bool:
    word = tokens[index].lower
    at = index - 1
    while at > 0 and tokens[at].kind == "word" and is_adverb(tokens[at].lower):
        at -= 1
    before = tokens[at] if at >= 0 else None
    following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    if before is not None and (
        before.lower in DETERMINERS or before.lower in AUXILIARIES or is_possessive(before.lower)
    ):
        return False
    if known:
        return following not in ("by", "with")
    name = before is not None and before.kind == "word" and before.is_capital
    if name and at == 0 and before is not None and before.lower.endswith("s"):
        name = False  # "Leaflets printed in Seoul"
    pronoun = before is not None and (before.lower in SUBJECT_PRONOUNS or before.lower in RELATIVES)
    object_follows = following in DETERMINERS or following in POSSESSIVES or following in WORDS_AFTER_VERB
    if word.endswith("s"):
        return (pronoun or (name and object_follows)) and not is_possessive(word)
    if word in UNCHANGED_PAST_FORMS:
        return name or pronoun
    return following != "by" if name or pronoun else object_follows


def is_past_after_aside(tokens: Sequence[Token], index: int) -> bool:
    """Does a form in -ed follow on an aside ("Lee, who leads it, | arrived")?"""
    return index > 0 and tokens[index - 1].text == "," and tokens[index].lower.endswith("ed")


def has_verb(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Is there a clause's verb in [start, end)?"""
    return any(
        token.kind == "word" and (token.lower in MODALS or is_contraction(token.lower) or is_finite(tokens, index))
        for index, token in enumerate(tokens[start:end], start)
    )
