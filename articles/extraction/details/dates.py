"""Find when a statement was made, relative to the day of publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from articles.extraction.attribution.attributions import Attribution
from articles.extraction.document import Document
from articles.extraction.lexicon.phrases import MONTH, WEEKDAY
from articles.extraction.proposal import Span, StatedOn

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMBER_VALUES = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
DATE_EXPRESSION = re.compile(
    rf"\b(?P<weekday>{WEEKDAY})\b"
    rf"|\b(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?!\d)(?:,?\s+(?P<year>\d{{4}}))?\b"
    rf"|\b(?P<day2>\d{{1,2}})\s+(?P<month2>{MONTH})(?:\s+(?P<year2>\d{{4}}))?(?!\w)"
    rf"|\bin\s+(?P<month3>{MONTH})(?:\s+(?P<year3>\d{{4}}))?(?!\w)"
    r"|\b(?<!USA\s)(?P<today>(?:earlier\s+)?today|tonight|(?:earlier\s+)?this\s+(?:morning|afternoon|evening))\b"
    r"|\b(?P<yesterday>yesterday|last\s+night)\b"
    r"|\b(?P<period>(?:earlier\s+this|later\s+this|this|last|the\s+previous)\s+(?:week|month|year))\b"
    r"|\b(?:at|over)\s+the\s+(?P<weekend>weekend)\b"
    r"|\b(?P<ago>a|one|two|three|four|five|six|seven|\d{1,2})\s+(?P<unit>days?|weeks?|months?|years?)\s+(?:ago|earlier)\b",
    re.IGNORECASE,
)


#: Start of a clause with its own subject: "The second set arrived last week, and the contractor has assured us".
ANOTHER_CLAUSE = re.compile(r"[,;]\s+(?:and|but|so|while|though|although)\s|;", re.IGNORECASE)


def find_stated_on(
    document: Document, attribution: Attribution, published: date | None, others: Sequence[Span] = ()
) -> StatedOn | None:
    """Return the date expression nearest to the cue, with the days that it means.

    A weekday is the last such day on or before publication. A month and day without a year is the last such date. A
    period ends on the day of publication at the latest. Dates inside the content, and inside `others` (other content
    in the same sentence), do not count. Return None without a day of publication or without a date expression.
    """
    if published is None or not attribution.cue:
        return None
    best: tuple[int, StatedOn] | None = None
    for start, end in _spans_around_cue(document, attribution, others):
        for match in DATE_EXPRESSION.finditer(document.text, start, end):
            days = resolve_days(match, published)
            if days is None or _is_in_other_clause(document, attribution, match):
                continue
            span = Span(match.start(), match.end())
            distance = min(abs(span.start - attribution.cue[-1].end), abs(attribution.cue[0].start - span.end))
            if best is None or distance < best[0]:
                best = (distance, StatedOn(match[0], span, *days))
    return best[1] if best else None


def _is_in_other_clause(document: Document, attribution: Attribution, match: re.Match[str]) -> bool:
    """Return whether another clause lies between a date and the attribution."""
    spans = (*attribution.cue, *attribution.source)
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    if match.end() <= first:
        return ANOTHER_CLAUSE.search(document.text, match.end(), first) is not None
    inside = any(last <= span.start < match.start() for span in attribution.content)
    return not inside and ANOTHER_CLAUSE.search(document.text, last, match.start()) is not None


def _spans_around_cue(document: Document, attribution: Attribution, others: Sequence[Span]) -> list[Span]:
    """Return the parts of the cue's sentence that are neither content nor source."""
    sentence = document.sentences[document.sentence_index(attribution.cue[0].start)]
    cue = attribution.cue[0]
    excluded = sorted(
        (
            *attribution.content,
            *attribution.source,
            *(other for other in others if not (other.start <= cue.start and cue.end <= other.end)),
        )
    )
    parts, position = [], sentence.start
    for start, end in excluded:
        if position < start:
            parts.append(Span(position, min(start, sentence.end)))
        position = max(position, end)
    if position < sentence.end:
        parts.append(Span(position, sentence.end))

    return [part for part in parts if part.start < part.end]


def resolve_days(match: re.Match[str], published: date) -> tuple[date, date] | None:
    """Return the first and last day that a match means; None if no past day fits."""
    try:
        if match["weekday"]:
            return _weekday(match["weekday"], published)
        if match["today"]:
            return published, published
        if match["yesterday"]:
            return published - timedelta(days=1), published - timedelta(days=1)
        if match["weekend"]:
            sunday = published - timedelta(days=(published.weekday() + 1) % 7)
            return min(sunday - timedelta(days=1), published), sunday
        if match["period"]:
            return _period(match["period"].casefold(), published)
        if match["ago"]:
            return _ago(match["ago"].casefold(), match["unit"].casefold(), published)
        if match["month3"]:
            return _month(match["month3"], match["year3"], published)
        return _calendar_day(
            match["month"] or match["month2"],
            match["day"] or match["day2"],
            match["year"] or match["year2"],
            published,
        )
    except (ValueError, OverflowError):
        return None  # 31 June, or a day outside of the calendar


def _weekday(name: str, published: date) -> tuple[date, date]:
    back = (published.weekday() - DAYS.index(name.casefold())) % 7
    day = published - timedelta(days=back)
    return day, day


def _period(words: str, published: date) -> tuple[date, date]:
    last = words.startswith(("last", "the"))
    if words.endswith("week"):
        monday = published - timedelta(days=published.weekday())
        return (monday - timedelta(days=7), monday - timedelta(days=1)) if last else (monday, published)
    if words.endswith("month"):
        first = published.replace(day=1)
        before = first - timedelta(days=1)
        return (before.replace(day=1), before) if last else (first, published)
    if last:
        return date(published.year - 1, 1, 1), date(published.year - 1, 12, 31)
    return date(published.year, 1, 1), published


def _ago(number: str, unit: str, published: date) -> tuple[date, date] | None:
    count = NUMBER_VALUES.get(number) or int(number)
    if unit.startswith("day"):
        day = published - timedelta(days=count)
        return day, day
    if unit.startswith("week"):
        day = published - timedelta(weeks=count)
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return None  # "three years ago" is too vague for a day


def _month(month: str, year: str | None, published: date) -> tuple[date, date] | None:
    number = MONTHS.index(month[:3].casefold()) + 1
    first = date(int(year) if year else published.year, number, 1)
    if not year and first > published:
        first = first.replace(year=published.year - 1)
    following = date(first.year + number // 12, number % 12 + 1, 1)
    return (first, min(following - timedelta(days=1), published)) if first <= published else None


def _calendar_day(month: str, day: str, year: str | None, published: date) -> tuple[date, date] | None:
    number = MONTHS.index(month[:3].casefold()) + 1
    found = date(int(year) if year else published.year, number, int(day))
    if not year and found > published:
        found = found.replace(year=published.year - 1)
    return (found, found) if found <= published else None


def publication_day(published: date | datetime | None) -> date | None:
    """Return the day from which "Tuesday" is counted back."""
    return published.date() if isinstance(published, datetime) else published
