"""Build proposals from attributions: chain, form, quantities, modality and day."""

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

#: Confidence is multiplied by this if a pronoun or title in the chain could not be resolved with certainty.
GUESSED_SPEAKER_FACTOR = 0.85
#: A shorter content is not a statement, unless it is quoted ("No," she said).
MIN_CLAIM_WORDS = 2
#: Content that is only part of the verb: "Ferrand did not rule that | out |".
VERB_PARTICLE = re.compile(r"(?:out|off|up|down|in|over|away|back|on|it|so|that|this|to)[.,]?", re.IGNORECASE)
LEADING_RELATIVE_CLAUSE = re.compile(r"(?:which|who|whom|whose)\b[^,.“”\"]{1,120},\s+(?=\S)")
LEADING_THAT = re.compile(
    r"(?:only\s+)?that,?\s+(?!(?:was|is|were|are|had|has|would|will|could|did|does|may|might|must|should|can)\b)(?=\S)"
)
SENTENCE_BETWEEN = re.compile(r"[.!?](?:\s|$)|\n")
OPENING_MARKS, CLOSING_MARKS = ('"', "“", "‘", "«"), ('"', "”", "’", "»")


def assemble_proposals(
    document: Document,
    attributions: Sequence[Attribution],
    outlets: Collection[str] = (),
    lines: Sequence[TranscriptLine] = (),
) -> tuple[tuple[Proposal, ...], tuple[SameSpeaker, ...]]:
    """Return the proposals of a text and the pairs of speakers that are probably one.

    Proposals come in the order of their content. `outlets` names the publisher and agency of the text. `lines` are
    the transcript lines of the text.
    """
    outlet_keys = frozenset(map(name_key, outlets))
    speakers = MentionResolver(document, list(attributions))
    resolved = [
        (attribution, build_chain(document, attribution, speakers, outlet_keys, lines))
        for attribution in sorted(attributions, key=_first_offset)
    ]
    contents = _contents_by_sentence(document, attributions)
    proposals = [
        _build_proposal(document, attribution, chain, speakers, contents)
        for attribution, chain in resolved
        if chain is not None
    ]
    ordered = sorted((p for p in proposals if p is not None), key=lambda p: (p.content[0], p.cue))
    return tuple(ordered), speakers.find_same_speakers()


def _contents_by_sentence(document: Document, attributions: Sequence[Attribution]) -> dict[int, list[Span]]:
    """Return the attributed spans in each sentence, by sentence index.

    Skip attributions whose source is a relative pronoun ("according to the agency, | which laid out its findings on
    Thursday").
    """
    contents: dict[int, list[Span]] = {}
    for attribution in attributions:
        if any(document.text[start:end].casefold() in RELATIVES for start, end in attribution.source):
            continue
        for span in attribution.content:
            for number in range(document.sentence_index(span.start), document.sentence_index(span.end - 1) + 1):
                contents.setdefault(number, []).append(span)
    return contents


def _first_offset(attribution: Attribution) -> int:
    """Return where an attribution is first mentioned: mentions resolve in this order."""
    return min(
        span.start
        for span in (
            *attribution.source[:1],
            *attribution.cue[:1],
            *(attribution.content[:1] if not attribution.cue else ()),
        )
    )


def _build_proposal(
    document: Document,
    attribution: Attribution,
    chain: Chain,
    speakers: MentionResolver,
    contents: Mapping[int, Sequence[Span]],
) -> Proposal | None:
    verbatim = attribution.pattern == transcripts.PATTERN
    form = Form.DIRECT if verbatim else detect_form(document, attribution.content)
    # A quotation stays whole. In indirect content, the words that name the origin are not part of the statement.
    content = (
        attribution.content if form == Form.DIRECT else _trim_indirect_content(document, chain.content, attribution)
    )
    word_count = sum(1 for span in content for token in document.tokens_in(*span) if token.kind != "mark")
    if not word_count or (
        word_count == 1 and form == Form.INDIRECT and VERB_PARTICLE.fullmatch(document.text, *content[0])
    ):
        return None
    speaker = chain.hops[-1].speaker
    reporting = (
        not speaker.is_nobody
        and (word_count >= MIN_CLAIM_WORDS or form == Form.DIRECT)
        and is_reported(
            document, attribution, content, form if verbatim else detect_form(document, content), speaker.entity.kind
        )
    )
    is_certain = all(hop.speaker.is_certain for hop in chain.hops)
    return Proposal(
        statement=format_statement(document, content, attribution),
        content=content,
        cue=attribution.cue,
        source=attribution.source,
        form=form if verbatim else detect_form(document, content),
        hops=tuple(
            ProposedHop(
                speakers.to_speaker(hop.speaker.entity),
                hop.speaker.mention,
                hop.speaker.span,
                hop.verb,
                hop.explicit,
            )
            for hop in chain.hops
        ),
        modality=detect_modality(
            format_statement(document, chain.content, attribution), cue_lemma(document, attribution.cue)
        ),
        confidence=round(
            min(max(attribution.confidence * (1 if is_certain else GUESSED_SPEAKER_FACTOR), 0.01), 0.99), 2
        ),
        reporting=reporting,
        quantities=find_quantities(document, content),
        stated_on=find_stated_on(
            document, attribution, document.published, _other_contents(document, attribution, contents)
        ),
        last_hop_content=attribution.content,
    )


def _other_contents(
    document: Document, attribution: Attribution, contents: Mapping[int, Sequence[Span]]
) -> list[Span]:
    """Return all attributed spans in the sentence of the attribution's cue."""
    return list(contents.get(document.sentence_index(attribution.cue[0].start), ())) if attribution.cue else []


def _trim_indirect_content(
    document: Document, content: tuple[Span, ...], attribution: Attribution
) -> tuple[Span, ...]:
    """Return indirect content without words that are not part of the statement.

    Removed: an introducing "that"; a relative clause about the source before it ("which was published on Tuesday,");
    and unquoted words in another sentence than the cue.
    """
    if attribution.cue and len(content) > 1:
        number = document.sentence_index(attribution.cue[0].start)
        nearby = [s for s in content if document.sentence_index(s.start) == number or document.quote_at(s.start)]
        content = tuple(nearby) or content
    for pattern in (LEADING_RELATIVE_CLAUSE, LEADING_THAT):
        if match := pattern.match(document.text, *content[0]):
            content = (Span(match.end(), content[0].end), *content[1:])
    return content


def format_statement(document: Document, content: Sequence[Span], attribution: Attribution) -> str:
    """Return the content as one line of readable text.

    Join what only the attribution separates: `"We went," he said, "and saw."` becomes one quotation. Write " … "
    where whole sentences were left out between two parts.
    """
    pieces = [re.sub(r"\s+", " ", document.text[start:end]).strip() for start, end in content]
    joined = pieces[0]
    for index, piece in enumerate(pieces[1:]):
        before, after = content[index].end, content[index + 1].start
        if _omits_sentence(document, before, after, attribution):
            joined = f"{joined} … {piece}"
        else:
            joined = _join_parts(
                joined, piece, new_sentence=bool(SENTENCE_BETWEEN.search(document.text, before, after))
            )
    return re.sub(r",(?=[\"”’'»]*$)", "", joined)


def _omits_sentence(document: Document, start: int, end: int, attribution: Attribution) -> bool:
    """Return whether an unrelated sentence lies between two parts of a statement."""
    if not any(character.isalnum() for character in document.text[start:end]):
        return False
    own_sentences = {
        document.sentence_index(span.start) for span in (*attribution.cue, *attribution.source, *attribution.content)
    }
    for number in range(document.sentence_index(start), document.sentence_index(end - 1) + 1):
        sentence = document.sentences[number]
        if number not in own_sentences and sentence.start >= start and sentence.end <= end:
            return True
    return False


def _join_parts(left: str, right: str, *, new_sentence: bool) -> str:
    """Join two parts of a statement with the right punctuation."""
    closing, opening = left[-1:] in CLOSING_MARKS, right[:1] in OPENING_MARKS
    if opening and not closing and left[:1] in OPENING_MARKS:
        right = right[1:]  # a quotation that continues in the next paragraph opens again
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
    """Return the form: direct if all words are quoted, indirect if none, else mixed."""
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
