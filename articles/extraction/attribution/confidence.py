"""Estimate the confidence of attributions found by rules.

Each figure is a measured precision on PolNeAR's 840 training articles: the share of finds of a pattern in
which content and source both match the corpus's annotation. An editor would accept some of the others too.
"""

from __future__ import annotations

from articles.extraction.lexicon.word_classes import DETERMINERS, RELATIVES, SPEAKER_NOUNS, SUBJECT_PRONOUNS

#: By pattern, for cues that report speech.
REPORTING_PRECISION = {
    "left quote": 0.96, "inverted left quote": 0.94, "right quote": 0.92, "introduced": 0.86, "right question": 0.83,
    "right that": 0.84, "right clause": 0.82, "left clause": 0.81, "inverted left clause": 0.81, "according": 0.80,
    "participle clause": 0.77, "participle that": 0.76, "participle quote": 0.76, "right order": 0.76, "right as": 0.85,
    "right noun": 0.70, "colon-verb": 0.68, "colon": 0.67, "participle noun": 0.62, "right infinitive": 0.61,
    "participle question": 0.75, "participle infinitive": 0.50, "right colon": 0.54, "carried": 0.50, "left as": 0.40,
    "noun": 0.40,
}  # fmt: skip
#: By pattern, for cues of thought or intention.
THINKING_PRECISION = {"right that": 0.67, "right clause": 0.57, "right infinitive": 0.50, "right question": 0.53}
DEFAULT_PRECISION = 0.5
#: Factor for a pattern in a coordination ("and …").
COORDINATION_FACTOR = 0.92
#: Factor by the kind of source, relative to a name.
PRONOUN_FACTOR, SPEAKER_NOUN_FACTOR, OTHER_NOUN_FACTOR, RELATIVE_FACTOR = 0.97, 0.96, 0.82, 0.7


def estimate_confidence(pattern: str, source: str, *, reporting: bool) -> float:
    """Return the confidence, in (0, 1), of a pattern with this source text."""
    coordination_factor = COORDINATION_FACTOR if pattern.startswith("and ") else 1.0
    precision = (REPORTING_PRECISION if reporting else THINKING_PRECISION).get(
        pattern.removeprefix("and "), DEFAULT_PRECISION
    )
    return round(precision * coordination_factor * _source_factor(source), 2)


def _source_factor(source: str) -> float:
    words = source.split()
    if not words:
        return 1.0
    first = words[0].casefold()
    if len(words) == 1 and first in SUBJECT_PRONOUNS:
        return PRONOUN_FACTOR
    if first in RELATIVES:
        return RELATIVE_FACTOR
    if any(word[0].isupper() for word in words[1:]) or (words[0][0].isupper() and first not in DETERMINERS):
        return 1.0
    is_speaker_noun = any(word.casefold().strip(",.") in SPEAKER_NOUNS for word in words)
    return SPEAKER_NOUN_FACTOR if is_speaker_noun else OTHER_NOUN_FACTOR
