"""The exchange form: JSON Lines as `export_articles` writes them -> drafts with their claims.

One article a line. Required: `headline`, `paragraphs`. Everything else may be missing. Bounds are
read as decimals, so that no figure is rounded on its way.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeGuard

from articles.importing.draft import (
    Draft,
    DraftAnchor,
    DraftClaim,
    DraftCorrection,
    DraftHop,
    DraftImage,
    DraftLink,
    DraftQuantity,
    Rejected,
    Warning,
)

HEAD = re.compile(rb'\s*\{\s*"')
KEYS = (b'"headline"', b'"paragraphs"')
STATUSES = ("draft", "in_review", "scheduled", "published", "retracted")
FORMS = ("direct", "indirect", "mixed")
MODALITIES = ("asserted", "expected", "possible", "planned", "denied")
REVIEWS = ("proposed", "accepted", "edited", "rejected")
HOWS = ("", "desk", "bulk", "import")
KINDS = ("person", "organisation", "agency", "document", "group", "anonymous")
PARTS = ("content", "cue", "source")
CORRECTIONS = ("correction", "clarification", "update", "retraction")

Json = Mapping[str, object]


class _Fault(ValueError):
    """What is wrong with a line, in a sentence."""


def is_exchange(head: bytes) -> bool:
    """Do these first bytes begin a line of the exchange form?"""
    return HEAD.match(head) is not None and any(key in head for key in KEYS)


def read_exchange(data: bytes) -> Iterator[Draft | Rejected]:
    """A draft a line, a Rejected that names the line for each that is none. Blank lines are passed over."""
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _draft(_object(json.loads(line, parse_float=Decimal), "the line"))
        except _Fault as fault:
            yield Rejected("bad-json", f"Line {number}: {fault}")
        except (ValueError, RecursionError) as error:
            yield Rejected("bad-json", f"Line {number} is no JSON: {error}")


def _draft(line: Json) -> Draft:
    paragraphs = tuple(_words(text, "paragraphs") for text in _list(line, "paragraphs"))
    if not paragraphs:
        raise _Fault("“paragraphs” is missing or empty.")
    claims = tuple(_claim(_object(claim, "claims")) for claim in _list(line, "claims")) if "claims" in line else None
    return Draft(
        headline=_text(line, "headline", required=True),
        paragraphs=paragraphs,
        summary=_text(line, "summary"),
        bylines=tuple(_words(name, "bylines") for name in _list(line, "bylines")),
        agency=_text(line, "agency") or None,
        publisher=_text(line, "publisher") or None,
        published=_moment(line, "published_at"),
        dateline=_text(line, "dateline"),
        images=tuple(_image(_object(image, "images")) for image in _list(line, "images")),
        related=tuple(_link(_object(link, "related")) for link in _list(line, "related")),
        corrections=tuple(_correction(_object(note, "corrections")) for note in _list(line, "corrections")),
        original_url=_text(line, "original_url") or None,
        language=_text(line, "language"),
        topics=tuple(_words(topic, "topics") for topic in _list(line, "topics")),
        warnings=tuple(
            Warning(_text(found, "code", required=True), _text(found, "detail"))
            for found in (_object(item, "warnings") for item in _list(line, "warnings"))
        ),
        id=_id(line) if line.get("id") else None,
        slug=_text(line, "slug") or None,
        status=_choice(line, "status", STATUSES) if line.get("status") else None,
        claims=claims,
    )


def _claim(claim: Json) -> DraftClaim:
    said = _day(claim, "stated_on")
    review = _choice(claim, "review", REVIEWS, default="proposed")
    stated_from, stated_to = _day(claim, "stated_from") or said, _day(claim, "stated_to") or said
    if (stated_from is None) != (stated_to is None) or (stated_from and stated_to and stated_from > stated_to):
        raise _Fault("A claim's “stated_from” and “stated_to” must both be days, the first not after the second.")
    hops = tuple(_hop(_object(hop, "hops")) for hop in _list(claim, "hops"))
    if not hops:
        raise _Fault("A claim needs at least one hop: somebody who said it.")
    return DraftClaim(
        id=_id(claim),
        statement=_text(claim, "statement", required=True),
        form=_choice(claim, "form", FORMS),
        modality=_choice(claim, "modality", MODALITIES, default="asserted"),
        cue=_text(claim, "cue"),
        review=review,
        confidence=_share(claim, "confidence"),
        extractor=_text(claim, "extractor"),
        stated_from=stated_from,
        stated_to=stated_to,
        stated_words=_text(claim, "stated_words"),
        hops=hops,
        anchors=tuple(_anchor(_object(anchor, "anchors")) for anchor in _list(claim, "anchors")),
        quantities=tuple(_quantity(_object(figure, "quantities")) for figure in _list(claim, "quantities")),
        reviewed_at=_aware(_moment(claim, "reviewed_at")),
        reviewed_how=_choice(claim, "reviewed_how", HOWS, default=""),
    )


def _hop(hop: Json) -> DraftHop:
    unnamed = hop.get("unnamed")
    if unnamed is not None and not (isinstance(unnamed, int) and 0 < unnamed < 32768):
        raise _Fault("A hop's “unnamed” must be a number from 1 on.")
    return DraftHop(
        source=_text(hop, "source", required=True),
        kind=_choice(hop, "kind", KINDS),
        mention=_text(hop, "mention"),
        verb=_text(hop, "verb"),
        explicit=_yes(hop, "explicit"),
        organisation=_text(hop, "organisation") or None,
        unnamed=unnamed,
    )


def _anchor(anchor: Json) -> DraftAnchor:
    start, end = anchor.get("start"), anchor.get("end")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        raise _Fault("An anchor needs “start” and “end”, whole numbers, the end after the start.")
    return DraftAnchor(_choice(anchor, "part", PARTS), start, end)


def _quantity(figure: Json) -> DraftQuantity:
    lower, upper = _bound(figure, "lower"), _bound(figure, "upper")
    if lower is not None and upper is not None and Decimal(lower) > Decimal(upper):
        raise _Fault("A quantity's “lower” is above its “upper”.")
    return DraftQuantity(
        raw=_text(figure, "raw", required=True),
        counts=_text(figure, "counts"),
        unit=_text(figure, "unit"),
        lower=lower,
        upper=upper,
        lower_inclusive=_yes(figure, "lower_inclusive"),
        upper_inclusive=_yes(figure, "upper_inclusive"),
        approximate=figure.get("approximate") is True,
    )


def _image(image: Json) -> DraftImage:
    return DraftImage(
        _text(image, "credit"), _text(image, "caption"), _text(image, "alt"), _text(image, "url") or None
    )


def _link(link: Json) -> DraftLink:
    return DraftLink(_text(link, "title", required=True), _text(link, "url") or None)


def _correction(note: Json) -> DraftCorrection:
    return DraftCorrection(
        _choice(note, "kind", CORRECTIONS, default="correction"), _text(note, "note", required=True)
    )


# --- Values -----------------------------------------------------------------------------------


def _is_object(value: object) -> TypeGuard[Json]:
    return isinstance(value, dict)


def _object(value: object, where: str) -> Json:
    if not _is_object(value):
        raise _Fault(f"There should be an object in {where}.")
    return value


def _list(line: Json, key: str) -> list[object]:
    value = line.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _Fault(f"“{key}” should be a list.")
    return value


def _words(value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Fault(f"“{key}” should hold text.")
    return value


def _text(line: Json, key: str, *, required: bool = False) -> str:
    value = line.get(key)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise _Fault(f"“{key}” should be text.")
    if "\x00" in value:
        raise _Fault(f"“{key}” has a NUL in it.")
    if required and not value.strip():
        raise _Fault(f"“{key}” is missing.")
    return value


def _choice(line: Json, key: str, choices: tuple[str, ...], *, default: str | None = None) -> str:
    value = line.get(key, default)
    if value is None and default is not None:
        value = default
    if value not in choices or not isinstance(value, str):
        raise _Fault(f"“{key}” is {value!r}; it should be one of {', '.join(filter(None, choices))}.")
    return value


def _id(line: Json) -> str:
    try:
        return str(uuid.UUID(_text(line, "id", required=True)))
    except ValueError as error:
        raise _Fault("“id” should be a UUID.") from error


def _yes(line: Json, key: str) -> bool:
    return line.get(key) is not False


def _share(line: Json, key: str) -> float | None:
    value = line.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= 1:
        raise _Fault(f"“{key}” should be a number from 0 to 1.")
    return float(value)


def _bound(line: Json, key: str) -> str | None:
    value = line.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise _Fault(f"“{key}” should be a number, or null where it is open.")
    return str(value)


def _day(line: Json, key: str) -> date | None:
    value = _text(line, key)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise _Fault(f"“{key}” should be a day as YYYY-MM-DD.") from error


def _moment(line: Json, key: str) -> date | datetime | None:
    value = _text(line, key)
    if not value:
        return None
    try:
        if len(value) == len("2024-12-19"):
            return date.fromisoformat(value)
        return _aware(datetime.fromisoformat(value))
    except ValueError as error:
        raise _Fault(f"“{key}” should be a day or a time as ISO 8601 has it.") from error


def _aware(moment: date | datetime | None) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
