"""Find attributions with the tagger, and add what only the rules find."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from articles.extraction import tagger
from articles.extraction.attribution.attributions import Attribution, has_speaker_label
from articles.extraction.document import Document
from articles.extraction.lexicon.word_classes import SUBJECT_PRONOUNS
from articles.extraction.proposal import Span
from articles.extraction.speakers.chains import names_a_source
from articles.extraction.tagger.cue_classes import is_reporting
from articles.extraction.tagger.windows import TaggedAttribution

#: Confidence that the rules need to add an attribution to the tagger's, which marks one level only.
MIN_RULE_CONFIDENCE = 0.8
PATTERN = "tagger"
#: "…, figures published on Thursday show": rare in the tagger's training corpus, and reliable in the rules.
LEFT_CLAUSE_PATTERN = "left clause"
#: Patterns with the cue before the content. If the tagger finds nothing there, they are rarely right:
#: "Readers may not let editorials tell how to vote".
RIGHT_PATTERN_PREFIX = "right"
#: "X said …, citing Y": the origin is a hop of the chain (`speakers.chains`), and not a statement.
CITING_CUE = re.compile(r"(?:citing|quoting)", re.IGNORECASE)
#: "…, the agency said, in what would be the first capture of the war": the end is the writer's comment.
COMMENT_LEAD_IN = re.compile(r",\s+in\s+\Z")
COMMENT_START = re.compile(r"what\b", re.IGNORECASE)
#: End of a sentence between two parts: “He complained that they start at 5 a.m. “I never sleep,” he said”.
SENTENCE_BOUNDARY = re.compile(r"[.!?][”\"]?\s+\Z")
#: "state television quoted | an officer as saying that | …": the origin comes before the quoted words.
QUOTING_CUE = re.compile(r"\b(?:quot|cit)(?:es|ed|ing)\b", re.IGNORECASE)
QUOTED_ORIGIN = re.compile(
    r"[^,;:.“”\"\n]{2,120}?\s+as\s+(?:saying|telling|warning|claiming|stating|reporting)(?::|,)?\s+(?:that\s+)?"
)
#: "Reuters reported, citing | a letter to suppliers, that | …".
CITING_BEFORE = re.compile(r"\b(?:citing|quoting)\s+\Z", re.IGNORECASE)
CITED_ORIGIN = re.compile(r"[^;:.“”\"\n]{2,120}?,\s+that\s+")


class _SpanIndex:
    """A set of spans that finds overlaps quickly."""

    def __init__(self, spans: Iterable[tuple[Span, int]]) -> None:
        self.spans = sorted(spans)
        self.longest = max((span.end - span.start for span, _ in self.spans), default=0)

    def find_overlap(self, wanted: Span) -> int | None:
        """Return the number stored with the first span that overlaps `wanted`, or None."""
        index = bisect_left(self.spans, (Span(wanted.start - self.longest, 0), -1))
        while index < len(self.spans) and self.spans[index][0].start < wanted.end:
            if self.spans[index][0].end > wanted.start:
                return self.spans[index][1]
            index += 1
        return None

    def overlaps_any(self, spans: Iterable[Span]) -> bool:
        """Return whether any stored span overlaps one of `spans`."""
        return any(self.find_overlap(span) is not None for span in spans)


def find_with_tagger(document: Document, by_rules: Sequence[Attribution]) -> list[Attribution]:
    """Return the attributions of a text, in the order of their content.

    `by_rules` are the attributions that the rules found. All of the tagger's attributions are kept, and these are
    added from the rules:

    - later paragraphs of a quotation;
    - quotations without a named speaker: their speaker is carried over;
    - confident attributions where the tagger found nothing;
    - an attribution around one of the tagger's ("Officials reported that …, said Lee"). It replaces the inner one,
      since chains are read from the outer one.

    Raise TaggerUnavailableError if the tagger's packages are missing (see `tagger.AVAILABLE`).
    """
    tagged = tagger.tag(document.text)
    rule_cues = _SpanIndex((span, number) for number, attribution in enumerate(by_rules) for span in attribution.cue)
    tagged_cues = _SpanIndex((span, number) for number, attribution in enumerate(tagged) for span in attribution.cue)
    tagged_contents = _SpanIndex(
        (span, number) for number, attribution in enumerate(tagged) for span in attribution.content
    )
    outer_rules = [
        rule
        for rule in by_rules
        if rule.confidence >= MIN_RULE_CONFIDENCE and not rule.pattern.startswith(RIGHT_PATTERN_PREFIX)
        if not tagged_cues.overlaps_any(rule.cue) and tagged_cues.overlaps_any(rule.content)
    ]
    outer_contents = _SpanIndex((span, number) for number, rule in enumerate(outer_rules) for span in rule.content)
    found = []
    for attribution in tagged:
        if outer_contents.overlaps_any(attribution.cue) or _is_chain_hop(document, attribution, tagged):
            continue
        number = next((match for span in attribution.cue if (match := rule_cues.find_overlap(span)) is not None), None)
        twin = by_rules[number] if number is not None else None
        found.append(_to_attribution(document, attribution, twin, tagged, tagged_cues, tagged_contents))
    carried = [rule for rule in by_rules if not rule.cue and not tagged_contents.overlaps_any(rule.content)]
    missed = [
        rule
        for rule in by_rules
        if rule.cue
        and rule.reporting
        and (rule.confidence >= MIN_RULE_CONFIDENCE or rule.pattern == LEFT_CLAUSE_PATTERN)
        if not rule.pattern.startswith(RIGHT_PATTERN_PREFIX)
        if not tagged_cues.overlaps_any((*rule.cue, *rule.content))
        and not tagged_contents.overlaps_any((*rule.cue, *rule.content))
    ]
    return sorted(
        [*found, *outer_rules, *carried, *missed],
        key=lambda attribution: (attribution.content[0].start, -attribution.content[-1].end),
    )


def _to_attribution(
    document: Document,
    tagged_attribution: TaggedAttribution,
    twin: Attribution | None,
    tagged: Sequence[TaggedAttribution],
    cues: _SpanIndex,
    contents: _SpanIndex,
) -> Attribution:
    """Return a tagged attribution, completed from the rules' one with the same cue.

    `twin` is that attribution, if there is one.
    """
    # In a transcript, lines that name another speaker do not belong to this attribution.
    content = tagged_attribution.content[:1] + tuple(
        span
        for span in tagged_attribution.content[1:]
        if not has_speaker_label(document, span.start) and not _is_comment(document, span)
    )
    if twin is not None:
        last_paragraph = document.paragraph_index(content[-1].end - 1)
        content += tuple(
            span
            for span in twin.content
            if document.paragraph_index(span.start) > last_paragraph
            and contents.find_overlap(span) is None
            and document.quote_at(span.start) is not None
        )
        start, first = twin.content[0].start, content[0]
        before = [span for span in twin.content if span.end <= min(first.start, tagged_attribution.cue[0].start)]
        if before and _names_other_speaker(document, before, tagged_attribution, tagged):
            # "The papers show that he was drafted in May, said Lee, before the war": Lee said both parts.
            content = (*before, *content)
            first = content[0]
        includes_cue_or_source = any(
            start < span.end and span.start < first.end
            for span in (*tagged_attribution.cue, *tagged_attribution.source)
        )
        lead = document.text[start : first.start]
        if (
            start < first.start
            and not includes_cue_or_source
            and not SENTENCE_BOUNDARY.search(lead)
            and is_reporting(lead)
        ):
            # "Officials reported that …, said Lee": what Lee said begins with "Officials".
            content = (Span(start, first.end), *content[1:])
    content = _without_origin(document, tagged_attribution, content)
    return Attribution(
        tagged_attribution.source,
        tagged_attribution.cue,
        content,
        tagged_attribution.confidence,
        tagged_attribution.reporting,
        PATTERN,
    )


def _without_origin(
    document: Document, tagged_attribution: TaggedAttribution, content: tuple[Span, ...]
) -> tuple[Span, ...]:
    """Return the content without words that name the origin of the quoted words.

    "quoted | an officer as saying that | the search was over"; "reported, citing | a letter, that | it had asked".
    `speakers.chains` reads the origin from the words before the content.
    """
    first = content[0]
    if first.start < tagged_attribution.cue[-1].end:
        return content
    match = None
    if any(QUOTING_CUE.search(document.text, *span) for span in tagged_attribution.cue):
        match = QUOTED_ORIGIN.match(document.text, first.start, first.end)
    if match is None and CITING_BEFORE.search(document.text, tagged_attribution.cue[0].start, first.start):
        match = CITED_ORIGIN.match(document.text, first.start, first.end)
    return (Span(match.end(), first.end), *content[1:]) if match and match.end() < first.end else content


def _is_comment(document: Document, span: Span) -> bool:
    """Return whether a later part of the content is only the writer's comment."""
    before = document.text[max(span.start - len(", in  "), 0) : span.start]
    return COMMENT_START.match(document.text, span.start) is not None and COMMENT_LEAD_IN.search(before) is not None


def _names_other_speaker(
    document: Document,
    before: Sequence[Span],
    tagged_attribution: TaggedAttribution,
    tagged: Sequence[TaggedAttribution],
) -> bool:
    """Return whether the words before an attribution name another speaker.

    The speaker then passes on what the other one said. A pronoun does not name a speaker.
    """

    def lies_within(spans: Iterable[Span]) -> bool:
        return any(a.start <= b.start and b.end <= a.end for a in before for b in spans)

    def is_named(spans: Sequence[Span]) -> bool:
        return any(document.text[span.start : span.end].casefold() not in SUBJECT_PRONOUNS for span in spans)

    return (
        is_named(tagged_attribution.source)
        and not lies_within(tagged_attribution.source)
        and any(
            lies_within(other.cue) and lies_within(other.source) and is_named(other.source)
            for other in tagged
            if other is not tagged_attribution
        )
    )


def _is_chain_hop(
    document: Document, tagged_attribution: TaggedAttribution, tagged: Sequence[TaggedAttribution]
) -> bool:
    """Return whether an attribution only names the origin of another in its sentence."""
    if not all(CITING_CUE.fullmatch(document.text, *span) for span in tagged_attribution.cue):
        return False
    sentence = document.sentence_index(tagged_attribution.cue[0].start)
    if not names_a_source(document, tagged_attribution.content[0].start, document.sentences[sentence].end):
        return False
    return any(
        other is not tagged_attribution and other.reporting and document.sentence_index(other.cue[0].start) == sentence
        for other in tagged
    )
