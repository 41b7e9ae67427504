"""Find attributions by rules: content, cue and source mention.

`find_by_rules` is the whole interface. The statistical tagger returns the same `Attribution` values, so the
later stages (speakers, chains, quantities, dates) do not depend on how an attribution was found.

`clauses` reads each sentence. This module adds content that continues in the next sentence. `chains` reads
attributions nested inside another one.
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

#: A quotation without a cue needs this many words to be a statement. Shorter ones are titles, nicknames and
#: scare quotes.
MIN_STATEMENT_WORDS = 5
#: “LEE: Well, look …”: a transcript names the speaker inside the quotation marks.
SPEAKER_LABEL = re.compile(r"[^\W\d_a-z]{2,}(?:[ .'’-][^\W\d_a-z]+){0,3}:\s")
#: One statement has at most this many parts. More of them are a transcript without names, which is not a
#: statement.
MAX_CONTENT_PARTS = 40


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution. Spans are Unicode code points, [start, end), in text order."""

    source: tuple[Span, ...]  # the mention; empty if the speaker is carried over
    cue: tuple[Span, ...]  # empty if only the quotation marks attribute
    content: tuple[Span, ...]
    confidence: float
    reporting: bool = True  # False for a thought or an intention
    pattern: str = ""  # the rule that found it


def find_by_rules(document: Document) -> list[Attribution]:
    """Return the outermost attributions of a text, in the order of their sentences."""
    attributions: list[Attribution] = []
    for number, sentence in enumerate(document.sentences):
        clauses = outermost_clauses(read_sentence(document.text, sentence))
        if clauses:
            attributions += [_to_attribution(document.text, clause) for clause in clauses]
        elif _is_quotation(sentence):
            introduced = read_introduction(document.text, document.sentences[number - 1]) if number else None
            if introduced is not None:
                content = (Span(sentence.start, sentence.end),)
                clause = Clause(introduced[0], (introduced[1],), content, "introduced")
                attributions.append(_to_attribution(document.text, clause))
            elif attributions:
                _carry_speaker_over(document, number, attributions)
    return attributions


def outermost_clauses(clauses: Sequence[Clause]) -> list[Clause]:
    """Return the clauses with a cue outside the content of all other clauses.

    If two clauses contain each other's cue, the later cue is the outer one: "Officials reported that it was
    over, said Lee."
    """
    outermost = []
    for index, clause in enumerate(clauses):
        inside = False
        for other_index, other in enumerate(clauses):
            if other_index == index or not _covers(other, clause.cue[0]):
                continue
            if not _covers(clause, other.cue[0]) or other.cue[0].start > clause.cue[0].start:
                inside = True
                break
        if not inside:
            outermost.append(clause)
    return outermost


def _covers(clause: Clause, span: Span) -> bool:
    return any(start <= span.start and span.end <= end for start, end in clause.content)


def _to_attribution(text: str, clause: Clause) -> Attribution:
    source = text[clause.source.start : clause.source.end] if clause.source else ""
    confidence = estimate_confidence(clause.pattern, source, reporting=clause.reporting)
    sources = (clause.source,) if clause.source else ()
    return Attribution(sources, clause.cue, clause.content, confidence, clause.reporting, clause.pattern)


def _is_quotation(sentence: Sentence) -> bool:
    """Return whether a sentence consists of quotations only."""
    return any(t.kind == "quote" for t in sentence.tokens) and all(
        t.kind in ("quote", "mark") for t in sentence.tokens
    )


def _carry_speaker_over(document: Document, number: int, attributions: list[Attribution]) -> None:
    """Add a sentence of quotations only to the last speaker.

    It extends the previous attribution if it continues it. Otherwise it becomes an attribution without source
    and cue. Changes `attributions` in place.
    """
    sentence, previous = document.sentences[number], attributions[-1]
    span = Span(sentence.start, sentence.end)
    last_span = previous.content[-1]
    end = max(
        last_span.end, previous.cue[-1].end if previous.cue else 0, previous.source[-1].end if previous.source else 0
    )
    previous_sentence = document.sentences[number - 1] if number else None
    adjoins = previous_sentence is not None and previous_sentence.start <= end <= sentence.start
    quoted = any(document.quote_at(part.end - 1) is not None for part in previous.content)
    same_paragraph = sentence.paragraph == document.paragraph_index(end - 1)
    if not same_paragraph and _has_other_marks(document, previous, sentence):
        return
    if (
        adjoins
        and (quoted or same_paragraph)
        and len(previous.content) < MAX_CONTENT_PARTS
        and sentence.paragraph - document.paragraph_index(end - 1) <= 1
    ):
        attributions[-1] = replace(previous, content=(*previous.content, span))
        return
    if sentence.paragraph - document.paragraph_index(end - 1) > 1:
        return
    if len(document.text[span.start : span.end].split()) < MIN_STATEMENT_WORDS:
        return
    attributions.append(
        Attribution((), (), (span,), estimate_confidence("carried", "", reporting=True), pattern="carried")
    )


def _has_other_marks(document: Document, previous: Attribution, sentence: Sentence) -> bool:
    """Return whether a quotation's marks show that it starts a new statement.

    Examples: 'a heading' in single marks, a stray mark, a speaker label ("LEE: …").
    """
    previous_quotes = [
        previous_quote for part in previous.content if (previous_quote := document.quote_at(part.end - 1)) is not None
    ]
    quote = document.quote_at(sentence.start)
    if has_speaker_label(document, sentence.start):
        return True
    if not previous_quotes or quote is None:
        return False
    if not quote.is_closed and not quote.is_continued and previous_quotes[-1].is_closed:
        return True
    return _is_single_quoted(document.text, quote) and not _is_single_quoted(document.text, previous_quotes[-1])


def has_speaker_label(document: Document, offset: int) -> bool:
    """Return whether the quotation at an offset names its speaker: "LEE: Well, …"."""
    quote = document.quote_at(offset)
    return quote is not None and SPEAKER_LABEL.match(document.text, quote.inner.start) is not None


def _is_single_quoted(text: str, quote: Quote) -> bool:
    return quote.inner.start - quote.start == 1 and text[quote.start] in "'‘"
