"""Parse bylines, and the dateline before the first words of an article."""

from __future__ import annotations

import re

from articles.parsing.agencies import find_agency

MAX_BYLINE_CHARS = 160  # code points
BYLINE = re.compile(r"(?:written |reported |story )?by:?\s+(?P<names>\S.*)", re.IGNORECASE)
#: Words in a byline that may be in lower case.
LOWERCASE_BYLINE_WORDS = frozenset(
    "and in of for with from at the our own a an staff writer writers reporter reporters correspondent correspondents "
    "editor editors contributor special to de da do dos di la le van von der den ten ter bin ibn al el y e und et "
    "dpa".split()
)
#: Words that do not begin a name: "By Thursday, the water …". "The" and "a" need a desk or an agency after them.
NOT_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december then now noon midday midnight dawn dusk late early contrast this that these "
    "those all any some most law comparison default design chance air land sea night day year".split()
)
#: Words of NOT_NAMES that are also given names: "By April Jones" is a byline, "By April 15" is not.
GIVEN_NAMES = frozenset("april may june august dawn".split())
STAFF_BYLINE = re.compile(
    r"(?:the|a|an|our)\b.*\b(?:staff|desk|newsroom|team|agenc(?:y|ies)|correspondents?|reporters?|writers?|editors?|press|"
    r"times|post|news|board)$",
    re.IGNORECASE,
)
#: A role after a comma belongs to the name before it: "Ann Smith, Political Editor".
ROLE = re.compile(
    r"(?:.*\s)?(?:editor|reporter|correspondent|writer|columnist|analyst|staff|intern|contributor|jr\.?|sr\.?)(?:\s.*)?",
    re.IGNORECASE,
)
NAME_SEPARATOR = re.compile(r"(\s*[;&|/]\s*|\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s+with\s+)", re.IGNORECASE)
PLACE_SUFFIX = re.compile(r"\s+in\s+[A-Z][\w .,'’-]*$")
BRACKETED_TEXT = re.compile(r"\s*\(([^()]*)\)")
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
INITIAL_AT_END = re.compile(r"\b[A-Z]\.$|\b[JS]r\.$")

#: "PORT ELLERY, Nov. 12 (AP) — ", "Kyiv (Reuters) - ", "KYIV/MOSCOW – "
MAX_DATELINE_CHARS = 90
_DAY = r"(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2,8}\.?)(?:,?\s+\d{4})?"
_DASH = r"\s*(?:—|–|--?)\s+(?=[A-Z0-9À-ÞĀ-Ž\"“‘'«(])"
_CAPITALS = r"[A-ZÀ-ÞĀ-Ž][A-ZÀ-ÞĀ-Ž'’.\-]*"
CAPITAL_DATELINE = re.compile(
    rf"(?P<place>{_CAPITALS}(?:(?:[ /]|, ){_CAPITALS}){{0,5}}(?:, [A-Z][A-Za-z.]+(?: [A-Z][A-Za-z.]+)?)?)"
    rf"(?:, {_DAY})?(?:,?\s*\((?P<agency>[^()]{{2,40}})\))?{_DASH}"
)
#: A place in ordinary letters is a dateline only with an agency in brackets.
NAMED_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-ÞĀ-Ž][\w'’.\-]*(?:(?:[ /]|, )[A-ZÀ-ÞĀ-Ž][\w'’.\-]*){0,5})"
    rf"(?:, {_DAY})?,?\s*\((?P<agency>[^()]{{2,40}})\){_DASH}"
)
#: Words in capitals before a dash that are labels, not places.
NON_PLACE_LABELS = frozenset(
    "analysis breaking correction editorial exclusive explainer opinion update updated watch".split()
)
AGENCY_DATELINE = re.compile(rf"(?P<place>)\((?P<agency>[^()]{{2,40}})\){_DASH}")


def split_byline(line: str) -> list[str] | None:
    """Return the names in a byline; None if the line is not a byline.

    "By Thursday, the water had gone." is not a byline.
    """
    if len(line) > MAX_BYLINE_CHARS or not (match := BYLINE.fullmatch(line.strip())):
        return None
    return split_names(match["names"])


def split_names(names: str) -> list[str] | None:
    """Return the names in a byline without its "By": people, agencies, desks.

    Return None if they are not names.
    """
    names = names.strip()
    if len(names) > MAX_BYLINE_CHARS or (SENTENCE_END.search(names) and not INITIAL_AT_END.search(names)):
        return None
    if not _are_names(names):
        return None
    found: list[str] = []
    parts = NAME_SEPARATOR.split(BRACKETED_TEXT.sub(r", \1", names))
    for index in range(0, len(parts), 2):
        name = PLACE_SUFFIX.sub("", parts[index].strip(" ,"))
        if not name:
            continue
        is_role = ROLE.fullmatch(name) is not None and find_agency(name) is None
        if found and is_role and parts[index - 1].strip() == ",":
            found[-1] = f"{found[-1]}, {name}"
        else:
            found.append(name)
    return found or None


def split_dateline(paragraph: str) -> tuple[str, str | None, str]:
    """Return (place, agency, the rest) of a paragraph.

    "PORT ELLERY (AP) — The rest" gives ("PORT ELLERY", "AP", "The rest"). Without a dateline: ("", None, paragraph).
    """
    start = paragraph[: MAX_DATELINE_CHARS + 1]
    if match := CAPITAL_DATELINE.match(start):
        place = match["place"]
        first = re.split(r"[ ,/]", place)[0]
        if len(first) > 1 and sum(map(str.isupper, place)) >= 3 and first.casefold() not in NON_PLACE_LABELS:
            return place, find_agency(match["agency"] or ""), paragraph[match.end() :]
    match = NAMED_DATELINE.match(start) or AGENCY_DATELINE.match(start)
    if match and (agency := find_agency(match["agency"])):
        return match["place"], agency, paragraph[match.end() :]
    return "", None, paragraph


def _are_names(names: str) -> bool:
    if find_agency(names) or STAFF_BYLINE.fullmatch(names):
        return True
    words = re.findall(r"[^\s,;&/|()]+", names)
    if not words or len(words) > 20:
        return False
    first = words[0].casefold()
    if first in NOT_NAMES and not (first in GIVEN_NAMES and len(words) > 1 and words[1][0].isupper()):
        return False
    if first in ("the", "a", "an"):
        return find_agency(re.split(r"[,;&/|]", names)[0]) is not None
    capitals = [
        word[0].isupper() or word.casefold() in LOWERCASE_BYLINE_WORDS or find_agency(word) is not None
        for word in words
    ]
    return all(capitals) and any(word[0].isupper() or find_agency(word) for word in words)
