"""Values that every import format returns: a Draft or a RejectedError.

Frozen values. No Django, and no access to files: the caller passes bytes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DraftWarning:
    """A problem of the input that was repaired or left for an editor to check."""

    code: str  # stable, kebab-case: "date-missing" (see `codes`)
    detail: str  # one or two sentences for editors: what was found, where, and what was done


class RejectedError(Exception):
    """The input contains no article. `code` is for machines, `detail` says what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type[RejectedError], tuple[str, str]]:
        """Make the exception picklable, so that a worker process can return it."""
        return (type(self), (self.code, self.detail))


@dataclass(frozen=True, slots=True)
class DraftImage:
    """An image in the input. Seed files give only the credit."""

    credit: str = ""
    caption: str = ""
    alt: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A related article: its title, and its URL if known."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class DraftCorrection:
    """A note printed with the article that says what was wrong before."""

    kind: str  # correction, clarification, update, retraction
    note: str


@dataclass(frozen=True, slots=True)
class DraftHop:
    """One hop of a claim's chain in the exchange format."""

    source: str
    kind: str  # person, organisation, agency, document, group, anonymous
    mention: str = ""
    verb: str = ""
    explicit: bool = True
    organisation: str | None = None  # for an unnamed speaker: the organisation that they speak for
    unnamed: int | None = None  # tells the article's unnamed speakers apart: 1, 2, ...


@dataclass(frozen=True, slots=True)
class DraftAnchor:
    """A part of a claim in the draft's text: code points, [start, end)."""

    part: str  # content, cue, source
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DraftQuantity:
    """A quantity. Bounds are decimal strings, to avoid rounding; None is open."""

    raw: str
    counts: str = ""
    unit: str = ""
    lower: str | None = None
    upper: str | None = None
    lower_inclusive: bool = True
    upper_inclusive: bool = True
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A claim from the input (exchange format), not extracted."""

    id: str
    statement: str
    form: str
    modality: str
    cue: str
    review: str
    confidence: float | None
    extractor: str
    stated_from: date | None
    stated_to: date | None
    stated_words: str
    hops: tuple[DraftHop, ...]
    anchors: tuple[DraftAnchor, ...]
    quantities: tuple[DraftQuantity, ...]
    reviewed_at: datetime | None = None
    reviewed_how: str = ""  # desk, bulk, import
    reporting: bool = True  # False: a thought, a plan, or a refusal to say


@dataclass(frozen=True, slots=True)
class Draft:
    """One article from the input, cleaned, with warnings.

    `paragraphs` are NFC, single-line and without markup. Joined by a blank line, they are the text in which claims
    are anchored. `published` is a date if the input gives only a day, and an aware datetime if it gives a time.
    """

    headline: str
    paragraphs: tuple[str, ...]
    summary: str = ""
    bylines: tuple[str, ...] = ()  # as printed, without "By"; includes agencies
    agency: str | None = None  # the news agency in the bylines or in the dateline
    publisher: str | None = None  # its name; None: the caller derives it from the URL's host
    published: date | datetime | None = None
    dateline: str = ""
    images: tuple[DraftImage, ...] = ()
    related: tuple[DraftLink, ...] = ()
    corrections: tuple[DraftCorrection, ...] = ()
    original_url: str | None = None
    language: str = ""  # BCP 47; empty: the caller detects it
    topics: tuple[str, ...] = ()
    warnings: tuple[DraftWarning, ...] = ()
    # Only in the exchange format:
    id: str | None = None
    slug: str | None = None
    status: str | None = None
    embargo_until: datetime | None = None  # aware
    is_from_exchange: bool = False  # True: status, reviews and corrections are unverified statements of the file
    claims: tuple[DraftClaim, ...] | None = None  # None: the caller extracts them

    @property
    def text(self) -> str:
        """The paragraphs joined by a blank line. Anchors are offsets in this text."""
        return "\n\n".join(self.paragraphs)
