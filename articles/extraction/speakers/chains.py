"""Who passed a statement on: the steps of an attribution's chain, origin first, from the words around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from articles.extraction.attribution import transcripts
from articles.extraction.attribution.attributions import Attribution, outermost_clauses
from articles.extraction.attribution.clauses import read_sentence
from articles.extraction.attribution.noun_phrases import subject_after
from articles.extraction.attribution.reader import Clause
from articles.extraction.attribution.transcripts import TranscriptLine
from articles.extraction.document import Document, Sentence, split_sentences
from articles.extraction.lexicon.cues import VERBS
from articles.extraction.lexicon.organisations import AGENCY_NAMES, head_noun
from articles.extraction.lexicon.phrases import NAMED_ADDRESSEE
from articles.extraction.lexicon.word_classes import SPEAKER_NOUNS
from articles.extraction.proposal import Span
from articles.extraction.speakers.entities import name_key
from articles.extraction.speakers.roles import cut_at_sentence_end
from articles.extraction.speakers.speakers import MentionResolver, ResolvedMention

#: "Following a briefing by Y, X said …", "X, who was briefed by Y, said …": where it comes from, by inference.
BRIEFED_BY = re.compile(
    r"\b(?P<verb>briefing|briefed|presentation|testimony|update)\s+(?:(?:on|about)\s+(?:[\w’'-]+\s+){1,5}?)?"
    r"(?:by|from|given\s+by|of\s+the\s+press\s+by)\s+",
    re.IGNORECASE,
)
#: "X said, citing Y", "Quoting Y, X reported …": the words are Y's.
CITING = re.compile(r"\b(?P<verb>citing|quoting)\s+", re.IGNORECASE)
#: What is cited beside what speaks by itself.
CITED_NOUNS = frozenset(
    "records figures files filings papers briefing briefings interviews cable cables log logs results calculations "
    "estimates statistics minutes notes testimony accounts account remarks".split()
)
#: "Z quoted Y as saying …": what stands between the cue and what was said.
AS_SAYING = re.compile(r"\bas\s+(?:saying|telling|warning|claiming|stating|reporting)\b", re.IGNORECASE)
#: "The trial is expected to last": nobody is said to expect it, least of all who spoke before.
PASSIVE = re.compile(
    r"\A(?:Asked|Pressed|Questioned)\b|\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?\w+(?:ed|n|t)\b",
    re.IGNORECASE,
)
#: "officials quoted by Z", "a memo obtained by Z": Z passes it on.
PASSED_ON_BY = re.compile(
    r"\b(?P<verb>quoted|cited|obtained|seen|reviewed|published|released|carried|leaked|shared|distributed)"
    r"\s+(?:(?:as\s+saying\s+)?by|to|with)\s+",
    re.IGNORECASE,
)
OUTLET = re.compile(
    r"\b(?:Times|Post|Journal|Herald|Gazette|Tribune|Guardian|Telegraph|Ledger|Chronicle|Observer|News|TV|Television|Radio"
    r"|BBC|CNN|Sky|NBC|CBS|ABC|NPR|PBS|MSNBC|Fox|Mail|Mirror|Independent|Star|Courier|Argus|Echo|Standard|Bulletin|Review"
    r"|Magazine|Press|\w*[Ww]ire|Mercury|Dispatch|Examiner|Globe|Inquirer|Reporter|Politico|POLITICO|HuffPost|Bloomberg|Today|Wire)\b"
)
#: The inner source stands so early in the outer content, in words, or it is not what the content is about.
MAX_WORDS_BEFORE_INNER = 4
#: And with its cue and its content it covers so much of the outer one, in code points.
MIN_INNER_SHARE = 0.75
#: "X said that Y said that Z said …" is followed so deep.
MAX_CHAIN_DEPTH = 3
#: Verbs that make the inner source an origin, and no mere mention of a plan or a thought.
ORIGIN_VERBS = frozenset(
    "say report tell announce warn note estimate claim state confirm add inform find show indicate deny conclude suggest "
    "acknowledge admit put insist reveal disclose predict forecast argue allege assure write assert declare according".split()
)
#: Inside a statement these are the speaker, or nobody.
NON_ORIGIN_WORDS = frozenset(
    "up down i we you they people it one who he she that which everyone somebody nobody some many".split()
)
#: "51 percent of respondents said …": what a poll counts, and no origin of its own.
POLL_SHARE = re.compile(
    r"\bper ?cent\b|%|\b(?:half|thirds?|quarters?|majority|minority|share|one|two) (?:of|in)\b|\bmost\b"
)


@dataclass(frozen=True, slots=True)
class ChainHop:
    """One step of a chain."""

    speaker: ResolvedMention
    verb: str
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps of an attribution, origin first, and what the origin itself is said to have said."""

    hops: tuple[ChainHop, ...]
    content: tuple[Span, ...]


def build_chain(
    document: Document,
    one: Attribution,
    speakers: MentionResolver,
    outlets: Collection[str] = (),
    lines: Sequence[TranscriptLine] = (),
) -> Chain | None:
    """The chain of an attribution; None where there is nobody it could be carried over from.

    `outlets` are keys of names (`entities.key_of`) that every chain of this text ends with. They are steps only
    as the origin: what an outlet says itself has no other source.
    `lines` are a transcript's: what is attributed within one was passed on by whoever speaks in it.
    """
    if one.pattern == transcripts.PATTERN:
        return Chain((_line_hop(document, one.source[0], speakers),), one.content)
    last = _last_hop(document, one, speakers)
    if last is None:
        return None
    steps = [last]
    if one.source and one.cue:
        if (through := _relaying_hop(document, one, speakers)) is not None and _is_new(through, steps):
            steps.append(through)
        if (told := _addressee_hop(document, one, speakers)) is not None and _is_new(told, steps):
            steps.append(told)
        origin = (
            _cited_hop(document, one, speakers)
            or _quoted_hop(document, one, speakers)
            or _briefing_hop(document, one, speakers)
        )
        if origin is not None and _is_new(origin, steps):
            steps.insert(0, origin)
    content = _add_inner_hops(document, one.content, steps, speakers)
    if lines and (line := transcripts.line_at(lines, one.content[0].start)) is not None:
        by = _line_hop(document, line.label, speakers)
        steps += [by] if _is_new(by, steps) else []
    steps[1:] = [step for step in steps[1:] if not _is_outlet(step, outlets)]
    return Chain(tuple(steps), content)


def _add_inner_hops(
    document: Document, content: tuple[Span, ...], steps: list[ChainHop], speakers: MentionResolver
) -> tuple[Span, ...]:
    """Put the steps that the statement itself names before those known, and give what the first of them said."""
    for _ in range(MAX_CHAIN_DEPTH):
        inner = _inner_clause(document, content)
        if inner is None or inner.source is None:
            break
        who = speakers.resolve(inner.source)
        if who is None or any(step.speaker.entity is who.entity for step in steps):
            break
        steps.insert(0, ChainHop(who, cue_verb(document, inner.cue)))
        content = _clip_content(inner.content, content)
    return content


def _line_hop(document: Document, label: Span, speakers: MentionResolver) -> ChainHop:
    """Whoever speaks in a transcript's line."""
    return ChainHop(speakers.resolve_label(label, answers=transcripts.is_answer(document, label)), "said")


def cue_verb(document: Document, cue: tuple[Span, ...]) -> str:
    """The cue as a chain names it: its verb of saying, without "also" and "has"."""
    words = [token.lower for span in cue for token in document.tokens_in(*span) if token.kind != "mark"]
    if words[:2] == ["according", "to"]:
        return "according to"
    verbs = [word for word in words if word in VERBS]
    return verbs[0] if verbs else " ".join(words)


def cue_lemma(document: Document, cue: tuple[Span, ...]) -> str:
    """The dictionary form of a cue's verb; empty where there is none."""
    verb = VERBS.get(cue_verb(document, cue))
    return verb.lemma if verb else ""


def _last_hop(document: Document, one: Attribution, speakers: MentionResolver) -> ChainHop | None:
    """Who spoke to the outlet, as the attribution says or as it is carried over."""
    if not one.source:
        if (
            one.cue
            and PASSIVE.search(document.text[one.cue[0].start : one.cue[-1].end])
            and not _is_quoted(document, one)
        ):
            return ChainHop(speakers.resolve_unstated(), cue_verb(document, one.cue) or "said", explicit=False)
        carried = speakers.last_speaker()
        return ChainHop(carried, "said", explicit=False) if carried else None
    who = speakers.resolve(one.source[0]) or speakers.resolve_indefinite(one.source[0])
    return ChainHop(who, cue_verb(document, one.cue) or "said")


def _is_quoted(document: Document, one: Attribution) -> bool:
    return any(document.quote_at(span.start) is not None for span in one.content)


def _is_outlet(step: ChainHop, outlets: Collection[str]) -> bool:
    entity = step.speaker.entity
    return any(name_key(name) in outlets for name in (entity.name, *entity.aliases))


def _is_new(step: ChainHop, steps: list[ChainHop]) -> bool:
    return all(step.speaker.entity is not other.speaker.entity for other in steps)


# --- Around the statement ---------------------------------------------------------------------


def _spans_outside_content(document: Document, one: Attribution) -> list[Span]:
    """The parts of the cue's sentence that are not what was said."""
    sentence = document.sentences[document.sentence_index(one.cue[0].start)]
    parts, at = [], sentence.start
    for start, end in sorted(one.content):
        if at < min(start, sentence.end):
            parts.append(Span(at, min(start, sentence.end)))
        at = max(at, end)
    if at < sentence.end:
        parts.append(Span(at, sentence.end))
    return parts


def _phrase_after(document: Document, offset: int, end: int) -> Span | None:
    """The noun phrase that begins at an offset, not beyond an end."""
    tokens = document.outer_tokens_in(offset, end)
    phrase = subject_after(tokens, 0, len(tokens))
    return Span(tokens[phrase.start].start, tokens[phrase.core_end - 1].end) if phrase else None


def _hop_after(
    document: Document, match: re.Match[str], end: int, speakers: MentionResolver, *, explicit: bool
) -> ChainHop | None:
    phrase = _phrase_after(document, match.end(), end)
    who = speakers.resolve(phrase) if phrase is not None else None
    return ChainHop(who, match["verb"].casefold(), explicit) if who else None


def _briefing_hop(document: Document, one: Attribution, speakers: MentionResolver) -> ChainHop | None:
    for start, end in _spans_outside_content(document, one):
        if match := BRIEFED_BY.search(document.text, start, end):
            return _hop_after(document, match, end, speakers, explicit=False)
    return None


def _cited_hop(document: Document, one: Attribution, speakers: MentionResolver) -> ChainHop | None:
    for start, end in _spans_outside_content(document, one):
        match = CITING.search(document.text, start, end)
        if match and document.quote_at(match.start()) is None and names_a_source(document, match.end(), end):
            return _hop_after(document, match, end, speakers, explicit=True)
    return None


def names_a_source(document: Document, offset: int, end: int) -> bool:
    """Do the words after "citing" name who or what the words come from? "Citing her long experience" gives a reason."""
    phrase = _phrase_after(document, offset, end)
    if phrase is None:
        return False
    words = document.text[phrase.start : phrase.end]
    last, head = words.split()[-1], head_noun(words)
    return last[:1].isupper() or bool({last.casefold(), head} & (SPEAKER_NOUNS | CITED_NOUNS))


def _quoted_hop(document: Document, one: Attribution, speakers: MentionResolver) -> ChainHop | None:
    after = one.cue[-1].end
    if one.content[0].start < after:
        return None
    between = AS_SAYING.search(document.text, after, one.content[0].start)
    if between is None:
        return None
    phrase = _phrase_after(document, after, between.start())
    who = speakers.resolve(phrase) if phrase is not None else None
    return ChainHop(who, "quoted") if who else None


def _relaying_hop(document: Document, one: Attribution, speakers: MentionResolver) -> ChainHop | None:
    """Z of "a memo obtained by Z": within the source, or right behind it."""
    source, text = one.source[-1], document.text
    sentence = document.sentences[document.sentence_index(source.start)]
    match = PASSED_ON_BY.search(text, source.start, source.end) or PASSED_ON_BY.search(
        text, source.start, min(source.end + 24, sentence.end)
    )
    if match is None or match.start() > source.end + 3:
        # "Lee was quoted by Z as saying …"
        match = (
            PASSED_ON_BY.search(text, one.cue[0].start, one.content[0].start)
            if one.content[0].start > one.cue[-1].start
            else None
        )
        if match is None or match["verb"].casefold() not in ("quoted", "cited"):
            return None
    if match["verb"].casefold() in ("released", "published") and not re.search(r"\bby\s+$", match[0]):
        return None
    return _hop_after(document, match, sentence.end, speakers, explicit=True)


def _addressee_hop(document: Document, one: Attribution, speakers: MentionResolver) -> ChainHop | None:
    """Z of "X told Z", where Z is an outlet or an agency."""
    cue = one.cue[-1]
    match = NAMED_ADDRESSEE.match(document.text, cue.end)
    verb = VERBS.get(cue_verb(document, one.cue))
    if match is None or verb is None or "a" not in verb.frame:
        return None
    who = cut_at_sentence_end(match["who"])
    name = re.sub(r"^(?:the|The)\s+", "", who).rstrip(".")
    if name not in AGENCY_NAMES and not OUTLET.search(name):
        return None
    start = match.start("who")
    end = start + len(who)
    if document.text[end - 1] == "." and not re.search(r"\b[A-Z]\.$", who):
        end -= 1  # the sentence's, not the name's
    told = speakers.resolve(Span(start, end))
    return ChainHop(told, cue_verb(document, one.cue)) if told else None


# --- Within the statement ---------------------------------------------------------------------


def _inner_clause(document: Document, content: tuple[Span, ...]) -> Clause | None:
    """The attribution that a statement consists of: "The ministry also reported that …"."""
    start, end = content[0]
    quote = document.quote_at(start)
    if quote is not None and quote.start <= start:
        start, end = max(start, quote.inner.start), min(end, quote.inner.end)
        tokens = tuple(document.tokens_in(start, end))
    else:
        tokens = tuple(document.outer_tokens_in(start, end))
    if not tokens:
        return None
    sentence: Sentence = split_sentences(tokens)[0]
    for clause in outermost_clauses(read_sentence(document.text, sentence)):
        if _is_origin(document, clause, sentence):
            return clause
    return None


def _is_origin(document: Document, clause: Clause, sentence: Sentence) -> bool:
    if clause.source is None or not clause.reporting or clause.pattern.startswith(("participle", "noun")):
        return False
    if cue_lemma(document, clause.cue) not in ORIGIN_VERBS and cue_verb(document, clause.cue) != "according to":
        return False
    first = document.text[clause.source.start : clause.source.end].casefold()
    about = ("my ", "our ", "your ", "i ", "we ", "up ", "down ")
    if POLL_SHARE.search(first) or first in NON_ORIGIN_WORDS or first.startswith(about):
        return False
    spans = (clause.source, *clause.cue, *clause.content)
    covered = min(max(span.end for span in spans), sentence.end) - min(span.start for span in spans)
    if covered < MIN_INNER_SHARE * (sentence.end - sentence.start):
        return False
    if clause.content[0].start < clause.source.start:
        return clause.content[0].start - sentence.start < MAX_WORDS_BEFORE_INNER
    before = [t for t in sentence.tokens if t.start < clause.source.start and t.kind != "mark"]
    return len(before) < MAX_WORDS_BEFORE_INNER


def _clip_content(inner: tuple[Span, ...], outer: tuple[Span, ...]) -> tuple[Span, ...]:
    """The inner content, and those parts of the outer one that come after its first."""
    clipped = [
        Span(max(start, outer[0].start), min(end, outer[0].end))
        for start, end in inner
        if max(start, outer[0].start) < min(end, outer[0].end)
    ]
    return (*clipped, *outer[1:]) if clipped else outer
