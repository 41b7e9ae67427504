"""What extraction gives: proposed claims, as frozen values.

Offsets everywhere are Unicode code points into the text that was handed in,
half-open: [start, end). An editor sees every proposal before a reader does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """[start, end) in code points."""

    start: int
    end: int


class Form(StrEnum):
    """How the words are given: all, none or some of them inside quotation marks."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Modality(StrEnum):
    """How firmly the speaker puts it."""

    ASSERTED = "asserted"
    EXPECTED = "expected"
    POSSIBLE = "possible"
    PLANNED = "planned"
    DENIED = "denied"


class SpeakerKind(StrEnum):
    """What sort of speaker somebody with a name is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    AGENCY = "agency"
    DOCUMENT = "document"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speaker of one text: the same value for every mention of the same one.

    Named: `name` is the fullest name the text gives ("Lee Seong-kweun"), `aliases` other
    names the text itself equates with it and that still say who is meant outside of it
    ("NIS", "South Korea's spy agency"; not "the lawmaker").
    Unnamed: `anonymous` is the number that tells this text's unnamed speakers apart
    (1, 2, ...) and `name` is the mention ("a senior U.S. military official").
    """

    name: str
    kind: SpeakerKind
    anonymous_number: int | None = None
    aliases: tuple[str, ...] = ()
    role: str = ""  # "lawmaker", where the text says so
    organisation: str = ""  # whom they speak for or belong to, where the text says so


@dataclass(frozen=True, slots=True)
class ProposedHop:
    """One step of the chain; the first hop of a proposal is the origin."""

    speaker: Speaker
    mention: str  # the words that name the speaker here ("the lawmaker", "he")
    span: Span | None  # where those words stand; None: carried over from before
    verb: str  # "said", "briefing", "according to"
    explicit: bool  # False: inferred from context, not said in so many words


@dataclass(frozen=True, slots=True)
class ProposedQuantity:
    """A figure in the content. A bound that is open is None.

    "at least 100" = [100, None); "nearly 1,000" = [900, 1000), approximate.
    """

    raw: str
    span: Span
    counts: str  # what is counted, as the text has it: "fatalities"
    unit: str  # "%", "USD", "km"; empty for a plain count
    lower: Decimal | None
    upper: Decimal | None
    lower_inclusive: bool
    upper_inclusive: bool
    approximate: bool


@dataclass(frozen=True, slots=True)
class StatedOn:
    """When it was said: the words, and the days they mean. Separate from publication."""

    words: str
    span: Span
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """One attributed statement, as the extractor sees it."""

    statement: str
    content: tuple[Span, ...]  # in order, not overlapping; a quote may break around its cue
    cue: tuple[Span, ...]
    source: tuple[Span, ...]  # the mention of the last hop; empty when carried over
    form: Form
    hops: tuple[ProposedHop, ...]  # origin first, whoever spoke to the outlet last; never empty
    modality: Modality
    confidence: float  # in [0, 1]
    reporting: bool = True  # False: a thought or an intention, shown on demand
    quantities: tuple[ProposedQuantity, ...] = ()
    stated_on: StatedOn | None = None
    #: All that the last hop is given, with the words that name the steps before it: "X said Y had said …" gives
    #: `content` "…" and this "Y had said …". What corpora that mark one level mark.
    last_hop_content: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SameSpeaker:
    """Two speakers of one text that are probably one; for an editor to decide."""

    first: Speaker
    second: Speaker
    evidence: str  # a sentence for the editor


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one text gives."""

    proposals: tuple[Proposal, ...] = ()
    same_speakers: tuple[SameSpeaker, ...] = ()
    language: str = "en"
    warnings: tuple[tuple[str, str], ...] = field(default=())  # (code, sentence)
