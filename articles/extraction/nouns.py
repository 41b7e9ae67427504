"""Noun phrases by their edges, without a parser: the subject before a cue, the name after one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from articles.extraction.cues import BETWEEN, REPORTING
from articles.extraction.document import Document, Token
from articles.extraction.proposal import Span

PRONOUNS = frozenset("he she they it i we you who someone somebody one".split())
DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your some many several most all both each every two "
    "three four five six seven eight nine ten no any one another other few".split()
)
#: A clause begins after these, so a subject never reaches across them.
BOUNDARIES = frozenset(
    "but while as when after because although though since before whereas that which where if so until unless than "
    "whether what how why then saying adding yet whom and or nor".split()
)
PREPOSITIONS = frozenset("of for in at from with on to by near under over outside inside against about".split())
#: Words that end in what looks like a verb form and are none.
FINITE = frozenset(
    "is are was were has have had does did do will would can could may might must should said came went made took got "
    "began became gave".split()
)
HEADS = frozenset(
    "officials official spokesman spokeswoman spokesperson spokespeople lawmaker lawmakers minister ministry agency "
    "police report reports statement survey study poll researchers scientists experts analysts analyst government "
    "council company sources source source's witnesses witness residents critics authorities prosecutors lawyers "
    "lawyer judge court president mayor governor senator commander soldiers investigators doctors officers officer "
    "aide aides diplomat diplomats people union campaigners activists group family parents neighbours memo document "
    "documents letter assessment intelligence military army figures data letter".split()
)
WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
TIME_WORDS = frozenset("late early last earlier yesterday who today this".split())
LONGEST = 24  # words of a subject, appositions included


def subject_before(document: Document, cue: int, limit: int) -> Span | None:
    """The noun phrase that ends where a cue begins, not before `limit`; None where there is none.

    "Lee Seong-kweun, who sits on the committee, said" gives "Lee Seong-kweun, who sits on the committee".
    """
    tokens = list(document.tokens_in(limit, cue))
    while tokens and tokens[-1].is_word and tokens[-1].lower in BETWEEN:
        tokens.pop()
    if not tokens:
        return None
    last = len(tokens)
    aside = None
    if tokens[-1].text in (",", "—", "–", ")"):
        opening = "(" if tokens[-1].text == ")" else tokens[-1].text
        aside = next((i for i in range(last - 2, 0, -1) if tokens[i].text == opening), None)
        if aside is None or last - aside > LONGEST or any(t.text in '"”“' for t in tokens[aside:]):
            return None
        last_head = aside
    else:
        last_head = last
    relative = _relative_clause(tokens[:last_head])
    if aside is None and relative is not None:
        last_head = relative
    start = _phrase_start(document, tokens, last_head)
    if start is None or start >= last_head:
        return None
    head = tokens[start:last_head]
    if not _plausible(head):
        return None
    end = tokens[last - 1].end if aside is None else tokens[last - 2].end
    if aside is not None and tokens[-1].text == ")":
        end = tokens[-1].end
    return Span(head[0].start, end)


def _relative_clause(tokens: Sequence[Token]) -> int | None:
    """Where the "who …" begins that stands between a subject and its cue without a comma; None: there is none."""
    for index in range(len(tokens) - 1, 0, -1):
        if not tokens[index].is_word:
            return None
        if tokens[index].lower == "who":
            return index if tokens[index - 1].is_word else None
    return None


def subject_after(document: Document, start: int, limit: int) -> Span | None:
    """The noun phrase that begins after a cue ("said lawmaker Lee Seong-kweun", "according to a memo …")."""
    tokens = document.tokens_in(start, limit)
    if not tokens or not tokens[0].is_word or document.text[start : tokens[0].start].strip():
        return None
    first = tokens[0].lower
    if first in PRONOUNS and first not in ("who", "one", "it"):
        return Span(tokens[0].start, tokens[0].end)
    if not (tokens[0].is_capital or first in DETERMINERS or first in HEADS or _is_head(tokens, 0)):
        return None
    end = 0
    for index, token in enumerate(tokens[:LONGEST]):
        if index < end:
            continue
        if not token.is_word:
            if token.text == "," and _name_follows(tokens, index):
                continue
            if token.text == "(" and index + 2 < len(tokens) and tokens[index + 2].text == ")":
                end = index + 3
                continue
            break
        if _ends_phrase(tokens, index):
            break
        end = index + 1
    return Span(tokens[0].start, tokens[end - 1].end) if end else None


def _ends_phrase(tokens: Sequence[Token], index: int) -> bool:
    """Does a noun phrase end before this word: a verb, a clause, a preposition of its own, a day?"""
    token = tokens[index]
    word = token.lower
    if word in FINITE or (word in REPORTING and not token.is_capital and word not in HEADS):
        return True
    if word in BOUNDARIES and not (word == "and" and _joins(tokens, index)):
        return True
    if word in PREPOSITIONS and not _belongs(tokens, index):
        return True
    return index > 0 and (word in TIME_WORDS or WEEKDAY.fullmatch(token.text) is not None)


def _phrase_start(document: Document, tokens: list[Token], last: int) -> int | None:
    """Where the noun phrase that ends before `last` begins."""
    if last and tokens[last - 1].lower in PRONOUNS:
        return last - 1
    start = last
    while start > 0 and last - start < LONGEST:
        token = tokens[start - 1]
        if not token.is_word:
            if token.text in ("&", "/", "$", "#", "@", "%"):
                start -= 1
                continue
            break
        word = token.lower
        if word in BOUNDARIES:
            if word == "and" and start < last and _joins(tokens, start - 1):
                start -= 1
                continue
            break
        if word in FINITE or (word in REPORTING and not token.is_capital and word not in HEADS):
            break
        start -= 1
    # A leading adverb or time phrase is no part of it: "On Tuesday Lee", "Meanwhile Kyiv".
    while start < last - 1 and tokens[start].lower in (
        "however", "meanwhile", "separately", "earlier", "later", "yesterday", "today", "on", "in", "at", "also",
        "still", "instead", "here", "there", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "finally", "again", "indeed", "afterwards", "tonight",
    ):  # fmt: skip
        if tokens[start].lower in ("on", "in", "at"):
            day = next((i for i in range(start + 1, last) if tokens[i].lower.endswith("day")), None)
            if day is None:
                return None
            start = day + 1
        else:
            start += 1
    return start


def _plausible(head: list[Token]) -> bool:
    """Could this be who says something?"""
    first = head[0]
    if first.lower in PRONOUNS:
        return len(head) == 1 or first.lower == "one"
    if any(token.lower in ("there", "it", "which", "to") and i == 0 for i, token in enumerate(head)):
        return False
    if len(head) == 1 and not head[0].is_capital and head[0].lower not in HEADS and not head[0].lower.endswith("s"):
        return False
    if first.lower in PREPOSITIONS:
        return False
    return any(token.is_word and not token.text[0].isdigit() for token in head)


def _joins(tokens: Sequence[Token], index: int) -> bool:
    """Does this "and" join two names or two nouns of one subject ("Lee and Kim", "police and fire officials")?"""
    if index == 0 or index + 1 >= len(tokens):
        return False
    before, after = tokens[index - 1], tokens[index + 1]
    if before.is_capital and after.is_capital:
        return True
    return (
        not before.is_capital
        and not after.is_capital
        and after.lower not in DETERMINERS | PRONOUNS
        and (before.lower in HEADS or after.lower in HEADS)
    )


def _belongs(tokens: Sequence[Token], index: int) -> bool:
    """Does a preposition go on with the phrase ("a spokesman for the ministry") or begin when and where?"""
    word = tokens[index].lower
    if index + 1 >= len(tokens) or index == 0:
        return False
    following = tokens[index + 1]
    if WEEKDAY.fullmatch(following.text):
        return False
    if word in ("of", "for", "from"):
        return True
    before = tokens[index - 1]
    if word in ("in", "at", "with", "on", "near", "by") and not before.is_capital:
        return (
            word in ("at", "with", "in", "by", "on", "near") and following.lower not in ("a", "an", "his", "her")
        ) or word == "by"
    return False


def _is_head(tokens: Sequence[Token], index: int) -> bool:
    """Do lower-case words lead to a name or a head noun ("lawmaker Lee", "local officials")?"""
    for token in tokens[index : index + 5]:
        if not token.is_word:
            return False
        if token.is_capital or token.lower in HEADS:
            return True
    return False


def _name_follows(tokens: Sequence[Token], index: int) -> bool:
    """After a comma within a phrase: ", the National Intelligence Service (NIS)" – an apposition with a name."""
    following = tokens[index + 1 : index + 4]
    return (
        len(following) >= 2
        and following[0].lower == "the"
        and following[1].is_capital
        and index > 0
        and not tokens[index - 1].is_capital
    )


def bare(document: Document, span: Span) -> str:
    """The words of a span, white space as single spaces."""
    return re.sub(r"\s+", " ", document.text[span.start : span.end])
