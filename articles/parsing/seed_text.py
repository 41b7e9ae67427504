"""Read the seed format: text saved from a web page or a PDF.

Stages: decode; normalise characters; split after each URL footer. Then for each article: take out related links and
markup, read the header, build paragraphs, take out dateline and corrections.
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
#: Text below the last URL is an article only with a byline or a date, or with at least this many code points.
MIN_TRAILING_ARTICLE_CHARS = 600


def read_seed(data: bytes) -> Iterator[Draft | RejectedError]:
    """Yield the articles of a seed file, in order.

    A part that should be an article but is not gives a RejectedError.
    """
    try:
        text, warnings = decode_text(data)
    except RejectedError as rejected:
        yield rejected
        return
    yield from read_text(text, warnings)


def read_text(text: str, warnings: Sequence[DraftWarning] = ()) -> Iterator[Draft | RejectedError]:
    """Yield the articles of decoded text. `warnings` come from decoding."""
    text, cleaning_warnings = clean_text(text)
    file_warnings = [*warnings, *cleaning_warnings]
    if not text.strip():
        yield RejectedError("empty", "The file contains only white space.")
        return
    parts = split_articles(text.split("\n"))
    results: list[Draft | RejectedError] = []
    for number, part in enumerate(parts):
        if number and part.is_blank:
            detail = f"A second URL follows the first without an article between them. “{part.url}” was ignored."
            file_warnings.append(DraftWarning("url-twice", detail))
            continue
        draft, has_byline_or_date = _read_article(part)
        if number and not part.has_footer and not _is_article(draft, has_byline_or_date=has_byline_or_date):
            detail = "There is text after the URL that is not an article. It was ignored."
            file_warnings.append(DraftWarning("text-after-url", detail))
            continue
        results.append(draft)
    if len(results) > 1:
        file_warnings.append(DraftWarning("several-articles", f"The file contains {len(results)} articles."))
    for draft in results:
        yield draft if isinstance(draft, RejectedError) else replace(draft, warnings=(*file_warnings, *draft.warnings))


def _is_article(draft: Draft | RejectedError, *, has_byline_or_date: bool) -> bool:
    """Return whether text after the last URL is an article."""
    return isinstance(draft, Draft) and (has_byline_or_date or len(draft.text) >= MIN_TRAILING_ARTICLE_CHARS)


def _read_article(part: ArticleLines) -> tuple[Draft | RejectedError, bool]:
    """Return the draft of an article's lines, and whether it has a byline or a date."""
    lines, related = split_related_links(part.lines)
    lines = strip_inline_tags("\n".join(lines)).split("\n")
    header = read_header(lines)
    if not header.headline and not any(line.strip() for line in lines):
        return RejectedError("empty", "The article contains only a URL."), False
    if not header.headline:
        return RejectedError(
            "no-headline", "The file does not begin with a headline. Add one on the first line."
        ), header.has_byline_or_date
    warnings = list(header.warnings)
    paragraphs, paragraph_warnings = rejoin_paragraphs(join_lines(lines[header.body_start :]))
    paragraphs, hyphen_warnings = hyphens.join_broken_words(paragraphs)
    warnings += paragraph_warnings + hyphen_warnings
    corrections, paragraphs = _take_corrections(paragraphs)
    if not paragraphs:
        detail = f"There is no text under the headline “{header.headline[:80]}”. Add the text, or remove the file."
        return RejectedError("no-body", detail), header.has_byline_or_date
    place, dateline_agency, paragraphs[0] = split_dateline(paragraphs[0])
    url, published = _url_and_date(header, part, warnings)
    draft = Draft(
        headline=header.headline,
        paragraphs=tuple(paragraphs),
        summary=header.summary,
        bylines=tuple(header.bylines),
        agency=header.agency or dateline_agency,
        published=published,
        dateline=place,
        images=tuple(DraftImage(credit=credit) for credit in header.credits),
        related=tuple(related),
        corrections=tuple(corrections),
        original_url=url,
        warnings=tuple(warnings),
    )
    return draft, header.has_byline_or_date


def _url_and_date(
    header: Header, part: ArticleLines, warnings: list[DraftWarning]
) -> tuple[str | None, date | datetime | None]:
    """Return the URL and the date. Add a warning for each problem."""
    url = part.url if part.url and is_usable_url(part.url) else None
    if part.url and not url:
        warnings.append(DraftWarning("url-unusable", f"“{part.url[:100]}” is not a usable URL."))
    elif not part.url:
        detail = "The URL label has no URL after it." if part.has_footer else "The file has no original URL."
        warnings.append(DraftWarning("url-missing", detail))
    published = header.published
    if published is None:
        published = find_date_in_url(url) if url else None
        if published:
            warnings.append(
                DraftWarning("date-from-url", f"The header has no date. {published} was taken from the URL.")
            )
        else:
            warnings.append(DraftWarning("date-missing", "No date was found in the header or in the URL."))
    return url, published


def _take_corrections(paragraphs: list[str]) -> tuple[list[DraftCorrection], list[str]]:
    """Return the corrections and the other paragraphs.

    A correction is a first or last paragraph that says what was wrong before.
    """
    corrections: list[DraftCorrection] = []
    remaining = list(paragraphs)
    for at in (0, -1):
        if len(remaining) > 1 and (match := CORRECTION_NOTE.fullmatch(remaining[at].strip("() "))):
            corrections.append(DraftCorrection(match["kind"].casefold(), match["note"].strip()))
            remaining.pop(at)
    return corrections, remaining
