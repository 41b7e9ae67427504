"""A list of claims or stories as a table: the rows of a CSV file, and the objects of a JSON file, one by one.

Whoever asks may have filtered a million rows, so nothing here holds more than a chunk of them. The cells of a CSV
file are what a spreadsheet may show: none of them begins a formula (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from articles.display.formatting import hop_name, in_order, writers
from articles.display.last_changed import article_updated_at
from articles.exports.exchange import Json, hop_json, published_json, quantity_json
from articles.models import Anchor, Article, Claim, Quantity
from articles.models.article import ArticleQuerySet
from articles.models.claim import ClaimQuerySet

#: Rows read at a time, and written at a time.
CHUNK_ROWS = 500
#: With these a spreadsheet begins a formula, or comes to one when it takes the white space away; the wide forms
#: are read as the narrow ones where Chinese or Japanese is written.
FORMULA_PREFIXES = tuple("=+-@\t\r\n＝＋－＠")
#: Tells a spreadsheet that the file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"

#: A path of this site -> its whole address.
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
    """Filtered, ordered claims with all that the two forms of them touch; one query, and three a chunk."""
    return claims.for_list().with_live_anchors().iterator(chunk_size=CHUNK_ROWS)


def article_rows(articles: ArticleQuerySet) -> Iterator[Article]:
    """Filtered, ordered stories with all that the two forms of them touch; one query."""
    return articles.for_feed().iterator(chunk_size=CHUNK_ROWS)


# --- Their objects ---


def claim_object(claim: Claim, absolute: UrlBuilder) -> Json:
    """A claim as the exchange form has it, with its addresses and the story it stands in. No query."""
    anchors: list[Any] = claim.words  # type: ignore[attr-defined]
    story = claim.article
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
            "id": str(story.public_id),
            "slug": story.slug,
            "url": absolute(story.get_absolute_url()),
            "headline": story.live.headline if story.live else "",
            "language": story.language,
            "published_at": published_json(story),
            "agency": story.agency.name if story.agency else None,
            "publisher": story.publisher.name if story.publisher else None,
        },
    }


def article_object(article: Article, absolute: UrlBuilder) -> Json:
    """A story, without its text. No query."""
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
    """A JSON list, an object a line."""
    before = "[\n"
    for made in objects:
        yield before + json.dumps(made, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


# --- Their cells ---


def claim_cells(claim: Claim, absolute: UrlBuilder) -> list[Any]:
    """A claim's cells under CLAIM_COLUMNS. Several figures stand in one cell; the bounds are those of the first."""
    story, chain = claim.article, list(claim.chain)  # type: ignore[attr-defined]
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
        " → ".join(hop_name(hop) for hop in chain[1:]),
        hop_name(chain[-1]) if chain else "",
        claim.stated_from,
        claim.stated_to,
        "; ".join(str(figure) for figure in figures),
        figures[0].counts if figures else "",
        _plain_number(figures[0].lower) if figures else None,
        _plain_number(figures[0].upper) if figures else None,
        story.live.headline if story.live else "",
        absolute(story.get_absolute_url()),
        published_json(story),
        story.agency.name if story.agency else "",
        story.publisher.name if story.publisher else "",
        story.language,
        claim.review,
        CHECKED_LABELS[Claim.ReviewMethod(claim.reviewed_how)],
    ]


def article_cells(article: Article, absolute: UrlBuilder) -> list[Any]:
    """A story's cells under ARTICLE_COLUMNS."""
    made = article_object(article, absolute)
    return [
        made["id"],
        made["url"],
        made["headline"],
        made["summary"],
        made["published_at"],
        made["updated_at"],
        "; ".join(made["bylines"]),
        made["agency"],
        made["publisher"],
        made["dateline"],
        "; ".join(made["topics"]),
        made["language"],
        made["claims"],
        made["original_url"],
    ]


def csv_lines(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A CSV file (RFC 4180) line by line, its columns' names first, without formulas."""
    writer = csv.writer(_EchoFile())
    yield BYTE_ORDER_MARK + writer.writerow(list(columns))
    for row in rows:
        yield writer.writerow([escape_formula(cell) for cell in row])


def escape_formula(cell: Any) -> Any:
    """Text that would begin a formula, with an apostrophe before it, which a spreadsheet takes for "this is text".

    Numbers and dates stay what they are: a bound of -3 is no formula.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_PREFIXES) else cell


class _EchoFile:
    """A file that keeps nothing: what csv writes into it is what writerow returns."""

    def write(self, line: str) -> str:
        return line


def join_in_chunks(pieces: Iterable[str], size: int = CHUNK_ROWS) -> Iterator[bytes]:
    """Small pieces of text joined to larger ones of bytes: one write to the network for many lines."""
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if len(held) >= size:
            yield "".join(held).encode()
            held.clear()
    if held:
        yield "".join(held).encode()


def _quotes(claim: Claim) -> list[str]:
    return [anchor.quoted for anchor in claim.words if anchor.part == Anchor.Part.CONTENT]  # type: ignore[attr-defined]


def _plain_number(bound: Decimal | None) -> int | Decimal | None:
    """A bound without the zeros that the column keeps after its point."""
    if bound is None:
        return None
    return int(bound) if bound == bound.to_integral_value() else bound.normalize()
