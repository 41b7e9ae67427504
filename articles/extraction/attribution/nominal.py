"""Read attributions without a verb of saying.

"according to X", "Lee's claim that …", "Lee: “…”".
"""

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

#: Maximum length of an "according to" source that is not a noun phrase the rules know.
MAX_SOURCE_TOKENS = 16
#: Maximum number of words between an owner and the noun: "Lee's repeated public claim".
MAX_OWNER_DISTANCE_WORDS = 3
#: Maximum length of an owner: "the newly appointed minister's claim".
MAX_OWNER_WORDS = 4
#: A cue at most this far before a colon introduces the quotation: "he wrote on Facebook:".
MAX_COLON_DISTANCE_TOKENS = 8


def read_according_to(reader: SentenceReader, index: int) -> Clause | None:
    """Read "…, according to X" and "According to X, …". Sets `reader.cue_end`."""
    tokens = reader.tokens
    opens_sentence = all(is_adverb(token.lower) or token.kind == "mark" for token in tokens[:index])
    source = subject_after(tokens, index + 2, len(tokens)) or _source_until_comma(tokens, index + 2)
    if source is None:
        return None
    end = source.core_end if opens_sentence and not _has_closed_aside(tokens, source) else source.end
    if opens_sentence and end == source.core_end:
        end = skip_reduced_relative(tokens, end, len(tokens))
    if opens_sentence and end == source.core_end:
        end = _skip_aside(tokens, end)
    content = []
    before = reader.trim_marks(reader.left_content_end, index)
    if not opens_sentence and before and reader.has_enough_words(*before):
        content = [reader.span(*before), *resumed_content(reader, end)]
    elif after := reader.trim_marks(end, find_content_end(reader, end, "")):
        content = [reader.span(*after)]
    if not content:
        return None
    reader.cue_end = source.core_end
    return Clause(reader.span(source.start, end), (reader.span(index, index + 2),), tuple(content), "according")


def _source_until_comma(tokens: Sequence[Token], start: int) -> Phrase | None:
    """Return the words up to the next mark as a source, whatever they are.

    "According to early results of polls taken for the broadcaster, …"
    """
    for index in range(start, min(start + MAX_SOURCE_TOKENS, len(tokens))):
        if tokens[index].kind in ("mark", "quote"):
            return Phrase(start, index, index) if index > start + 1 and tokens[index].kind == "mark" else None
    return None


def _has_closed_aside(tokens: Sequence[Token], source: Phrase) -> bool:
    """Return whether a comma closes the aside after a source and a clause follows.

    "According to Lee, the chair, …"
    """
    return (
        source.core_end + 1 < source.end < len(tokens)
        and tokens[source.end].text == ","
        and not has_verb(tokens, source.core_end, source.end)
        and has_verb(tokens, source.end, len(tokens))
    )


def _skip_aside(tokens: Sequence[Token], comma: int) -> int:
    """Return the token after a source's relative clause or participle.

    Example: ", which was published on Tuesday". Returns `comma` if no such clause follows.
    """
    if comma + 1 >= len(tokens) or tokens[comma].text != ",":
        return comma
    first = tokens[comma + 1].lower
    if first not in RELATIVES and not first.endswith("ed"):
        return comma
    closing = next((i for i in range(comma + 1, len(tokens)) if tokens[i].text == ","), None)
    return closing if closing is not None and has_verb(tokens, closing, len(tokens)) else comma


def read_claim_noun(reader: SentenceReader, index: int) -> Clause | None:
    """Read "Lee's claim that …" and "a warning by Lee that …"."""
    tokens = reader.tokens
    if index == 0 or index + 2 >= len(tokens):
        return None
    if tokens[index + 1].lower == "that":
        source, that_index = _owner_span(reader, index), index + 1
    elif tokens[index + 1].lower in ("by", "from") and (phrase := subject_after(tokens, index + 2, len(tokens))):
        source, that_index = reader.span(phrase.start, phrase.core_end), phrase.core_end
    else:
        return None
    if source is None or reader.lower_at(that_index) != "that":
        return None
    content = reader.trim_marks(that_index + 1, find_content_end(reader, that_index + 1, ""))
    if content is None or not reader.has_enough_words(*content):
        return None
    reporting = tokens[index].lower not in THOUGHT_NOUNS
    return Clause(source, (reader.span(index, index + 1),), (reader.span(*content),), "noun", reporting)


def _owner_span(reader: SentenceReader, index: int) -> Span | None:
    """Return the owner of a claim noun: "Lee" of "Lee's claim". None if it has none."""
    tokens, owner = reader.tokens, index - 1
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
    span = reader.span(start, owner + 1)
    has_possessive = reader.text[span.start : span.end].endswith(("'s", "’s"))
    return Span(span.start, span.end - 2) if has_possessive else span


def read_colon(reader: SentenceReader, index: int) -> Clause | None:
    """Read "Lee: “…”" and "Lee put it bluntly: “…”".

    None if an earlier cue already attributes the quotation.
    """
    tokens = reader.tokens
    quote = tokens[index + 1]
    if any(quote.start < end and start < quote.end for clause in reader.clauses for start, end in clause.content):
        return None
    end = reader.quotes_end(index + 1)
    if end < len(tokens) and strip_quote_marks(tokens[end - 1]).endswith(","):
        return None  # "Lee was blunt: “It is over,” he said."
    content = (reader.span(index + 1, end),)
    phrase = subject_before(tokens, index)
    if phrase is not None and phrase.start <= 1 and not has_verb(tokens, 0, index):
        return Clause(reader.span(phrase.start, phrase.core_end), (reader.span(index, index + 1),), content, "colon")
    if subject_and_verb := first_subject(tokens, 0, index):
        subject, verb = subject_and_verb
        return Clause(reader.span(subject.start, subject.end), (reader.span(verb, index),), content, "colon-verb")
    return None


def read_introduction(text: str, sentence: Sentence) -> tuple[Span, Span] | None:
    """Return source and cue of a sentence that ends in a colon.

    It introduces a quotation in the next paragraph. None if the sentence does not.
    """
    tokens = sentence.tokens
    if len(tokens) < 3 or tokens[-1].text != ":":
        return None
    reader = SentenceReader(text, tokens)
    last = len(tokens) - 1
    for index in range(last - 1, max(0, last - MAX_COLON_DISTANCE_TOKENS), -1):
        verb = VERBS.get(tokens[index].lower)
        if verb is not None and verb.reporting and verb.form in ("past", "s"):
            subject = subject_before(tokens, index)
            if subject is not None:
                return reader.span(subject.start, subject.end), reader.span(index, index + 1)
    if subject_and_verb := first_subject(tokens, 0, last):
        return reader.span(subject_and_verb[0].start, subject_and_verb[0].end), reader.span(subject_and_verb[1], last)
    phrase = subject_before(tokens, last)
    if phrase is not None and phrase.start <= 1:
        return reader.span(phrase.start, phrase.core_end), reader.span(last, last + 1)
    return None
