"""Parse the header of a seed file: headline, deck, byline, date, image credit."""

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
#: A longer first line that ends a sentence is text, not a headline.
MAX_SENTENCE_HEADLINE_CHARS = 200
#: A longer line is text, not part of a header.
MAX_HEADER_LINE_CHARS = 110
#: A deck (one or two sentences between headline and byline) is at most this long.
MAX_DECK_CHARS = 300
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
#: A single line between date and text with at most this many words, all capitalised, is an image credit.
MAX_CREDIT_WORDS = 4


@dataclass(slots=True)
class Header:
    """The parts of a header, and the index of the first line of the text."""

    headline: str = ""
    summary: str = ""
    bylines: list[str] = field(default_factory=list)
    agency: str | None = None
    published: date | datetime | None = None
    credits: list[str] = field(default_factory=list)
    body_start: int = 0
    warnings: list[DraftWarning] = field(default_factory=list)
    is_update_date: bool = False  # whether `published` is labelled "Updated"

    @property
    def has_byline_or_date(self) -> bool:
        """Return whether the lines look like the beginning of an article."""
        return bool(self.bylines) or self.published is not None


def read_header(lines: Sequence[str]) -> Header:
    """Return the header of an article's lines; blank lines are empty strings.

    It ends before the first line that is not a headline, deck, byline, date or credit.
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
    """Read the headline (one or two lines). Return the index of the line after it."""
    at = next((index for index, line in enumerate(lines) if line), len(lines))
    block = _block_at(lines, at)
    if not block or (_is_byline_or_date(block[0]) and not _byline_follows(lines, at)):
        return at  # a byline or a date instead of a headline
    own_count = next((index for index, line in enumerate(block) if index and _is_byline_or_date(line)), len(block))
    has_more = len(block) > own_count or _header_follows(lines, at + own_count)
    line_count = 2 if own_count == 2 and _continues_headline(block[0], block[1], ended=has_more) else 1
    headline = " ".join(block[:line_count])
    if len(headline) > MAX_SENTENCE_HEADLINE_CHARS and SENTENCE_END.search(headline):
        return at  # text instead of a headline
    if len(headline) > MAX_HEADLINE_CHARS:
        header.warnings.append(
            DraftWarning(
                "headline-long",
                f"The headline has {len(headline)} characters. It was cut to {MAX_HEADLINE_CHARS}.",
            )
        )
        headline = headline[: MAX_HEADLINE_CHARS - 1].rstrip() + "…"
    header.headline = headline
    return at + line_count


def _continues_headline(first: str, second: str, *, ended: bool) -> bool:
    """Return whether the second line continues the headline.

    `ended` is True if other parts of a header follow.
    """
    if (
        len(first) > MAX_HEADER_LINE_CHARS
        or len(second) > MAX_HEADER_LINE_CHARS
        or SENTENCE_END.search(first)
        or parse_credit(second) is not None
    ):
        return False
    if SENTENCE_END.search(second):
        return ended and second[-1] in "?!"  # a question may be a headline; a full stop ends a deck or text
    return True


def _block_at(lines: Sequence[str], at: int) -> list[str]:
    """Return the lines from `at` to the next blank line."""
    block = []
    while at < len(lines) and lines[at]:
        block.append(lines[at])
        at += 1
    return block


def _take_line(lines: Sequence[str], at: int, header: Header) -> int:
    """Read one part of the header. Return its line count; 0 where the text begins."""
    line = lines[at]
    if line_count := _take_byline(lines, at, header):
        return line_count
    if _take_date(line, header) or _take_credit(lines, at, header):
        return 1
    return _take_deck(lines, at, header)


def _take_byline(lines: Sequence[str], at: int, header: Header) -> int:
    if header.bylines:
        return 0
    names, line_count = split_byline(lines[at]), 1
    next_line = _next_text_line(lines, at)
    if lines[at].casefold() in ("by", "by:") and next_line is not None:
        names, line_count = split_names(lines[next_line]), next_line - at + 1
    elif names and at + 1 < len(lines) and re.match(r"(?:and|&)\s+[A-Z]", lines[at + 1]):
        joined_names = split_byline(f"{lines[at]} {lines[at + 1]}")
        names, line_count = (joined_names, 2) if joined_names else (names, 1)
    if not names:
        return 0
    header.bylines = [find_agency(name) or name for name in names]
    header.agency = next((agency for name in names if (agency := find_agency(name))), None)
    return line_count


def _take_date(line: str, header: Header) -> bool:
    try:
        dates = parse_date_line(line)
    except ImpossibleDateError:
        header.warnings.append(DraftWarning("date-impossible", f"The date or time “{line}” does not exist."))
        return True
    for header_date in dates:
        if header.published is None:
            header.published, header.is_update_date = header_date.value, header_date.is_update
            if header_date.correct_weekday:
                detail = f"The weekday in “{line}” is wrong: that day was a {header_date.correct_weekday}. The date was kept."
                header.warnings.append(DraftWarning("date-weekday", detail))
        elif header_date.value != header.published:
            keeps_first = not (header.is_update_date and not header_date.is_update)
            detail = (
                f"“{line}” is a second date. {'The first date' if keeps_first else 'The day of publication'} was used."
            )
            header.warnings.append(DraftWarning("date-twice", detail))
            if not keeps_first:
                header.published, header.is_update_date = header_date.value, False
    return bool(dates)


def _take_credit(lines: Sequence[str], at: int, header: Header) -> bool:
    line = lines[at]
    is_single_line = not (at + 1 < len(lines) and lines[at + 1])
    credit = parse_credit(line)
    if credit is None and is_single_line and header.has_byline_or_date and not header.credits:
        words = line.split()
        if (
            len(words) <= MAX_CREDIT_WORDS
            and not SENTENCE_END.search(line)
            and all(word[0].isupper() for word in words)
        ):
            credit = line
    if credit is None or not (
        is_single_line or header.has_byline_or_date or is_labelled_credit(line) or _is_inside_header(lines, at)
    ):
        return False
    header.credits.append(credit)
    return True


def _is_inside_header(lines: Sequence[str], at: int) -> bool:
    """Return whether the next line is a header line or long enough to be text."""
    next_line = _next_text_line(lines, at)
    return next_line is not None and (
        _is_byline_or_date(lines[next_line]) or len(lines[next_line]) > MAX_HEADER_LINE_CHARS
    )


def _take_deck(lines: Sequence[str], at: int, header: Header) -> int:
    """Read the deck, the text between headline and byline.

    Without a byline or date after it, it is article text.
    """
    if header.has_byline_or_date or header.summary:
        return 0
    block = _block_at(lines, at)
    deck_lines = next((index for index, line in enumerate(block) if _is_byline_or_date(line)), len(block))
    deck = " ".join(block[:deck_lines])
    if (
        not deck
        or len(deck) > MAX_DECK_CHARS
        or not (deck_lines < len(block) or _header_follows(lines, at + deck_lines))
    ):
        return 0
    header.summary = deck
    return deck_lines


def _header_follows(lines: Sequence[str], at: int) -> bool:
    """Return whether the next text line is a byline or date, or a credit above one."""
    next_line = _next_text_line(lines, at - 1)
    if next_line is None:
        return False
    if parse_credit(lines[next_line]) is not None:
        next_line = _next_text_line(lines, next_line)
    return next_line is not None and _is_byline_or_date(lines[next_line])


def _byline_follows(lines: Sequence[str], at: int) -> bool:
    """Return whether a byline follows soon. Then the line at `at` is not one."""
    return any(split_byline(line) is not None for line in lines[at + 1 : at + 6])


def _next_text_line(lines: Sequence[str], at: int) -> int | None:
    """Return the index of the next line after `at` that is not blank, if it is near."""
    return next((index for index in range(at + 1, min(at + 6, len(lines))) if lines[index]), None)


def _is_byline_or_date(line: str) -> bool:
    """Return whether a line is a byline or a date, and so not part of a headline."""
    if line.casefold() in ("by", "by:") or split_byline(line) is not None:
        return True
    try:
        return bool(parse_date_line(line))
    except ImpossibleDateError:
        return True
