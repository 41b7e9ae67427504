"""The words that say when something was said -> the days they mean, seen from the day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from articles.extraction.phrases import MONTH, WEEKDAY
from articles.extraction.proposal import Span, StatedOn

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WORDS = re.compile(
    rf"(?P<ago>last\s+|the\s+previous\s+)?\b(?P<weekday>{WEEKDAY})\b"
    rf"|\b(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?:,?\s+(?P<year>\d{{4}}))?\b"
    rf"|\b(?P<day2>\d{{1,2}})\s+(?P<month2>{MONTH})(?:\s+(?P<year2>\d{{4}}))?\b"
    r"|\b(?P<today>today|tonight|this\s+(?:morning|afternoon|evening))\b|\b(?P<yesterday>yesterday|last\s+night)\b"
    r"|\b(?P<period>(?:earlier\s+this|this|last)\s+(?:week|month|year))\b"
)


def stated_on(text: str, spans: Iterable[Span], published: date | None) -> StatedOn | None:
    """The first words within the spans that name a day or a period, and the days they mean.

    A weekday is the last such day on or before publication; a month and day without a year the last
    such date; a period ends on the day of publication at the latest. None without a publication day.
    """
    if published is None:
        return None
    for start, end in spans:
        for match in WORDS.finditer(text, start, end):
            if days := _days(match, published):
                return StatedOn(match[0], Span(match.start(), match.end()), *days)
    return None


def _days(match: re.Match[str], published: date) -> tuple[date, date] | None:
    if match["weekday"]:
        back = (published.weekday() - DAYS.index(match["weekday"].casefold())) % 7
        day = published - timedelta(days=back)
        return day, day
    if match["today"]:
        return published, published
    if match["yesterday"]:
        day = published - timedelta(days=1)
        return day, day
    if match["period"]:
        return _period(match["period"].casefold(), published)
    return _calendar(
        match["month"] or match["month2"], match["day"] or match["day2"], match["year"] or match["year2"], published
    )


def _period(words: str, published: date) -> tuple[date, date] | None:
    last = words.startswith("last")
    if words.endswith("week"):
        monday = published - timedelta(days=published.weekday())
        return (monday - timedelta(days=7), monday - timedelta(days=1)) if last else (monday, published)
    if words.endswith("month"):
        first = published.replace(day=1)
        before = first - timedelta(days=1)
        return (before.replace(day=1), before) if last else (first, published)
    if last and published.year > 1:
        return date(published.year - 1, 1, 1), date(published.year - 1, 12, 31)
    return date(published.year, 1, 1), published


def _calendar(month: str, day: str, year: str | None, published: date) -> tuple[date, date] | None:
    number = MONTHS.index(month[:3].casefold()) + 1
    try:
        found = date(int(year) if year else published.year, number, int(day))
        if not year and found > published:
            found = found.replace(year=published.year - 1)
    except ValueError:
        return None
    return (found, found) if found <= published else None
