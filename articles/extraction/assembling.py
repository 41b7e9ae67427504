"""Attributions -> proposals: speakers, chains, form, figures, modality, the day it was said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from articles.extraction.attributions import Attribution
from articles.extraction.chains import Nested, Step, nest, steps, without_passing_on
from articles.extraction.dates import stated_on
from articles.extraction.document import Document
from articles.extraction.modality import modality
from articles.extraction.proposal import Form, Proposal, ProposedHop, SameSpeaker, Span
from articles.extraction.quantities import quantities
from articles.extraction.speakers import Speakers

#: A pronoun or title nobody could be found for makes a claim so much less certain.
GUESSED = 0.15
#: Fewer words than this are no statement ("yes," he said, stays with what follows it).
WORDS = 2


def assemble(document: Document, found: Sequence[Attribution]) -> tuple[tuple[Proposal, ...], tuple[SameSpeaker, ...]]:
    """The proposals of a text, in the order of their words, and the speakers that are probably one."""
    speakers = Speakers(document)
    resolved: list[tuple[Nested, list[Step]]] = []
    for nested in nest(document, list(found)):
        last = _last_step(document, nested.outer, speakers)
        if last is not None:
            resolved.append((nested, steps(document, nested, speakers, last)))
    proposals = [_proposal(document, nested, chain, speakers) for nested, chain in resolved]
    entities = [step.who.entity for _, chain in resolved for step in chain]
    kept = [p for p in proposals if p is not None]
    return tuple(sorted(kept, key=lambda p: (p.content[0], p.cue))), speakers.same(entities)


def _last_step(document: Document, outer: Attribution, speakers: Speakers) -> Step | None:
    """Who spoke to the outlet, as the attribution says or as it is carried over."""
    if outer.source and not outer.carried:
        return Step(speakers.resolve(without_passing_on(document, outer.source[0])), outer.verb)
    carried = speakers.carried()
    return Step(carried, outer.verb, explicit=False) if carried else None


def _proposal(document: Document, nested: Nested, chain: list[Step], speakers: Speakers) -> Proposal | None:
    outer = nested.outer
    content = outer.content
    narrow = nested.inner is not None and not _all_quoted(document, outer.content)
    if narrow and nested.inner is not None:
        content = nested.inner.content
    if sum(1 for span in content for token in document.tokens_in(*span) if token.is_word) < WORDS:
        return None
    statement = _statement(document, content)
    put = _statement(document, nested.inner.content) if nested.inner else statement
    confidence = outer.confidence - (0 if all(step.who.sure for step in chain) else GUESSED)
    return Proposal(
        statement=statement,
        content=content,
        cue=outer.cue,
        source=() if outer.carried else outer.source,
        form=_form(document, content),
        hops=tuple(
            ProposedHop(
                speaker=speakers.freeze(step.who.entity),
                mention=step.who.mention,
                span=step.who.span,
                verb=step.verb,
                explicit=step.explicit,
            )
            for step in chain
        ),
        modality=modality(put, outer.lemma),
        confidence=round(min(max(confidence, 0.05), 0.99), 2),
        reporting=outer.reporting,
        quantities=quantities(document, content),
        stated_on=stated_on(document.text, outer.clause, document.published),
    )


def _statement(document: Document, content: Sequence[Span]) -> str:
    """The content as one readable line; what an attribution broke in two is joined again."""
    joined, before = "", 0
    for start, end in content:
        piece = re.sub(r"\s+", " ", document.text[start:end]).strip()
        between = document.text[before:start]
        if not joined:
            joined = piece
        elif joined[-1:] in '"”' and piece[:1] in '"“':
            # "I went," he said, "and I saw." reads as one quotation; "I went," he said. "I saw." as two sentences.
            first = joined[:-1]
            if "." in between or "\n" in between:
                first = re.sub(r",$", ".", first)
            joined = f"{first} {piece[1:]}"
        elif joined[-1:] in ',.!?"”—':
            joined = f"{joined} {piece}"
        else:
            joined = f"{joined}, {piece}"
        before = end
    return joined


def _form(document: Document, content: Sequence[Span]) -> Form:
    """Direct: all inside quotation marks; indirect: none; mixed: some."""
    quoted = plain = 0
    for start, end in content:
        for token in document.tokens_in(start, end):
            if token.is_word:
                if document.quote_at(token.start) is not None:
                    quoted += 1
                else:
                    plain += 1
    if not quoted:
        return Form.INDIRECT
    return Form.MIXED if plain else Form.DIRECT


def _all_quoted(document: Document, content: Sequence[Span]) -> bool:
    return _form(document, content) == Form.DIRECT
