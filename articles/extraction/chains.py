"""Who passed a statement on: the steps before the one who spoke, from the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from articles.extraction.attributions import Attribution
from articles.extraction.document import Document
from articles.extraction.names import AGENCY_NAMES
from articles.extraction.nouns import subject_after
from articles.extraction.proposal import Span
from articles.extraction.speakers import Resolved, Speakers

#: Before the clause: "Following a briefing by Y, X said …".
BEFORE = re.compile(
    r"(?:Following|After|Citing|Quoting|Based on|Referring to|In light of)\s+"
    r"(?:(?:an?|the|his|her|their)\s+(?:[\w-]+\s+){0,2}?(?P<verb>briefing|report|assessment|statement|presentation|update"
    r"|testimony|account|information|intelligence|figures|data)\s+(?:by|from|of|given by)\s+)?",
)
#: After it: ", citing Y", "quoted by Z", "obtained by Z".
CITING = re.compile(r",?\s*\b(?P<verb>citing|quoting)\s+", re.IGNORECASE)
THROUGH = re.compile(
    r"\b(?P<verb>quoted|cited|obtained|seen|reviewed|published|released|carried|reported)\s+(?:as\s+saying\s+)?by\s+",
    re.IGNORECASE,
)
OUTLET = re.compile(
    r"\b(?:Times|Post|Journal|Herald|Gazette|Tribune|Guardian|Telegraph|Ledger|Chronicle|Observer|News|TV|Television|Radio"
    r"|BBC|CNN|Sky|NBC|CBS|ABC|Mail|Sun|Mirror|Independent|Star|Courier|Argus|Echo|Standard|Bulletin|Review|Magazine"
    r"|agency|newspaper|broadcaster|Echo|Mercury|Dispatch)\b"
)
#: Inside a statement the inner source must come this early, in words, for all of it to be theirs.
EARLY = 4
INNER = frozenset(
    "say report tell announce warn note estimate claim state confirm add inform find show indicate deny conclude".split()
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain."""

    who: Resolved
    verb: str
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Nested:
    """An attribution with the one that its content consists of, if any: "X said Y had reported that …"."""

    outer: Attribution
    inner: Attribution | None = None


def nest(document: Document, found: list[Attribution]) -> list[Nested]:
    """Put attributions that are another's content inside it; drop those that merely stand within one."""
    nested: list[Nested] = []
    inside: set[int] = set()
    for index, outer in enumerate(found):
        if index in inside:
            continue
        inner = None
        for other_index, other in enumerate(found):
            if other_index == index or other.content == outer.content or not other.cue:
                continue
            if not _covers(outer, other.cue[0]) or (
                outer.cue and _covers(other, outer.cue[0]) and not _encloses(outer, other)
            ):
                continue
            inside.add(other_index)
            if inner is None and other.lemma in INNER and _early(document, outer, other):
                inner = _clipped(other, outer)
        nested.append(Nested(outer, inner))
    return [one for one in nested if not any(one.outer is found[i] for i in inside)]


def steps(document: Document, nested: Nested, speakers: Speakers, last: Step) -> list[Step]:
    """The chain of an attribution, origin first; `last` is who spoke."""
    chain = [last]
    outer = nested.outer
    if outer.cue and (before := _before(document, outer, speakers)):
        chain.insert(0, before)
    if through := _through(document, outer, speakers):
        chain.append(through)
    if outer.told and _is_outlet(document.text[outer.told.start : outer.told.end]):
        chain.append(Step(speakers.resolve(outer.told), "told"))
    if citing := _citing(document, outer, speakers):
        chain.insert(0, citing)
    if nested.inner and nested.inner.source:
        who = speakers.resolve(nested.inner.source[0])
        if all(step.who.entity is not who.entity for step in chain):
            chain.insert(0, Step(who, nested.inner.verb))
    return chain


def _covers(outer: Attribution, span: Span) -> bool:
    return any(start <= span.start and span.end <= end for start, end in outer.content)


def _encloses(outer: Attribution, inner: Attribution) -> bool:
    return outer.content[0].start <= (inner.source[0].start if inner.source else inner.cue[0].start)


def _early(document: Document, outer: Attribution, inner: Attribution) -> bool:
    """Does the inner source stand at the very start of the outer content?"""
    if not inner.source or inner.source[0].start < outer.content[0].start:
        return False
    before = [t for t in document.tokens_in(outer.content[0].start, inner.source[0].start) if t.is_word]
    first = document.text[inner.source[0].start : inner.source[0].end].casefold()
    return len(before) < EARLY and first not in ("i", "we", "you", "they", "people", "it", "one", "who", "he", "she")


def _clipped(inner: Attribution, outer: Attribution) -> Attribution:
    """The inner attribution, its content cut to the outer one's."""
    content = tuple(
        Span(max(start, o_start), min(end, o_end))
        for start, end in inner.content
        for o_start, o_end in outer.content
        if max(start, o_start) < min(end, o_end)
    )
    return Attribution(inner.source, inner.cue, content or outer.content, inner.confidence, inner.verb, inner.lemma)


def _before(document: Document, outer: Attribution, speakers: Speakers) -> Step | None:
    if not outer.source:
        return None
    sentence = document.sentences[document.sentence_of(outer.source[0].start)]
    match = BEFORE.match(document.text, sentence.start, outer.source[0].start)
    if not match:
        return None
    source = subject_after(document, match.end(), outer.source[0].start)
    if source is None or document.text[source.end : source.end + 1] != ",":
        return None
    if not match["verb"] and not match[0].startswith(("Citing", "Quoting")):
        return None
    return Step(speakers.resolve(source), match["verb"] or match[0].strip().casefold())


def _citing(document: Document, outer: Attribution, speakers: Speakers) -> Step | None:
    """ "X said, citing Y": the words come from Y."""
    at = max([span.end for span in (*outer.source, *outer.cue)], default=0)
    if not at:
        return None
    sentence = document.sentences[document.sentence_of(outer.cue[0].start if outer.cue else at)]
    for match in CITING.finditer(document.text, at, sentence.end):
        if document.quote_at(match.start("verb")) is not None:
            continue
        source = subject_after(document, match.end(), sentence.end)
        if source is not None:
            return Step(speakers.resolve(source), match["verb"].casefold())
    return None


def _through(document: Document, outer: Attribution, speakers: Speakers) -> Step | None:
    """ "a memo obtained by Z", "officials quoted by Z": Z passes it on."""
    if not outer.source:
        return None
    start, end = outer.source[0].start, max(outer.source[0].end, outer.cue[0].start if outer.cue else 0)
    sentence = document.sentences[document.sentence_of(start)]
    match = THROUGH.search(document.text, start, min(end + 40, sentence.end))
    if not match or document.quote_at(match.start()) is not None or match.start() > outer.source[0].end + 4:
        return None
    source = subject_after(document, match.end(), sentence.end)
    return Step(speakers.resolve(source), match["verb"].casefold()) if source else None


def without_passing_on(document: Document, source: Span) -> Span:
    """ "a memo obtained by the Herald" -> "a memo": who passed it on is another step."""
    match = THROUGH.search(document.text, source.start, source.end)
    if match is None or match.start() == source.start:
        return source
    end = match.start()
    while end > source.start and document.text[end - 1] in " ,":
        end -= 1
    return Span(source.start, end) if end > source.start else source


def _is_outlet(name: str) -> bool:
    bare = re.sub(r"^(?:the|The)\s+", "", name)
    return bare in AGENCY_NAMES or OUTLET.search(name) is not None


__all__ = ["Nested", "Step", "nest", "steps", "without_passing_on"]
