"""Read transcripts: lines that start with their speaker ("FRITH: …", "A: …").

The rest of the line is direct speech without quotation marks. Questions and the interviewer's lines ("Q: …")
are not statements.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from articles.extraction.attribution.attributions import Attribution
from articles.extraction.document import Document
from articles.extraction.proposal import Span

PATTERN = "transcript"
LABELLED_LINE = re.compile(
    r"^[ \t]*(?P<who>Q|A|Question|Answer|(?:[A-Z][\w'’-]+\.?|[A-Z]\.)(?:[ ](?:[A-Z][\w'’-]+\.?|[A-Z]\.)){0,4})[:.][ \t]+(?=\S)",
    re.MULTILINE,
)
QUESTION_LABELS, ANSWER_LABELS = frozenset(("q", "question")), frozenset(("a", "answer"))
#: A transcript has at least this many labelled lines and a speaker with two. A list of "When: …" and "Where:
#: …" has not.
MIN_LINES = 3
#: With more speakers per line than this, the text is a list.
MAX_SPEAKERS_PER_LINE = 0.75
NON_SPEAKER_LABELS = frozenset(
    "photo related source note update updated correction credit caption read more date time where when what who why how price "
    "rating editor's summary subject from to sent tel phone email web website address contact see also".split()
)
#: Shorter lines say nothing ("Order.", "Thank you very much.").
MIN_STATEMENT_WORDS = 5
#: Confidence that a line is a statement of its labelled speaker.
CONFIDENCE = 0.9
QUESTION_END = re.compile(r"[?][\"”’')]*\s*$")
SENTENCE = re.compile(r"[^.?!]*[.?!]+[\"”’')]*|[^.?!]+$")


class TranscriptLine(NamedTuple):
    """A line of a transcript: the label that names the speaker, and the text after it."""

    label: Span
    content: Span


def find_lines(document: Document) -> tuple[TranscriptLine, ...]:
    """Return the lines of each transcript in a text; empty if it has none."""
    matches = [
        match
        for match in LABELLED_LINE.finditer(document.text)
        if match[0].rstrip()[-1] == ":"
        or match["who"] in ("Q", "A")  # "Q. …" and "A. …" are as common as with a colon
        if match["who"].casefold() not in NON_SPEAKER_LABELS
    ]
    label_counts = Counter(match["who"].casefold() for match in matches)
    if (
        len(matches) < MIN_LINES
        or len(label_counts) < 2
        or max(label_counts.values()) < 2
        or len(label_counts) > len(matches) * MAX_SPEAKERS_PER_LINE
    ):
        return ()
    if not any(
        match["who"].casefold() in QUESTION_LABELS | ANSWER_LABELS or _looks_like_name(match["who"])
        for match in matches
    ):
        return ()
    lines = []
    for index, match in enumerate(matches):
        paragraph = document.paragraphs[document.paragraph_index(match.end())]
        end = paragraph.end
        if index + 1 < len(matches):
            end = min(end, matches[index + 1].start())
        while end > match.end() and document.text[end - 1].isspace():
            end -= 1
        lines.append(TranscriptLine(Span(*match.span("who")), Span(match.end(), end)))
    return tuple(lines)


def _looks_like_name(label: str) -> bool:
    """Return whether a label looks like a person's name: all capitals, or two words."""
    return label.isupper() or " " in label


def add_line_attributions(
    document: Document, lines: Sequence[TranscriptLine], attributions: Sequence[Attribution]
) -> list[Attribution]:
    """Add an attribution for each transcript line to those found in the text.

    Drops given attributions that read a line's label and colon as source and cue. The result is in text
    order.
    """
    starts = [line.label.start for line in lines]
    line_attributions = [
        Attribution((line.label,), (), (line.content,), CONFIDENCE, pattern=PATTERN)
        for line in lines
        if _is_statement(document, line)
    ]
    others = [attribution for attribution in attributions if not _overlaps_label(document, attribution, lines, starts)]
    return sorted(
        [*line_attributions, *others],
        key=lambda attribution: (attribution.content[0].start, -attribution.content[-1].end),
    )


def line_at(lines: Sequence[TranscriptLine], offset: int) -> TranscriptLine | None:
    """Return the line that contains an offset, or None."""
    index = bisect_right(lines, offset, key=lambda line: line.label.start) - 1
    return lines[index] if index >= 0 and lines[index].label.start <= offset < lines[index].content.end else None


def is_question(document: Document, line: TranscriptLine) -> bool:
    """Return whether a line is the interviewer's."""
    return document.text[line.label.start : line.label.end].casefold() in QUESTION_LABELS


def is_answer(document: Document, label: Span) -> bool:
    """Return whether a label only marks an answer ("A:") and names nobody."""
    return document.text[label.start : label.end].casefold() in ANSWER_LABELS


def _is_statement(document: Document, line: TranscriptLine) -> bool:
    text = document.text[line.content.start : line.content.end]
    if is_question(document, line) or len(text.split()) < MIN_STATEMENT_WORDS:
        return False
    return any(not QUESTION_END.search(sentence[0]) for sentence in SENTENCE.finditer(text) if sentence[0].strip())


def _overlaps_label(
    document: Document, attribution: Attribution, lines: Sequence[TranscriptLine], starts: Sequence[int]
) -> bool:
    """Return whether an attribution conflicts with the transcript's lines.

    True if it reads a label as a source, lies in a question, has "I", "we", "you" or nothing as its source,
    or spans two lines. The line itself already has these words.
    """
    spans = (*attribution.source, *attribution.cue, *attribution.content)
    for span in spans:
        line = line_at(lines, span.start)
        if line is None:
            continue
        if span.start < line.content.start or is_question(document, line):
            return True
        if (
            any(document.text[s.start : s.end].casefold() in ("i", "we", "you") for s in attribution.source)
            or not attribution.source
        ):
            return True
    # An attribution cannot span two lines.
    return len({bisect_right(starts, span.start) for span in spans}) > 1
