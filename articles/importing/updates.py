"""To be described."""

from __future__ import annotations

from django.utils import timezone

from articles.claims.build import Acceptance, names_in_extraction, rows_of_extraction
from articles.claims.carry_over import carry_anchors, goes_live, take_found
from articles.importing.prepare import Prepared
from articles.models import Article, Revision
from articles.parsing import Rejected
from sources.resolver import Resolver


def revise_from_copy(
    article: Article, prepared: Prepared, resolver: Resolver, *, acceptance: Acceptance | None, publish: bool
) -> Revision:
    """Changed copy of a known story becomes its next revision, live at once only where `goes_live` says so.

    To be called in a transaction. The article's row is locked, so that two writers take turns. The revision's
    `article` is the row as it then is.
    """
    draft = prepared.result
    if isinstance(draft, Rejected):
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
        resolver.prepare(names_in_extraction(prepared.extraction))
        found = rows_of_extraction(prepared.extraction, article, revision, resolver, acceptance)
        take_found(article, revision, found)
    return revision
