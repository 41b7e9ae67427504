"""Write lists of claims and articles as CSV rows and JSON objects.

A list may have a million rows, so only one chunk is in memory. No CSV cell begins a formula
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from articles.display.formatting import chain_text, hop_name, in_order, writers
from articles.display.last_changed import article_updated_at
from articles.exports.exchange import Json, hop_json, published_json, quantity_json
from articles.models import Anchor, Article, Claim, Quantity
from articles.models.article import ArticleQuerySet
from articles.models.claim import ClaimQuerySet
from articles.text.numbers import plain_decimal

#: Rows read, and lines written, at a time.
CHUNK_ROWS = 500
#: Characters that begin a formula in a spreadsheet, or white space that it removes before one. Spreadsheets in Chinese
#: and Japanese also read the wide forms.
FORMULA_PREFIXES = tuple("=+-@\t\r\n＝＋－＠")
#: Tells a spreadsheet that the file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"

#: A path of this site -> its absolute URL.
UrlBuilder = Callable[[str], str]

CLAIM_COLUMNS = (
    *("id", "address", "statement", "quotes", "form", "modality", "cue"),
    *("origin", "origin_kind", "passed_on_by", "speaker", "said_from", "said_to"),
    *("figures", "counts", "lower", "upper"),
    *("story", "story_address", "published_at", "agency", "publisher", "language", "review", "checked"),
)
#: The column `checked`: how an editor accepted a claim.
CHECKED_LABELS = {
    Claim.ReviewMethod.DESK: "one by one",
    Claim.ReviewMethod.BULK: "in bulk",
    Claim.ReviewMethod.IMPORT: "with its import",
}
ARTICLE_COLUMNS = (
    *("id", "address", "headline", "summary", "published_at", "updated_at", "bylines", "agency", "publisher"),
    *("dateline", "topics", "language", "claims", "original_url"),
)


def claim_rows(claims: ClaimQuerySet) -> Iterator[Claim]:
    """Yield claims with all that both formats read. One query, three for each chunk."""
    return claims.for_list().with_live_anchors().iterator(chunk_size=CHUNK_ROWS)


def article_rows(articles: ArticleQuerySet) -> Iterator[Article]:
    """Yield articles with all that both formats read. One query."""
    return articles.for_feed().iterator(chunk_size=CHUNK_ROWS)


# --- JSON ---


def claim_object(claim: Claim, absolute: UrlBuilder) -> Json:
    """Return a claim in the exchange format, with its URL and its article. No query."""
    anchors: list[Any] = claim.words  # type: ignore[attr-defined]
    article = claim.article
    return {
        "id": str(claim.public_id),
        "url": absolute(claim.get_absolute_url()),
        "statement": claim.statement,
        "form": claim.form,
        "modality": claim.modality,
        "cue": claim.cue,
        "review": claim.review,
        "reviewed_how": claim.reviewed_how,
        "stated_from": claim.stated_from.isoformat() if claim.stated_from else None,
        "stated_to": claim.stated_to.isoformat() if claim.stated_to else None,
        "stated_words": claim.stated_words,
        "quotes": _quotes(claim),
        "anchors": [{"part": anchor.part, "start": anchor.start, "end": anchor.end} for anchor in anchors],
        "hops": [hop_json(hop) for hop in claim.chain],  # type: ignore[attr-defined]
        "quantities": [quantity_json(figure) for figure in claim.figures],  # type: ignore[attr-defined]
        "article": {
            "id": str(article.public_id),
            "slug": article.slug,
            "url": absolute(article.get_absolute_url()),
            "headline": article.live.headline if article.live else "",
            "language": article.language,
            "published_at": published_json(article),
            "agency": article.agency.name if article.agency else None,
            "publisher": article.publisher.name if article.publisher else None,
        },
    }


def article_object(article: Article, absolute: UrlBuilder) -> Json:
    """Return an article without its text. No query."""
    return {
        "id": str(article.public_id),
        "slug": article.slug,
        "url": absolute(article.get_absolute_url()),
        "headline": article.live.headline if article.live else "",
        "summary": article.live.summary if article.live else "",
        "language": article.language,
        "published_at": published_json(article),
        "updated_at": article_updated_at(article).isoformat(),
        "dateline": article.dateline or None,
        "bylines": writers(article),
        "agency": article.agency.name if article.agency else None,
        "publisher": article.publisher.name if article.publisher else None,
        "topics": [topic["name"] for topic in in_order(article.shown_topics)],  # type: ignore[attr-defined]
        "claims": article.claim_count,  # type: ignore[attr-defined]
        "original_url": article.original_url or None,
    }


def json_list(objects: Iterable[Json]) -> Iterator[str]:
    """Yield a JSON list with one object on each line."""
    separator = "[\n"
    for item in objects:
        yield separator + json.dumps(item, ensure_ascii=False)
        separator = ",\n"
    yield "\n]\n" if separator == ",\n" else "[]\n"


# --- CSV ---


def claim_cells(claim: Claim, absolute: UrlBuilder) -> list[Any]:
    """Return the cells of a claim, in the order of CLAIM_COLUMNS.

    All figures are in one cell; the bounds are those of the first.
    """
    article, chain = claim.article, list(claim.chain)  # type: ignore[attr-defined]
    figures: list[Quantity] = list(claim.figures)  # type: ignore[attr-defined]
    origin = chain[0] if chain else None
    return [
        claim.public_id,
        absolute(claim.get_absolute_url()),
        claim.statement,
        " … ".join(_quotes(claim)),
        claim.form,
        claim.modality,
        claim.cue,
        hop_name(origin) if origin else "",
        (origin.source.kind if origin.source else "unnamed") if origin else "",
        chain_text(chain[1:]),
        hop_name(chain[-1]) if chain else "",
        claim.stated_from,
        claim.stated_to,
        "; ".join(str(figure) for figure in figures),
        figures[0].counts if figures else "",
        _plain_bound(figures[0].lower) if figures else None,
        _plain_bound(figures[0].upper) if figures else None,
        article.live.headline if article.live else "",
        absolute(article.get_absolute_url()),
        published_json(article),
        article.agency.name if article.agency else "",
        article.publisher.name if article.publisher else "",
        article.language,
        claim.review,
        CHECKED_LABELS[Claim.ReviewMethod(claim.reviewed_how)],
    ]


def article_cells(article: Article, absolute: UrlBuilder) -> list[Any]:
    """Return the cells of an article, in the order of ARTICLE_COLUMNS."""
    data = article_object(article, absolute)
    return [
        data["id"],
        data["url"],
        data["headline"],
        data["summary"],
        data["published_at"],
        data["updated_at"],
        "; ".join(data["bylines"]),
        data["agency"],
        data["publisher"],
        data["dateline"],
        "; ".join(data["topics"]),
        data["language"],
        data["claims"],
        data["original_url"],
    ]


def csv_lines(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield a CSV file (RFC 4180) line by line, the names of the columns first."""
    writer = csv.writer(_EchoFile())
    yield BYTE_ORDER_MARK + writer.writerow(list(columns))
    for row in rows:
        yield writer.writerow([escape_formula(cell) for cell in row])


def escape_formula(cell: Any) -> Any:
    """Put an apostrophe before text that would begin a formula in a spreadsheet.

    Numbers and dates are not changed: a bound of -3 is not a formula.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_PREFIXES) else cell


class _EchoFile:
    """A file with a write() that returns the line, so that writerow() returns it too."""

    def write(self, line: str) -> str:
        return line


def join_in_chunks(pieces: Iterable[str], size: int = CHUNK_ROWS) -> Iterator[bytes]:
    """Join and encode `size` pieces of text at a time, for fewer network writes."""
    chunk: list[str] = []
    for piece in pieces:
        chunk.append(piece)
        if len(chunk) >= size:
            yield "".join(chunk).encode()
            chunk.clear()
    if chunk:
        yield "".join(chunk).encode()


def _quotes(claim: Claim) -> list[str]:
    return [anchor.quoted for anchor in claim.words if anchor.part == Anchor.Part.CONTENT]  # type: ignore[attr-defined]


def _plain_bound(bound: Decimal | None) -> Decimal | None:
    return None if bound is None else plain_decimal(bound)
