"""Parse files and find their claims, without a database.

Worker processes do this, so nothing here needs Django: messages are plain English. The results go to
articles.importing.store.
"""

from __future__ import annotations

import itertools
import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles import parsing
from articles.claims.outlets import outlet_names
from articles.extraction import Extraction, extract
from articles.extraction.details.dates import publication_day
from articles.extraction.lexicon.organisations import is_organisation
from articles.parsing import Draft, RejectedError
from articles.text.body import html_from_paragraphs, plain_text
from articles.text.digests import text_digest

extraction_logger = logging.getLogger("articles.extraction")
logger = logging.getLogger("articles.importing")

#: Seconds between a worker's checks that its parent still runs.
ORPHAN_CHECK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """One article of one file, ready to be stored, or the reason why there is none."""

    part: int  # which article of the file, from 0
    result: Draft | RejectedError
    extraction: Extraction | None = None  # None: rejected, or the draft has its own claims
    body: str = ""  # restricted HTML
    text: str = ""  # its plain text, to which all offsets refer
    digest: str = ""  # SHA-256, in hex, of headline and text


def prepare_file(data: bytes, *, format: str | None = None) -> Iterator[PreparedArticle]:
    """Yield all articles of one file, in order.

    Never raises: what cannot be read is a RejectedError in `result`.
    """
    articles = parsing.read_articles(data, format=format)
    for part in itertools.count():
        try:
            result = next(articles, None)
            if result is None:
                return
            prepared = (
                PreparedArticle(part, result) if isinstance(result, RejectedError) else _prepare_draft(part, result)
            )
        except Exception as error:
            logger.exception("An article could not be read")
            detail = f"The file could not be read because of an error ({type(error).__name__}: {error}). See the log."
            prepared = PreparedArticle(part, RejectedError("not-read", detail))
        yield prepared


def prepare_files(files: Sequence[bytes], format: str | None) -> tuple[list[list[PreparedArticle]], float]:
    """Prepare files in a worker: the articles of each file, and the seconds it took."""
    began = time.perf_counter()
    return [list(prepare_file(data, format=format)) for data in files], time.perf_counter() - began


def exit_with_parent(parent: int) -> None:
    """End this worker process when its parent ends, even if that was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(ORPHAN_CHECK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _prepare_draft(part: int, draft: Draft) -> PreparedArticle:
    body = html_from_paragraphs(draft.paragraphs)
    text = plain_text(body)
    if draft.claims is None:
        extraction = _extract_claims(text, draft)
    else:
        extraction = None
        for claim in draft.claims:
            if any(anchor.end > len(text) for anchor in claim.anchors):
                detail = (
                    f"Claim {claim.id} has an anchor beyond the end of the text ({len(text)} characters). "
                    "Anchors count code points in the paragraphs, joined by blank lines."
                )
                return PreparedArticle(part, RejectedError("anchor-outside-text", detail))
    return PreparedArticle(part, draft, extraction, body, text, text_digest(draft.headline, text))


def _extract_claims(text: str, draft: Draft) -> Extraction:
    """Find the claims of a draft. An error costs its claims only, not the article."""
    try:
        return extract(
            text,
            published=publication_day(draft.published),
            language=draft.language or None,
            outlets=outlet_names([draft.publisher, draft.agency, *filter(is_organisation, draft.bylines)]),
        )
    except Exception as error:
        extraction_logger.exception("“%s” is imported without claims: finding them failed.", draft.headline[:80])
        detail = (
            f"Its claims could not be found because of an error ({type(error).__name__}: {error}). "
            "Add them by hand, and report the error."
        )
        return Extraction(language=draft.language or "en", warnings=(("extraction-failed", detail),))
