"""Where something is attributed: which words, by which cue, to which mention. The replaceable stage.

`find` is the whole interface. A statistical tagger that gives the same Attributions takes its place, and
everything after it (speakers, chains, figures, days) stays as it is. This one goes by rules: `clauses` reads
each sentence; here, what goes on beyond a sentence is added, and what lies within another is left to `chains`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.extraction.attribution.clauses import read_sentence
from articles.extraction.attribution.confidence import estimate_confidence
from articles.extraction.attribution.nominal import read_introduction
from articles.extraction.attribution.reader import Clause
from articles.extraction.document import Document, Sentence
from articles.extraction.proposal import Span
from articles.extraction.quotes import Quote

#: A quotation of at least so many words in a sentence without a cue is somebody's statement; shorter
#: ones are titles, nicknames and words used with tongs.
MIN_STATEMENT_WORDS = 5
#: "“LEE: Well, look …": a transcript names who speaks inside the marks.
SPEAKER_LABEL = re.compile(r"[^\W\d_a-z]{2,}(?:[ .'’-][^\W\d_a-z]+){0,3}:\s")
#: A statement goes on over so many quotations at most; a transcript without names is no statement.
MAX_CONTENT_PARTS = 40


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution; spans are code points, [start, end), in order."""

    source: tuple[Span, ...]  # the mention; empty where the speaker is carried over
    cue: tuple[Span, ...]  # empty where nothing but the quotation marks attributes
    content: tuple[Span, ...]
    confidence: float
    reporting: bool = True  # False: a thought or an intention
    pattern: str = ""  # which rule found it


def find_by_rules(document: Document) -> list[Attribution]:
    """Every attribution of a text that lies within no other, in the order of their content."""
    found: list[Attribution] = []
    for number, sentence in enumerate(document.sentences):
        here = outermost_clauses(read_sentence(document.text, sentence))
        if here:
            found += [_to_attribution(document.text, clause) for clause in here]
        elif _is_quotation(sentence):
            introduced = read_introduction(document.text, document.sentences[number - 1]) if number else None
            if introduced is not None:
                content = (Span(sentence.start, sentence.end),)
                clause = Clause(introduced[0], (introduced[1],), content, "introduced")
                found.append(_to_attribution(document.text, clause))
            elif found:
                _carry_speaker_over(document, number, found)
    return found


def outermost_clauses(clauses: Sequence[Clause]) -> list[Clause]:
    """Without those whose cue lies within what another one attributes.

    Of two that lie within one another the one at the end of the sentence has said it all: "Officials reported
    that it was over, said Lee."
    """
    kept = []
    for index, clause in enumerate(clauses):
        inside = False
        for at, other in enumerate(clauses):
            if at == index or not _covers(other, clause.cue[0]):
                continue
            if not _covers(clause, other.cue[0]) or other.cue[0].start > clause.cue[0].start:
                inside = True
                break
        if not inside:
            kept.append(clause)
    return kept


def _covers(clause: Clause, span: Span) -> bool:
    return any(start <= span.start and span.end <= end for start, end in clause.content)


def _to_attribution(text: str, clause: Clause) -> Attribution:
    source = text[clause.source.start : clause.source.end] if clause.source else ""
    sure = estimate_confidence(clause.pattern, source, reporting=clause.reporting)
    spans = (clause.source,) if clause.source else ()
    return Attribution(spans, clause.cue, clause.content, sure, clause.reporting, clause.pattern)


def _is_quotation(sentence: Sentence) -> bool:
    """Is a sentence nothing but quotation?"""
    return any(t.kind == "quote" for t in sentence.tokens) and all(
        t.kind in ("quote", "mark") for t in sentence.tokens
    )


def _carry_speaker_over(document: Document, number: int, found: list[Attribution]) -> None:
    """Add a sentence of nothing but quotation: to the statement before it, or as another by the same speaker."""
    sentence, before = document.sentences[number], found[-1]
    span = Span(sentence.start, sentence.end)
    last = before.content[-1]
    end = max(last.end, before.cue[-1].end if before.cue else 0, before.source[-1].end if before.source else 0)
    previous = document.sentences[number - 1] if number else None
    adjoins = previous is not None and previous.start <= end <= sentence.start
    quoted = any(document.quote_at(one.end - 1) is not None for one in before.content)
    same = sentence.paragraph == document.paragraph_index(end - 1)
    if not same and _has_other_marks(document, before, sentence):
        return
    if (
        adjoins
        and (quoted or same)
        and len(before.content) < MAX_CONTENT_PARTS
        and sentence.paragraph - document.paragraph_index(end - 1) <= 1
    ):
        found[-1] = replace(before, content=(*before.content, span))
        return
    if sentence.paragraph - document.paragraph_index(end - 1) > 1:
        return
    if len(document.text[span.start : span.end].split()) < MIN_STATEMENT_WORDS:
        return
    found.append(Attribution((), (), (span,), estimate_confidence("carried", "", reporting=True), pattern="carried"))


def _has_other_marks(document: Document, before: Attribution, sentence: Sentence) -> bool:
    """Is a paragraph no continuation by its marks? 'A heading' in single marks, a stray mark, "LEE: …"."""
    quotes = [quote for one in before.content if (quote := document.quote_at(one.end - 1)) is not None]
    here = document.quote_at(sentence.start)
    if has_speaker_label(document, sentence.start):
        return True
    if not quotes or here is None:
        return False
    if not here.is_closed and not here.is_continued and quotes[-1].is_closed:
        return True
    return _is_single_quoted(document.text, here) and not _is_single_quoted(document.text, quotes[-1])


def has_speaker_label(document: Document, start: int) -> bool:
    """Does a quotation that begins at an offset say itself whose it is? "LEE: Well, look …"."""
    quote = document.quote_at(start)
    return quote is not None and SPEAKER_LABEL.match(document.text, quote.inner.start) is not None


def _is_single_quoted(text: str, quote: Quote) -> bool:
    return quote.inner.start - quote.start == 1 and text[quote.start] in "'‘"
