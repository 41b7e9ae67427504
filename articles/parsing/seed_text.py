"""The seed form: text as a page or a PDF gives it when somebody saves it -> drafts.

The stages, in order: decode; straighten characters; split after each URL footer; then for each
article: related lines out, markup out, header, paragraphs, dateline, corrections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from articles.parsing import hyphens
from articles.parsing.bylines import dateline
from articles.parsing.cleaning import straighten, untag
from articles.parsing.dates import date_in_url
from articles.parsing.decode import decode
from articles.parsing.draft import Draft, DraftCorrection, DraftImage, Rejected, Warning
from articles.parsing.footer import Piece, split_articles, take_related, usable
from articles.parsing.header import Header, read_header
from articles.parsing.paragraphs import join_lines, rejoin

CORRECTION = re.compile(
    r"(?:editor[’']s note\s*[:—–-]\s*)?\(?(?P<kind>correction|clarification|update|retraction)"
    r"(?:\s*\([^()]{1,40}\))?\s*(?:[:—–]|\s-)\s*(?P<note>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: Text below the last URL is an article only with a byline or a date, or with so many code points.
STRAY_TEXT = 600


def read_seed(data: bytes) -> Iterator[Draft | Rejected]:
    """Every article of a seed file, in order; a Rejected where there should be one and is none."""
    try:
        text, warnings = decode(data)
    except Rejected as rejected:
        yield rejected
        return
    yield from read_text(text, warnings)


def read_text(text: str, warnings: Sequence[Warning] = ()) -> Iterator[Draft | Rejected]:
    """The same for text that is decoded already, with what was odd about it."""
    text, more = straighten(text)
    oddities = [*warnings, *more]
    if not text.strip():
        yield Rejected("empty", "There is nothing in the file but white space.")
        return
    pieces = split_articles(text.split("\n"))
    found: list[Draft | Rejected] = []
    for number, piece in enumerate(pieces):
        if number and piece.blank:
            detail = f"A second URL follows the first, with no article between them; “{piece.url}” was left out."
            oddities.append(Warning("url-twice", detail))
            continue
        draft, told = _article(piece)
        if number and not piece.labelled and not _is_article(draft, told=told):
            detail = "There is text after the URL that is no article; it was left out."
            oddities.append(Warning("text-after-url", detail))
            continue
        found.append(draft)
    if len(found) > 1:
        oddities.append(Warning("several-articles", f"The file holds {len(found)} articles."))
    for draft in found:
        yield draft if isinstance(draft, Rejected) else replace(draft, warnings=(*oddities, *draft.warnings))


def _is_article(draft: Draft | Rejected, *, told: bool) -> bool:
    return isinstance(draft, Draft) and (told or len(draft.text) >= STRAY_TEXT)


def _article(piece: Piece) -> tuple[Draft | Rejected, bool]:
    """The draft of one article's lines, and whether its header told more than a headline."""
    lines, related = take_related(piece.lines)
    lines = untag("\n".join(lines)).split("\n")
    header = read_header(lines)
    if not header.headline and not any(line.strip() for line in lines):
        return Rejected("empty", "There is nothing in the article but its URL."), False
    if not header.headline:
        return Rejected("no-headline", "The file begins without a headline; put one on its first line."), header.told
    warnings = list(header.warnings)
    paragraphs, more = rejoin(join_lines(lines[header.body :]))
    paragraphs, doubtful = hyphens.mend(paragraphs)
    warnings += more + doubtful
    corrections, paragraphs = _take_corrections(paragraphs)
    if not paragraphs:
        detail = f"Under the headline “{header.headline[:80]}” there is no text. Add it, or leave the file out."
        return Rejected("no-body", detail), header.told
    place, wire, paragraphs[0] = dateline(paragraphs[0])
    address, published = _address_and_date(header, piece, warnings)
    draft = Draft(
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
    return draft, header.told


def _address_and_date(
    header: Header, piece: Piece, warnings: list[Warning]
) -> tuple[str | None, date | datetime | None]:
    """The URL and the date, each with a warning where it is not as it should be."""
    address = piece.url if piece.url and usable(piece.url) else None
    if piece.url and not address:
        warnings.append(Warning("url-unusable", f"“{piece.url[:100]}” is no address that can be kept."))
    elif not piece.url:
        found = "after its label" if piece.labelled else "in the file"
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
