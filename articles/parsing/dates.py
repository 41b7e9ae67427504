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
ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 1, "ist": 5.5, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "msk": 3, "est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "kst": 9, "jst": 9, "sgt": 8, "hkt": 8, "aest": 10, "aedt": 11,
}  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: No date line is longer, in code points.
LINE_LENGTH = 120

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_LEAD = (
    r"(?:(?P<label>(?:last |first )?(?:published|posted|updated|modified|issued|date)|publication date)"
    r"\s*(?:on|at)?\s*:?\s*)?"
    r"(?:(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
)
_TIME = (
    r"(?:,?\s*(?:at|[-–—])?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2}(?:\.\d{1,9})?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*\(?(?P<zone>[a-z]{1,5}|[+-]\d{2}:?\d{2})?\)?)?"
)
FORMS = tuple(
    re.compile(rf"{_LEAD}{form}{_TIME}\.?", re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?(?P<month>{_MONTH})\.?,?[\s-]+(?P<year>\d{{4}})",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})T?",
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
    )
)
#: Two dates on one line: "Published: …  | Updated: …", "… (updated …)".
PARTS = re.compile(r"\s*[|•·;(]\s*|\s{2,}|\s*,?\s+(?=(?:last )?updated\b)", re.IGNORECASE)
CLOCK = re.compile(r"\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:[a-z]{1,5}|[+-]\d{2}:?\d{2})?", re.IGNORECASE | re.ASCII)
CLOCK_FIRST = re.compile(rf"({CLOCK.pattern})(?:,|\s+on|\s+-)?\s+", re.IGNORECASE | re.ASCII)
IN_URL = re.compile(r"/(?P<year>(?:19|20)\d{2})[/-](?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?=[/\-_.?#]|$)", re.ASCII)


class ImpossibleDate(ValueError):
    """It is written like a date, and there is no such day or minute."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date of a header: when, whether it says that the story was changed then, and, where the weekday
    beside it is wrong, the right one."""

    at: date | datetime
    update: bool
    right_weekday: str = ""


def date_line(line: str) -> list[DateLine]:
    """What a line that is nothing but a date (or two) says; empty if it is no such line.

    A time without a zone is taken as UTC. Raises ImpossibleDate for a 30 February.
    """
    line = line.strip()
    if not 6 <= len(line) <= LINE_LENGTH or not any("0" <= char <= "9" for char in line):
        return []
    if whole := _read(line):
        return [whole]
    found: list[DateLine] = []
    parts = [part.strip(" )") for part in PARTS.split(line)]
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if found and CLOCK.fullmatch(part):
            continue
        clock = f" {following}" if CLOCK.fullmatch(following) else ""  # "December 19, 2024 | 10:15 GMT"
        read = _read(part + clock)
        if read is None:
            return []
        found.append(read)
    return found


def date_in_url(url: str) -> date | None:
    """The day that a URL's path names as /YYYY/MM/DD/ or /YYYY-MM-DD; None if there is none."""
    match = IN_URL.search(url)
    if not match:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _read(line: str) -> DateLine | None:
    for form in FORMS:
        if match := form.fullmatch(line):
            return _date(match)
    if clock := CLOCK_FIRST.match(line):  # "10:15 GMT, December 19, 2024"
        return _read(f"{line[clock.end() :]} {clock[1]}")
    return None


def _date(match: re.Match[str]) -> DateLine:
    month = match["month"].casefold()
    try:
        day = date(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
        at = day if match["hour"] is None else _moment(match, day)
    except (ValueError, OverflowError) as error:
        raise ImpossibleDate(match[0]) from error
    weekday = (match["weekday"] or "").casefold()[:3]
    right = WEEKDAYS[day.weekday()]
    label = (match["label"] or "").casefold()
    return DateLine(
        at, label.endswith(("updated", "modified")), right if weekday not in ("", right[:3].casefold()) else ""
    )


def _moment(match: re.Match[str], day: date) -> datetime:
    """The minute in UTC. Raises ValueError or OverflowError where there is no such minute."""
    hour = int(match["hour"])
    if half := (match["half"] or "").casefold():
        if not 1 <= hour <= 12:
            raise ValueError("There is no such hour.")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = _zone(match["zone"])
    return datetime(day.year, day.month, day.day, hour, int(match["minute"]), tzinfo=zone).astimezone(UTC)


def _zone(name: str | None) -> timezone:
    if not name:
        return UTC
    if name[0] in "+-":
        hours, minutes = int(name[1:3]), int(name[-2:])
        return timezone((1 if name[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    return timezone(timedelta(hours=ZONES.get(name.casefold(), 0)))
