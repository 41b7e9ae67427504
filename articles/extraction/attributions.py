"""Where something is attributed: which words, by which cue, to which mention. The replaceable stage.

`find` is the whole interface: a statistical tagger gives the same Attributions and everything after
(speakers, chains, figures, days) stays as it is. This one goes by rules: every cue outside a
quotation is looked at; what stands before it and after it decides which side the content is on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from articles.extraction.cues import (
    ADDRESSING,
    BE,
    BETWEEN,
    NEEDS_THAT,
    NOUNS_TOO,
    PLAIN_PAST,
    REPORTING,
    THINKING,
)
from articles.extraction.document import Document, Token
from articles.extraction.nouns import subject_after, subject_before
from articles.extraction.phrases import ADDRESSEE, AFTER_CUE, NAMED_ADDRESSEE, THAT
from articles.extraction.proposal import Span
from articles.extraction.quotes import Quote

#: A quotation of at least so many words in a sentence without a cue is somebody's statement; shorter
#: ones are titles, nicknames and words used with tongs.
STATEMENT_WORDS = 5
#: So many attributions back somebody may still be speaking.
RECENT = 8
OPENING = "\"“„«`'‘([{—–-"
TRAILING = " \t\n,;:—–-"
#: What begins an aside after a cue that is no part of what was said.
ASIDE = re.compile(
    r",?\s*(?:who|whose|which|whom|adding|citing|speaking|referring|according|quoting|noting|saying|warning|describing"
    r"|calling|pointing|explaining|insisting|stressing|in\s+(?:a|an|the|his|her|its|their)\s+\w+\s+(?:to|with|on)\b"
    r"|as\s+(?:he|she|they|it)\b|after\s+\w+ing\b|when\s+asked|asked\s+(?:about|whether|if|how|why))",
    re.IGNORECASE,
)


WHEN_NEXT = re.compile(
    r"\s+(?:(?:on|late|early)\s+)*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|in an? )"
)
#: What an indirect statement does not begin with: "reported on a fish farm" tells of no statement.
NO_BEGINNING = frozenset("on about of for with in at by from into over after before through against".split())
CITED = re.compile(r",\s*(?:citing|quoting)\s")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution; spans are code points, [start, end), in order."""

    source: tuple[Span, ...]  # the mention; empty where the speaker is carried over
    cue: tuple[Span, ...]  # empty where nothing but the quotation marks attributes
    content: tuple[Span, ...]
    confidence: float
    verb: str = ""  # the cue as the chain names it
    lemma: str = ""
    reporting: bool = True
    told: Span | None = None  # whom it was said to, where that is a name
    clause: tuple[Span, ...] = ()  # around source and cue: where the words that say when stand
    carried: bool = False  # the speaker of the attribution before goes on


def find(document: Document) -> list[Attribution]:
    """Every attribution of a text, in the order of their content. Those within another's content too."""
    found: list[Attribution] = []
    for number, sentence in enumerate(document.sentences):
        here = list(_in_sentence(document, number, sentence))
        if all(document.quote_at(one.cue[0].start) is not None for one in here):
            carried = _carried(document, number, sentence, found)
            if carried is not None and carried[0] is not None:
                found[carried[0]] = carried[1]
            elif carried is not None:
                here = [carried[1], *here]
        found += here
    return sorted(found, key=lambda one: (one.content[0].start, -one.content[-1].end))


# --- One sentence -----------------------------------------------------------------------------


def _in_sentence(document: Document, number: int, sentence: Span) -> Iterator[Attribution]:
    tokens = document.tokens_in(*sentence)
    taken_until = -1
    for index, token in enumerate(tokens):
        if not token.is_word or token.start < taken_until:
            continue
        if index and token.is_capital:
            continue  # "the Ellery Post": a name
        made = None
        if token.lower == "according" and index + 1 < len(tokens) and tokens[index + 1].lower == "to":
            made = _according(document, sentence, token, tokens[index + 1])
        elif token.lower in REPORTING or token.lower in THINKING:
            made = _by_verb(document, sentence, tokens, index)
        if made is not None:
            taken_until = made.cue[-1].end
            content = tuple(_without_citation(document, span) for span in made.content)
            made = replace(made, content=content)
            yield _with_following(document, number, sentence, made)


def _according(document: Document, sentence: Span, first: Token, to: Token) -> Attribution | None:
    """ "…, according to X" and "According to X, …"."""
    source = subject_after(document, to.end, sentence.end)
    if source is None:
        return None
    before = _trim(document, sentence.start, first.start)
    after = _trim(document, source.end, sentence.end)
    quote = document.quote_at(first.start)
    if quote is not None:
        before = _within(before, quote.inner)
        after = _within(after, quote.inner)
    content: list[Span] = []
    if before and _words(document, before) > 1:
        content.append(before)
        if after and not ASIDE.match(document.text, source.end) and document.text[source.end : source.end + 1] == ",":
            content.append(after)
    elif after:
        content.append(after)
    if not content:
        return None
    cue = Span(first.start, to.end)
    return Attribution(
        (source,), (cue,), tuple(content), 0.93, "according to", "according to", clause=(Span(cue.start, source.end),)
    )


def _by_verb(document: Document, sentence: Span, tokens: Sequence[Token], index: int) -> Attribution | None:
    token = tokens[index]
    reporting = token.lower in REPORTING
    lemma = REPORTING.get(token.lower) or THINKING[token.lower]
    if (
        _is_passive(tokens, index)
        or _is_negated(tokens, index)
        or (index + 1 < len(tokens) and tokens[index + 1].lower in ("off", "up", "down"))
    ):
        return None
    bounds = _bounds(document, sentence, token)
    rest, that, told = _after_cue(document, token, lemma, bounds)
    quoted_next = (rest is not None and document.text[rest] in '"“„«') or document.text.startswith("''", rest or 0)
    inverted = _inverted(document, sentence, tokens, index, bounds)
    if inverted is not None:
        return _graded(document, inverted, lemma, token, reporting=reporting)
    subject = subject_before(document, token.start, bounds.start)
    if subject is None:
        return None
    content = _sides(document, bounds, subject, token, rest, that=that)
    if not content:
        return None
    trailing = content[0].start < subject.start
    if not _is_cue(token, lemma, that=that or quoted_next or (trailing and _ends_quoted(document, content[0]))):
        return None
    clause_end = rest if rest is not None else bounds.end
    clause = Span(subject.start, clause_end if content[-1].start >= clause_end else token.end)
    if trailing and len(content) == 1:
        clause = Span(subject.start, bounds.end)
    made = Attribution(
        (subject,),
        (Span(token.start, token.end),),
        tuple(content),
        0.9,
        token.lower,
        lemma,
        told=told,
        clause=(clause,),
    )
    return _graded(document, made, lemma, token, reporting=reporting, that=that)


def _bounds(document: Document, sentence: Span, token: Token) -> Span:
    """Where a cue's source and content may lie: its sentence, or the quotation it is itself within."""
    quote = document.quote_at(token.start)
    if quote is None:
        return sentence
    return Span(max(sentence.start, quote.inner.start), min(sentence.end, quote.inner.end))


def _is_passive(tokens: Sequence[Token], index: int) -> bool:
    """ "was reported", "is being told", "the reported losses", "to say": none of them attributes."""
    back = index - 1
    while back >= 0 and tokens[back].lower in BETWEEN and tokens[back].lower not in ("had", "has", "have"):
        back -= 1
    if back < 0:
        return False
    word = tokens[back].lower
    if word in BE and tokens[index].lower[-3:] != "ing":
        return True
    if word in ("to", "not", "of", "for", "by", "be", "being") and tokens[index].lower not in ("said", "says"):
        return True
    return word in ("the", "a", "an", "its", "his", "her", "their", "this", "that", "any", "no") and back == index - 1


def _is_negated(tokens: Sequence[Token], index: int) -> bool:
    """ "did not say", "never told", "declined to say": nothing was said."""
    back = index - 1
    while back >= 0 and tokens[back].lower in BETWEEN:
        if tokens[back].lower in ("not", "never") or tokens[back].lower.endswith(("n't", "n’t")):
            return True
        back -= 1
    return back >= 0 and tokens[back].lower.endswith(("n't", "n’t"))


def _is_cue(token: Token, lemma: str, *, that: bool) -> bool:
    """Is this form a cue here, with or without "that", a colon or a quotation?"""
    if that:
        return True
    if token.lower in PLAIN_PAST:
        return True
    return token.lower not in NOUNS_TOO and lemma not in NEEDS_THAT


def _after_cue(document: Document, token: Token, lemma: str, bounds: Span) -> tuple[int | None, bool, Span | None]:
    """Where what follows a cue begins once addressee, time and place are passed; whether "that" or a
    colon came; who was told, where that is a name.
    """
    text, at, told = document.text, token.end, None
    if lemma in ADDRESSING:
        if match := ADDRESSEE.match(text, at, bounds.end):
            at = match.end()
        elif match := NAMED_ADDRESSEE.match(text, at, bounds.end):
            at, told = match.end(), Span(*match.span("who"))
    if match := AFTER_CUE.match(text, at, bounds.end):
        at = match.end()
    that = False
    if match := THAT.match(text, at, bounds.end):
        at, that = match.end(), True
    elif match := re.compile(r",?\s+[^\"“”,.;:]{3,80}?\s+that(?=\s)").match(text, at, bounds.end):
        # "said in his first public remarks on the matter that …"
        inside = match[0].strip().lower()
        if inside.startswith(("in ", "on ", "at ", "during ", "to ", "via ", "through ", "late ", "early ")):
            at, that = match.end(), True
    while at < bounds.end and (text[at].isspace() or (that and text[at] == ",")):
        at += 1
    return (at if at < bounds.end else None), that, told


def _inverted(
    document: Document, sentence: Span, tokens: Sequence[Token], index: int, bounds: Span
) -> Attribution | None:
    """`"…," said Lee` and `…, said Lee, …`: the cue stands before its subject, after what was said."""
    token, text = tokens[index], document.text
    if token.lower not in (
        "said",
        "says",
        "added",
        "adds",
        "asked",
        "replied",
        "wrote",
        "writes",
        "noted",
        "explained",
        "warned",
        "insisted",
        "recalled",
        "continued",
        "argued",
        "announced",
        "declared",
        "concluded",
        "joked",
        "admitted",
        "reported",
        "responded",
        "remarked",
        "observed",
        "claimed",
        "confirmed",
    ):
        return None
    at = token.start - 1
    while at >= bounds.start and text[at].isspace():
        at -= 1
    if at < bounds.start or not (text[at] in ',?!”"»—–' or text.startswith("''", at - 1)):
        return None
    source = subject_after(document, token.end, bounds.end)
    if source is None:
        return None
    following = text[source.end : source.end + 1]
    quoted = text[at] in '"”»' or text[at - 1 : at] in ('"', "”", "»") or text[at] == "'"
    if not quoted and following and following not in ",.;:—–" and not WHEN_NEXT.match(text, source.end):
        return None  # without a quotation before it, only what ends with its subject is turned round
    if (
        following
        and following not in ",.;:—–"
        and not re.match(
            r"\s+(?:in|on|at|of|to|during|after|before|as|from|with|by|last|this|late|early|earlier|when|while|who"
            r"|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|yesterday|today|—|–|\()",
            text[source.end : source.end + 12],
        )
    ):
        return None
    before = _trim(document, bounds.start, token.start)
    if before is None or _words(document, before) < 1:
        return None
    content = [before]
    # After a name a comma begins who that is, more often than more of what was said.
    content += [span for span in _resumed(document, source.end, bounds) if document.quote_at(span.start)]
    return Attribution(
        (source,),
        (Span(token.start, token.end),),
        tuple(content),
        0.92,
        token.lower,
        clause=(Span(token.start, bounds.end),),
    )


def _sides(
    document: Document, bounds: Span, subject: Span, token: Token, rest: int | None, *, that: bool
) -> list[Span]:
    """The content of "SUBJECT cue": after it, before it, or around it."""
    text = document.text
    before = _trim(document, bounds.start, subject.start)
    gap = text[before.end : subject.start] if before else ""
    closes = before is not None and _ends_quoted(document, before)
    after = _trim(document, rest, bounds.end) if rest is not None else None
    stops = rest is None or text[rest] in ",;" or after is None
    if that and after:
        return [after]
    if closes and before is not None and ("," in gap or text[before.end - 2 : before.end - 1] in ",?!.—–" or stops):
        return [before, *_resumed(document, rest if rest is not None else bounds.end, bounds)]
    if after is not None and not stops:
        words = [token for token in document.tokens_in(*after) if token.is_word]
        if document.quote_at(after.start) is None and (len(words) < 2 or words[0].lower in NO_BEGINNING):
            return []
        if len(words) > 1 and words[0].lower == "to" and words[1].lower.endswith("ing"):
            return []
        return [after]
    if before is not None and ("," in gap or "—" in gap or "–" in gap) and _words(document, before) > 1:
        return [before, *_resumed(document, token.end if rest is None else rest, bounds)]
    return []


def _resumed(document: Document, at: int, bounds: Span) -> list[Span]:
    """What was said and goes on after an attribution in its middle: after a comma, unless it is an aside."""
    text = document.text
    while at < bounds.end and text[at].isspace():
        at += 1
    if match := AFTER_CUE.match(text, at, bounds.end):
        at = match.end()
    if at >= bounds.end:
        return []
    if text[at] in '"“„«':
        rest = _trim(document, at, bounds.end)
        return [rest] if rest else []
    if text[at] not in ",—–" or ASIDE.match(text, at):
        # Only a quotation resumes after an aside: he said of the plan, adding: no.
        return []
    rest = _trim(document, at + 1, bounds.end)
    if rest is None or _words(document, rest) < 2:
        return []
    words = document.tokens_in(*rest)
    if words and words[0].lower in (
        "and",
        "but",
        "while",
        "as",
        "after",
        "though",
        "although",
        "with",
        "a",
        "an",
        "the",
    ):
        quote = document.quote_at(rest.start) or next(iter(document.quotes_in(*rest)), None)
        return [Span(quote.start, rest.end)] if quote is not None and words[0].lower in ("and", "but") else []
    return [rest]


def _graded(
    document: Document, made: Attribution, lemma: str, token: Token, *, reporting: bool, that: bool = False
) -> Attribution:
    """The attribution with the confidence that its kind has earned on PolNeAR's training part."""
    quoted = any(document.quotes_in(*span) for span in made.content)
    first = document.text[made.source[0].start : made.source[0].start + 1] if made.source else ""
    confidence = 0.93 if lemma in ("say", "add", "tell") else 0.85
    if quoted:
        confidence += 0.04
    elif not that and lemma not in ("say", "add", "tell"):
        confidence -= 0.1
    if first.islower() and not quoted:
        confidence -= 0.05
    if not reporting:
        confidence -= 0.2
    return replace(made, confidence=round(confidence, 2), lemma=lemma, reporting=reporting)


# --- Beyond the sentence ----------------------------------------------------------------------


def _with_following(document: Document, number: int, sentence: Span, made: Attribution) -> Attribution:
    """A quotation that a cue interrupts goes on in the same paragraph: `"…," he said. "And …"`."""
    quotes = document.quotes_in(made.content[0].start, made.content[0].end)
    if not quotes or made.content[-1].end > sentence.end:
        return made
    content = list(made.content)
    paragraph = document.paragraph_of(sentence.start)
    # A quotation of several sentences is one statement, from its first mark to its last.
    last = quotes[-1]
    if last.end > content[-1].end and document.paragraph_of(last.end - 1) == paragraph:
        content[-1] = Span(content[-1].start, last.end)
    first = quotes[0]
    if first.start < content[0].start:
        content[0] = Span(first.start, content[0].end)
    for following in document.sentences[number + 1 :]:
        if document.paragraph_of(following.start) != paragraph:
            break
        if following.start < content[-1].end:
            continue
        if not _is_quotation(document, following):
            break
        content.append(_whole(document, following))
    return replace(made, content=tuple(content))


def _carried(
    document: Document, number: int, sentence: Span, found: list[Attribution]
) -> tuple[int | None, Attribution] | None:
    """A sentence of nothing but quotation, without a cue: the speaker of the one before goes on.

    Where the quotation before ran on over the paragraph's end it is the same statement: (its index,
    the longer attribution). Else (None, a new one). None: nobody before it to carry over.
    """
    if not found or not _is_quotation(document, sentence):
        return None
    recent = range(max(0, len(found) - RECENT), len(found))
    if any(start <= sentence.start < end for i in recent for start, end in found[i].content):
        return None  # an attribution before has taken it in
    ended = [i for i in recent if found[i].content[-1].end <= sentence.start]
    if not ended:
        return None
    last = max(ended, key=lambda i: found[i].content[-1].end)
    before = found[last]
    here = document.paragraph_of(sentence.start)
    if here - document.paragraph_of(before.content[-1].end - 1) > 1:
        return None
    span = _whole(document, sentence)
    open_quote = document.quote_at(before.content[-1].end - 1)
    if open_quote is not None and open_quote.goes_on and here > document.paragraph_of(open_quote.start):
        return last, replace(before, content=(*before.content, span))
    if _words(document, span) < STATEMENT_WORDS:
        return None
    return None, Attribution(before.source, (), (span,), 0.7, before.verb, before.lemma, carried=True)


def _is_quotation(document: Document, sentence: Span) -> bool:
    """Does a sentence begin and end within one quotation and hold no more than that?"""
    quote = document.quote_at(sentence.start)
    if quote is None:
        return False
    return quote.end >= sentence.end - 1 and quote.start <= sentence.start


def _whole(document: Document, sentence: Span) -> Span:
    quote = document.quote_at(sentence.start)
    if quote is None:
        return sentence
    return Span(
        min(sentence.start, quote.start) if quote.start >= sentence.start else sentence.start,
        max(sentence.end, min(quote.end, _paragraph_end(document, sentence))),
    )


def _paragraph_end(document: Document, sentence: Span) -> int:
    return document.paragraphs[document.paragraph_of(sentence.start)].end


# --- Spans ------------------------------------------------------------------------------------


def _trim(document: Document, start: int, end: int) -> Span | None:
    """[start, end) without white space and commas at its ends, nor the full stop after it."""
    text = document.text
    while start < end and text[start] in TRAILING:
        start += 1
    while end > start and text[end - 1] in TRAILING:
        end -= 1
    if (
        end > start
        and text[end - 1] == "."
        and not re.search(r"\b(?:[A-Z]\.)+$|\b[A-Z][a-z]{1,3}\.$", text[max(start, end - 6) : end])
    ):
        end -= 1
    elif end > start and text[end - 1] == ".":
        end -= 1 if end == document.sentences[document.sentence_of(start)].end and not text[end - 2].isupper() else 0
    return Span(start, end) if start < end else None


def _without_citation(document: Document, span: Span) -> Span:
    """ "…, citing Y" at the end of a statement says where it is from, and is no part of it."""
    for match in CITED.finditer(document.text, span.start, span.end):
        if document.quote_at(match.start()) is None and match.start() > span.start:
            return Span(span.start, match.start())
    return span


def _within(span: Span | None, bounds: Span) -> Span | None:
    if span is None:
        return None
    start, end = max(span.start, bounds.start), min(span.end, bounds.end)
    return Span(start, end) if start < end else None


def _ends_quoted(document: Document, span: Span) -> bool:
    """Does a span end with a quotation's closing mark?"""
    quote: Quote | None = document.quote_at(span.end - 1)
    return quote is not None and quote.end == span.end


def _words(document: Document, span: Span) -> int:
    return sum(1 for token in document.tokens_in(*span) if token.is_word)
