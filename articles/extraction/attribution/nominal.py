"""Attributions without a verb of saying: "according to", "Lee's claim that", "Lee: “…”"."""

from __future__ import annotations

from collections.abc import Sequence

from articles.extraction.attribution.content_end import find_content_end, resumed_content
from articles.extraction.attribution.finite_verbs import has_verb
from articles.extraction.attribution.noun_phrases import Phrase, skip_reduced_relative, subject_after
from articles.extraction.attribution.reader import Clause, SentenceReader, strip_quote_marks
from articles.extraction.attribution.subjects import first_subject, subject_before
from articles.extraction.document import Sentence, Token
from articles.extraction.lexicon.cues import THOUGHT_NOUNS, VERBS
from articles.extraction.lexicon.word_classes import (
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVES,
    SUBORDINATORS,
    is_adverb,
    is_possessive,
)
from articles.extraction.proposal import Span

#: The most tokens of a source of "according to" that is no phrase the rules know.
MAX_SOURCE_TOKENS = 16
#: Between an owner and what they claim stand at most so many words: "Lee's repeated public claim".
MAX_OWNER_DISTANCE_WORDS = 3
#: The most words of an owner: "the newly appointed minister's claim".
MAX_OWNER_WORDS = 4
#: A colon ends the words of a cue that stands so near: "he wrote on Facebook:".
MAX_COLON_DISTANCE_TOKENS = 8


def read_according_to(reading: SentenceReader, index: int) -> Clause | None:
    """ "…, according to X" and "According to X, …"."""
    tokens = reading.tokens
    opens = all(is_adverb(token.lower) or token.kind == "mark" for token in tokens[:index])
    source = subject_after(tokens, index + 2, len(tokens)) or _until_comma(tokens, index + 2)
    if source is None:
        return None
    end = source.core_end if opens and not _is_closed_aside(tokens, source) else source.end
    if opens and end == source.core_end:
        end = skip_reduced_relative(tokens, end, len(tokens))
    if opens and end == source.core_end:
        end = _past_aside(tokens, end)
    content = []
    before = reading.trim_marks(reading.left_content_end, index)
    if not opens and before and reading.has_enough_words(*before):
        content = [reading.span(*before), *resumed_content(reading, end)]
    elif after := reading.trim_marks(end, find_content_end(reading, end, "")):
        content = [reading.span(*after)]
    if not content:
        return None
    reading.cue_end = source.core_end
    return Clause(reading.span(source.start, end), (reading.span(index, index + 2),), tuple(content), "according")


def _until_comma(tokens: Sequence[Token], start: int) -> Phrase | None:
    """ "According to early results of polls taken for the broadcaster, …": whatever it is, up to the comma."""
    for index in range(start, min(start + MAX_SOURCE_TOKENS, len(tokens))):
        if tokens[index].kind in ("mark", "quote"):
            return Phrase(start, index, index) if index > start + 1 and tokens[index].kind == "mark" else None
    return None


def _is_closed_aside(tokens: Sequence[Token], source: Phrase) -> bool:
    """ "According to Lee, the chair, …": is the aside closed by a comma, with a clause after it?"""
    return (
        source.core_end + 1 < source.end < len(tokens)
        and tokens[source.end].text == ","
        and not has_verb(tokens, source.core_end, source.end)
        and has_verb(tokens, source.end, len(tokens))
    )


def _past_aside(tokens: Sequence[Token], comma: int) -> int:
    """Past ", which was published on Tuesday": what is said of a source by the way, before what it says."""
    if comma + 1 >= len(tokens) or tokens[comma].text != ",":
        return comma
    first = tokens[comma + 1].lower
    if first not in RELATIVES and not first.endswith("ed"):
        return comma
    closing = next((i for i in range(comma + 1, len(tokens)) if tokens[i].text == ","), None)
    return closing if closing is not None and has_verb(tokens, closing, len(tokens)) else comma


def read_claim_noun(reading: SentenceReader, index: int) -> Clause | None:
    """ "Lee's claim that …", "a warning by Lee that …"."""
    tokens = reading.tokens
    if index == 0 or index + 2 >= len(tokens):
        return None
    if tokens[index + 1].lower == "that":
        source, after = _owner_span(reading, index), index + 1
    elif tokens[index + 1].lower in ("by", "from") and (phrase := subject_after(tokens, index + 2, len(tokens))):
        source, after = reading.span(phrase.start, phrase.core_end), phrase.core_end
    else:
        return None
    if source is None or reading.lower_at(after) != "that":
        return None
    content = reading.trim_marks(after + 1, find_content_end(reading, after + 1, ""))
    if content is None or not reading.has_enough_words(*content):
        return None
    reporting = tokens[index].lower not in THOUGHT_NOUNS
    return Clause(source, (reading.span(index, index + 1),), (reading.span(*content),), "noun", reporting)


def _owner_span(reading: SentenceReader, index: int) -> Span | None:
    """Whose claim it is."""
    tokens, owner = reading.tokens, index - 1
    while (
        owner > max(0, index - MAX_OWNER_DISTANCE_WORDS)
        and tokens[owner].kind == "word"
        and not is_possessive(tokens[owner].lower)
    ):
        owner -= 1
    if tokens[owner].kind != "word" or not is_possessive(tokens[owner].lower):
        return None
    start = owner
    if tokens[owner].is_capital and tokens[owner].lower not in POSSESSIVES:
        while start > 0 and tokens[start - 1].is_capital and tokens[start - 1].kind == "word":
            start -= 1
    elif tokens[owner].lower not in POSSESSIVES:
        while start > 0 and tokens[start - 1].kind == "word" and owner - start < MAX_OWNER_WORDS:
            if tokens[start].lower in DETERMINERS:
                break
            start -= 1
    while start < owner and tokens[start].lower in PREPOSITIONS | SUBORDINATORS:
        start += 1
    span = reading.span(start, owner + 1)
    possessed = reading.text[span.start : span.end].endswith(("'s", "’s"))
    return Span(span.start, span.end - 2) if possessed else span


def read_colon(reading: SentenceReader, index: int) -> Clause | None:
    """ "Lee: “…”", and "Lee put it bluntly: “…”"; where a cue stands before it, that one has found it."""
    tokens = reading.tokens
    quote = tokens[index + 1]
    if any(quote.start < end and start < quote.end for clause in reading.clauses for start, end in clause.content):
        return None
    end = reading.quotes_end(index + 1)
    if end < len(tokens) and strip_quote_marks(tokens[end - 1]).endswith(","):
        return None  # "Lee was blunt: “It is over,” he said."
    content = (reading.span(index + 1, end),)
    whole = subject_before(tokens, index)
    if whole is not None and whole.start <= 1 and not has_verb(tokens, 0, index):
        return Clause(reading.span(whole.start, whole.core_end), (reading.span(index, index + 1),), content, "colon")
    if first := first_subject(tokens, 0, index):
        phrase, verb = first
        return Clause(reading.span(phrase.start, phrase.end), (reading.span(verb, index),), content, "colon-verb")
    return None


def read_introduction(text: str, sentence: Sentence) -> tuple[Span, Span] | None:
    """Source and cue of a sentence that ends in a colon, before a quotation in the next paragraph."""
    tokens = sentence.tokens
    if len(tokens) < 3 or tokens[-1].text != ":":
        return None
    reading = SentenceReader(text, tokens)
    last = len(tokens) - 1
    for index in range(last - 1, max(0, last - MAX_COLON_DISTANCE_TOKENS), -1):
        verb = VERBS.get(tokens[index].lower)
        if verb is not None and verb.reporting and verb.form in ("past", "s"):
            subject = subject_before(tokens, index)
            if subject is not None:
                return reading.span(subject.start, subject.end), reading.span(index, index + 1)
    if first := first_subject(tokens, 0, last):
        return reading.span(first[0].start, first[0].end), reading.span(first[1], last)
    whole = subject_before(tokens, last)
    if whole is not None and whole.start <= 1:
        return reading.span(whole.start, whole.core_end), reading.span(last, last + 1)
    return None
