"""The tagger as the stage that finds attributions, with the rules beside it for what no corpus marks."""

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
from articles.extraction.tagger.tagged import TaggedAttribution

#: So sure the rules must be of an attribution around one of the tagger's, which marks one level only.
MIN_RULE_CONFIDENCE = 0.8
PATTERN = "tagger"
#: "…, figures published on Thursday show": seldom in the corpus the tagger learnt from, and no doubt about it.
LEFT_CLAUSE_PATTERN = "left clause"
#: "Readers may not let editorials tell how to vote": before the words, a cue the tagger saw nothing in is seldom one.
RIGHT_PATTERN_PREFIX = "right"
#: "X said …, citing Y": whom the words come from is a step of the chain (`chains.CITING`), no statement.
CITING_CUE = re.compile(r"(?:citing|quoting)", re.IGNORECASE)
#: "…, the agency said, in what would be the first capture of the war": what follows is the writer's.
COMMENT_LEAD_IN = re.compile(r",\s+in\s+\Z")
COMMENT_START = re.compile(r"what\b", re.IGNORECASE)
#: “He complained that they start at 5 a.m. “I never sleep,” he said”: a sentence ends between the two.
SENTENCE_BOUNDARY = re.compile(r"[.!?][”\"]?\s+\Z")
#: "state television quoted | an officer as saying that | …": the origin of the words stands before them.
QUOTING_CUE = re.compile(r"\b(?:quot|cit)(?:es|ed|ing)\b", re.IGNORECASE)
QUOTED_ORIGIN = re.compile(
    r"[^,;:.“”\"\n]{2,120}?\s+as\s+(?:saying|telling|warning|claiming|stating|reporting)(?::|,)?\s+(?:that\s+)?"
)
#: "Reuters reported, citing | a letter to suppliers, that | …".
CITING_BEFORE = re.compile(r"\b(?:citing|quoting)\s+\Z", re.IGNORECASE)
CITED_ORIGIN = re.compile(r"[^;:.“”\"\n]{2,120}?,\s+that\s+")


class _SpanIndex:
    """Which of many spans meets a given one."""

    def __init__(self, spans: Iterable[tuple[Span, int]]) -> None:
        self.spans = sorted(spans)
        self.longest = max((span.end - span.start for span, _ in self.spans), default=0)

    def find_overlap(self, wanted: Span) -> int | None:
        """The number given with the first span that overlaps `wanted`."""
        at = bisect_left(self.spans, (Span(wanted.start - self.longest, 0), -1))
        while at < len(self.spans) and self.spans[at][0].start < wanted.end:
            if self.spans[at][0].end > wanted.start:
                return self.spans[at][1]
            at += 1
        return None

    def overlaps_any(self, spans: Iterable[Span]) -> bool:
        """Does any of the spans meet one of these?"""
        return any(self.find_overlap(span) is not None for span in spans)


def find_with_tagger(document: Document, by_rules: Sequence[Attribution]) -> list[Attribution]:
    """The attributions of a text, in the order of their content; `by_rules` are those the rules find in it.

    What the tagger finds stands. Of the rules' finds is added: the paragraphs a quotation runs on through; quotations
    nobody is named for, whose speaker is carried over; what they are sure of where it saw nothing; and an attribution around one of the tagger's ("Officials
    reported that …, said Lee"), which takes its place, since chains are read off the outer one. Raises
    tagger.Unavailable where the tagger's packages are missing (see tagger.AVAILABLE).
    """
    tagged = tagger.tag(document.text)
    rules = _SpanIndex((span, number) for number, one in enumerate(by_rules) for span in one.cue)
    cues = _SpanIndex((span, number) for number, one in enumerate(tagged) for span in one.cue)
    contents = _SpanIndex((span, number) for number, one in enumerate(tagged) for span in one.content)
    around = [
        rule
        for rule in by_rules
        if rule.confidence >= MIN_RULE_CONFIDENCE and not rule.pattern.startswith(RIGHT_PATTERN_PREFIX)
        if not cues.overlaps_any(rule.cue) and cues.overlaps_any(rule.content)
    ]
    wider = _SpanIndex((span, number) for number, rule in enumerate(around) for span in rule.content)
    found = []
    for one in tagged:
        if wider.overlaps_any(one.cue) or _is_chain_hop(document, one, tagged):
            continue
        number = next((n for span in one.cue if (n := rules.find_overlap(span)) is not None), None)
        twin = by_rules[number] if number is not None else None
        found.append(_to_attribution(document, one, twin, tagged, cues, contents))
    carried = [rule for rule in by_rules if not rule.cue and not contents.overlaps_any(rule.content)]
    missed = [
        rule
        for rule in by_rules
        if rule.cue
        and rule.reporting
        and (rule.confidence >= MIN_RULE_CONFIDENCE or rule.pattern == LEFT_CLAUSE_PATTERN)
        if not rule.pattern.startswith(RIGHT_PATTERN_PREFIX)
        if not cues.overlaps_any((*rule.cue, *rule.content)) and not contents.overlaps_any((*rule.cue, *rule.content))
    ]
    return sorted([*found, *around, *carried, *missed], key=lambda one: (one.content[0].start, -one.content[-1].end))


def _to_attribution(
    document: Document,
    one: TaggedAttribution,
    twin: Attribution | None,
    tagged: Sequence[TaggedAttribution],
    cues: _SpanIndex,
    contents: _SpanIndex,
) -> Attribution:
    """An attribution of the tagger's, with what the rules know of the same cue (`twin`)."""
    # Of a transcript's lines, whichever names another speaker is not this one's.
    content = one.content[:1] + tuple(
        s for s in one.content[1:] if not has_speaker_label(document, s.start) and not _is_comment(document, s)
    )
    if twin is not None:
        here = document.paragraph_index(content[-1].end - 1)
        content += tuple(
            span
            for span in twin.content
            if document.paragraph_index(span.start) > here
            and contents.find_overlap(span) is None
            and document.quote_at(span.start) is not None
        )
        start, first = twin.content[0].start, content[0]
        before = [span for span in twin.content if span.end <= min(first.start, one.cue[0].start)]
        if before and _names_other_speaker(document, before, one, tagged):
            # "The papers show that he was drafted in May, said Lee, before the war": both parts are Lee's.
            content = (*before, *content)
            first = content[0]
        own = any(start < span.end and span.start < first.end for span in (*one.cue, *one.source))
        lead = document.text[start : first.start]
        if start < first.start and not own and not SENTENCE_BOUNDARY.search(lead) and is_reporting(lead):
            # "Officials reported that …, said Lee": what Lee said begins with the officials.
            content = (Span(start, first.end), *content[1:])
    content = _without_origin(document, one, content)
    return Attribution(one.source, one.cue, content, one.confidence, one.reporting, PATTERN)


def _without_origin(document: Document, one: TaggedAttribution, content: tuple[Span, ...]) -> tuple[Span, ...]:
    """What was said, without whom the cue passes it on from (`chains` reads the origin off the words before it).

    "quoted | an officer as saying that | the search was over"; "reported, citing | a letter, that | it had asked".
    """
    first = content[0]
    if first.start < one.cue[-1].end:
        return content
    match = None
    if any(QUOTING_CUE.search(document.text, *span) for span in one.cue):
        match = QUOTED_ORIGIN.match(document.text, first.start, first.end)
    if match is None and CITING_BEFORE.search(document.text, one.cue[0].start, first.start):
        match = CITED_ORIGIN.match(document.text, first.start, first.end)
    return (Span(match.end(), first.end), *content[1:]) if match and match.end() < first.end else content


def _is_comment(document: Document, span: Span) -> bool:
    """Does a later part of what was said only say what the writer makes of it?"""
    before = document.text[max(span.start - len(", in  "), 0) : span.start]
    return COMMENT_START.match(document.text, span.start) is not None and COMMENT_LEAD_IN.search(before) is not None


def _names_other_speaker(
    document: Document, before: Sequence[Span], one: TaggedAttribution, tagged: Sequence[TaggedAttribution]
) -> bool:
    """Do the words before an attribution name somebody else, whom the speaker passes on? A pronoun names nobody."""

    def lies_within(spans: Iterable[Span]) -> bool:
        return any(a.start <= b.start and b.end <= a.end for a in before for b in spans)

    def is_named(spans: Sequence[Span]) -> bool:
        return any(document.text[span.start : span.end].casefold() not in SUBJECT_PRONOUNS for span in spans)

    return (
        is_named(one.source)
        and not lies_within(one.source)
        and any(
            lies_within(other.cue) and lies_within(other.source) and is_named(other.source)
            for other in tagged
            if other is not one
        )
    )


def _is_chain_hop(document: Document, one: TaggedAttribution, tagged: Sequence[TaggedAttribution]) -> bool:
    """Does an attribution only say where another one of its sentence comes from?"""
    if not all(CITING_CUE.fullmatch(document.text, *span) for span in one.cue):
        return False
    sentence = document.sentence_index(one.cue[0].start)
    if not names_a_source(document, one.content[0].start, document.sentences[sentence].end):
        return False
    return any(
        other is not one and other.reporting and document.sentence_index(other.cue[0].start) == sentence
        for other in tagged
    )
