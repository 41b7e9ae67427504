"""Propose claims from a text.

Pure: no Django, no database, no network. The same text always gives the same proposals.

Stages, in order:

1. `language`: only English is supported.
2. `document`: paragraphs, quotations, tokens, sentences.
3. Attributions (which content has which cue and which source): `attribution.attributions` finds them by rules,
   `tagger` by a small neural network. `tagger.stage` combines both. `attribution.transcripts` adds transcript lines.
4. `assemble`: speakers, chains, and each claim's form, quantities, modality and day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from articles.extraction import language as languages
from articles.extraction import tagger
from articles.extraction.assemble import assemble_proposals
from articles.extraction.attribution import transcripts
from articles.extraction.attribution.attributions import find_by_rules
from articles.extraction.document import Document
from articles.extraction.proposal import Extraction, Proposal

__all__ = ["EXTRACTOR_VERSION", "Extraction", "Proposal", "extract", "extract_many", "propose"]

#: Stored with every claim, to tell the claims of different extractor versions apart.
EXTRACTOR_VERSION = "tagger-2"


def extract(
    text: str, *, published: date | None = None, language: str | None = None, outlets: Collection[str] = ()
) -> Extraction:
    """Return the proposed claims of a text. Never raise an exception.

    `published` is the day from which "Tuesday" is counted back. `language` is a BCP 47 tag; None: detect it.
    `outlets` names the agency and the publisher of the text. They are not a hop of a chain: in Northwire's own copy,
    "told Northwire" adds nothing. A text in an unsupported language gives no proposals and one warning.
    """
    text_language = language or languages.detect_language(text)
    if text_language.split("-")[0].lower() not in languages.SUPPORTED_LANGUAGES:
        detail = (
            f"The text is in another language ({text_language}). Claims are found in English only. Add them by hand."
        )
        return Extraction(language=text_language, warnings=(("language-not-understood", detail),))
    document = Document(text, published)
    attributions = find_by_rules(document)
    if tagger.AVAILABLE:
        from articles.extraction.tagger import stage

        attributions = stage.find_with_tagger(document, attributions)
    if transcript_lines := transcripts.find_lines(document):
        attributions = transcripts.add_line_attributions(document, transcript_lines, attributions)
    proposals, same_speakers = assemble_proposals(document, attributions, outlets, transcript_lines)
    return Extraction(proposals, same_speakers, text_language)


def extract_many(texts: Iterable[tuple[str, date | None]]) -> Iterator[Extraction]:
    """Yield `extract` for each (text, day of publication), in order.

    Each result depends on its own text only.
    """
    for text, published in texts:
        yield extract(text, published=published)


def propose(
    text: str, *, published: date | None = None, language: str | None = None, outlets: Collection[str] = ()
) -> list[Proposal]:
    """Return the proposed claims in the order of their content. See `extract`."""
    return list(extract(text, published=published, language=language, outlets=outlets).proposals)
