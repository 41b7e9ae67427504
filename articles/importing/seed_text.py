"""The seed form: text as a page or a PDF gives it when somebody saves it -> drafts.

The stages, in order: decode; straighten characters; split after each URL footer; then for each
article: related lines out, markup out, header, paragraphs, dateline, corrections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from articles.importing.cleaning import straighten, untag
from articles.importing.dates import date_in_url
from articles.importing.decode import decode
from articles.importing.draft import Draft, DraftCorrection, DraftImage, Rejected, Warning
from articles.importing.footer import split_articles, take_related, usable
from articles.importing.header import SENTENCE_END, Header, dateline, read_header
from articles.importing.paragraphs import join_lines, mend_hyphens, rejoin

CORRECTION = re.compile(
    r"(?:editor[’']s note\s*[:—–-]\s*)?\(?(?P<kind>correction|clarification|update|retraction)\s*(?:[:—–]|\s-)\s*(?P<note>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: A first line longer than this that ends a sentence is running text, not a headline.
HEADLINE_SENTENCE = 200


def read_seed(data: bytes) -> Iterator[Draft | Rejected]:
    """Every article of a seed file, in order; a Rejected where there should be one and is none."""
    try:
        text, warnings = decode(data)
    except Rejected as rejected:
        yield rejected
        return
    text, more = straighten(text)
    warnings += more
    if not text.strip():
        yield Rejected("empty", "There is nothing in the file but white space.")
        return
    pieces = split_articles(_join_tags(text).split("\n"))
    drafts = [_article(lines, url, labelled) for lines, url, labelled in pieces]
    if len(drafts) > 1 and isinstance(drafts[-1], Rejected) and not pieces[-1][2]:
        drafts.pop()  # what a page prints below the URL is no article
        warnings.append(Warning("text-after-url", "There is text after the URL that is no article; it was left out."))
    if len(drafts) > 1:
        warnings.append(Warning("several-articles", f"The file holds {len(drafts)} articles."))
    for draft in drafts:
        yield draft if isinstance(draft, Rejected) else replace(draft, warnings=(*warnings, *draft.warnings))


def _join_tags(text: str) -> str:
    """A tag that a line break cuts in two is one tag."""
    return re.sub(r"<(/?[a-zA-Z][^<>\n]{0,200})\n([^<>\n]{0,200})>", r"<\1 \2>", text) if "<" in text else text


def _article(lines: list[str], url: str | None, labelled: bool) -> Draft | Rejected:
    lines, related = take_related(lines)
    lines = untag("\n".join(lines)).split("\n")
    header = read_header(lines)
    warnings = list(header.warnings)
    if not header.headline:
        return Rejected("empty", "There is nothing in the article but its URL.")
    paragraphs, more = rejoin(join_lines(lines[header.body :]))
    paragraphs, hyphens = mend_hyphens(paragraphs)
    warnings += more + hyphens
    corrections, paragraphs = _take_corrections(paragraphs)
    if not paragraphs:
        if len(header.headline) > HEADLINE_SENTENCE and SENTENCE_END.search(header.headline):
            return Rejected("no-headline", "The file is one paragraph without a headline; put one on its first line.")
        return Rejected("no-body", f"Under the headline “{header.headline[:80]}” there is no text.")
    place, wire, paragraphs[0] = dateline(paragraphs[0])
    address, published = _address_and_date(header, url, labelled, warnings)
    return Draft(
        headline=header.headline,
        paragraphs=tuple(paragraphs),
        summary=header.summary,
        bylines=tuple(header.bylines),
        agency=header.agency or wire,
        published=published,
        dateline=place,
        images=tuple(DraftImage(credit=credit) for credit in header.credits),
        related=tuple(related),
        corrections=tuple(corrections),
        original_url=address,
        warnings=tuple(warnings),
    )


def _address_and_date(
    header: Header, url: str | None, labelled: bool, warnings: list[Warning]
) -> tuple[str | None, date | datetime | None]:
    """The URL and the date, each with a warning where it is not as it should be."""
    address = url if url and usable(url) else None
    if url and not address:
        warnings.append(Warning("url-unusable", f"“{url[:100]}” is no address that can be kept."))
    elif not url:
        found = "after its label" if labelled else "in the file"
        warnings.append(Warning("url-missing", f"There is no original URL {found}."))
    published = header.published
    if published is None:
        published = date_in_url(address) if address else None
        if published:
            warnings.append(Warning("date-from-url", f"The header has no date; {published} is the URL's."))
        else:
            warnings.append(Warning("date-missing", "There is no date, neither in the header nor in the URL."))
    return address, published


def _take_corrections(paragraphs: list[str]) -> tuple[list[DraftCorrection], list[str]]:
    """A first or last paragraph that says what was wrong before is a correction, not part of the story."""
    found: list[DraftCorrection] = []
    kept = list(paragraphs)
    for at in (0, -1):
        if len(kept) > 1 and (match := CORRECTION.fullmatch(kept[at].strip("() "))):
            found.append(DraftCorrection(match["kind"].casefold(), match["note"].strip()))
            kept.pop(at)
    return found, kept
