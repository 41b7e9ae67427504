"""The top of a seed file: headline, byline, date, picture credit; and a dateline before the first words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from articles.importing.agencies import AGENCIES, agency
from articles.importing.dates import ImpossibleDate, date_line
from articles.importing.draft import Warning

HEADLINE_LENGTH = 300
#: A line this long, in code points, is running text and no longer a header's.
LONG = 110
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
BYLINE = re.compile(r"by:?\s+(?P<names>\S.*)", re.IGNORECASE)
#: Words within a byline that need no capital.
BYLINE_WORDS = frozenset(
    "and in of for with the de da di la le van von der den bin al el y e und et special to".split()
)
NOT_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december then now noon midday midnight dawn dusk late early contrast the a an "
    "this that these those all any some most".split()
)
CREDIT_LABEL = re.compile(
    r"(?:photo|image|picture|photograph|credit|graphic)s?(?:\s+(?:by|credit|courtesy of))?\s*[:/]\s*"
    r"(?P<credit>.+)|(?:photo|image|picture|photograph)s?\s+(?:by|courtesy of)\s+(?P<by>.+)",
    re.IGNORECASE,
)
CREDIT_PARTS = re.compile(r"\s*[/|]\s*")
CREDIT_HOUSES = ("getty images", "shutterstock", "alamy", "handout", "file photo", "archive", "press service")
CREDIT_LENGTH = 80
DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ'’.\-]*(?:[ ,/]+[A-ZÀ-Þ][A-ZÀ-Þ'’.\-]*)*(?:,\s+[A-Z][A-Za-z.]+(?:\s[A-Z][A-Za-z.]+)?)?)"
    r"(?:,\s+(?P<day>[A-Z][a-z]{2,8}\.?\s+\d{1,2}))?\s*(?:\((?P<agency>[^()]{2,40})\))?\s*(?:—|–|--|-)\s+(?=\S)"
)
DATELINE_LENGTH = 80


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


def read_header(lines: list[str]) -> Header:
    """Read a header off the lines of an article; blank lines are empty strings."""
    header = Header()
    at = _headline(lines, header)
    while at < len(lines):
        line = lines[at].strip()
        if line and not _take(line, lines, at, header):
            break
        at += 1
    header.body = at
    return header


def split_byline(line: str) -> list[str] | None:
    """The names of a byline, or None for a line that is none ("By Thursday, the water had gone.")."""
    match = BYLINE.fullmatch(line.strip())
    if not match or len(line) > 160:
        return None
    names = match["names"].strip()
    if SENTENCE_END.search(names) and not re.search(r"\b[A-Z]\.$|\b[JS]r\.$", names):
        return None
    words = re.findall(r"[^\s,;&/|]+", names)
    if not words or words[0].casefold() in NOT_NAMES or len(words) > 20:
        return None
    for word in words:
        if not (word[0].isupper() or word.casefold() in BYLINE_WORDS or word.casefold() in AGENCIES):
            return None
    parts = re.split(r"\s*(?:,|;|&|\||/|\band\b)\s*", names)
    return [part.strip() for part in parts if part.strip()]


def dateline(paragraph: str) -> tuple[str, str | None, str]:
    """("PORT ELLERY", "AP", the rest) of "PORT ELLERY (AP) — The rest"; ("", None, paragraph) without one."""
    match = DATELINE.match(paragraph)
    if not match or len(match[0]) > DATELINE_LENGTH or len(re.sub(r"[^A-ZÀ-Þ]", "", match["place"])) < 3:
        return "", None, paragraph
    first = re.split(r"[ ,]", match["place"])[0]
    if not (first.isupper() and len(first) > 1):
        return "", None, paragraph
    return match["place"].strip(" ,"), agency(match["agency"] or ""), paragraph[match.end() :]


def credit(line: str) -> str | None:
    """The picture credit that a line is, without its label; None for any other line."""
    line = line.strip()
    if len(line) > CREDIT_LENGTH:
        return None
    if match := CREDIT_LABEL.fullmatch(line):
        return (match["credit"] or match["by"]).strip()
    if SENTENCE_END.search(line):
        return None
    parts = CREDIT_PARTS.split(line)
    known = any(agency(part) or part.casefold().startswith(CREDIT_HOUSES) for part in parts)
    if known and (len(parts) > 1 or agency(line) or line.casefold().startswith(CREDIT_HOUSES)):
        return line
    words = line.split()
    named = len(words) <= 5 and all(word[0].isupper() or word[0] == "/" for word in words)
    return line if len(parts) > 1 and named else None


def _headline(lines: list[str], header: Header) -> int:
    """Take the headline, one line or two; returns the line after it."""
    at = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    taken = []
    while at < len(lines) and (line := lines[at].strip()) and len(taken) < 2:
        if taken and (_is_other(line) or len(line) > LONG or SENTENCE_END.search(line)):
            break
        taken.append(line)
        at += 1
    if len(taken) == 2 and at < len(lines) and lines[at].strip() and not _is_other(lines[at].strip()):
        # Three lines and more together are running text under a one-line headline.
        taken.pop()
        at -= 1
    headline = " ".join(taken)
    if len(headline) > HEADLINE_LENGTH:
        header.warnings.append(Warning("headline-long", f"The headline has {len(headline)} characters; it was cut."))
        headline = headline[: HEADLINE_LENGTH - 1].rstrip() + "…"
    header.headline = headline
    return at


def _is_other(line: str) -> bool:
    """Is this line a byline or a date, and so no part of a headline?"""
    try:
        return split_byline(line) is not None or date_line(line) is not None
    except ImpossibleDate:
        return True


def _take(line: str, lines: list[str], at: int, header: Header) -> bool:
    """Take a header line for what it is; False: the text begins here."""
    names = split_byline(line)
    if names is not None and not header.bylines:
        header.bylines = [agency(name) or name for name in names]
        header.agency = next((known for name in names if (known := agency(name))), None)
        return True
    if _take_date(line, header):
        return True
    alone = not (at + 1 < len(lines) and lines[at + 1].strip())
    found = credit(line)
    if found is None and alone and (header.bylines or header.published) and not header.credits:
        # Between the date and the text a name alone on its line is who took the picture.
        words = line.split()
        if len(words) <= 4 and not SENTENCE_END.search(line) and all(word[0].isupper() for word in words):
            found = line
    if found is not None and (alone or CREDIT_LABEL.fullmatch(line)):
        header.credits.append(found)
        return True
    if alone and not header.bylines and not header.published and not header.summary and len(line) <= 2 * LONG:
        # A line of its own between headline and byline is the deck; without a byline to come it is text.
        if _header_goes_on(lines, at):
            header.summary = line
            return True
    return False


def _take_date(line: str, header: Header) -> bool:
    try:
        found = date_line(line)
    except ImpossibleDate:
        header.warnings.append(Warning("date-impossible", f"There is no such day as “{line}”."))
        return True
    if found is None:
        return False
    if header.published is None:
        header.published = found
    elif not line.casefold().startswith(("updated", "last updated", "modified")) or found != header.published:
        header.warnings.append(Warning("date-twice", f"“{line}” is a second date; the first was taken."))
    return True


def _header_goes_on(lines: list[str], at: int) -> bool:
    """Does a byline or a date follow within the next few lines?"""
    following = [line.strip() for line in lines[at + 1 : at + 6] if line.strip()]
    return any(_is_other(line) for line in following[:2])
