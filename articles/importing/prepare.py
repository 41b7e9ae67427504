"""Bytes -> drafts with their proposed claims: importing and extraction, one after the other.

Pure, so that worker processes can do it without a database. What comes back goes to articles.importing.store.
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

logger = logging.getLogger("articles.extraction")
logger = logging.getLogger("articles.importing")

#: Seconds between a worker's looks at whether its parent is still there.
ORPHAN_CHECK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """One article of one file, ready to be stored; or why there is none."""

    part: int  # which article of the file, from 0
    result: Draft | RejectedError
    extraction: Extraction | None = None  # None: rejected, or the draft brings its own claims
    body: str = ""  # restricted HTML
    text: str = ""  # its plain text, which all offsets count in
    digest: str = ""  # SHA-256, in hex, of headline and text: the same words give the same


def prepare_file(data: bytes, *, format: str | None = None) -> Iterator[PreparedArticle]:
    """All articles of one file, in order. Never raises: what cannot be read is a Rejected."""
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
            detail = f"An error stopped the reading ({type(error).__name__}: {error}). The log says where."
            prepared = PreparedArticle(part, RejectedError("not-read", detail))
        yield prepared


def prepare_files(files: Sequence[bytes], format: str | None) -> tuple[list[list[PreparedArticle]], float]:
    """What a worker process does: all articles of each file, and the seconds it took."""
    began = time.perf_counter()
    return [list(prepare_file(data, format=format)) for data in files], time.perf_counter() - began


def exit_with_parent(parent: int) -> None:
    """Make this worker process end when its parent does, even a parent that was killed."""

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
                    f"Claim {claim.id} is anchored beyond the end of the text ({len(text)} characters). "
                    "Anchors count code points in the paragraphs joined by a blank line."
                )
                return PreparedArticle(part, RejectedError("anchor-outside-text", detail))
    return PreparedArticle(part, draft, extraction, body, text, text_digest(draft.headline, text))


def _extract_claims(text: str, draft: Draft) -> Extraction:
    """What extraction finds. A fault of ours in it costs the story its claims, never the story, nor the batch."""
    try:
        return extract(
            text,
            published=publication_day(draft.published),
            language=draft.language or None,
            outlets=outlet_names([draft.publisher, draft.agency, *filter(is_organisation, draft.bylines)]),
        )
    except Exception as error:
        logger.exception("Finding the claims of “%s” failed; it is imported without them.", draft.headline[:80])
        detail = f"Finding the claims failed ({type(error).__name__}: {error}); add them by hand, and report this."
        return Extraction(language=draft.language or "en", warnings=(("extraction-failed", detail),))
