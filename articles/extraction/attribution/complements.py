"""Read the complement of a cue: addressee, time and place, and then the content."""

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
#: Verbs that take their addressee with "to": "said to reporters that …".
VERBS_WITH_TO_ADDRESSEE = frozenset(("say", "write", "explain", "announce", "complain"))
#: These rarely take a noun. More words than MAX_NOUN_TOKENS are a clause, even if its verb is unknown.
CLAUSE_TAKING_VERBS = frozenset("say insist argue think believe contend suspect hope".split())
MAX_NOUN_TOKENS = 3
NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten twelve twenty thirty forty fifty sixty seventy eighty ninety hundred "
    "hundreds thousand thousands million half a third".split()
) - {"a"}
PARENTHETICAL_WORDS = frozenset(("though", "too", "again", "however"))
#: How far to look for "that", a colon or a quotation beyond time, place and addressee.
MAX_ADJUNCT_TOKENS, MAX_ASIDE_TOKENS = 24, 12


@dataclass(frozen=True, slots=True)
class Complement:
    """The complement of a cue. `start` is its first token, None without content."""

    start: int | None
    kind: str  # "that", "colon", "quote", "question", "infinitive", "clause", "noun", ""
    adjuncts_end: int  # index of the token after addressee, time and place
    has_addressee: bool = False  # whether the text names the addressee


def read_complement(reader: SentenceReader, index: int, verb: Verb) -> Complement:
    """Return the complement of the cue at token `index`."""
    tokens = reader.tokens
    offset, has_addressee = _skip_addressee(reader, tokens[index].end, verb)
    if match := AFTER_CUE.match(reader.text, offset, tokens[-1].end):
        offset = match.end()
    position = adjuncts_end = reader.index_at(offset)
    if reader.lower_at(position) == "," and reader.lower_at(position + 2) == "," and position + 3 < len(tokens):
        word = reader.lower_at(position + 1)
        position += 3 if is_adverb(word) or word in PARENTHETICAL_WORDS else 0  # "added, though, that"
    if reader.lower_at(position) == "," and (that := _that_after_aside(tokens, position)):
        return Complement(that, "that", adjuncts_end, has_addressee)
    skipped = _skip_adjunct(tokens, position, takes_addressee="a" in verb.frame or "u" in verb.frame)
    if skipped is not None:
        position, has_addressee = skipped, has_addressee or "a" in verb.frame
    start, kind = _complement_start(tokens, position)
    if kind == "noun":
        is_clause = has_verb(tokens, position, len(tokens))
        kind = (
            "clause"
            if is_clause or (verb.lemma in CLAUSE_TAKING_VERBS and len(tokens) - position > MAX_NOUN_TOKENS)
            else kind
        )
    return Complement(start, kind, adjuncts_end, has_addressee)


def admitted_kind(reader: SentenceReader, complement: Complement, verb: Verb, cue_index: int) -> str | None:
    """Return the kind of a complement if the verb's frame allows it, else None.

    The kind can differ from `complement.kind`: "order" for an addressee with an infinitive, "noun" for a
    quotation that a verb takes as its object.
    """
    frame, kind = frozenset(verb.frame), complement.kind
    if complement.start is None:
        return None
    is_bare = kind in ("clause", "noun")
    if (
        "u" in frame
        and is_bare
        and not complement.has_addressee
        and _is_addressee_and_infinitive(reader.tokens, complement.start)
    ):
        return "order"
    if "p" in frame and kind != "noun" and kind != "clause":
        return None
    if (
        "a" in frame
        and "b" not in frame
        and not complement.has_addressee
        and (is_bare or kind in ("that", "question"))
    ):
        return kind if kind in ("that", "question") and "t" in frame else None
    if kind == "quote" and not frame & set("btaq"):
        return "noun" if "n" in frame else None
    if kind == "colon" and reader.lower_at(cue_index) in VERB_OR_NOUN_FORMS:
        return None
    if kind in ("that", "colon", "quote"):
        return kind if frame & set("btaqun") else None
    if kind == "question":
        return kind if frame & set("bta") else None
    if kind == "infinitive":
        return kind if "i" in frame or ("u" in frame and complement.has_addressee) else None
    return _admitted_bare_kind(reader, complement.start, kind, verb, cue_index, has_addressee=complement.has_addressee)


def _admitted_bare_kind(
    reader: SentenceReader, start: int, kind: str, verb: Verb, cue_index: int, *, has_addressee: bool
) -> str | None:
    """Return the admitted kind of a complement that no word introduces, or None."""
    tokens, frame, first = reader.tokens, verb.frame, reader.tokens[start]
    if (is_finite(tokens, start) and not is_contraction(first.lower)) or first.lower in AUXILIARIES:
        return None  # "the merger announced Monday would …"
    if "u" in frame and not has_addressee:
        return "noun" if "n" in frame else None
    if "p" in frame:
        has_number = any(t.lower == "at" and _precedes_number(tokens, i) for i, t in enumerate(tokens[start:], start))
        return "noun" if has_number and kind in ("clause", "noun") else None
    if kind == "clause" and ("b" in frame or "a" in frame):
        is_adjunct = first.lower in PREPOSITIONS or first.lower == "as"
        if (is_adjunct and verb.lemma != "say") or (
            reader.lower_at(cue_index) in VERB_OR_NOUN_FORMS and first.kind != "word"
        ):
            return None
        return "clause"
    is_adjunct = first.lower in PREPOSITIONS or first.lower in ("so", "well", "as") or is_adverb(first.lower)
    return "noun" if "n" in frame and not is_adjunct else None


def _precedes_number(tokens: Sequence[Token], preposition_index: int) -> bool:
    """Return whether a number follows "at": "at close to 1,000", "at between two"."""
    return any(
        token.kind == "number" or token.lower in NUMBER_WORDS
        for token in tokens[preposition_index + 1 : preposition_index + 5]
    )


def _is_addressee_and_infinitive(tokens: Sequence[Token], start: int) -> bool:
    """Return whether an addressee and an infinitive start here.

    "urged | ministers on both sides to act"
    """
    if tokens[start].kind != "word" or tokens[start].lower in ("not", "to", "for"):
        return False
    for token in tokens[start + 1 : start + MAX_ASIDE_TOKENS]:
        if token.lower in ("to", "for"):
            return token.lower == "to"
    return False


def _skip_addressee(reader: SentenceReader, offset: int, verb: Verb) -> tuple[int, bool]:
    """Return the offset after the addressee, and whether there is one."""
    takes_addressee = "a" in verb.frame
    if not (takes_addressee or "u" in verb.frame or verb.lemma in VERBS_WITH_TO_ADDRESSEE):
        return offset, False
    end = reader.tokens[-1].end
    match = ADDRESSEE.match(reader.text, offset, end)
    if match and (takes_addressee or match[0].lstrip().startswith("to ")):
        return match.end(), True
    named = NAMED_ADDRESSEE.match(reader.text, offset, end) if takes_addressee else None
    return (named.end(), True) if named else (offset, False)


def _complement_start(tokens: Sequence[Token], position: int) -> tuple[int | None, str]:
    """Return the first token of the content and its kind: (None, "") if there is none."""
    if position >= len(tokens):
        return None, ""
    first, following = tokens[position], tokens[position + 1] if position + 1 < len(tokens) else None
    if first.kind == "quote":
        return position, "quote"
    if first.kind == "mark":
        return _complement_after_mark(first, following, position)
    if first.lower == "that" and following is not None:
        if is_finite(tokens, position + 1) or following.lower in AUXILIARIES:
            return position, "clause"  # "said that was not true"
        if following.kind != "mark":
            return position + 1, "that"
        if following.text == "," and position + 2 < len(tokens):
            return position + 2, "that"
    if first.lower in QUESTION_WORDS:
        return position, "question"
    if (
        first.lower == "to"
        and following is not None
        and not following.is_capital
        and following.lower not in DETERMINERS
    ):
        return position, "infinitive"
    if first.lower in SUBORDINATORS - {"since", "before", "after"} or first.lower == "and":
        return None, ""
    return position, "noun"


def _complement_after_mark(mark: Token, following: Token | None, position: int) -> tuple[int | None, str]:
    if following is None:
        return None, ""
    if mark.text == ",":
        if following.kind == "quote":
            return position + 1, "quote"
        if following.lower == "that":
            return position + 2, "that"
    if mark.text == ":":
        return position + 1, "quote" if following.kind == "quote" else "colon"
    return None, ""


def _that_after_aside(tokens: Sequence[Token], comma: int) -> int | None:
    """Return the token after the "that" that follows an aside, or None.

    "saying, apparently for the first time, that …"
    """
    for index in range(comma + 1, min(comma + MAX_ASIDE_TOKENS, len(tokens) - 2)):
        if tokens[index].text == "," or tokens[index].kind == "quote":
            return index + 2 if tokens[index + 1].lower == "that" and tokens[index].text == "," else None
    return None


def _skip_adjunct(tokens: Sequence[Token], start: int, *, takes_addressee: bool) -> int | None:
    """Return the token where the content starts after time, place and addressee.

    It must be a "that", a colon or a quotation:

    "said | during a taping in Buffalo, New York, | that it was". None if a verb comes first.
    """
    if start >= len(tokens) or tokens[start].text in (":", ".", ";") or tokens[start].kind == "quote":
        return None
    first = tokens[start].lower
    if not (takes_addressee or first in PREPOSITIONS | CALENDAR_WORDS | {"to", ",", "as"} or is_adverb(first)):
        return None
    for index in range(start, min(start + MAX_ADJUNCT_TOKENS, len(tokens))):
        token, previous = tokens[index], tokens[index - 1]
        if token.kind == "quote":
            return index - (previous.text == ",") if previous.text in (",", ":") else None
        if token.text == ":" and index + 1 < len(tokens):
            return index
        if token.lower == "that" and index > start:
            return index if previous.lower not in PREPOSITIONS | AUXILIARIES and previous.lower not in VERBS else None
        if token.text in (".", ";", "?", "!") or token.lower in SUBJECT_PRONOUNS or is_finite(tokens, index):
            return None
        verb = VERBS.get(token.lower)
        if verb is not None and verb.form != "base" and token.lower not in VERB_OR_NOUN_FORMS:
            return None
        if token.lower in SUBORDINATORS - PREPOSITIONS or (token.lower in ("and", "to") and index == start):
            return None
    return None
