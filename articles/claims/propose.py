"""Propose the claims that the extractor finds in an article."""

from __future__ import annotations

import logging
from functools import partial

from django.db import transaction

from articles.claims.build import build_from_extraction, names_in_extraction
from articles.claims.carry_over import apply_found_claims
from articles.claims.matching import MatchPlan
from articles.claims.outlets import outlet_names
from articles.extraction import extract
from articles.extraction.details.dates import publication_day
from articles.models import Article
from sources.models import SourceName
from sources.resolver import Resolver

logger = logging.getLogger("articles.extraction")


@transaction.atomic
def find_claims(article: Article) -> MatchPlan[int, int]:
    """Run the extractor on the latest revision, and propose the claims that are new.

    Reviewed claims stay as they are. Return the plan that was carried out.
    """
    revision = article.latest
    if revision is None:
        return MatchPlan((), (), (), (), ())
    extraction = extract(
        revision.text,
        published=publication_day(article.published_at),
        language=article.language or None,
        outlets=_outlet_names(article),
    )
    resolver = Resolver()
    resolver.load_names(names_in_extraction(extraction))
    plan = apply_found_claims(article, revision, build_from_extraction(extraction, article, revision, resolver, None))
    write_log = partial(
        logger.info, "%s: %d new claims, %d withdrawn.", article.slug, len(plan.new), len(plan.withdrawn)
    )
    transaction.on_commit(write_log)
    return plan


def _outlet_names(article: Article) -> tuple[str, ...]:
    """Return all names of the article's publisher and agency. At most one query."""
    ids = [outlet for outlet in (article.publisher_id, article.agency_id) if outlet is not None]
    if not ids:
        return ()
    return outlet_names(SourceName.objects.filter(source__in=ids).values_list("name", flat=True))
