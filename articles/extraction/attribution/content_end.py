"""Find where content ends, and where it resumes after an attribution."""

from __future__ import annotations

from collections.abc import Sequence

from articles.extraction.attribution.finite_verbs import has_verb, is_finite
from articles.extraction.attribution.reader import SEPARATORS, SentenceReader
from articles.extraction.attribution.subjects import subject_before
from articles.extraction.document import Token
from articles.extraction.lexicon.cues import VERB_OR_NOUN_FORMS, VERBS
from articles.extraction.lexicon.phrases import AFTER_CUE
from articles.extraction.lexicon.word_classes import AUXILIARIES, DETERMINERS, POSSESSIVES, is_adverb
from articles.extraction.proposal import Span

#: Words after a cue that start an aside, which is not content.
ASIDE_OPENERS = frozenset(
    "who whose which whom adding citing speaking referring according quoting noting saying warning describing calling "
    "pointing explaining insisting stressing as after when asked while before where prompting drawing though although "
    "with telling arguing urging suggesting claiming".split()
)
#: Words after a comma that start another attribution or name its origin.
OTHER_ATTRIBUTION_OPENERS = frozenset(("according", "citing", "quoting", "referring", "speaking"))
CLAUSE_JOINERS = frozenset(("and", "but", "while", "though", "although"))
#: How far to look for the subject of the next attribution.
MAX_SUBJECT_DISTANCE_TOKENS = 12
#: A quotation at most this far after "and" continues the content.
MAX_RESUMED_QUOTE_TOKENS = 3


def find_content_end(reader: SentenceReader, start: int, form: str, limit: int | None = None) -> int:
    """Return the token index where content after a cue ends.

    It ends before the next cue that is not part of it, or with the sentence. `limit` is an upper bound, if
    given. `form` is the form of the cue's verb: "said … and added" is two attributions, "said … and adds" is
    one.
    """
    tokens = reader.tokens
    end = len(tokens) if limit is None else limit
    for index in range(start + 1, end - 1):
        token, following = tokens[index], tokens[index + 1]
        if token.text == "," and following.kind == "word":
            verb = VERBS.get(following.lower)
            if following.lower in OTHER_ATTRIBUTION_OPENERS or (
                verb is not None and verb.form == "gerund" and verb.reporting
            ):
                return index
        if (token.lower in CLAUSE_JOINERS or token.text == ";") and _starts_attribution(tokens, index + 1, end, form):
            return index
    return end


def _starts_attribution(tokens: Sequence[Token], start: int, end: int, form: str) -> bool:
    """Return whether another attribution starts: "(and) calls her", "(but) Kim said"."""
    index = start
    while index < end and (is_adverb(tokens[index].lower) or tokens[index].lower in AUXILIARIES):
        index += 1
    if index >= end:
        return False
    verb = VERBS.get(tokens[index].lower)
    if verb is not None and verb.reporting and tokens[index].lower not in ("read", "found", "reported"):
        if verb.form == form and form in ("past", "s"):
            return True
        if form == "gerund" and verb.form in ("past", "s") and "b" in verb.frame:
            return True
    for verb_index in range(index + 1, min(index + MAX_SUBJECT_DISTANCE_TOKENS, end)):
        if tokens[verb_index].kind == "mark" and tokens[verb_index].text not in ("'", "’", "&", "-"):
            return False
        verb = VERBS.get(tokens[verb_index].lower)
        if verb is None or not verb.reporting or "b" not in verb.frame:
            continue
        is_plural_base = (
            verb.form == "base"
            and tokens[verb_index].lower not in VERB_OR_NOUN_FORMS
            and tokens[verb_index - 1].lower.endswith("s")
        )
        if (
            verb.form in ("past", "s")
            or is_plural_base
            or tokens[verb_index - 1].lower in AUXILIARIES | {"not", "n't"}
        ):
            phrase = subject_before(tokens, verb_index, start)
            return phrase is not None and phrase.start <= index
    return False


def resumed_content(reader: SentenceReader, start: int, *, is_unfinished: bool = False) -> list[Span]:
    """Return the content that resumes after an attribution in its middle.

    Empty if an aside follows instead. Content without a verb is unfinished and always resumes: "At one point,
    she said, while …".
    """
    tokens = reader.tokens
    if 0 < start < len(tokens) and tokens[start].kind == "word":
        match = AFTER_CUE.match(reader.text, tokens[start - 1].end, tokens[-1].end)
        start = reader.index_at(match.end()) if match else start
    if start >= len(tokens):
        return []
    if tokens[start].kind == "quote":
        return [reader.span(start, _resumed_end(reader, start))]
    if (tokens[start].text not in SEPARATORS and tokens[start].text not in (":", ";")) or start + 1 >= len(tokens):
        return []
    if tokens[start + 1].kind == "quote":
        return [reader.span(start + 1, _resumed_end(reader, start + 1))]
    if is_unfinished and (piece := reader.trim_marks(start + 1, find_content_end(reader, start + 1, ""))):
        return [reader.span(*piece)]
    return _content_after_comma(reader, start)


def _content_after_comma(reader: SentenceReader, comma: int) -> list[Span]:
    """Return the words after an attribution and a comma if they continue its content."""
    tokens, first_word = reader.tokens, reader.lower_at(comma + 1)
    verb = VERBS.get(first_word)
    is_participle = first_word.endswith("ing") and first_word != "including"
    if first_word in ASIDE_OPENERS or is_participle or (verb is not None and verb.form in ("gerund", "past")):
        return []
    quote_index = next((i for i in range(comma + 1, len(tokens)) if tokens[i].kind == "quote"), None)
    quoted_before = any(token.kind == "quote" for token in tokens[:comma])
    if first_word in ("and", "but") and quote_index is not None and quote_index - comma <= MAX_RESUMED_QUOTE_TOKENS:
        return [reader.span(quote_index if quoted_before else comma + 1, _resumed_end(reader, quote_index))]
    if first_word in DETERMINERS | POSSESSIVES or (first_word == "in" and reader.lower_at(comma + 2) == "what"):
        return []  # "…, an official said, the first estimate of its kind"
    piece = reader.trim_marks(comma + 1, find_content_end(reader, comma + 1, ""))
    if piece is None or not reader.has_enough_words(*piece):
        return []
    if quote_index is None:
        has_clause = has_verb(tokens, *piece)
        is_joined = first_word in ("and", "but", "because") and has_clause and not is_finite(tokens, comma + 2)
        if quoted_before and not is_joined:
            return []  # "“Enough!” she said, and left."
    return [reader.span(*piece)]


def _resumed_end(reader: SentenceReader, start: int) -> int:
    """Return where content that resumes with a quotation ends."""
    if reader.is_complete_quote(start):
        return reader.quotes_end(start)
    piece = reader.trim_marks(start, find_content_end(reader, start, ""))
    return piece[1] if piece else start + 1
