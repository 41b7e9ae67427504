"""Text -> proposed claims. Pure: no Django, no database, no network; the same text gives the same.

The stages, in order: `language`; `document` (paragraphs, quotations, tokens, sentences); which words are attributed
by which cue to which mention: `attributions` by rules, `tagger` by a small network, the one judging the other
(`tagger.stage`), and `transcripts` reads lines that name who speaks; then, over attributions, whoever found them: `speakers`, `chains`, and of each claim its form,
figures, modality and day (`assembling`).
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

#: Kept with every claim, so that a better extractor's finds can be told from this one's.
EXTRACTOR_VERSION = "tagger-2"


def extract(
    text: str, *, published: date | None = None, language: str | None = None, outlets: Collection[str] = ()
) -> Extraction:
    """All that a text gives. `published` is the day that "Tuesday" is counted back from.

    `language` is a BCP 47 tag; without it the text tells. `outlets` are the names of the agency and the
    publisher of the text itself: "told Northwire" in Northwire's own copy is no step of a chain. Text in a language that is not understood
    gives no proposals and a warning. Never raises, whatever the text.
    """
    spoken = language or languages.detect_language(text)
    if spoken.split("-")[0].lower() not in languages.SUPPORTED_LANGUAGES:
        detail = f"The text is in another language ({spoken}); claims are found in English only. Add them by hand."
        return Extraction(language=spoken, warnings=(("language-not-understood", detail),))
    document = Document(text, published)
    found = find_by_rules(document)
    if tagger.AVAILABLE:
        from articles.extraction.tagger import stage

        found = stage.find_with_tagger(document, found)
    if said := transcripts.find_lines(document):
        found = transcripts.add_line_attributions(document, said, found)
    proposals, same = assemble_proposals(document, found, outlets, said)
    return Extraction(proposals, same, spoken)


def extract_many(texts: Iterable[tuple[str, date | None]]) -> Iterator[Extraction]:
    """`extract` for each (text, day of publication), in order; neither order nor company matters."""
    for text, published in texts:
        yield extract(text, published=published)


def propose(
    text: str, *, published: date | None = None, language: str | None = None, outlets: Collection[str] = ()
) -> list[Proposal]:
    """The proposed claims of a text, in the order of their words. The same arguments as `extract`."""
    return list(extract(text, published=published, language=language, outlets=outlets).proposals)
