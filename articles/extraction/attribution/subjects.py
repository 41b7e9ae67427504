"""The subject before a verb: a noun phrase found by its edges, without a parser.

Positions are indices into a sentence's tokens, half-open.
"""

from __future__ import annotations

from collections.abc import Sequence

from articles.extraction.attribution.finite_verbs import has_verb, is_finite, is_past_after_aside
from articles.extraction.attribution.noun_phrases import (
    DASHES,
    MAX_ASIDE_TOKENS,
    MAX_NICKNAME_CHARS,
    MAX_PHRASE_TOKENS,
    NAME_MARKS,
    Phrase,
)
from articles.extraction.document import Token
from articles.extraction.lexicon.cues import VERBS
from articles.extraction.lexicon.word_classes import (
    ADVERBS,
    CALENDAR_WORDS,
    COORDINATORS,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVES,
    SENTENCE_OPENERS,
    SPEAKER_NOUNS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    is_adverb,
    is_possessive,
)


def subject_before(tokens: Sequence[Token], end: int, floor: int = 0) -> Phrase | None:
    """The noun phrase that ends where a verb group begins, not before `floor`; None where there is none.

    "Lee Seong-kweun, who sits on the committee, also | said": the core is "Lee Seong-kweun".
    """
    while end > floor and (passed := _adverbial_length(tokens, end, floor)):
        end -= passed
    if end <= floor or tokens[end - 1].lower in COORDINATORS:
        return None
    if (relative := _with_relative_clause(tokens, end, floor)) is not None:
        return relative
    last, core = tokens[end - 1], end
    if last.text == "," or last.text in DASHES:
        opening = _aside_start(tokens, end - 1, floor)
        if opening is None:
            return None
        core = opening
        if _is_adverbial_aside(tokens[opening + 1 : end - 1]):
            end = core
        else:
            end = end if last.text != "," else end - 1
    elif last.text == ")":
        opening = _opening_bracket(tokens, end - 1, floor)
        if opening is None:
            return None
        core = opening
    start = _phrase_start(tokens, core, floor)
    while (
        start is not None
        and start > floor
        and tokens[start - 1].text == ","
        and _is_age_place_or_time(tokens[start:core])
    ):
        # "Lee, 60, of Port Ellery, said": what was taken for the core is an aside too.
        opening = _aside_start(tokens, start - 1, floor)
        core = start - 1 if opening is None else opening
        start = _phrase_start(tokens, core, floor)
    if start is None or not _can_speak(tokens[start:core]):
        return None
    return Phrase(start, core, end)


def _with_relative_clause(tokens: Sequence[Token], end: int, floor: int) -> Phrase | None:
    """ "Two officials who asked not to be named because they may not speak | said": a clause within the subject."""
    who = end - 1
    while who > floor and tokens[who].kind != "mark" and tokens[who].lower not in ("who", "and", "but"):
        who -= 1
    if who <= floor or tokens[who].lower != "who" or tokens[who - 1].kind != "word":
        return None
    if not has_verb(tokens, who, end) or tokens[end - 1].lower in SUBJECT_PRONOUNS:
        return None
    start = _phrase_start(tokens, who, floor)
    if start is None or has_verb(tokens, floor, start) or not _can_speak(tokens[start:who]):
        return None
    return Phrase(start, who, end)


def _adverbial_length(tokens: Sequence[Token], end: int, floor: int) -> int:
    """How many tokens before `end` say when or how: "also", "on Tuesday", "last week"."""
    last = tokens[end - 1]
    if last.kind != "word":
        return 0
    if is_adverb(last.lower):
        return 1
    if last.lower in CALENDAR_WORDS and last.is_capital and end - 2 >= floor and tokens[end - 2].kind == "word":
        return 2 if tokens[end - 2].lower in ("on", "last", "late", "early") else 1
    if last.lower in PERIODS and end - 2 > floor and tokens[end - 2].lower in ("last", "this", "that"):
        return 2
    return 0


PERIODS = frozenset("week month year night morning afternoon evening weekend spring summer autumn fall winter".split())


def first_subject(tokens: Sequence[Token], start: int, ceiling: int) -> tuple[Phrase, int] | None:
    """The subject of the first clause, and where its verb stands."""
    for index in range(start + 1, ceiling):
        if not (is_finite(tokens, index) or is_past_after_aside(tokens, index)):
            continue
        phrase = subject_before(tokens, index, start)
        if phrase is not None and tokens[phrase.start].lower not in RELATIVES | {"that"}:
            return phrase, index
    return None


# --- Edges ------------------------------------------------------------------------------------


def _phrase_start(tokens: Sequence[Token], end: int, floor: int) -> int | None:
    """Where the noun phrase that ends before `end` begins."""
    if end <= floor:
        return None
    if tokens[end - 1].lower in SUBJECT_PRONOUNS or tokens[end - 1].lower in RELATIVES:
        return end - 1
    joined: list[int] = []
    index = end - 1
    while index >= floor and end - index <= MAX_PHRASE_TOKENS:
        if is_finite(tokens, index) and not _in_relative_clause(tokens, index, floor):
            return _start_after_verb(tokens, index, end, joined)
        before = _step_left(tokens, index, floor, joined)
        if before is None:
            break
        index = before
    return _without_lead_in(tokens, index + 1, end)


def _step_left(tokens: Sequence[Token], index: int, floor: int, joined: list[int]) -> int | None:
    """The token to look at next, if this one belongs to the phrase; None where the phrase begins after it."""
    token = tokens[index]
    if token.lower in ("and", "or", "&"):
        joined.append(index)
    elif token.text == ")":
        opening = _opening_bracket(tokens, index, floor)
        return None if opening is None else opening - 1
    elif token.kind == "mark":
        belongs = token.text in NAME_MARKS or (token.text == "," and joined and _is_list_comma(tokens, index, floor))
        return index - 1 if belongs else None
    elif token.kind == "quote":
        ends = token.text.rstrip("\"”’'»")[-1:] in ",.?!"
        if ends or len(token.text) > MAX_NICKNAME_CHARS or index == floor or tokens[index - 1].kind != "word":
            return None
    elif token.lower in SUBORDINATORS - PREPOSITIONS and (not token.is_capital or index == floor):
        return index - 1 if _in_relative_clause(tokens, index + 1, floor) or _is_relative_that(tokens, index) else None
    return index - 1


def _is_relative_that(tokens: Sequence[Token], that: int) -> bool:
    """ "governments that weigh new aid": a verb comes right after it, no subject."""
    if tokens[that].lower != "that" or that == 0 or that + 1 >= len(tokens) or tokens[that - 1].kind != "word":
        return False
    following = tokens[that + 1]
    begins = following.lower in DETERMINERS | POSSESSIVES | SUBJECT_PRONOUNS or following.is_capital
    return following.kind == "word" and not begins and tokens[that - 1].lower not in VERBS


def _in_relative_clause(tokens: Sequence[Token], verb: int, floor: int) -> bool:
    """ "executives who have worked with him": a clause within the phrase."""
    if verb - 2 < floor or verb >= len(tokens):
        return False
    return tokens[verb - 1].lower in ("who", "that") and tokens[verb - 2].kind == "word" and is_finite(tokens, verb)


def _start_after_verb(tokens: Sequence[Token], verb: int, end: int, joined: list[int]) -> int | None:
    """Where a phrase begins after the verb of the clause before it."""
    # "It came after an official | said": the clause begins after the preposition.
    opening = next((i for i in range(end - 1, verb, -1) if tokens[i].lower in CLAUSE_PREPOSITIONS), None)
    if opening is not None and (not joined or opening > joined[-1]):
        return _without_lead_in(tokens, opening + 1, end)
    if joined:
        return _without_lead_in(tokens, joined[-1] + 1, end)
    return _without_lead_in(tokens, verb + 1, end) if _may_precede_subject(tokens, verb) else None


#: Prepositions that begin clauses too.
CLAUSE_PREPOSITIONS = frozenset(("after", "before", "since", "until"))


def _may_precede_subject(tokens: Sequence[Token], index: int) -> bool:
    """May a subject follow right after this verb ("as he knew Lee said")? Only where a name or pronoun does."""
    return index + 1 < len(tokens) and (
        tokens[index + 1].is_capital or tokens[index + 1].lower in DETERMINERS | SUBJECT_PRONOUNS
    )


def _without_lead_in(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Past the words that open a sentence before its subject: "Meanwhile", "On Tuesday", "In an interview"."""
    while start < end - 1:
        word = tokens[start].lower
        opens = word in SENTENCE_OPENERS or (
            is_adverb(word) and not tokens[start + 1].is_capital and word not in ADVERBS
        )
        if opens or (word in CALENDAR_WORDS and tokens[start].kind == "word" and tokens[start + 1].kind != "mark"):
            start += 1
        else:
            break
    if start >= end:
        return None
    word = tokens[start].lower
    if word not in PREPOSITIONS or tokens[start].kind != "word" or _is_approximation(tokens, start, end):
        return start
    for index in range(start + 1, end - 1):
        token = tokens[index]
        if (
            token.lower in CALENDAR_WORDS
            or (token.kind == "number" and index == start + 1)
            or token.lower.endswith(("week", "month"))
        ):
            return index + 1
    for index in range(end - 1, start + 1, -1):
        token, before = tokens[index], tokens[index - 1]
        begins = token.lower in DETERMINERS | SUBJECT_PRONOUNS | POSSESSIVES
        begins = begins or (token.is_capital and not before.is_capital)
        if (
            begins
            and before.kind == "word"
            and before.lower not in PREPOSITIONS | DETERMINERS
            and not is_possessive(before.lower)
        ):
            return index
    return None


def _is_approximation(tokens: Sequence[Token], start: int, end: int) -> bool:
    """ "About four in 10 voters", "over a third"."""
    if start + 1 >= end or tokens[start].lower not in ("about", "around", "over", "under"):
        return False
    following = tokens[start + 1]
    return following.kind == "number" or following.lower in NUMBER_WORDS


NUMBER_WORDS = frozenset("two three four five six seven eight nine ten half a one".split())


def _is_list_comma(tokens: Sequence[Token], comma: int, floor: int) -> bool:
    """Does a comma stand between names of a list ("Kim, Lee and Park")?"""
    return (
        comma > floor
        and tokens[comma - 1].is_capital
        and comma + 1 < len(tokens)
        and tokens[comma + 1].is_capital
        and not (comma - 1 == floor and tokens[floor].lower in SENTENCE_OPENERS)
    )


def _aside_start(tokens: Sequence[Token], closing: int, floor: int) -> int | None:
    """Where what is said of a subject by the way begins, given the mark it ends with."""
    mark, remembered = tokens[closing].text, None
    for index in range(closing - 1, max(floor, closing - MAX_ASIDE_TOKENS), -1):
        if tokens[index].text == ";":
            break
        if tokens[index].text != mark or index + 1 == closing:
            continue
        first, before = tokens[index + 1], tokens[index - 1]
        if before.kind == "mark" and before.text not in (")", "."):
            continue
        if first.lower in RELATIVES or mark != ",":
            return index
        if remembered is not None:
            continue
        relative = next((i for i in range(index + 1, closing) if tokens[i].lower in RELATIVES), closing)
        participle = 1 if first.lower.endswith("ed") else 0
        verbal = has_verb(tokens, index + 1 + participle, relative)
        if first.lower in DETERMINERS or first.kind == "number" or first.lower in POSSESSIVES:
            return index if not verbal else None
        if first.lower in PREPOSITIONS or not verbal:
            remembered = index
    return remembered


def _is_age_place_or_time(phrase: Sequence[Token]) -> bool:
    """Is this no name of anybody, but an age, a place or a time that is added to one?"""
    return all(t.kind == "number" for t in phrase) or (phrase[0].kind == "word" and phrase[0].lower in PREPOSITIONS)


def _is_adverbial_aside(aside: Sequence[Token]) -> bool:
    """ "however", "on Tuesday": words that are about the saying and not about who says it."""
    words = [token.lower for token in aside]
    return len(words) <= 4 and (
        all(is_adverb(word) or word in SENTENCE_OPENERS for word in words)
        or (
            words[0] in PREPOSITIONS | CALENDAR_WORDS | {"for", "too"}
            and (words[-1] in CALENDAR_WORDS or words[0] == "for")
        )
    )


def _can_speak(phrase: Sequence[Token]) -> bool:
    """Could this be who says something?"""
    first = phrase[0]
    if first.lower in ("there", "to", "it's", "if"):
        return False
    if first.lower in PREPOSITIONS and first.kind == "word" and not _is_approximation(phrase, 0, len(phrase)):
        return False
    if len(phrase) == 1:
        if first.kind == "number":
            return False
        word = first.lower
        alone = word in SUBJECT_PRONOUNS | RELATIVES | SPEAKER_NOUNS | {
            "some",
            "many",
            "others",
            "most",
            "both",
            "few",
            "all",
        }
        return first.is_capital or alone or (word.endswith("s") and not is_possessive(word)) or first.text[0] == "@"
    return any(token.kind == "word" and token.lower not in PREPOSITIONS for token in phrase)


def _opening_bracket(tokens: Sequence[Token], closing: int, floor: int) -> int | None:
    return next((i for i in range(closing - 1, max(floor, closing - 12) - 1, -1) if tokens[i].text == "("), None)
