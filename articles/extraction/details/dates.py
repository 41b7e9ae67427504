"""The words that say when something was said -> the days they mean, seen from the day of publication."""

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


#: "The second set arrived last week, and the contractor has assured us": another clause with a subject of its own.
ANOTHER_CLAUSE = re.compile(r"[,;]\s+(?:and|but|so|while|though|although)\s|;", re.IGNORECASE)


def find_stated_on(
    document: Document, one: Attribution, published: date | None, others: Sequence[Span] = ()
) -> StatedOn | None:
    """The words beside an attribution's cue that name a day or a period, and the days they mean.

    A weekday is the last such day on or before publication; a month and day without a year the last
    such date; a period ends on the day of publication at the latest. What was said has days of its own
    that count for nothing here, and so has what `others` in the same sentence said. None without a day of publication, or where no words say when.
    """
    if published is None or not one.cue:
        return None
    best: tuple[int, StatedOn] | None = None
    for start, end in _spans_around_cue(document, one, others):
        for match in DATE_EXPRESSION.finditer(document.text, start, end):
            days = resolve_days(match, published)
            if days is None or _is_in_other_clause(document, one, match):
                continue
            span = Span(match.start(), match.end())
            away = min(abs(span.start - one.cue[-1].end), abs(one.cue[0].start - span.end))
            if best is None or away < best[0]:
                best = (away, StatedOn(match[0], span, *days))
    return best[1] if best else None


def _is_in_other_clause(document: Document, one: Attribution, match: re.Match[str]) -> bool:
    """Does another clause lie between a day and what the attribution begins or ends with?"""
    spans = (*one.cue, *one.source)
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    if match.end() <= first:
        return ANOTHER_CLAUSE.search(document.text, match.end(), first) is not None
    inside = any(last <= span.start < match.start() for span in one.content)
    return not inside and ANOTHER_CLAUSE.search(document.text, last, match.start()) is not None


def _spans_around_cue(document: Document, one: Attribution, others: Sequence[Span]) -> list[Span]:
    """The words of the cue's sentence that are neither what was said nor who says it."""
    sentence = document.sentences[document.sentence_index(one.cue[0].start)]
    cue = one.cue[0]
    taken = sorted(
        (*one.content, *one.source, *(o for o in others if not (o.start <= cue.start and cue.end <= o.end)))
    )
    parts, at = [], sentence.start
    for start, end in taken:
        if at < start:
            parts.append(Span(at, min(start, sentence.end)))
        at = max(at, end)
    if at < sentence.end:
        parts.append(Span(at, sentence.end))
    # Beyond a full clause the day is another's: "…, said Lee, whose party won on Monday".
    return [part for part in parts if part.start < part.end]


def resolve_days(match: re.Match[str], published: date) -> tuple[date, date] | None:
    """The first and the last day that matched words mean; None where they mean none that was."""
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
        return None  # 31 June, or a day before the calendar begins


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
    return None  # "three years ago": too loose to be a day


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
    """The day that "Tuesday" is counted back from."""
    return published.date() if isinstance(published, datetime) else published
