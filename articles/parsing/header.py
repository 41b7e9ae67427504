"""The top of a seed file: headline, deck, byline, date, picture credit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from articles.parsing.agencies import find_agency
from articles.parsing.bylines import split_byline, split_names
from articles.parsing.cleaning import collapse_whitespace
from articles.parsing.credits import is_labelled_credit, parse_credit
from articles.parsing.dates import ImpossibleDateError, parse_date_line
from articles.parsing.draft import DraftWarning

MAX_HEADLINE_CHARS = 300
#: A first line longer than this that ends a sentence is running text, not a headline.
MAX_SENTENCE_HEADLINE_CHARS = 200
#: A line this long, in code points, is running text and no longer a header's.
MAX_HEADER_LINE_CHARS = 110
#: A deck, the sentence or two between headline and byline, is no longer than this.
MAX_DECK_CHARS = 300
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
#: A line alone between the date and the text of so few words, each with a capital, is who took the picture.
MAX_CREDIT_WORDS = 4


@dataclass(slots=True)
class Header:
    """What a header says, and which line the text begins at."""

    headline: str = ""
    summary: str = ""
    bylines: list[str] = field(default_factory=list)
    agency: str | None = None
    published: date | datetime | None = None
    credits: list[str] = field(default_factory=list)
    body_start: int = 0
    warnings: list[DraftWarning] = field(default_factory=list)
    is_update_date: bool = False  # the date that was taken says "Updated"

    @property
    def has_byline_or_date(self) -> bool:
        """Is there a byline or a date: does this look like the top of a story?"""
        return bool(self.bylines) or self.published is not None


def read_header(lines: Sequence[str]) -> Header:
    """Read a header off the lines of an article; blank lines are empty strings.

    It reaches as far as lines are headline, deck, byline, date or credit: up to the first that is text.
    """
    clean = [collapse_whitespace(line) for line in lines]
    header = Header()
    at = _take_headline(clean, header)
    while at < len(clean):
        taken = _take_line(clean, at, header) if clean[at] else 1
        if not taken:
            break
        at += taken
    header.body_start = at
    return header


def _take_headline(lines: Sequence[str], header: Header) -> int:
    """Take the headline, one line or two; returns the line after it."""
    at = next((index for index, line in enumerate(lines) if line), len(lines))
    block = _block_at(lines, at)
    if not block or (_is_byline_or_date(block[0]) and not _byline_follows(lines, at)):
        return at  # a byline or a date where the headline should be
    own = next((index for index, line in enumerate(block) if index and _is_byline_or_date(line)), len(block))
    more = len(block) > own or _header_follows(lines, at + own)
    taken = 2 if own == 2 and _continues_headline(block[0], block[1], ended=more) else 1
    headline = " ".join(block[:taken])
    if len(headline) > MAX_SENTENCE_HEADLINE_CHARS and SENTENCE_END.search(headline):
        return at  # running text where the headline should be
    if len(headline) > MAX_HEADLINE_CHARS:
        header.warnings.append(
            DraftWarning("headline-long", f"The headline has {len(headline)} characters; it was cut.")
        )
        headline = headline[: MAX_HEADLINE_CHARS - 1].rstrip() + "…"
    header.headline = headline
    return at + taken


def _continues_headline(first: str, second: str, *, ended: bool) -> bool:
    """Is the second line the rest of the headline? `ended`: more of a header follows it."""
    if (
        len(first) > MAX_HEADER_LINE_CHARS
        or len(second) > MAX_HEADER_LINE_CHARS
        or SENTENCE_END.search(first)
        or parse_credit(second) is not None
    ):
        return False
    if SENTENCE_END.search(second):
        return ended and second[-1] in "?!"  # a question may be a headline, a full stop is a deck's or the text's
    return True


def _block_at(lines: Sequence[str], at: int) -> list[str]:
    """The lines from `at` to the next blank one."""
    block = []
    while at < len(lines) and lines[at]:
        block.append(lines[at])
        at += 1
    return block


def _take_line(lines: Sequence[str], at: int, header: Header) -> int:
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
    following = _next_text_line(lines, at)
    if lines[at].casefold() in ("by", "by:") and following is not None:
        names, taken = split_names(lines[following]), following - at + 1
    elif names and at + 1 < len(lines) and re.match(r"(?:and|&)\s+[A-Z]", lines[at + 1]):
        more = split_byline(f"{lines[at]} {lines[at + 1]}")
        names, taken = (more, 2) if more else (names, 1)
    if not names:
        return 0
    header.bylines = [find_agency(name) or name for name in names]
    header.agency = next((known for name in names if (known := find_agency(name))), None)
    return taken


def _take_date(line: str, header: Header) -> bool:
    try:
        dates = parse_date_line(line)
    except ImpossibleDateError:
        header.warnings.append(DraftWarning("date-impossible", f"There is no such day or time as “{line}”."))
        return True
    for found in dates:
        if header.published is None:
            header.published, header.is_update_date = found.value, found.is_update
            if found.correct_weekday:
                detail = f"“{line}” was a {found.correct_weekday}; the date was taken as it stands."
                header.warnings.append(DraftWarning("date-weekday", detail))
        elif found.value != header.published:
            first = not (header.is_update_date and not found.is_update)
            detail = f"“{line}” is a second date; {'the first' if first else 'the day of publication'} was taken."
            header.warnings.append(DraftWarning("date-twice", detail))
            if not first:
                header.published, header.is_update_date = found.value, False
    return bool(dates)


def _take_credit(lines: Sequence[str], at: int, header: Header) -> bool:
    line = lines[at]
    alone = not (at + 1 < len(lines) and lines[at + 1])
    found = parse_credit(line)
    if found is None and alone and header.has_byline_or_date and not header.credits:
        words = line.split()
        if (
            len(words) <= MAX_CREDIT_WORDS
            and not SENTENCE_END.search(line)
            and all(word[0].isupper() for word in words)
        ):
            found = line
    if found is None or not (
        alone or header.has_byline_or_date or is_labelled_credit(line) or _is_inside_header(lines, at)
    ):
        return False
    header.credits.append(found)
    return True


def _is_inside_header(lines: Sequence[str], at: int) -> bool:
    """Does a line follow that is the header's, or so long that it must be the text's?"""
    following = _next_text_line(lines, at)
    return following is not None and (
        _is_byline_or_date(lines[following]) or len(lines[following]) > MAX_HEADER_LINE_CHARS
    )


def _take_deck(lines: Sequence[str], at: int, header: Header) -> int:
    """What stands between headline and byline is the deck; without a byline or date to come it is text."""
    if header.has_byline_or_date or header.summary:
        return 0
    block = _block_at(lines, at)
    own = next((index for index, line in enumerate(block) if _is_byline_or_date(line)), len(block))
    deck = " ".join(block[:own])
    if not deck or len(deck) > MAX_DECK_CHARS or not (own < len(block) or _header_follows(lines, at + own)):
        return 0
    header.summary = deck
    return own


def _header_follows(lines: Sequence[str], at: int) -> bool:
    """Is the next line that is not blank a byline or a date, or a credit above one?"""
    following = _next_text_line(lines, at - 1)
    if following is None:
        return False
    if parse_credit(lines[following]) is not None:
        following = _next_text_line(lines, following)
    return following is not None and _is_byline_or_date(lines[following])


def _byline_follows(lines: Sequence[str], at: int) -> bool:
    """Is one of the next lines a byline? Then the line at `at`, however it begins, is none."""
    return any(split_byline(line) is not None for line in lines[at + 1 : at + 6])


def _next_text_line(lines: Sequence[str], at: int) -> int | None:
    """The next line after `at` that is not blank, if it is near."""
    return next((index for index in range(at + 1, min(at + 6, len(lines))) if lines[index]), None)


def _is_byline_or_date(line: str) -> bool:
    """Is this line a byline or a date, and so no part of a headline?"""
    if line.casefold() in ("by", "by:") or split_byline(line) is not None:
        return True
    try:
        return bool(parse_date_line(line))
    except ImpossibleDateError:
        return True
