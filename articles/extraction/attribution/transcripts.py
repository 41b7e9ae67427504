"""Transcripts: lines that say first who speaks ("FRITH: …", "A: …"). What follows is said word for word, without marks.

A line that only asks is nobody's statement, and whoever puts the questions ("Q: …") makes none.
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
#: So many lines make a transcript, if somebody speaks twice; a list of "When: …" and "Where: …" is none.
MIN_LINES = 3
#: Of so many lines each would have a speaker of its own: a list.
MAX_SPEAKERS_PER_LINE = 0.75
NON_SPEAKER_LABELS = frozenset(
    "photo related source note update updated correction credit caption read more date time where when what who why how price "
    "rating editor's summary subject from to sent tel phone email web website address contact see also".split()
)
#: Fewer words than this tell nothing ("Order.", "Thank you very much.").
MIN_STATEMENT_WORDS = 5
#: How sure it is that a line is a statement of whom it names.
CONFIDENCE = 0.9
QUESTION_END = re.compile(r"[?][\"”’')]*\s*$")
SENTENCE = re.compile(r"[^.?!]*[.?!]+[\"”’')]*|[^.?!]+$")


class TranscriptLine(NamedTuple):
    """What one speaker says until the next does: the words that name the speaker, and what is said."""

    label: Span
    content: Span


def find_lines(document: Document) -> tuple[TranscriptLine, ...]:
    """The lines of a text that is a transcript, or has one in it; none where it has not."""
    matches = [
        match
        for match in LABELLED_LINE.finditer(document.text)
        if match[0].rstrip()[-1] == ":" or match["who"] in ("Q", "A")  # "Q. …" and "A. …" have a full stop as often
        if match["who"].casefold() not in NON_SPEAKER_LABELS
    ]
    often = Counter(match["who"].casefold() for match in matches)
    if (
        len(matches) < MIN_LINES
        or len(often) < 2
        or max(often.values()) < 2
        or len(often) > len(matches) * MAX_SPEAKERS_PER_LINE
    ):
        return ()
    if not any(
        match["who"].casefold() in QUESTION_LABELS | ANSWER_LABELS or _looks_like_name(match["who"])
        for match in matches
    ):
        return ()
    found = []
    for at, match in enumerate(matches):
        paragraph = document.paragraphs[document.paragraph_index(match.end())]
        end = paragraph.end
        if at + 1 < len(matches):
            end = min(end, matches[at + 1].start())
        while end > match.end() and document.text[end - 1].isspace():
            end -= 1
        found.append(TranscriptLine(Span(*match.span("who")), Span(match.end(), end)))
    return tuple(found)


def _looks_like_name(label: str) -> bool:
    """Does a label look like somebody's name: all capitals, or a name of two words?"""
    return label.isupper() or " " in label


def add_line_attributions(
    document: Document, said: Sequence[TranscriptLine], others: Sequence[Attribution]
) -> list[Attribution]:
    """The attributions of a text with transcript lines in it: a line each, and what is attributed within them.

    Of the `others` those go that took a line's name and colon for words and a verb of saying.
    """
    starts = [line.label.start for line in said]
    own = [
        Attribution((line.label,), (), (line.content,), CONFIDENCE, pattern=PATTERN)
        for line in said
        if _is_statement(document, line)
    ]
    kept = [one for one in others if not _overlaps_label(document, one, said, starts)]
    return sorted([*own, *kept], key=lambda one: (one.content[0].start, -one.content[-1].end))


def line_at(said: Sequence[TranscriptLine], offset: int) -> TranscriptLine | None:
    """The line that a place lies in."""
    at = bisect_right(said, offset, key=lambda line: line.label.start) - 1
    return said[at] if at >= 0 and said[at].label.start <= offset < said[at].content.end else None


def is_question(document: Document, line: TranscriptLine) -> bool:
    """Does a line come from whoever puts the questions?"""
    return document.text[line.label.start : line.label.end].casefold() in QUESTION_LABELS


def is_answer(document: Document, label: Span) -> bool:
    """Does a line only say that it is an answer, and not whose?"""
    return document.text[label.start : label.end].casefold() in ANSWER_LABELS


def _is_statement(document: Document, line: TranscriptLine) -> bool:
    words = document.text[line.content.start : line.content.end]
    if is_question(document, line) or len(words.split()) < MIN_STATEMENT_WORDS:
        return False
    return any(not QUESTION_END.search(sentence[0]) for sentence in SENTENCE.finditer(words) if sentence[0].strip())


def _overlaps_label(
    document: Document, one: Attribution, said: Sequence[TranscriptLine], starts: Sequence[int]
) -> bool:
    """Did somebody take the line itself for an attribution: its name for a source, its colon for a cue?

    What is asked, and what "I" and "we" say within a line, goes as well: it is in the line.
    """
    spans = (*one.source, *one.cue, *one.content)
    for span in spans:
        line = line_at(said, span.start)
        if line is None:
            continue
        if span.start < line.content.start or is_question(document, line):
            return True
        if any(document.text[s.start : s.end].casefold() in ("i", "we", "you") for s in one.source) or not one.source:
            return True
    # Nothing reaches from one line into the next.
    return len({bisect_right(starts, span.start) for span in spans}) > 1
