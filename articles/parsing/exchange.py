"""The exchange form: JSON Lines as `export_articles` writes them -> drafts with their claims.

One article a line; a file with one article or a list of them, laid out over many lines, is read too.
Required are `headline` and `paragraphs`; everything else may be missing or null, and keys that are
not named here are passed over. Times are ISO 8601; a day alone means that only the day is known.

    article   id, slug, headline, summary, language, status, published_at, published_precision (day, minute),
              embargo_until, dateline, bylines, agency, publisher, images, paragraphs, related, original_url, topics,
              corrections, claims, warnings
    image     credit, caption, alt, url
    related   title, url
    correction  kind, note
    warning   code, detail
    claim     statement, form, hops; id, modality, cue, review, reviewed_at, reviewed_how, confidence, extractor, reporting,
              stated_on or stated_from and stated_to, stated_words, anchors, quantities
              (paragraph and quotes follow from the anchors and are not read)
    hop       source, kind; mention, verb, explicit, organisation, unnamed
    anchor    part, start, end: code points in the paragraphs joined by a blank line, [start, end)
    quantity  raw; counts, unit, lower, upper, lower_inclusive, upper_inclusive, approximate

What a file says about its own publication, reviews and corrections proves nothing: `as_copy` takes it out again.

An article without `claims` has its claims extracted; an empty list says that it has none. Bounds are
read as decimals, so that no figure is rounded on its way.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeGuard

from articles.parsing.cleaning import one_line
from articles.parsing.decode import as_utf8
from articles.parsing.draft import (
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
from articles.parsing.footer import usable

HEAD = re.compile(rb'\s*\[?\s*\{\s*"')
KEYS = (b'"headline"', b'"paragraphs"')
#: A quantity's bounds: so many digits before the point, and so many after it.
WHOLE_DIGITS = 24
DECIMALS = 6
#: The namespace of claim ids made from the story; a random UUID, never to change.
CLAIMS = uuid.UUID("0d4b9f0a-57c1-4c7e-8a36-5b1f0e6f2c94")
#: An article's unnamed speakers are numbered up to here.
UNNAMED_MOST = 32_767
STATUSES = ("draft", "in_review", "scheduled", "published", "retracted")
FORMS = ("direct", "indirect", "mixed")
MODALITIES = ("asserted", "expected", "possible", "planned", "denied")
REVIEWS = ("proposed", "accepted", "edited", "rejected")
HOWS = ("", "desk", "bulk", "import")
KINDS = ("person", "organisation", "agency", "document", "group", "anonymous")
PARTS = ("content", "cue", "source")
CORRECTIONS = ("correction", "clarification", "update", "retraction")

Json = Mapping[str, object]


class _Fault(Exception):
    """What is wrong with a line, in a sentence."""


def is_exchange(head: bytes) -> bool:
    """Do these first bytes begin a line of the exchange form?"""
    return HEAD.match(head) is not None and any(key in head for key in KEYS)


def read_exchange(data: bytes) -> Iterator[Draft | Rejected]:
    """A draft a line, a Rejected that names the line for each that is none. Blank lines are passed over."""
    data = as_utf8(data)
    if (whole := _laid_out(data)) is not None:
        for number, article in enumerate(whole, start=1):
            yield _read(article, f"Article {number}" if len(whole) > 1 else "The article")
        return
    stream = io.BytesIO(data)
    for number, line in enumerate(stream, start=1):
        if line.strip():
            # The only line there is may be one of a longer file, whose number is told beside it.
            yield _read(line, f"Line {number}" if number > 1 or stream.tell() < len(data) else "The line")


def _laid_out(data: bytes) -> list[object] | None:
    """The articles of a file that is one JSON text over many lines; None for JSON Lines."""
    first = data.lstrip()[:1]
    if first == b"{":
        line = data.lstrip().split(b"\n", 1)[0]
        if line.rstrip().endswith((b"}", b"}\r")) or _json(line) is not None:
            return None
    elif first != b"[":
        return None
    whole = _json(data)
    if isinstance(whole, list):
        return whole
    return None if whole is None else [whole]


def _json(text: bytes) -> object | None:
    try:
        return json.loads(text, parse_float=Decimal)  # type: ignore[no-any-return]
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _read(article: object, where: str) -> Draft | Rejected:
    try:
        if isinstance(article, bytes):
            article = json.loads(article, parse_float=Decimal)
        return _draft(_object(article, "the line"))
    except _Fault as fault:
        return Rejected("bad-json", f"{where}: {fault}")
    except (ValueError, ArithmeticError, RecursionError) as error:  # ArithmeticError: 1e99999999999999999999
        return Rejected("bad-json", f"{where} is no JSON: {error}.")


def _draft(line: Json) -> Draft:
    given = [_words(text, "paragraphs") for text in _list(line, "paragraphs")]
    if not given:
        raise _Fault("“paragraphs” is missing or empty.")
    paragraphs = tuple(one_line(unicodedata.normalize("NFC", text)) for text in given)
    headline = one_line(_text(line, "headline", required=True))
    claims = None
    if line.get("claims") is not None:
        story = "\n".join((headline, *paragraphs))
        claims = tuple(
            _claim(_object(claim, "claims"), f"{number}\n{story}")
            for number, claim in enumerate(_list(line, "claims"))
        )
    _check_anchors(given, paragraphs, claims or ())
    return Draft(
        headline=headline,
        paragraphs=paragraphs,
        summary=_text(line, "summary"),
        bylines=tuple(_words(name, "bylines") for name in _list(line, "bylines")),
        agency=_text(line, "agency") or None,
        publisher=_text(line, "publisher") or None,
        published=_published(line),
        embargo_until=_aware(_moment(line, "embargo_until")),
        dateline=_text(line, "dateline"),
        images=tuple(_image(_object(image, "images")) for image in _list(line, "images")),
        related=tuple(_link(_object(link, "related")) for link in _list(line, "related")),
        corrections=tuple(_correction(_object(note, "corrections")) for note in _list(line, "corrections")),
        original_url=_url(line, "original_url"),
        language=_text(line, "language"),
        topics=tuple(_words(topic, "topics") for topic in _list(line, "topics")),
        warnings=tuple(
            Warning(_text(found, "code", required=True), _text(found, "detail"))
            for found in (_object(item, "warnings") for item in _list(line, "warnings"))
        ),
        id=_id(line) if line.get("id") else None,
        slug=_text(line, "slug") or None,
        status=_choice(line, "status", STATUSES) if line.get("status") else None,
        from_exchange=True,
        claims=claims,
    )


def as_copy(draft: Draft, *, accept: float | None = None) -> Draft:
    """Return the draft without the status, corrections and reviews of its file.

    Its claims are proposed again. With `accept` those of at least this confidence are accepted by the import,
    but for claims that the file calls rejected.
    """
    claims = None if draft.claims is None else tuple(_reviewed_here(claim, accept) for claim in draft.claims)
    return replace(draft, status=None, corrections=(), claims=claims)


def _reviewed_here(claim: DraftClaim, accept: float | None) -> DraftClaim:
    accepted = (
        accept is not None and claim.review != "rejected" and claim.reporting and (claim.confidence or 0.0) >= accept
    )
    return replace(
        claim,
        review="accepted" if accepted else "proposed",
        reviewed_at=None,
        reviewed_how="import" if accepted else "",
    )


def _check_anchors(given: list[str], paragraphs: tuple[str, ...], claims: tuple[DraftClaim, ...]) -> None:
    """Anchors count in the paragraphs as they are kept: NFC, each on one line."""
    length = sum(map(len, paragraphs)) + 2 * (len(paragraphs) - 1)
    changed = list(paragraphs) != given
    for claim in claims:
        if claim.anchors and changed:
            raise _Fault(
                "The paragraphs are not in normal form (NFC, one line each, single spaces), so that anchors in them "
                "cannot be trusted. Bring them into it, or leave out the claims to have them extracted anew."
            )
        if any(anchor.end > length for anchor in claim.anchors):
            raise _Fault(f"Claim {claim.id} is anchored beyond the end of the text, which has {length} characters.")


def _published(line: Json) -> date | datetime | None:
    moment = _moment(line, "published_at")
    precision = _choice(line, "published_precision", ("day", "minute", ""), default="")
    return moment.date() if isinstance(moment, datetime) and precision == "day" else moment


def _claim(claim: Json, place: str) -> DraftClaim:
    """`place` is where it stands; a claim without an id gets one that follows from that."""
    said = _day(claim, "stated_on")
    review = _choice(claim, "review", REVIEWS, default="proposed")
    stated_from, stated_to = _day(claim, "stated_from") or said, _day(claim, "stated_to") or said
    if (stated_from is None) != (stated_to is None) or (stated_from and stated_to and stated_from > stated_to):
        raise _Fault("A claim's “stated_from” and “stated_to” must both be days, the first not after the second.")
    hops = tuple(_hop(_object(hop, "hops")) for hop in _list(claim, "hops"))
    if not hops:
        raise _Fault("A claim needs at least one hop: somebody who said it.")
    return DraftClaim(
        id=_id(claim) if claim.get("id") else str(uuid.uuid5(CLAIMS, place)),
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
        reporting=_yes(claim, "reporting"),
        reviewed_at=_aware(_moment(claim, "reviewed_at")),
        reviewed_how=_choice(claim, "reviewed_how", HOWS, default=""),
    )


def _hop(hop: Json) -> DraftHop:
    unnamed = hop.get("unnamed")
    if unnamed is not None and not (type(unnamed) is int and 0 < unnamed <= UNNAMED_MOST):
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
    if not (type(start) is int and type(end) is int and 0 <= start < end):
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
    return DraftImage(_text(image, "credit"), _text(image, "caption"), _text(image, "alt"), _url(image, "url"))


def _link(link: Json) -> DraftLink:
    return DraftLink(_text(link, "title", required=True), _url(link, "url"))


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
    return _clean(value, key)


def _text(line: Json, key: str, *, required: bool = False) -> str:
    value = line.get(key)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise _Fault(f"“{key}” should be text.")
    if required and not value.strip():
        raise _Fault(f"“{key}” is missing.")
    return _clean(value, key)


def _clean(value: str, key: str) -> str:
    """Text that a database can keep."""
    if "\x00" in value:
        raise _Fault(f"“{key}” has a NUL in it.")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise _Fault(f"“{key}” has half a character in it (a lone surrogate).")
    return value


def _url(line: Json, key: str) -> str | None:
    value = _text(line, key).strip()
    if value and not usable(value):
        raise _Fault(f"“{key}” is no address that can be kept: {value[:100]}")
    return value or None


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
    number = Decimal(value) if type(value) is int else value
    if not isinstance(number, Decimal) or not number.is_finite():
        raise _Fault(f"“{key}” should be a number, or null where it is open.")
    exponent = number.as_tuple().exponent
    if number and (number.adjusted() >= WHOLE_DIGITS or (isinstance(exponent, int) and exponent < -2 * DECIMALS)):
        raise _Fault(
            f"“{key}” has more digits than can be kept: {WHOLE_DIGITS} before the point, {DECIMALS} after it."
        )
    return f"{number:f}"


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
    """The moment in UTC; a day is its midnight, a time without a zone is taken as UTC."""
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise _Fault(f"{moment.isoformat()} is no time that can be kept.") from error
