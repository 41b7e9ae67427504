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
from articles.parsing.bylines import split_dateline
from articles.parsing.cleaning import clean_text, strip_inline_tags
from articles.parsing.dates import find_date_in_url
from articles.parsing.decode import decode_text
from articles.parsing.draft import Draft, DraftCorrection, DraftImage, DraftWarning, RejectedError
from articles.parsing.footer import ArticleLines, is_usable_url, split_articles, split_related_links
from articles.parsing.header import Header, read_header
from articles.parsing.paragraphs import join_lines, rejoin_paragraphs

CORRECTION_NOTE = re.compile(
    r"(?:editor[’']s note\s*[:—–-]\s*)?\(?(?P<kind>correction|clarification|update|retraction)"
    r"(?:\s*\([^()]{1,40}\))?\s*(?:[:—–]|\s-)\s*(?P<note>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: Text below the last URL is an article only with a byline or a date, or with so many code points.
MIN_TRAILING_ARTICLE_CHARS = 600


def read_seed(data: bytes) -> Iterator[Draft | RejectedError]:
    """Every article of a seed file, in order; a Rejected where there should be one and is none."""
    try:
        text, warnings = decode_text(data)
    except RejectedError as rejected:
        yield rejected
        return
    yield from read_text(text, warnings)


def read_text(text: str, warnings: Sequence[DraftWarning] = ()) -> Iterator[Draft | RejectedError]:
    """The same for text that is decoded already, with what was odd about it."""
    text, more = clean_text(text)
    oddities = [*warnings, *more]
    if not text.strip():
        yield RejectedError("empty", "There is nothing in the file but white space.")
        return
    pieces = split_articles(text.split("\n"))
    found: list[Draft | RejectedError] = []
    for number, piece in enumerate(pieces):
        if number and piece.is_blank:
            detail = f"A second URL follows the first, with no article between them; “{piece.url}” was left out."
            oddities.append(DraftWarning("url-twice", detail))
            continue
        draft, told = _read_article(piece)
        if number and not piece.has_footer and not _is_article(draft, told=told):
            detail = "There is text after the URL that is no article; it was left out."
            oddities.append(DraftWarning("text-after-url", detail))
            continue
        found.append(draft)
    if len(found) > 1:
        oddities.append(DraftWarning("several-articles", f"The file holds {len(found)} articles."))
    for draft in found:
        yield draft if isinstance(draft, RejectedError) else replace(draft, warnings=(*oddities, *draft.warnings))


def _is_article(draft: Draft | RejectedError, *, told: bool) -> bool:
    return isinstance(draft, Draft) and (told or len(draft.text) >= MIN_TRAILING_ARTICLE_CHARS)


def _read_article(piece: ArticleLines) -> tuple[Draft | RejectedError, bool]:
    """The draft of one article's lines, and whether its header told more than a headline."""
    lines, related = split_related_links(piece.lines)
    lines = strip_inline_tags("\n".join(lines)).split("\n")
    header = read_header(lines)
    if not header.headline and not any(line.strip() for line in lines):
        return RejectedError("empty", "There is nothing in the article but its URL."), False
    if not header.headline:
        return RejectedError(
            "no-headline", "The file begins without a headline; put one on its first line."
        ), header.has_byline_or_date
    warnings = list(header.warnings)
    paragraphs, more = rejoin_paragraphs(join_lines(lines[header.body_start :]))
    paragraphs, doubtful = hyphens.join_broken_words(paragraphs)
    warnings += more + doubtful
    corrections, paragraphs = _take_corrections(paragraphs)
    if not paragraphs:
        detail = f"Under the headline “{header.headline[:80]}” there is no text. Add it, or leave the file out."
        return RejectedError("no-body", detail), header.has_byline_or_date
    place, wire, paragraphs[0] = split_dateline(paragraphs[0])
    address, published = _url_and_date(header, piece, warnings)
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
    return draft, header.has_byline_or_date


def _url_and_date(
    header: Header, piece: ArticleLines, warnings: list[DraftWarning]
) -> tuple[str | None, date | datetime | None]:
    """The URL and the date, each with a warning where it is not as it should be."""
    address = piece.url if piece.url and is_usable_url(piece.url) else None
    if piece.url and not address:
        warnings.append(DraftWarning("url-unusable", f"“{piece.url[:100]}” is no address that can be kept."))
    elif not piece.url:
        found = "after its label" if piece.has_footer else "in the file"
        warnings.append(DraftWarning("url-missing", f"There is no original URL {found}."))
    published = header.published
    if published is None:
        published = find_date_in_url(address) if address else None
        if published:
            warnings.append(DraftWarning("date-from-url", f"The header has no date; {published} is the URL's."))
        else:
            warnings.append(DraftWarning("date-missing", "There is no date, neither in the header nor in the URL."))
    return address, published


def _take_corrections(paragraphs: list[str]) -> tuple[list[DraftCorrection], list[str]]:
    """A first or last paragraph that says what was wrong before is a correction, not part of the story."""
    found: list[DraftCorrection] = []
    kept = list(paragraphs)
    for at in (0, -1):
        if len(kept) > 1 and (match := CORRECTION_NOTE.fullmatch(kept[at].strip("() "))):
            found.append(DraftCorrection(match["kind"].casefold(), match["note"].strip()))
            kept.pop(at)
    return found, kept
