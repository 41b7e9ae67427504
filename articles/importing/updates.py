"""Add an imported text to an existing article as its next revision."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.claims.build import Acceptance, build_from_extraction, names_in_extraction
from articles.claims.carry_over import apply_found_claims, carry_anchors, goes_live
from articles.importing.prepare import PreparedArticle
from articles.models import Article, Revision
from articles.parsing import RejectedError
from sources.resolver import Resolver


def revise_from_import(
    article: Article, prepared: PreparedArticle, resolver: Resolver, *, acceptance: Acceptance | None, publish: bool
) -> Revision:
    """Create the next revision of an article from a changed file.

    It goes live only if `goes_live` says so. Call it in a transaction: the article is locked. The `article` of the
    returned revision is the locked row, up to date.
    """
    draft = prepared.result
    if isinstance(draft, RejectedError):
        raise TypeError("A rejected file has no revision.")
    article = Article.objects.locked(article.pk)
    before = article.latest
    live_from = None
    if goes_live(article, publish=publish):
        live_from = max(timezone.now(), article.published_at or timezone.now())
    revision: Revision = Revision.objects.create_next(
        article,
        headline=draft.headline[:300],
        summary=draft.summary,
        body=prepared.body,
        text=prepared.text,
        digest=prepared.digest,
        note=_("Imported again with changed text"),
        live_from=live_from,
    )
    article.latest = revision
    if live_from is not None:
        article.live = revision
    article.save(update_fields=["latest", "live"])
    if before is not None:
        carry_anchors(before, revision)
    if prepared.extraction is not None:
        resolver.load_names(names_in_extraction(prepared.extraction))
        found = build_from_extraction(prepared.extraction, article, revision, resolver, acceptance)
        apply_found_claims(article, revision, found)
    return revision
