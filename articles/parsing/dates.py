"""A date line of a header, or a date in a URL -> a day or a minute."""

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
#: Hours from UTC of the zones that news copy names (their usual meaning there).
ZONE_OFFSETS_HOURS = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 1, "ist": 5.5, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "msk": 3, "est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "kst": 9, "jst": 9, "sgt": 8, "hkt": 8, "aest": 10, "aedt": 11,
}  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: No date line is longer, in code points.
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
    """It is written like a date, and there is no such day or minute."""


@dataclass(frozen=True, slots=True)
class HeaderDate:
    """One date of a header: when, whether it says that the story was changed then, and, where the weekday
    beside it is wrong, the right one."""

    value: date | datetime
    is_update: bool
    correct_weekday: str = ""


def parse_date_line(line: str) -> list[HeaderDate]:
    """What a line that is nothing but a date (or two) says; empty if it is no such line.

    A time without a zone is taken as UTC. Raises ImpossibleDate for a 30 February.
    """
    line = line.strip()
    if not 6 <= len(line) <= MAX_DATE_LINE_CHARS or not any("0" <= char <= "9" for char in line):
        return []
    if whole := _parse_date(line):
        return [whole]
    found: list[HeaderDate] = []
    parts = [part.strip(" )") for part in DATE_SEPARATOR.split(line)]
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if found and CLOCK_TIME.fullmatch(part):
            continue
        clock = f" {following}" if CLOCK_TIME.fullmatch(following) else ""  # "December 19, 2024 | 10:15 GMT"
        read = _parse_date(part + clock)
        if read is None:
            return []
        found.append(read)
    return found


def find_date_in_url(url: str) -> date | None:
    """The day that a URL's path names as /YYYY/MM/DD/ or /YYYY-MM-DD; None if there is none."""
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
        at = day if match["hour"] is None else _time_from_match(match, day)
    except (ValueError, OverflowError) as error:
        raise ImpossibleDateError(match[0]) from error
    weekday = (match["weekday"] or "").casefold()[:3]
    right = WEEKDAYS[day.weekday()]
    label = (match["label"] or "").casefold()
    return HeaderDate(
        at, label.endswith(("updated", "modified")), right if weekday not in ("", right[:3].casefold()) else ""
    )


def _time_from_match(match: re.Match[str], day: date) -> datetime:
    """The minute in UTC. Raises ValueError or OverflowError where there is no such minute."""
    hour = int(match["hour"])
    if half := (match["half"] or "").casefold():
        if not 1 <= hour <= 12:
            raise ValueError("There is no such hour.")
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
