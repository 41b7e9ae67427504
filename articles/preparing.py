"""Bytes -> drafts with their proposed claims: importing and extraction, one after the other.

Pure, so that worker processes can do it without a database. What comes back goes to articles.intake.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from articles import importing
from articles.extraction import Extraction, extract
from articles.importing import Draft, Rejected


@dataclass(frozen=True, slots=True)
class Prepared:
    """One article of one file, ready to be stored; or why there is none."""

    part: int  # which article of the file, from 0
    result: Draft | Rejected
    extraction: Extraction | None  # None: rejected, or the draft brings its own claims


def prepare(data: bytes, *, format: str | None = None) -> Iterator[Prepared]:
    """All articles of one file, in order. Never raises: what cannot be read is a Rejected."""
    for part, result in enumerate(importing.read(data, format=format)):
        if isinstance(result, Rejected):
            yield Prepared(part, result, None)
        elif result.claims is not None:
            yield Prepared(part, result, None)
        else:
            extraction = extract(
                result.text, published=publication_day(result.published), language=result.language or None
            )
            yield Prepared(part, result, extraction)


def publication_day(published: date | datetime | None) -> date | None:
    """The day that "Tuesday" is counted back from."""
    return published.date() if isinstance(published, datetime) else published


def digest(data: bytes) -> str:
    """SHA-256, in hex: what an original is kept under."""
    return hashlib.sha256(data).hexdigest()
