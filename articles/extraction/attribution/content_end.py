"""Where what was said ends, and where it goes on after the words that attribute it."""

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

#: What begins an aside after a cue that is no part of what was said.
ASIDE_OPENERS = frozenset(
    "who whose which whom adding citing speaking referring according quoting noting saying warning describing calling "
    "pointing explaining insisting stressing as after when asked while before where prompting drawing though although "
    "with telling arguing urging suggesting claiming".split()
)
#: After a comma these begin another attribution, or say where it is from.
OTHER_ATTRIBUTION_OPENERS = frozenset(("according", "citing", "quoting", "referring", "speaking"))
CLAUSE_JOINERS = frozenset(("and", "but", "while", "though", "although"))
#: The subject of another attribution is looked for so far.
MAX_SUBJECT_DISTANCE_TOKENS = 12
#: A quotation that begins so soon after "and" is taken up again by it.
MAX_RESUMED_QUOTE_TOKENS = 3


def find_content_end(reading: SentenceReader, start: int, form: str, ceiling: int | None = None) -> int:
    """Where what was said after a cue ends: before the next cue that is no part of it, or with the sentence.

    `form` is the form of the cue's verb: "said … and added" is two attributions, "said … and adds" is one.
    """
    tokens = reading.tokens
    end = len(tokens) if ceiling is None else ceiling
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
    """Does another attribution begin here: "(and) calls her …", "(but) Kim said …"?"""
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
    for at in range(index + 1, min(index + MAX_SUBJECT_DISTANCE_TOKENS, end)):
        if tokens[at].kind == "mark" and tokens[at].text not in ("'", "’", "&", "-"):
            return False
        verb = VERBS.get(tokens[at].lower)
        if verb is None or not verb.reporting or "b" not in verb.frame:
            continue
        plural = (
            verb.form == "base" and tokens[at].lower not in VERB_OR_NOUN_FORMS and tokens[at - 1].lower.endswith("s")
        )
        if verb.form in ("past", "s") or plural or tokens[at - 1].lower in AUXILIARIES | {"not", "n't"}:
            phrase = subject_before(tokens, at, start)
            return phrase is not None and phrase.start <= index
    return False


def resumed_content(reading: SentenceReader, at: int, *, unfinished: bool = False) -> list[Span]:
    """What was said and goes on after an attribution in its middle, unless that is an aside.

    What has no verb yet is unfinished and goes on in any case: "At one point, she said, while …".
    """
    tokens = reading.tokens
    if 0 < at < len(tokens) and tokens[at].kind == "word":
        match = AFTER_CUE.match(reading.text, tokens[at - 1].end, tokens[-1].end)
        at = reading.index_at(match.end()) if match else at
    if at >= len(tokens):
        return []
    if tokens[at].kind == "quote":
        return [reading.span(at, _resumed_end(reading, at))]
    if (tokens[at].text not in SEPARATORS and tokens[at].text not in (":", ";")) or at + 1 >= len(tokens):
        return []
    if tokens[at + 1].kind == "quote":
        return [reading.span(at + 1, _resumed_end(reading, at + 1))]
    if unfinished and (piece := reading.trim_marks(at + 1, find_content_end(reading, at + 1, ""))):
        return [reading.span(*piece)]
    return _after_comma(reading, at)


def _after_comma(reading: SentenceReader, at: int) -> list[Span]:
    """The words after a comma behind an attribution, if they belong to what was said before it."""
    tokens, following = reading.tokens, reading.lower_at(at + 1)
    verb = VERBS.get(following)
    participle = following.endswith("ing") and following != "including"
    if following in ASIDE_OPENERS or participle or (verb is not None and verb.form in ("gerund", "past")):
        return []
    quote = next((i for i in range(at + 1, len(tokens)) if tokens[i].kind == "quote"), None)
    quoted_before = any(token.kind == "quote" for token in tokens[:at])
    if following in ("and", "but") and quote is not None and quote - at <= MAX_RESUMED_QUOTE_TOKENS:
        return [reading.span(quote if quoted_before else at + 1, _resumed_end(reading, quote))]
    if following in DETERMINERS | POSSESSIVES or (following == "in" and reading.lower_at(at + 2) == "what"):
        return []  # "…, an official said, the first estimate of its kind"
    piece = reading.trim_marks(at + 1, find_content_end(reading, at + 1, ""))
    if piece is None or not reading.has_enough_words(*piece):
        return []
    if quote is None:
        verbal = has_verb(tokens, *piece)
        joined = following in ("and", "but", "because") and verbal and not is_finite(tokens, at + 2)
        if quoted_before and not joined:
            return []  # "“Enough!” she said, and left."
    return [reading.span(*piece)]


def _resumed_end(reading: SentenceReader, at: int) -> int:
    """The end of what goes on with a quotation: all of it if more words follow that are no aside."""
    if reading.is_complete_quote(at):
        return reading.quotes_end(at)
    piece = reading.trim_marks(at, find_content_end(reading, at, ""))
    return piece[1] if piece else at + 1
