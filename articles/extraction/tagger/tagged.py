"""What the tagger hands out."""

from __future__ import annotations

from dataclasses import dataclass

from articles.extraction.proposal import Span


@dataclass(frozen=True, slots=True)
class TaggedAttribution:
    """One attribution: spans of the text handed in, code points, half-open, in order."""

    source: tuple[Span, ...]  # empty where the text names nobody here
    cue: tuple[Span, ...]
    content: tuple[Span, ...]  # never empty
    confidence: float  # how probable it is that an annotator marked the same, calibrated, in [0, 1]
    reporting: bool  # False: a thought, a feeling or an intention
