"""To be described."""

from __future__ import annotations

from django.utils import timezone

from articles.claims.build import Acceptance, build_from_extraction, names_in_extraction
from articles.claims.carry_over import apply_found_claims, carry_anchors, goes_live
from articles.importing.prepare import PreparedArticle
from articles.models import Article, Revision
from articles.parsing import RejectedError
from sources.resolver import Resolver


def revise_from_import(
    article: Article, prepared: PreparedArticle, resolver: Resolver, *, acceptance: Acceptance | None, publish: bool
) -> Revision:
    """Changed copy of a known story becomes its next revision, live at once only where `goes_live` says so.

    To be called in a transaction. The article's row is locked, so that two writers take turns. The revision's
    `article` is the row as it then is.
    """
    draft = prepared.result
    if isinstance(draft, RejectedError):
        raise TypeError("A rejected file is no revision.")
    article = Article.objects.select_for_update(of=("self",)).select_related("latest", "live").get(pk=article.pk)
    before = article.latest
    revision = Revision.objects.create(
        article=article,
        number=(before.number if before else 0) + 1,
        headline=draft.headline[:300],
        summary=draft.summary,
        body=prepared.body,
        text=prepared.text,
        digest=prepared.digest,
        note="Imported again with changed text",
    )
    article.latest = revision
    if goes_live(article, publish=publish):
        article.live = revision
        Revision.objects.filter(pk=revision.pk).update(
            live_from=max(timezone.now(), article.published_at or timezone.now())
        )
    article.save(update_fields=["latest", "live"])
    if before is not None:
        carry_anchors(before, revision)
    if prepared.extraction is not None:
        resolver.load_names(names_in_extraction(prepared.extraction))
        found = build_from_extraction(prepared.extraction, article, revision, resolver, acceptance)
        apply_found_claims(article, revision, found)
    return revision
