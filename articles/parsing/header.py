"""The top of a seed file: headline, deck, byline, date, picture credit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from articles.parsing.agencies import agency
from articles.parsing.bylines import split_byline, split_names
from articles.parsing.cleaning import one_line
from articles.parsing.credits import credit, is_labelled
from articles.parsing.dates import ImpossibleDate, date_line
from articles.parsing.draft import Warning

HEADLINE_LENGTH = 300
#: A first line longer than this that ends a sentence is running text, not a headline.
HEADLINE_SENTENCE = 200
#: A line this long, in code points, is running text and no longer a header's.
LONG = 110
#: A deck, the sentence or two between headline and byline, is no longer than this.
DECK = 300
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
#: A line alone between the date and the text of so few words, each with a capital, is who took the picture.
CREDIT_WORDS = 4


@dataclass(slots=True)
class Header:
    """What a header says, and which line the text begins at."""

    headline: str = ""
    summary: str = ""
    bylines: list[str] = field(default_factory=list)
    agency: str | None = None
    published: date | datetime | None = None
    credits: list[str] = field(default_factory=list)
    body: int = 0
    warnings: list[Warning] = field(default_factory=list)
    updated_only: bool = False  # the date that was taken says "Updated"

    @property
    def told(self) -> bool:
        """Is there a byline or a date: does this look like the top of a story?"""
        return bool(self.bylines) or self.published is not None


def read_header(lines: Sequence[str]) -> Header:
    """Read a header off the lines of an article; blank lines are empty strings.

    It reaches as far as lines are headline, deck, byline, date or credit: up to the first that is text.
    """
    clean = [one_line(line) for line in lines]
    header = Header()
    at = _headline(clean, header)
    while at < len(clean):
        taken = _take(clean, at, header) if clean[at] else 1
        if not taken:
            break
        at += taken
    header.body = at
    return header


def _headline(lines: Sequence[str], header: Header) -> int:
    """Take the headline, one line or two; returns the line after it."""
    at = next((index for index, line in enumerate(lines) if line), len(lines))
    block = _block(lines, at)
    if not block or (_is_other(block[0]) and not _byline_follows(lines, at)):
        return at  # a byline or a date where the headline should be
    own = next((index for index, line in enumerate(block) if index and _is_other(line)), len(block))
    more = len(block) > own or _header_follows(lines, at + own)
    taken = 2 if own == 2 and _goes_on(block[0], block[1], ended=more) else 1
    headline = " ".join(block[:taken])
    if len(headline) > HEADLINE_SENTENCE and SENTENCE_END.search(headline):
        return at  # running text where the headline should be
    if len(headline) > HEADLINE_LENGTH:
        header.warnings.append(Warning("headline-long", f"The headline has {len(headline)} characters; it was cut."))
        headline = headline[: HEADLINE_LENGTH - 1].rstrip() + "…"
    header.headline = headline
    return at + taken


def _goes_on(first: str, second: str, *, ended: bool) -> bool:
    """Is the second line the rest of the headline? `ended`: more of a header follows it."""
    if len(first) > LONG or len(second) > LONG or SENTENCE_END.search(first) or credit(second) is not None:
        return False
    if SENTENCE_END.search(second):
        return ended and second[-1] in "?!"  # a question may be a headline, a full stop is a deck's or the text's
    return True


def _block(lines: Sequence[str], at: int) -> list[str]:
    """The lines from `at` to the next blank one."""
    block = []
    while at < len(lines) and lines[at]:
        block.append(lines[at])
        at += 1
    return block


def _take(lines: Sequence[str], at: int, header: Header) -> int:
    """Take a header's line for what it is: how many lines that were; 0 where the text begins."""
    line = lines[at]
    if taken := _take_byline(lines, at, header):
        return taken
    if _take_date(line, header) or _take_credit(lines, at, header):
        return 1
    return _take_deck(lines, at, header)


def _take_byline(lines: Sequence[str], at: int, header: Header) -> int:
    if header.bylines:
        return 0
    names, taken = split_byline(lines[at]), 1
    following = _next(lines, at)
    if lines[at].casefold() in ("by", "by:") and following is not None:
        names, taken = split_names(lines[following]), following - at + 1
    elif names and at + 1 < len(lines) and re.match(r"(?:and|&)\s+[A-Z]", lines[at + 1]):
        more = split_byline(f"{lines[at]} {lines[at + 1]}")
        names, taken = (more, 2) if more else (names, 1)
    if not names:
        return 0
    header.bylines = [agency(name) or name for name in names]
    header.agency = next((known for name in names if (known := agency(name))), None)
    return taken


def _take_date(line: str, header: Header) -> bool:
    try:
        dates = date_line(line)
    except ImpossibleDate:
        header.warnings.append(Warning("date-impossible", f"There is no such day or time as “{line}”."))
        return True
    for found in dates:
        if header.published is None:
            header.published, header.updated_only = found.at, found.update
            if found.right_weekday:
                detail = f"“{line}” was a {found.right_weekday}; the date was taken as it stands."
                header.warnings.append(Warning("date-weekday", detail))
        elif found.at != header.published:
            first = not (header.updated_only and not found.update)
            detail = f"“{line}” is a second date; {'the first' if first else 'the day of publication'} was taken."
            header.warnings.append(Warning("date-twice", detail))
            if not first:
                header.published, header.updated_only = found.at, False
    return bool(dates)


def _take_credit(lines: Sequence[str], at: int, header: Header) -> bool:
    line = lines[at]
    alone = not (at + 1 < len(lines) and lines[at + 1])
    found = credit(line)
    if found is None and alone and header.told and not header.credits:
        words = line.split()
        if len(words) <= CREDIT_WORDS and not SENTENCE_END.search(line) and all(word[0].isupper() for word in words):
            found = line
    if found is None or not (alone or header.told or is_labelled(line) or _in_header(lines, at)):
        return False
    header.credits.append(found)
    return True


def _in_header(lines: Sequence[str], at: int) -> bool:
    """Does a line follow that is the header's, or so long that it must be the text's?"""
    following = _next(lines, at)
    return following is not None and (_is_other(lines[following]) or len(lines[following]) > LONG)


def _take_deck(lines: Sequence[str], at: int, header: Header) -> int:
    """What stands between headline and byline is the deck; without a byline or date to come it is text."""
    if header.told or header.summary:
        return 0
    block = _block(lines, at)
    own = next((index for index, line in enumerate(block) if _is_other(line)), len(block))
    deck = " ".join(block[:own])
    if not deck or len(deck) > DECK or not (own < len(block) or _header_follows(lines, at + own)):
        return 0
    header.summary = deck
    return own


def _header_follows(lines: Sequence[str], at: int) -> bool:
    """Is the next line that is not blank a byline or a date, or a credit above one?"""
    following = _next(lines, at - 1)
    if following is None:
        return False
    if credit(lines[following]) is not None:
        following = _next(lines, following)
    return following is not None and _is_other(lines[following])


def _byline_follows(lines: Sequence[str], at: int) -> bool:
    """Is one of the next lines a byline? Then the line at `at`, however it begins, is none."""
    return any(split_byline(line) is not None for line in lines[at + 1 : at + 6])


def _next(lines: Sequence[str], at: int) -> int | None:
    """The next line after `at` that is not blank, if it is near."""
    return next((index for index in range(at + 1, min(at + 6, len(lines))) if lines[index]), None)


def _is_other(line: str) -> bool:
    """Is this line a byline or a date, and so no part of a headline?"""
    if line.casefold() in ("by", "by:") or split_byline(line) is not None:
        return True
    try:
        return bool(date_line(line))
    except ImpossibleDate:
        return True
