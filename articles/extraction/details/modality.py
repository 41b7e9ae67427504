"""Detect how certain a statement is, by its first verb group."""

from __future__ import annotations

import re

from articles.extraction.lexicon.cues import DENYING_VERBS
from articles.extraction.proposal import Modality

#: The first match in the statement counts.
MODALITY_SIGNS = re.compile(
    r"(?P<expected>\b(?:is|are|was|were|be|been)\s+(?:also\s+|now\s+|still\s+)?(?:expected|likely|due|set|forecast"
    r"|projected|bound)\s+to\b|\bexpects?\b|\bpredicts?\b|\bforecasts?\b|\bwill\s+(?:probably|likely)\b|\blikely\s+to\b)"
    r"|(?P<possible>\b(?:may|might|could)(?=\s)|\bpossibly\b|\bperhaps\b|\bprobably\b)"
    r"|(?P<planned>\b(?:plan(?:s|ned|ning)?|intend(?:s|ed)?|aim(?:s|ed)?|hope(?:s|d)?|propose(?:s|d)?)\s+to\b"
    r"|\b(?:I|we|We)\s*(?:[’']ll|\s+will|\s+shall|[’']re\s+going\s+to|\s+are\s+going\s+to)\b)"
    r"|(?P<will>\b(?:will|would|shall|won[’']t)\b)"
    r"|(?P<finite>\b(?:is|are|was|were|has|have|had|did|does)\b|[’'](?:s|re|ve|d)\s)",
    re.IGNORECASE,
)


def detect_modality(statement: str, cue: str) -> Modality:
    """Return the modality of a statement. `cue` is the lemma of its cue."""
    if cue in DENYING_VERBS:
        return Modality.DENIED
    match = MODALITY_SIGNS.search(statement)
    if match is None:
        return Modality.ASSERTED
    kind = match.lastgroup
    if kind == "expected":
        return Modality.EXPECTED
    if kind == "possible":
        return Modality.POSSIBLE
    if kind == "planned":
        return Modality.PLANNED
    if kind == "will":
        return Modality.EXPECTED if match[0].casefold() != "would" else Modality.ASSERTED
    return Modality.ASSERTED
