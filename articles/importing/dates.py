"""A date line of a header, or a date in a URL -> a day or a minute."""

from __future__ import annotations

import re
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
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_LEAD = (
    r"(?:(?:published|posted|updated|last updated|first published|date|modified)\s*(?:on|at)?\s*:?\s*)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
)
_TIME = (
    r"(?:,?\s*(?:at|[-–—|•·])?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2})?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*\(?(?P<zone>[a-z]{1,5}|[+-]\d{2}:?\d{2})?\)?)?"
)
FORMS = tuple(
    re.compile(rf"{_LEAD}{form}{_TIME}\.?", re.IGNORECASE)
    for form in (
        rf"(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\.?,?\s+(?P<year>\d{{4}})",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})T?",
        r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})",
    )
)
IN_URL = re.compile(r"/(?P<year>(?:19|20)\d{2})[/-](?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?=[/\-_.]|$)")


class ImpossibleDate(ValueError):
    """It is written like a date, and there is no such day or minute."""


def date_line(line: str) -> date | datetime | None:
    """What a line that is a date and nothing else says; None if it is no such line.

    A time without a zone is taken as UTC. Raises ImpossibleDate for a 30 February.
    """
    line = line.strip()
    if not 6 <= len(line) <= 80 or not any(char.isdigit() for char in line):
        return None
    for form in FORMS:
        if match := form.fullmatch(line):
            return _date(match)
    return None


def date_in_url(url: str) -> date | None:
    """The day that a URL's path names as /YYYY/MM/DD/ or /YYYY-MM-DD; None if there is none."""
    match = IN_URL.search(url)
    if not match:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _date(match: re.Match[str]) -> date | datetime:
    month = match["month"].casefold()
    try:
        day = date(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
        if match["hour"] is None:
            return day
        hour = int(match["hour"])
        if half := (match["half"] or "").casefold():
            if not 1 <= hour <= 12:
                raise ValueError
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        moment = datetime(day.year, day.month, day.day, hour, int(match["minute"]), tzinfo=_zone(match["zone"]))
    except (ValueError, OverflowError) as error:
        raise ImpossibleDate(match[0]) from error
    return moment.astimezone(UTC)


def _zone(name: str | None) -> timezone:
    if not name:
        return UTC
    if name[0] in "+-":
        hours, minutes = int(name[1:3]), int(name[-2:])
        return timezone((1 if name[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
    return timezone(timedelta(hours=ZONES.get(name.casefold(), 0)))
