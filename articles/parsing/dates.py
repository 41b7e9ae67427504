"""Parse the date lines of a header, and the date in a URL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|"
        "oct october|nov november|dec december".split("|"),
        start=1,
    )
    for name in names.split()
}
#: Hours from UTC of time zones, with their usual meaning in news articles.
ZONE_OFFSETS_HOURS = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 1, "ist": 5.5, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "msk": 3, "est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "kst": 9, "jst": 9, "sgt": 8, "hkt": 8, "aest": 10, "aedt": 11,
}  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: A longer line is not a date line.
MAX_DATE_LINE_CHARS = 120

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_PREFIX = (
    r"(?:(?P<label>(?:last |first )?(?:published|posted|updated|modified|issued|date)|publication date)"
    r"\s*(?:on|at)?\s*:?\s*)?"
    r"(?:(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
)
_TIME = (
    r"(?:,?\s*(?:at|[-–—])?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2}(?:\.\d{1,9})?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*\(?(?P<zone>[a-z]{1,5}|[+-]\d{2}:?\d{2})?\)?)?"
)
DATE_PATTERNS = tuple(
    re.compile(rf"{_PREFIX}{form}{_TIME}\.?", re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?(?P<month>{_MONTH})\.?,?[\s-]+(?P<year>\d{{4}})",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})T?",
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
    )
)
#: Two dates on one line: "Published: …  | Updated: …", "… (updated …)".
DATE_SEPARATOR = re.compile(r"\s*[|•·;(]\s*|\s{2,}|\s*,?\s+(?=(?:last )?updated\b)", re.IGNORECASE)
CLOCK_TIME = re.compile(
    r"\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:[a-z]{1,5}|[+-]\d{2}:?\d{2})?", re.IGNORECASE | re.ASCII
)
LEADING_CLOCK_TIME = re.compile(rf"({CLOCK_TIME.pattern})(?:,|\s+on|\s+-)?\s+", re.IGNORECASE | re.ASCII)
DATE_IN_URL = re.compile(
    r"/(?P<year>(?:19|20)\d{2})[/-](?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?=[/\-_.?#]|$)", re.ASCII
)


class ImpossibleDateError(ValueError):
    """The line is written like a date, but the day or time does not exist."""


@dataclass(frozen=True, slots=True)
class HeaderDate:
    """One date of a header.

    `is_update` is True if the line says "updated". `correct_weekday` is set if the weekday in the line is wrong.
    """

    value: date | datetime
    is_update: bool
    correct_weekday: str = ""


def parse_date_line(line: str) -> list[HeaderDate]:
    """Return the dates of a line that contains only dates; else an empty list.

    A time without a zone is taken as UTC. Raise ImpossibleDateError for a date such as 30 February.
    """
    line = line.strip()
    if not 6 <= len(line) <= MAX_DATE_LINE_CHARS or not any("0" <= char <= "9" for char in line):
        return []
    if single := _parse_date(line):
        return [single]
    dates: list[HeaderDate] = []
    parts = [part.strip(" )") for part in DATE_SEPARATOR.split(line)]
    for part, next_part in zip(parts, [*parts[1:], ""], strict=True):
        if dates and CLOCK_TIME.fullmatch(part):
            continue
        clock = f" {next_part}" if CLOCK_TIME.fullmatch(next_part) else ""  # "December 19, 2024 | 10:15 GMT"
        header_date = _parse_date(part + clock)
        if header_date is None:
            return []
        dates.append(header_date)
    return dates


def find_date_in_url(url: str) -> date | None:
    """Return the day in a URL's path (/YYYY/MM/DD/ or /YYYY-MM-DD), or None."""
    match = DATE_IN_URL.search(url)
    if not match:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _parse_date(line: str) -> HeaderDate | None:
    for form in DATE_PATTERNS:
        if match := form.fullmatch(line):
            return _date_from_match(match)
    if clock := LEADING_CLOCK_TIME.match(line):  # "10:15 GMT, December 19, 2024"
        return _parse_date(f"{line[clock.end() :]} {clock[1]}")
    return None


def _date_from_match(match: re.Match[str]) -> HeaderDate:
    month = match["month"].casefold()
    try:
        day = date(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
        value = day if match["hour"] is None else _time_from_match(match, day)
    except (ValueError, OverflowError) as error:
        raise ImpossibleDateError(match[0]) from error
    weekday = (match["weekday"] or "").casefold()[:3]
    correct_weekday = WEEKDAYS[day.weekday()]
    label = (match["label"] or "").casefold()
    return HeaderDate(
        value,
        label.endswith(("updated", "modified")),
        correct_weekday if weekday not in ("", correct_weekday[:3].casefold()) else "",
    )


def _time_from_match(match: re.Match[str], day: date) -> datetime:
    """Return the time in UTC. Raise ValueError or OverflowError if it does not exist."""
    hour = int(match["hour"])
    if half := (match["half"] or "").casefold():
        if not 1 <= hour <= 12:
            raise ValueError("The hour does not exist.")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = _parse_zone(match["zone"])
    return datetime(day.year, day.month, day.day, hour, int(match["minute"]), tzinfo=zone).astimezone(UTC)


def _parse_zone(name: str | None) -> timezone:
    if not name:
        return UTC
    if name[0] in "+-":
        hours, minutes = int(name[1:3]), int(name[-2:])
        return timezone((1 if name[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    return timezone(timedelta(hours=ZONE_OFFSETS_HOURS.get(name.casefold(), 0)))
