"""Find the subject before a verb by the edges of its noun phrase.

Positions are indices into a sentence's tokens, [start, end).
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


def subject_before(tokens: Sequence[Token], end: int, lower_limit: int = 0) -> Phrase | None:
    """Return the noun phrase that ends at `end`, where a verb group starts, or None.

    "Lee Seong-kweun, who sits on the committee, also | said": the core is "Lee Seong-kweun". It does not
    start before `lower_limit`.
    """
    while end > lower_limit and (skipped := _adverbial_length(tokens, end, lower_limit)):
        end -= skipped
    if end <= lower_limit or tokens[end - 1].lower in COORDINATORS:
        return None
    if (relative := _with_relative_clause(tokens, end, lower_limit)) is not None:
        return relative
    last_token, core_end = tokens[end - 1], end
    if last_token.text == "," or last_token.text in DASHES:
        aside_start = _aside_start(tokens, end - 1, lower_limit)
        if aside_start is None:
            return None
        core_end = aside_start
        if _is_adverbial_aside(tokens[aside_start + 1 : end - 1]):
            end = core_end
        else:
            end = end if last_token.text != "," else end - 1
    elif last_token.text == ")":
        aside_start = _opening_bracket(tokens, end - 1, lower_limit)
        if aside_start is None:
            return None
        core_end = aside_start
    start = _phrase_start(tokens, core_end, lower_limit)
    while (
        start is not None
        and start > lower_limit
        and tokens[start - 1].text == ","
        and _is_age_place_or_time(tokens[start:core_end])
    ):
        # "Lee, 60, of Port Ellery, said": the core found so far is another aside.
        aside_start = _aside_start(tokens, start - 1, lower_limit)
        core_end = start - 1 if aside_start is None else aside_start
        start = _phrase_start(tokens, core_end, lower_limit)
    if start is None or not _can_speak(tokens[start:core_end]):
        return None
    return Phrase(start, core_end, end)


def _with_relative_clause(tokens: Sequence[Token], end: int, lower_limit: int) -> Phrase | None:
    """Return a subject with a relative clause that no comma sets off, or None.

    "Two officials who asked not to be named because they may not speak | said"
    """
    who = end - 1
    while who > lower_limit and tokens[who].kind != "mark" and tokens[who].lower not in ("who", "and", "but"):
        who -= 1
    if who <= lower_limit or tokens[who].lower != "who" or tokens[who - 1].kind != "word":
        return None
    if not has_verb(tokens, who, end) or tokens[end - 1].lower in SUBJECT_PRONOUNS:
        return None
    start = _phrase_start(tokens, who, lower_limit)
    if start is None or has_verb(tokens, lower_limit, start) or not _can_speak(tokens[start:who]):
        return None
    return Phrase(start, who, end)


def _adverbial_length(tokens: Sequence[Token], end: int, lower_limit: int) -> int:
    """Return how many tokens before `end` say when or how: "also", "on Tuesday"."""
    last = tokens[end - 1]
    if last.kind != "word":
        return 0
    if is_adverb(last.lower):
        return 1
    if last.lower in CALENDAR_WORDS and last.is_capital and end - 2 >= lower_limit and tokens[end - 2].kind == "word":
        return 2 if tokens[end - 2].lower in ("on", "last", "late", "early") else 1
    if last.lower in PERIODS and end - 2 > lower_limit and tokens[end - 2].lower in ("last", "this", "that"):
        return 2
    return 0


PERIODS = frozenset("week month year night morning afternoon evening weekend spring summer autumn fall winter".split())


def first_subject(tokens: Sequence[Token], start: int, limit: int) -> tuple[Phrase, int] | None:
    """Return the subject of the first clause and the index of its verb, or None."""
    for index in range(start + 1, limit):
        if not (is_finite(tokens, index) or is_past_after_aside(tokens, index)):
            continue
        phrase = subject_before(tokens, index, start)
        if phrase is not None and tokens[phrase.start].lower not in RELATIVES | {"that"}:
            return phrase, index
    return None


# --- Edges ------------------------------------------------------------------------------------


def _phrase_start(tokens: Sequence[Token], end: int, lower_limit: int) -> int | None:
    """Return where the noun phrase that ends before `end` starts, or None."""
    if end <= lower_limit:
        return None
    if tokens[end - 1].lower in SUBJECT_PRONOUNS or tokens[end - 1].lower in RELATIVES:
        return end - 1
    conjunctions: list[int] = []
    index = end - 1
    while index >= lower_limit and end - index <= MAX_PHRASE_TOKENS:
        if is_finite(tokens, index) and not _in_relative_clause(tokens, index, lower_limit):
            return _start_after_verb(tokens, index, end, conjunctions)
        previous = _step_left(tokens, index, lower_limit, conjunctions)
        if previous is None:
            break
        index = previous
    return _skip_lead_in(tokens, index + 1, end)


def _step_left(tokens: Sequence[Token], index: int, lower_limit: int, conjunctions: list[int]) -> int | None:
    """Return the next token to check, to the left; None if the phrase starts here.

    Appends each conjunction to `conjunctions`.
    """
    token = tokens[index]
    if token.lower in ("and", "or", "&"):
        conjunctions.append(index)
    elif token.text == ")":
        opening = _opening_bracket(tokens, index, lower_limit)
        return None if opening is None else opening - 1
    elif token.kind == "mark":
        is_in_phrase = token.text in NAME_MARKS or (
            token.text == "," and conjunctions and _is_list_comma(tokens, index, lower_limit)
        )
        return index - 1 if is_in_phrase else None
    elif token.kind == "quote":
        ends_clause = token.text.rstrip("\"”’'»")[-1:] in ",.?!"
        if (
            ends_clause
            or len(token.text) > MAX_NICKNAME_CHARS
            or index == lower_limit
            or tokens[index - 1].kind != "word"
        ):
            return None
    elif token.lower in SUBORDINATORS - PREPOSITIONS and (not token.is_capital or index == lower_limit):
        return (
            index - 1
            if _in_relative_clause(tokens, index + 1, lower_limit) or _is_relative_that(tokens, index)
            else None
        )
    return index - 1


def _is_relative_that(tokens: Sequence[Token], that: int) -> bool:
    """Return whether "that" opens a relative clause: "governments that weigh new aid".

    A verb follows directly, not a subject.
    """
    if tokens[that].lower != "that" or that == 0 or that + 1 >= len(tokens) or tokens[that - 1].kind != "word":
        return False
    following = tokens[that + 1]
    starts_subject = following.lower in DETERMINERS | POSSESSIVES | SUBJECT_PRONOUNS or following.is_capital
    return following.kind == "word" and not starts_subject and tokens[that - 1].lower not in VERBS


def _in_relative_clause(tokens: Sequence[Token], verb: int, lower_limit: int) -> bool:
    """Return whether a verb is in a relative clause: "executives who have worked"."""
    if verb - 2 < lower_limit or verb >= len(tokens):
        return False
    return tokens[verb - 1].lower in ("who", "that") and tokens[verb - 2].kind == "word" and is_finite(tokens, verb)


def _start_after_verb(tokens: Sequence[Token], verb: int, end: int, conjunctions: list[int]) -> int | None:
    """Return where a phrase starts after the verb of the previous clause, or None."""
    # "It came after an official | said": the clause starts after the preposition.
    preposition = next((i for i in range(end - 1, verb, -1) if tokens[i].lower in CLAUSE_PREPOSITIONS), None)
    if preposition is not None and (not conjunctions or preposition > conjunctions[-1]):
        return _skip_lead_in(tokens, preposition + 1, end)
    if conjunctions:
        return _skip_lead_in(tokens, conjunctions[-1] + 1, end)
    return _skip_lead_in(tokens, verb + 1, end) if _may_precede_subject(tokens, verb) else None


#: Prepositions that also open clauses.
CLAUSE_PREPOSITIONS = frozenset(("after", "before", "since", "until"))


def _may_precede_subject(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a subject may directly follow this verb: "as he knew Lee said".

    Only a name, a determiner or a pronoun may.
    """
    return index + 1 < len(tokens) and (
        tokens[index + 1].is_capital or tokens[index + 1].lower in DETERMINERS | SUBJECT_PRONOUNS
    )


def _skip_lead_in(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Return where the subject starts after words that open a sentence, or None.

    "Meanwhile", "On Tuesday", "In an interview"
    """
    while start < end - 1:
        word = tokens[start].lower
        is_opener = word in SENTENCE_OPENERS or (
            is_adverb(word) and not tokens[start + 1].is_capital and word not in ADVERBS
        )
        if is_opener or (word in CALENDAR_WORDS and tokens[start].kind == "word" and tokens[start + 1].kind != "mark"):
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
        token, previous = tokens[index], tokens[index - 1]
        starts_phrase = token.lower in DETERMINERS | SUBJECT_PRONOUNS | POSSESSIVES
        starts_phrase = starts_phrase or (token.is_capital and not previous.is_capital)
        if (
            starts_phrase
            and previous.kind == "word"
            and previous.lower not in PREPOSITIONS | DETERMINERS
            and not is_possessive(previous.lower)
        ):
            return index
    return None


def _is_approximation(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Return whether a phrase starts with an approximation: "About four in 10 voters"."""
    if start + 1 >= end or tokens[start].lower not in ("about", "around", "over", "under"):
        return False
    following = tokens[start + 1]
    return following.kind == "number" or following.lower in NUMBER_WORDS


NUMBER_WORDS = frozenset("two three four five six seven eight nine ten half a one".split())


def _is_list_comma(tokens: Sequence[Token], comma: int, lower_limit: int) -> bool:
    """Return whether a comma separates names in a list: "Kim, Lee and Park"."""
    return (
        comma > lower_limit
        and tokens[comma - 1].is_capital
        and comma + 1 < len(tokens)
        and tokens[comma + 1].is_capital
        and not (comma - 1 == lower_limit and tokens[lower_limit].lower in SENTENCE_OPENERS)
    )


def _aside_start(tokens: Sequence[Token], closing: int, lower_limit: int) -> int | None:
    """Return where an aside after a subject starts, given its closing mark, or None."""
    closing_mark, candidate = tokens[closing].text, None
    for index in range(closing - 1, max(lower_limit, closing - MAX_ASIDE_TOKENS), -1):
        if tokens[index].text == ";":
            break
        if tokens[index].text != closing_mark or index + 1 == closing:
            continue
        first, previous = tokens[index + 1], tokens[index - 1]
        if previous.kind == "mark" and previous.text not in (")", "."):
            continue
        if first.lower in RELATIVES or closing_mark != ",":
            return index
        if candidate is not None:
            continue
        relative = next((i for i in range(index + 1, closing) if tokens[i].lower in RELATIVES), closing)
        participle_length = 1 if first.lower.endswith("ed") else 0
        has_clause = has_verb(tokens, index + 1 + participle_length, relative)
        if first.lower in DETERMINERS or first.kind == "number" or first.lower in POSSESSIVES:
            return index if not has_clause else None
        if first.lower in PREPOSITIONS or not has_clause:
            candidate = index
    return candidate


def _is_age_place_or_time(phrase: Sequence[Token]) -> bool:
    """Return whether a phrase only adds an age, a place or a time to a name."""
    return all(t.kind == "number" for t in phrase) or (phrase[0].kind == "word" and phrase[0].lower in PREPOSITIONS)


def _is_adverbial_aside(aside: Sequence[Token]) -> bool:
    """Return whether an aside modifies the verb: "however", "on Tuesday"."""
    words = [token.lower for token in aside]
    return len(words) <= 4 and (
        all(is_adverb(word) or word in SENTENCE_OPENERS for word in words)
        or (
            words[0] in PREPOSITIONS | CALENDAR_WORDS | {"for", "too"}
            and (words[-1] in CALENDAR_WORDS or words[0] == "for")
        )
    )


def _can_speak(phrase: Sequence[Token]) -> bool:
    """Return whether a phrase can be the source of an attribution."""
    first = phrase[0]
    if first.lower in ("there", "to", "it's", "if"):
        return False
    if first.lower in PREPOSITIONS and first.kind == "word" and not _is_approximation(phrase, 0, len(phrase)):
        return False
    if len(phrase) == 1:
        if first.kind == "number":
            return False
        word = first.lower
        can_stand_alone = word in SUBJECT_PRONOUNS | RELATIVES | SPEAKER_NOUNS | {
            "some",
            "many",
            "others",
            "most",
            "both",
            "few",
            "all",
        }
        return (
            first.is_capital
            or can_stand_alone
            or (word.endswith("s") and not is_possessive(word))
            or first.text[0] == "@"
        )
    return any(token.kind == "word" and token.lower not in PREPOSITIONS for token in phrase)


def _opening_bracket(tokens: Sequence[Token], closing: int, lower_limit: int) -> int | None:
    return next((i for i in range(closing - 1, max(lower_limit, closing - 12) - 1, -1) if tokens[i].text == "("), None)
