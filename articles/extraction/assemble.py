"""Attributions -> proposals: speakers and chains, then form, figures, modality, and the day it was said."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from articles.extraction.attribution import transcripts
from articles.extraction.attribution.attributions import Attribution
from articles.extraction.attribution.transcripts import TranscriptLine
from articles.extraction.details.dates import find_stated_on
from articles.extraction.details.modality import detect_modality
from articles.extraction.details.quantities import find_quantities
from articles.extraction.details.reported import is_reported
from articles.extraction.document import Document
from articles.extraction.lexicon.word_classes import AUXILIARIES, FINITE_VERBS, RELATIVES
from articles.extraction.proposal import Form, Proposal, ProposedHop, SameSpeaker, Span
from articles.extraction.speakers.chains import Chain, build_chain, cue_lemma
from articles.extraction.speakers.entities import name_key
from articles.extraction.speakers.speakers import MentionResolver

#: A pronoun or a title nobody could be found for makes a claim so much less certain.
GUESSED_SPEAKER_FACTOR = 0.85
#: Fewer words than this tell nothing, unless they are quoted ("No," she said).
MIN_CLAIM_WORDS = 2
#: "Ferrand did not rule that | out |": a part of the verb.
VERB_PARTICLE = re.compile(r"(?:out|off|up|down|in|over|away|back|on|it|so|that|this|to)[.,]?", re.IGNORECASE)
LEADING_RELATIVE_CLAUSE = re.compile(r"(?:which|who|whom|whose)\b[^,.“”\"]{1,120},\s+(?=\S)")
LEADING_THAT = re.compile(
    r"(?:only\s+)?that,?\s+(?!(?:was|is|were|are|had|has|would|will|could|did|does|may|might|must|should|can)\b)(?=\S)"
)
SENTENCE_BETWEEN = re.compile(r"[.!?](?:\s|$)|\n")
OPENING_MARKS, CLOSING_MARKS = ('"', "“", "‘", "«"), ('"', "”", "’", "»")


def assemble_proposals(
    document: Document,
    found: Sequence[Attribution],
    outlets: Collection[str] = (),
    lines: Sequence[TranscriptLine] = (),
) -> tuple[tuple[Proposal, ...], tuple[SameSpeaker, ...]]:
    """The proposals of a text, in the order of their words, and the speakers that are probably one.

    `outlets` are the names of those who publish the text; `lines` those of a transcript in it.
    """
    own = frozenset(map(name_key, outlets))
    speakers = MentionResolver(document, list(found))
    resolved = [(one, build_chain(document, one, speakers, own, lines)) for one in sorted(found, key=_first_offset)]
    said = _contents_by_sentence(document, found)
    proposals = [
        _build_proposal(document, one, chained, speakers, said) for one, chained in resolved if chained is not None
    ]
    kept = sorted((p for p in proposals if p is not None), key=lambda p: (p.content[0], p.cue))
    return tuple(kept), speakers.find_same_speakers()


def _contents_by_sentence(document: Document, found: Sequence[Attribution]) -> dict[int, list[Span]]:
    """What anybody says in the sentence of each number.

    But for what is told of a source by the way: "according to the agency, | which laid out its findings on Thursday".
    """
    said: dict[int, list[Span]] = {}
    for one in found:
        if any(document.text[start:end].casefold() in RELATIVES for start, end in one.source):
            continue
        for span in one.content:
            for number in range(document.sentence_index(span.start), document.sentence_index(span.end - 1) + 1):
                said.setdefault(number, []).append(span)
    return said


def _first_offset(one: Attribution) -> int:
    """Mentions are resolved in the order in which they stand."""
    return min(span.start for span in (*one.source[:1], *one.cue[:1], *(one.content[:1] if not one.cue else ())))


def _build_proposal(
    document: Document, one: Attribution, chained: Chain, speakers: MentionResolver, said: Mapping[int, Sequence[Span]]
) -> Proposal | None:
    verbatim = one.pattern == transcripts.PATTERN
    form = Form.DIRECT if verbatim else detect_form(document, one.content)
    # A quotation is left whole; of indirect words, those that name the origin are no part of the statement.
    content = one.content if form == Form.DIRECT else _trim_indirect_content(document, chained.content, one)
    words = sum(1 for span in content for token in document.tokens_in(*span) if token.kind != "mark")
    if not words or (words == 1 and form == Form.INDIRECT and VERB_PARTICLE.fullmatch(document.text, *content[0])):
        return None
    speaker = chained.hops[-1].speaker
    told = (
        not speaker.is_nobody
        and (words >= MIN_CLAIM_WORDS or form == Form.DIRECT)
        and is_reported(
            document, one, content, form if verbatim else detect_form(document, content), speaker.entity.kind
        )
    )
    sure = all(step.speaker.is_certain for step in chained.hops)
    return Proposal(
        statement=format_statement(document, content, one),
        content=content,
        cue=one.cue,
        source=one.source,
        form=form if verbatim else detect_form(document, content),
        hops=tuple(
            ProposedHop(
                speakers.to_speaker(step.speaker.entity),
                step.speaker.mention,
                step.speaker.span,
                step.verb,
                step.explicit,
            )
            for step in chained.hops
        ),
        modality=detect_modality(format_statement(document, chained.content, one), cue_lemma(document, one.cue)),
        confidence=round(min(max(one.confidence * (1 if sure else GUESSED_SPEAKER_FACTOR), 0.01), 0.99), 2),
        reporting=told,
        quantities=find_quantities(document, content),
        stated_on=find_stated_on(document, one, document.published, _other_contents(document, one, said)),
        last_hop_content=one.content,
    )


def _other_contents(document: Document, one: Attribution, said: Mapping[int, Sequence[Span]]) -> list[Span]:
    """What is said in the sentence of an attribution's cue, by itself or by others."""
    return list(said.get(document.sentence_index(one.cue[0].start), ())) if one.cue else []


def _trim_indirect_content(document: Document, content: tuple[Span, ...], one: Attribution) -> tuple[Span, ...]:
    """Indirect words without what is no part of what was said.

    That is the "that" which introduces them; "which was published on Tuesday," about the source before them; and
    words without quotation marks in another sentence than their cue's.
    """
    if one.cue and len(content) > 1:
        number = document.sentence_index(one.cue[0].start)
        near = [s for s in content if document.sentence_index(s.start) == number or document.quote_at(s.start)]
        content = tuple(near) or content
    for introduction in (LEADING_RELATIVE_CLAUSE, LEADING_THAT):
        if match := introduction.match(document.text, *content[0]):
            content = (Span(match.end(), content[0].end), *content[1:])
    return content


def format_statement(document: Document, content: Sequence[Span], one: Attribution) -> str:
    """The content as one readable line.

    What only the attribution broke is joined: `"We went," he said, "and saw."` reads as one quotation.
    Where whole sentences were left out between two parts, " … " stands for them.
    """
    pieces = [re.sub(r"\s+", " ", document.text[start:end]).strip() for start, end in content]
    joined = pieces[0]
    for index, piece in enumerate(pieces[1:]):
        before, after = content[index].end, content[index + 1].start
        if _omits_sentence(document, before, after, one):
            joined = f"{joined} … {piece}"
        else:
            joined = _join_parts(
                joined, piece, new_sentence=bool(SENTENCE_BETWEEN.search(document.text, before, after))
            )
    return re.sub(r",(?=[\"”’'»]*$)", "", joined)


def _omits_sentence(document: Document, start: int, end: int, one: Attribution) -> bool:
    """Does a sentence stand between two parts of a statement that has no part in attributing it?"""
    if not any(character.isalnum() for character in document.text[start:end]):
        return False
    own = {document.sentence_index(span.start) for span in (*one.cue, *one.source, *one.content)}
    for number in range(document.sentence_index(start), document.sentence_index(end - 1) + 1):
        sentence = document.sentences[number]
        if number not in own and sentence.start >= start and sentence.end <= end:
            return True
    return False


def _join_parts(left: str, right: str, *, new_sentence: bool) -> str:
    closing, opening = left[-1:] in CLOSING_MARKS, right[:1] in OPENING_MARKS
    if opening and not closing and left[:1] in OPENING_MARKS:
        right = right[1:]  # a quotation that runs on into the next paragraph opens anew
    if closing and opening:
        inner, rest = left[:-1].rstrip(), right[1:].lstrip()
        if inner.endswith(",") and new_sentence:
            inner = f"{inner[:-1]}."  # "We went," he said. "We saw."
        return f"{inner} {rest}"
    first = re.match(r"[\w'’]+", right)
    verbal = first is not None and (first[0] in FINITE_VERBS or first[0] in AUXILIARIES)
    if verbal or left[-1:] in ",.!?—–:;…" or (closing and left[-2:-1] in ",.!?…"):
        return f"{left} {right}"
    return f"{left}. {right}" if right[:1] in OPENING_MARKS and right[1:2].isupper() else f"{left}, {right}"


def detect_form(document: Document, content: Sequence[Span]) -> Form:
    """Direct: all inside quotation marks; indirect: none; mixed: some."""
    quoted = plain = 0
    for start, end in content:
        for token in document.tokens_in(start, end):
            if token.kind != "mark":
                if document.quote_at(token.start) is not None:
                    quoted += 1
                else:
                    plain += 1
    if not quoted:
        return Form.INDIRECT
    return Form.MIXED if plain else Form.DIRECT
