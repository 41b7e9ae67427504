"""Read the exchange format: JSON Lines as written by `export_articles`.

One article per line. A file with one article or a list of articles, formatted over many lines, is read too. Required
are `headline` and `paragraphs`. Everything else may be missing or null, and unknown keys are ignored. Times are
ISO 8601; a date alone means that only the day is known.

    article   id, slug, headline, summary, language, status, published_at, published_precision (day, minute),
              embargo_until, dateline, bylines, agency, publisher, images, paragraphs, related, original_url, topics,
              corrections, claims, warnings
    image     credit, caption, alt, url
    related   title, url
    correction  kind, note
    warning   code, detail
    claim     statement, form, hops; id, modality, cue, review, reviewed_at, reviewed_how, confidence, extractor,
              reporting, stated_on or stated_from and stated_to, stated_words, anchors, quantities
              (paragraph and quotes follow from the anchors and are not read)
    hop       source, kind; mention, verb, explicit, organisation, unnamed
    anchor    part, start, end: code points in the paragraphs joined by a blank line, [start, end)
    quantity  raw; counts, unit, lower, upper, lower_inclusive, upper_inclusive, approximate

What a file says about its own publication, reviews and corrections is not verified: `drop_editorial_state` removes
it.

For an article without `claims`, claims are extracted; an empty list means that it has none. Bounds are read as
decimals, so that no number is rounded.
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

from articles.parsing.cleaning import collapse_whitespace
from articles.parsing.decode import convert_to_utf8
from articles.parsing.draft import (
    Draft,
    DraftAnchor,
    DraftClaim,
    DraftCorrection,
    DraftHop,
    DraftImage,
    DraftLink,
    DraftQuantity,
    DraftWarning,
    RejectedError,
)
from articles.parsing.footer import is_usable_url

EXCHANGE_START = re.compile(rb'\s*\[?\s*\{\s*"')
IDENTIFYING_KEYS = (b'"headline"', b'"paragraphs"')
#: Maximum digits of a quantity's bounds, before and after the decimal point.
MAX_WHOLE_DIGITS = 24
DECIMAL_PLACES = 6
#: Namespace of claim ids that are derived from the article. A random UUID that must never change.
CLAIM_ID_NAMESPACE = uuid.UUID("0d4b9f0a-57c1-4c7e-8a36-5b1f0e6f2c94")
#: Highest number of an article's unnamed speakers (a database limit).
MAX_UNNAMED_NUMBER = 32_767
STATUSES = ("draft", "in_review", "scheduled", "published", "retracted")
CLAIM_FORMS = ("direct", "indirect", "mixed")
MODALITIES = ("asserted", "expected", "possible", "planned", "denied")
REVIEW_STATES = ("proposed", "accepted", "edited", "rejected")
REVIEW_METHODS = ("", "desk", "bulk", "import")
SOURCE_KINDS = ("person", "organisation", "agency", "document", "group", "anonymous")
ANCHOR_PARTS = ("content", "cue", "source")
CORRECTION_KINDS = ("correction", "clarification", "update", "retraction")

JsonObject = Mapping[str, object]


class _InvalidLineError(Exception):
    """A line is invalid. The message is a sentence that says what is wrong."""


def is_exchange(head: bytes) -> bool:
    """Return whether the first bytes of a file begin a line of the exchange format."""
    return EXCHANGE_START.match(head) is not None and any(key in head for key in IDENTIFYING_KEYS)


def read_exchange(data: bytes) -> Iterator[Draft | RejectedError]:
    """Yield a draft per line, or a RejectedError that names the line.

    Blank lines are skipped.
    """
    data = convert_to_utf8(data)
    if (articles := _parse_whole_file(data)) is not None:
        for number, article in enumerate(articles, start=1):
            yield _read_article(article, f"Article {number}" if len(articles) > 1 else "The article")
        return
    stream = io.BytesIO(data)
    for number, line in enumerate(stream, start=1):
        if line.strip():
            # A single line may come from a longer file; its number is then shown elsewhere.
            yield _read_article(line, f"Line {number}" if number > 1 or stream.tell() < len(data) else "The line")


def _parse_whole_file(data: bytes) -> list[object] | None:
    """Return the articles of a file that is one JSON text; None for JSON Lines."""
    first = data.lstrip()[:1]
    if first == b"{":
        line = data.lstrip().split(b"\n", 1)[0]
        if line.rstrip().endswith((b"}", b"}\r")) or _parse_json(line) is not None:
            return None
    elif first != b"[":
        return None
    parsed = _parse_json(data)
    if isinstance(parsed, list):
        return parsed
    return None if parsed is None else [parsed]


def _parse_json(text: bytes) -> object | None:
    try:
        return json.loads(text, parse_float=Decimal)  # type: ignore[no-any-return]
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _read_article(article: object, where: str) -> Draft | RejectedError:
    try:
        if isinstance(article, bytes):
            article = json.loads(article, parse_float=Decimal)
        return _build_draft(_require_object(article, "the line"))
    except _InvalidLineError as invalid:
        return RejectedError("bad-json", f"{where}: {invalid}")
    except (ValueError, ArithmeticError, RecursionError) as error:  # ArithmeticError: 1e99999999999999999999
        return RejectedError("bad-json", f"{where} is not valid JSON: {error}.")


def _build_draft(line: JsonObject) -> Draft:
    raw_paragraphs = [_require_text(text, "paragraphs") for text in _get_list(line, "paragraphs")]
    if not raw_paragraphs:
        raise _InvalidLineError("“paragraphs” is missing or empty.")
    paragraphs = tuple(collapse_whitespace(unicodedata.normalize("NFC", text)) for text in raw_paragraphs)
    headline = collapse_whitespace(_get_text(line, "headline", required=True))
    claims = None
    if line.get("claims") is not None:
        article_text = "\n".join((headline, *paragraphs))
        claims = tuple(
            _build_claim(_require_object(claim, "claims"), f"{number}\n{article_text}")
            for number, claim in enumerate(_get_list(line, "claims"))
        )
    _check_anchors(raw_paragraphs, paragraphs, claims or ())
    return Draft(
        headline=headline,
        paragraphs=paragraphs,
        summary=_get_text(line, "summary"),
        bylines=tuple(_require_text(name, "bylines") for name in _get_list(line, "bylines")),
        agency=_get_text(line, "agency") or None,
        publisher=_get_text(line, "publisher") or None,
        published=_get_published(line),
        embargo_until=_to_utc(_get_day_or_time(line, "embargo_until")),
        dateline=_get_text(line, "dateline"),
        images=tuple(_build_image(_require_object(image, "images")) for image in _get_list(line, "images")),
        related=tuple(_build_link(_require_object(link, "related")) for link in _get_list(line, "related")),
        corrections=tuple(
            _build_correction(_require_object(note, "corrections")) for note in _get_list(line, "corrections")
        ),
        original_url=_get_url(line, "original_url"),
        language=_get_text(line, "language"),
        topics=tuple(_require_text(topic, "topics") for topic in _get_list(line, "topics")),
        warnings=tuple(
            DraftWarning(_get_text(warning, "code", required=True), _get_text(warning, "detail"))
            for warning in (_require_object(item, "warnings") for item in _get_list(line, "warnings"))
        ),
        id=_get_uuid(line) if line.get("id") else None,
        slug=_get_text(line, "slug") or None,
        status=_get_choice(line, "status", STATUSES) if line.get("status") else None,
        is_from_exchange=True,
        claims=claims,
    )


def drop_editorial_state(draft: Draft, *, accept: float | None = None) -> Draft:
    """Return the draft without the status, corrections and reviews of its file.

    All claims become proposals. With `accept`, reporting claims of at least this confidence are accepted by the
    import, unless the file calls them rejected.
    """
    claims = None if draft.claims is None else tuple(_reset_review(claim, accept) for claim in draft.claims)
    return replace(draft, status=None, corrections=(), claims=claims)


def _reset_review(claim: DraftClaim, accept: float | None) -> DraftClaim:
    accepted = (
        accept is not None and claim.review != "rejected" and claim.reporting and (claim.confidence or 0.0) >= accept
    )
    return replace(
        claim,
        review="accepted" if accepted else "proposed",
        reviewed_at=None,
        reviewed_how="import" if accepted else "",
    )


def _check_anchors(raw_paragraphs: list[str], paragraphs: tuple[str, ...], claims: tuple[DraftClaim, ...]) -> None:
    """Raise _InvalidLineError unless the anchors fit the stored paragraphs.

    Anchors are offsets in the normalised paragraphs (NFC, one line each).
    """
    length = sum(map(len, paragraphs)) + 2 * (len(paragraphs) - 1)
    changed = list(paragraphs) != raw_paragraphs
    for claim in claims:
        if claim.anchors and changed:
            raise _InvalidLineError(
                "The paragraphs are not in normal form (NFC, one line each, single spaces), so the anchors may be wrong. "
                "Normalise the paragraphs, or leave out the claims to have them extracted."
            )
        if any(anchor.end > length for anchor in claim.anchors):
            raise _InvalidLineError(
                f"An anchor of claim {claim.id} is beyond the end of the text, which has {length} characters."
            )


def _get_published(line: JsonObject) -> date | datetime | None:
    moment = _get_day_or_time(line, "published_at")
    precision = _get_choice(line, "published_precision", ("day", "minute", ""), default="")
    return moment.date() if isinstance(moment, datetime) and precision == "day" else moment


def _build_claim(claim: JsonObject, seed: str) -> DraftClaim:
    """Return a claim. A claim without an id gets one that is derived from `seed`."""
    stated_on = _get_day(claim, "stated_on")
    review = _get_choice(claim, "review", REVIEW_STATES, default="proposed")
    stated_from, stated_to = _get_day(claim, "stated_from") or stated_on, _get_day(claim, "stated_to") or stated_on
    if (stated_from is None) != (stated_to is None) or (stated_from and stated_to and stated_from > stated_to):
        raise _InvalidLineError(
            "A claim's “stated_from” and “stated_to” must both be days, and the first must not be after the second."
        )
    hops = tuple(_build_hop(_require_object(hop, "hops")) for hop in _get_list(claim, "hops"))
    if not hops:
        raise _InvalidLineError("A claim needs at least one hop: a speaker who said it.")
    return DraftClaim(
        id=_get_uuid(claim) if claim.get("id") else str(uuid.uuid5(CLAIM_ID_NAMESPACE, seed)),
        statement=_get_text(claim, "statement", required=True),
        form=_get_choice(claim, "form", CLAIM_FORMS),
        modality=_get_choice(claim, "modality", MODALITIES, default="asserted"),
        cue=_get_text(claim, "cue"),
        review=review,
        confidence=_get_share(claim, "confidence"),
        extractor=_get_text(claim, "extractor"),
        stated_from=stated_from,
        stated_to=stated_to,
        stated_words=_get_text(claim, "stated_words"),
        hops=hops,
        anchors=tuple(_build_anchor(_require_object(anchor, "anchors")) for anchor in _get_list(claim, "anchors")),
        quantities=tuple(
            _build_quantity(_require_object(quantity, "quantities")) for quantity in _get_list(claim, "quantities")
        ),
        reporting=_get_flag(claim, "reporting"),
        reviewed_at=_to_utc(_get_day_or_time(claim, "reviewed_at")),
        reviewed_how=_get_choice(claim, "reviewed_how", REVIEW_METHODS, default=""),
    )


def _build_hop(hop: JsonObject) -> DraftHop:
    unnamed = hop.get("unnamed")
    if unnamed is not None and not (type(unnamed) is int and 0 < unnamed <= MAX_UNNAMED_NUMBER):
        raise _InvalidLineError(f"A hop's “unnamed” must be a whole number from 1 to {MAX_UNNAMED_NUMBER}.")
    return DraftHop(
        source=_get_text(hop, "source", required=True),
        kind=_get_choice(hop, "kind", SOURCE_KINDS),
        mention=_get_text(hop, "mention"),
        verb=_get_text(hop, "verb"),
        explicit=_get_flag(hop, "explicit"),
        organisation=_get_text(hop, "organisation") or None,
        unnamed=unnamed,
    )


def _build_anchor(anchor: JsonObject) -> DraftAnchor:
    start, end = anchor.get("start"), anchor.get("end")
    if not (type(start) is int and type(end) is int and 0 <= start < end):
        raise _InvalidLineError("An anchor needs the whole numbers “start” and “end”, with the end after the start.")
    return DraftAnchor(_get_choice(anchor, "part", ANCHOR_PARTS), start, end)


def _build_quantity(quantity: JsonObject) -> DraftQuantity:
    lower, upper = _get_bound(quantity, "lower"), _get_bound(quantity, "upper")
    if lower is not None and upper is not None and Decimal(lower) > Decimal(upper):
        raise _InvalidLineError("A quantity's “lower” is above its “upper”.")
    return DraftQuantity(
        raw=_get_text(quantity, "raw", required=True),
        counts=_get_text(quantity, "counts"),
        unit=_get_text(quantity, "unit"),
        lower=lower,
        upper=upper,
        lower_inclusive=_get_flag(quantity, "lower_inclusive"),
        upper_inclusive=_get_flag(quantity, "upper_inclusive"),
        approximate=quantity.get("approximate") is True,
    )


def _build_image(image: JsonObject) -> DraftImage:
    return DraftImage(
        _get_text(image, "credit"), _get_text(image, "caption"), _get_text(image, "alt"), _get_url(image, "url")
    )


def _build_link(link: JsonObject) -> DraftLink:
    return DraftLink(_get_text(link, "title", required=True), _get_url(link, "url"))


def _build_correction(correction: JsonObject) -> DraftCorrection:
    return DraftCorrection(
        _get_choice(correction, "kind", CORRECTION_KINDS, default="correction"),
        _get_text(correction, "note", required=True),
    )


# --- Values -----------------------------------------------------------------------------------


def _is_object(value: object) -> TypeGuard[JsonObject]:
    return isinstance(value, dict)


def _require_object(value: object, where: str) -> JsonObject:
    if not _is_object(value):
        raise _InvalidLineError(f"There must be a JSON object in {where}.")
    return value


def _get_list(line: JsonObject, key: str) -> list[object]:
    value = line.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _InvalidLineError(f"“{key}” must be a list.")
    return value


def _require_text(value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _InvalidLineError(f"“{key}” must contain text.")
    return _require_storable_text(value, key)


def _get_text(line: JsonObject, key: str, *, required: bool = False) -> str:
    value = line.get(key)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise _InvalidLineError(f"“{key}” must be text.")
    if required and not value.strip():
        raise _InvalidLineError(f"“{key}” is missing.")
    return _require_storable_text(value, key)


def _require_storable_text(value: str, key: str) -> str:
    """Return the text. Raise _InvalidLineError if a database cannot store it."""
    if "\x00" in value:
        raise _InvalidLineError(f"“{key}” contains a NUL character.")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise _InvalidLineError(f"“{key}” contains half a character (a lone surrogate).")
    return value


def _get_url(line: JsonObject, key: str) -> str | None:
    value = _get_text(line, key).strip()
    if value and not is_usable_url(value):
        raise _InvalidLineError(f"“{key}” is not a usable URL: {value[:100]}")
    return value or None


def _get_choice(line: JsonObject, key: str, choices: tuple[str, ...], *, default: str | None = None) -> str:
    value = line.get(key, default)
    if value is None and default is not None:
        value = default
    if value not in choices or not isinstance(value, str):
        raise _InvalidLineError(f"“{key}” is {value!r}. It must be one of: {', '.join(filter(None, choices))}.")
    return value


def _get_uuid(line: JsonObject) -> str:
    try:
        return str(uuid.UUID(_get_text(line, "id", required=True)))
    except ValueError as error:
        raise _InvalidLineError("“id” must be a UUID.") from error


def _get_flag(line: JsonObject, key: str) -> bool:
    return line.get(key) is not False


def _get_share(line: JsonObject, key: str) -> float | None:
    value = line.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= 1:
        raise _InvalidLineError(f"“{key}” must be a number from 0 to 1.")
    return float(value)


def _get_bound(line: JsonObject, key: str) -> str | None:
    value = line.get(key)
    if value is None:
        return None
    number = Decimal(value) if type(value) is int else value
    if not isinstance(number, Decimal) or not number.is_finite():
        raise _InvalidLineError(f"“{key}” must be a number, or null if it is open.")
    exponent = number.as_tuple().exponent
    if number and (
        number.adjusted() >= MAX_WHOLE_DIGITS or (isinstance(exponent, int) and exponent < -2 * DECIMAL_PLACES)
    ):
        raise _InvalidLineError(
            f"“{key}” has too many digits. The limit is {MAX_WHOLE_DIGITS} before the point and {DECIMAL_PLACES} after it."
        )
    return f"{number:f}"


def _get_day(line: JsonObject, key: str) -> date | None:
    value = _get_text(line, key)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise _InvalidLineError(f"“{key}” must be a date in the form YYYY-MM-DD.") from error


def _get_day_or_time(line: JsonObject, key: str) -> date | datetime | None:
    value = _get_text(line, key)
    if not value:
        return None
    try:
        if len(value) == len("2024-12-19"):
            return date.fromisoformat(value)
        return _to_utc(datetime.fromisoformat(value))
    except ValueError as error:
        raise _InvalidLineError(f"“{key}” must be a date or time in ISO 8601.") from error


def _to_utc(moment: date | datetime | None) -> datetime | None:
    """Return the time in UTC.

    A day gives its midnight. A time without a zone is taken as UTC.
    """
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise _InvalidLineError(f"{moment.isoformat()} is outside the range of times that can be stored.") from error
