"""Values that extraction returns.

Offsets are Unicode code points of the input text, half-open: [start, end).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """A range of code points: [start, end)."""

    start: int
    end: int


class Form(StrEnum):
    """How many of the words are inside quotation marks: all, none or some."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Modality(StrEnum):
    """How certain the speaker is."""

    ASSERTED = "asserted"
    EXPECTED = "expected"
    POSSIBLE = "possible"
    PLANNED = "planned"
    DENIED = "denied"


class SpeakerKind(StrEnum):
    """Kind of a named speaker."""

    PERSON = "person"
    ORGANISATION = "organisation"
    AGENCY = "agency"
    DOCUMENT = "document"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speaker of one text. All mentions of a speaker give the same value.

    Named: `name` is the fullest name in the text ("Lee Seong-kweun"). `aliases` are other names that the text itself
    equates with it and that identify the speaker outside the text ("NIS", "South Korea's spy agency"; not
    "the lawmaker").

    Unnamed: `anonymous_number` tells the unnamed speakers of this text apart (1, 2, …) and `name` is the mention
    ("a senior U.S. military official").
    """

    name: str
    kind: SpeakerKind
    anonymous_number: int | None = None
    aliases: tuple[str, ...] = ()
    role: str = ""  # "lawmaker", if the text says so
    organisation: str = ""  # the organisation that they speak for or belong to, if the text says so


@dataclass(frozen=True, slots=True)
class ProposedHop:
    """One hop of the chain. The first hop of a proposal is the origin."""

    speaker: Speaker
    mention: str  # the words that name the speaker here ("the lawmaker", "he")
    span: Span | None  # of those words; None: carried over from an earlier mention
    verb: str  # "said", "briefing", "according to"
    explicit: bool  # False: inferred from the context


@dataclass(frozen=True, slots=True)
class ProposedQuantity:
    """A quantity in the content. An open bound is None.

    "at least 100" = [100, None); "nearly 1,000" = [900, 1000), approximate.
    """

    raw: str
    span: Span
    counts: str  # what is counted, in the words of the text: "fatalities"
    unit: str  # "%", "USD", "km"; empty for a plain count
    lower: Decimal | None
    upper: Decimal | None
    lower_inclusive: bool
    upper_inclusive: bool
    approximate: bool


@dataclass(frozen=True, slots=True)
class StatedOn:
    """When the statement was made: the words, and the days that they mean.

    This is separate from the day of publication.
    """

    words: str
    span: Span
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """One attributed statement."""

    statement: str
    content: tuple[Span, ...]  # in order, not overlapping; several if the cue interrupts a quotation
    cue: tuple[Span, ...]
    source: tuple[Span, ...]  # the mention of the last hop; empty when carried over
    form: Form
    hops: tuple[ProposedHop, ...]  # from the origin to the speaker that the outlet heard; never empty
    modality: Modality
    confidence: float  # in [0, 1]
    reporting: bool = True  # False: a thought or an intention, hidden by default
    quantities: tuple[ProposedQuantity, ...] = ()
    stated_on: StatedOn | None = None
    #: Everything that the last hop says, with the words that name the earlier hops. For "X said Y had said …",
    #: `content` is "…" and this is "Y had said …". Corpora that mark one level mark this.
    last_hop_content: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SameSpeaker:
    """Two speakers of one text that are probably one. An editor decides."""

    first: Speaker
    second: Speaker
    evidence: str  # a sentence for editors


@dataclass(frozen=True, slots=True)
class Extraction:
    """The result for one text."""

    proposals: tuple[Proposal, ...] = ()
    same_speakers: tuple[SameSpeaker, ...] = ()
    language: str = "en"
    warnings: tuple[tuple[str, str], ...] = field(default=())  # (code, sentence)
