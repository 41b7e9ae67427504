"""What every import format gives: a Draft, or a Rejection.

Plain frozen values. No Django here, and nothing that reads a file: bytes come in
from the caller, and a Draft is all that leaves this room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DraftWarning:
    """An oddity of the input that was repaired or left standing, for an editor to see."""

    code: str  # stable, kebab-case: "date-missing"
    detail: str  # a sentence for a person: what was found, where, what was done about it


class RejectedError(Exception):
    """The input gives no article. `code` is for machines, `detail` says what to do about it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type[RejectedError], tuple[str, str]]:
        """Survive the way back from a worker process."""
        return (type(self), (self.code, self.detail))


@dataclass(frozen=True, slots=True)
class DraftImage:
    """A picture as the input tells of it; seed files give no more than the credit."""

    credit: str = ""
    caption: str = ""
    alt: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A related article: its title, and its address where one was given."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class DraftCorrection:
    """A note printed with the story that says what was wrong before."""

    kind: str  # correction, clarification, update, retraction
    note: str


@dataclass(frozen=True, slots=True)
class DraftHop:
    """One step of a claim's chain in the exchange form."""

    source: str
    kind: str  # person, organisation, agency, document, group, anonymous
    mention: str = ""
    verb: str = ""
    explicit: bool = True
    organisation: str | None = None  # whom somebody unnamed speaks for
    unnamed: int | None = None  # tells the article's unnamed speakers apart: 1, 2, ...


@dataclass(frozen=True, slots=True)
class DraftAnchor:
    """A part of a claim in the draft's text, code points, half-open: [start, end)."""

    part: str  # content, cue, source
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DraftQuantity:
    """A figure. Bounds are decimal strings, so that nothing is rounded; None is open."""

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
    """A claim that came with the input (the exchange form) instead of being extracted."""

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
    reporting: bool = True  # False: a thought, a plan, or what is left unsaid


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as its input gives it, cleaned, with everything that was odd about it.

    `paragraphs` are NFC, single-line, without markup; joined by a blank line they are
    the text that claims are anchored in. `published` is a date when the input names
    only a day and an aware datetime when it names a minute.
    """

    headline: str
    paragraphs: tuple[str, ...]
    summary: str = ""
    bylines: tuple[str, ...] = ()  # as printed, without "By"; an agency's name too
    agency: str | None = None  # the news agency among the bylines or in the dateline
    publisher: str | None = None  # by name; otherwise the caller takes it from the URL's host
    published: date | datetime | None = None
    dateline: str = ""
    images: tuple[DraftImage, ...] = ()
    related: tuple[DraftLink, ...] = ()
    corrections: tuple[DraftCorrection, ...] = ()
    original_url: str | None = None
    language: str = ""  # BCP 47; empty: not said by the input, the caller detects it
    topics: tuple[str, ...] = ()
    warnings: tuple[DraftWarning, ...] = ()
    # Only the exchange form knows these:
    id: str | None = None
    slug: str | None = None
    status: str | None = None
    embargo_until: datetime | None = None  # aware
    is_from_exchange: bool = False  # status, reviews and corrections are only what the file says of itself
    claims: tuple[DraftClaim, ...] | None = None  # None: not given, extract them

    @property
    def text(self) -> str:
        """The paragraphs joined by a blank line: the text that anchors count in."""
        return "\n\n".join(self.paragraphs)
