"""Build the chain of an attribution: the hops from the origin to the last speaker."""

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

#: "Following a briefing by Y, X said …", "X, who was briefed by Y, said …": Y is inferred to be the origin.
BRIEFED_BY = re.compile(
    r"\b(?P<verb>briefing|briefed|presentation|testimony|update)\s+(?:(?:on|about)\s+(?:[\w’'-]+\s+){1,5}?)?"
    r"(?:by|from|given\s+by|of\s+the\s+press\s+by)\s+",
    re.IGNORECASE,
)
#: "X said, citing Y", "Quoting Y, X reported …": Y is the origin.
CITING = re.compile(r"\b(?P<verb>citing|quoting)\s+", re.IGNORECASE)
#: Nouns that can be cited, besides the nouns for speakers.
CITED_NOUNS = frozenset(
    "records figures files filings papers briefing briefings interviews cable cables log logs results calculations "
    "estimates statistics minutes notes testimony accounts account remarks".split()
)
#: "Z quoted Y as saying …": words between the cue and the content.
AS_SAYING = re.compile(r"\bas\s+(?:saying|telling|warning|claiming|stating|reporting)\b", re.IGNORECASE)
#: "The trial is expected to last": a passive cue names no speaker, so the previous speaker is not carried
#: over.
PASSIVE = re.compile(
    r"\A(?:Asked|Pressed|Questioned)\b|\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?\w+(?:ed|n|t)\b",
    re.IGNORECASE,
)
#: "officials quoted by Z", "a memo obtained by Z": Z is a later hop.
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
#: At most this many words of the outer content may precede the inner source.
MAX_WORDS_BEFORE_INNER = 4
#: The inner attribution covers at least this share of the outer content, in code points.
MIN_INNER_SHARE = 0.75
#: "X said that Y said that Z said …" is followed to this depth.
MAX_CHAIN_DEPTH = 3
#: Verbs that make the inner source an origin. Plans and thoughts do not.
ORIGIN_VERBS = frozenset(
    "say report tell announce warn note estimate claim state confirm add inform find show indicate deny conclude suggest "
    "acknowledge admit put insist reveal disclose predict forecast argue allege assure write assert declare according".split()
)
#: Inside a statement, these words refer to the speaker or to nobody in particular.
NON_ORIGIN_WORDS = frozenset(
    "up down i we you they people it one who he she that which everyone somebody nobody some many".split()
)
#: "51 percent of respondents said …": a poll's figure, not an origin.
POLL_SHARE = re.compile(
    r"\bper ?cent\b|%|\b(?:half|thirds?|quarters?|majority|minority|share|one|two) (?:of|in)\b|\bmost\b"
)


@dataclass(frozen=True, slots=True)
class ChainHop:
    """One hop of a chain. `explicit` is False if the hop is inferred."""

    speaker: ResolvedMention
    verb: str
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Chain:
    """The hops of an attribution, origin first, and the content of the origin."""

    hops: tuple[ChainHop, ...]
    content: tuple[Span, ...]


def build_chain(
    document: Document,
    attribution: Attribution,
    speakers: MentionResolver,
    outlets: Collection[str] = (),
    lines: Sequence[TranscriptLine] = (),
) -> Chain | None:
    """Return the chain of an attribution, or None if it has no speaker.

    `outlets` are name keys (`entities.name_key`) of the text's own publishers. They are hops only as the
    origin. `lines` are the lines of a transcript: what is attributed inside a line ends with the line's
    speaker.
    """
    if attribution.pattern == transcripts.PATTERN:
        return Chain((_line_hop(document, attribution.source[0], speakers),), attribution.content)
    last_hop = _last_hop(document, attribution, speakers)
    if last_hop is None:
        return None
    hops = [last_hop]
    if attribution.source and attribution.cue:
        if (relaying_hop := _relaying_hop(document, attribution, speakers)) is not None and _is_new(
            relaying_hop, hops
        ):
            hops.append(relaying_hop)
        if (addressee_hop := _addressee_hop(document, attribution, speakers)) is not None and _is_new(
            addressee_hop, hops
        ):
            hops.append(addressee_hop)
        origin = (
            _cited_hop(document, attribution, speakers)
            or _quoted_hop(document, attribution, speakers)
            or _briefing_hop(document, attribution, speakers)
        )
        if origin is not None and _is_new(origin, hops):
            hops.insert(0, origin)
    content = _add_inner_hops(document, attribution.content, hops, speakers)
    if lines and (line := transcripts.line_at(lines, attribution.content[0].start)) is not None:
        line_hop = _line_hop(document, line.label, speakers)
        hops += [line_hop] if _is_new(line_hop, hops) else []
    hops[1:] = [hop for hop in hops[1:] if not _is_outlet(hop, outlets)]
    return Chain(tuple(hops), content)


def _add_inner_hops(
    document: Document, content: tuple[Span, ...], hops: list[ChainHop], speakers: MentionResolver
) -> tuple[Span, ...]:
    """Put the hops that the content names first, and return the first one's content.

    Changes `hops` in place.
    """
    for _ in range(MAX_CHAIN_DEPTH):
        inner = _inner_clause(document, content)
        if inner is None or inner.source is None:
            break
        speaker = speakers.resolve(inner.source)
        if speaker is None or any(hop.speaker.entity is speaker.entity for hop in hops):
            break
        hops.insert(0, ChainHop(speaker, cue_verb(document, inner.cue)))
        content = _clip_content(inner.content, content)
    return content


def _line_hop(document: Document, label: Span, speakers: MentionResolver) -> ChainHop:
    """Return the hop of a transcript line's speaker."""
    return ChainHop(speakers.resolve_label(label, is_answer=transcripts.is_answer(document, label)), "said")


def cue_verb(document: Document, cue: tuple[Span, ...]) -> str:
    """Return the verb of saying in a cue, without "also" and "has"."""
    words = [token.lower for span in cue for token in document.tokens_in(*span) if token.kind != "mark"]
    if words[:2] == ["according", "to"]:
        return "according to"
    verbs = [word for word in words if word in VERBS]
    return verbs[0] if verbs else " ".join(words)


def cue_lemma(document: Document, cue: tuple[Span, ...]) -> str:
    """Return the base form of a cue's verb; "" if it has none."""
    verb = VERBS.get(cue_verb(document, cue))
    return verb.lemma if verb else ""


def _last_hop(document: Document, attribution: Attribution, speakers: MentionResolver) -> ChainHop | None:
    """Return the hop that spoke to the outlet: the source, else the last speaker."""
    if not attribution.source:
        if (
            attribution.cue
            and PASSIVE.search(document.text[attribution.cue[0].start : attribution.cue[-1].end])
            and not _is_quoted(document, attribution)
        ):
            return ChainHop(speakers.resolve_unstated(), cue_verb(document, attribution.cue) or "said", explicit=False)
        last_speaker = speakers.last_speaker()
        return ChainHop(last_speaker, "said", explicit=False) if last_speaker else None
    speaker = speakers.resolve(attribution.source[0]) or speakers.resolve_indefinite(attribution.source[0])
    return ChainHop(speaker, cue_verb(document, attribution.cue) or "said")


def _is_quoted(document: Document, attribution: Attribution) -> bool:
    return any(document.quote_at(span.start) is not None for span in attribution.content)


def _is_outlet(hop: ChainHop, outlets: Collection[str]) -> bool:
    entity = hop.speaker.entity
    return any(name_key(name) in outlets for name in (entity.name, *entity.aliases))


def _is_new(hop: ChainHop, hops: list[ChainHop]) -> bool:
    return all(hop.speaker.entity is not other.speaker.entity for other in hops)


# --- Outside the content ------------------------------------------------------------------------


def _spans_outside_content(document: Document, attribution: Attribution) -> list[Span]:
    """Return the parts of the cue's sentence that are not content."""
    sentence = document.sentences[document.sentence_index(attribution.cue[0].start)]
    parts, offset = [], sentence.start
    for start, end in sorted(attribution.content):
        if offset < min(start, sentence.end):
            parts.append(Span(offset, min(start, sentence.end)))
        offset = max(offset, end)
    if offset < sentence.end:
        parts.append(Span(offset, sentence.end))
    return parts


def _phrase_after(document: Document, offset: int, end: int) -> Span | None:
    """Return the noun phrase that starts at an offset, up to `end`."""
    tokens = document.outer_tokens_in(offset, end)
    phrase = subject_after(tokens, 0, len(tokens))
    return Span(tokens[phrase.start].start, tokens[phrase.core_end - 1].end) if phrase else None


def _hop_after(
    document: Document, match: re.Match[str], end: int, speakers: MentionResolver, *, explicit: bool
) -> ChainHop | None:
    phrase = _phrase_after(document, match.end(), end)
    speaker = speakers.resolve(phrase) if phrase is not None else None
    return ChainHop(speaker, match["verb"].casefold(), explicit) if speaker else None


def _briefing_hop(document: Document, attribution: Attribution, speakers: MentionResolver) -> ChainHop | None:
    for start, end in _spans_outside_content(document, attribution):
        if match := BRIEFED_BY.search(document.text, start, end):
            return _hop_after(document, match, end, speakers, explicit=False)
    return None


def _cited_hop(document: Document, attribution: Attribution, speakers: MentionResolver) -> ChainHop | None:
    for start, end in _spans_outside_content(document, attribution):
        match = CITING.search(document.text, start, end)
        if match and document.quote_at(match.start()) is None and names_a_source(document, match.end(), end):
            return _hop_after(document, match, end, speakers, explicit=True)
    return None


def names_a_source(document: Document, offset: int, end: int) -> bool:
    """Return whether the words after "citing" name a source.

    "Citing her long experience" gives a reason.
    """
    phrase = _phrase_after(document, offset, end)
    if phrase is None:
        return False
    text = document.text[phrase.start : phrase.end]
    last, head = text.split()[-1], head_noun(text)
    return last[:1].isupper() or bool({last.casefold(), head} & (SPEAKER_NOUNS | CITED_NOUNS))


def _quoted_hop(document: Document, attribution: Attribution, speakers: MentionResolver) -> ChainHop | None:
    cue_end = attribution.cue[-1].end
    if attribution.content[0].start < cue_end:
        return None
    between = AS_SAYING.search(document.text, cue_end, attribution.content[0].start)
    if between is None:
        return None
    phrase = _phrase_after(document, cue_end, between.start())
    speaker = speakers.resolve(phrase) if phrase is not None else None
    return ChainHop(speaker, "quoted") if speaker else None


def _relaying_hop(document: Document, attribution: Attribution, speakers: MentionResolver) -> ChainHop | None:
    """Return the hop of Z in "a memo obtained by Z": in the source or right after it."""
    source, text = attribution.source[-1], document.text
    sentence = document.sentences[document.sentence_index(source.start)]
    match = PASSED_ON_BY.search(text, source.start, source.end) or PASSED_ON_BY.search(
        text, source.start, min(source.end + 24, sentence.end)
    )
    if match is None or match.start() > source.end + 3:
        # "Lee was quoted by Z as saying …"
        match = (
            PASSED_ON_BY.search(text, attribution.cue[0].start, attribution.content[0].start)
            if attribution.content[0].start > attribution.cue[-1].start
            else None
        )
        if match is None or match["verb"].casefold() not in ("quoted", "cited"):
            return None
    if match["verb"].casefold() in ("released", "published") and not re.search(r"\bby\s+$", match[0]):
        return None
    return _hop_after(document, match, sentence.end, speakers, explicit=True)


def _addressee_hop(document: Document, attribution: Attribution, speakers: MentionResolver) -> ChainHop | None:
    """Return the hop of Z in "X told Z" if Z is an outlet or an agency."""
    cue = attribution.cue[-1]
    match = NAMED_ADDRESSEE.match(document.text, cue.end)
    verb = VERBS.get(cue_verb(document, attribution.cue))
    if match is None or verb is None or "a" not in verb.frame:
        return None
    addressee = cut_at_sentence_end(match["who"])
    name = re.sub(r"^(?:the|The)\s+", "", addressee).rstrip(".")
    if name not in AGENCY_NAMES and not OUTLET.search(name):
        return None
    start = match.start("who")
    end = start + len(addressee)
    if document.text[end - 1] == "." and not re.search(r"\b[A-Z]\.$", addressee):
        end -= 1  # the full stop of the sentence, not of the name
    speaker = speakers.resolve(Span(start, end))
    return ChainHop(speaker, cue_verb(document, attribution.cue)) if speaker else None


# --- Inside the content -------------------------------------------------------------------------


def _inner_clause(document: Document, content: tuple[Span, ...]) -> Clause | None:
    """Return the attribution that makes up the content, or None.

    "The ministry also reported that …"
    """
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
    """Return whether an inner clause names the origin of its sentence."""
    if clause.source is None or not clause.reporting or clause.pattern.startswith(("participle", "noun")):
        return False
    if cue_lemma(document, clause.cue) not in ORIGIN_VERBS and cue_verb(document, clause.cue) != "according to":
        return False
    source = document.text[clause.source.start : clause.source.end].casefold()
    non_origin_starts = ("my ", "our ", "your ", "i ", "we ", "up ", "down ")
    if POLL_SHARE.search(source) or source in NON_ORIGIN_WORDS or source.startswith(non_origin_starts):
        return False
    spans = (clause.source, *clause.cue, *clause.content)
    covered = min(max(span.end for span in spans), sentence.end) - min(span.start for span in spans)
    if covered < MIN_INNER_SHARE * (sentence.end - sentence.start):
        return False
    if clause.content[0].start < clause.source.start:
        return clause.content[0].start - sentence.start < MAX_WORDS_BEFORE_INNER
    words_before = [t for t in sentence.tokens if t.start < clause.source.start and t.kind != "mark"]
    return len(words_before) < MAX_WORDS_BEFORE_INNER


def _clip_content(inner: tuple[Span, ...], outer: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the inner content cut to the outer one, with the outer one's later parts."""
    clipped = [
        Span(max(start, outer[0].start), min(end, outer[0].end))
        for start, end in inner
        if max(start, outer[0].start) < min(end, outer[0].end)
    ]
    return (*clipped, *outer[1:]) if clipped else outer
