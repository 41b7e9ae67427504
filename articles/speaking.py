"""Queries that join sources and what they said: who speaks most, whom somebody passes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from articles.models import Claim, Hop
from sources.models import Source


def public_sources() -> QuerySet[Source]:
    """Sources with a part in a public claim, those merged away left out."""
    hops = Hop.objects.filter(
        Q(source=OuterRef("pk")) | Q(organisation=OuterRef("pk")), claim__in=Claim.objects.public().values("pk")
    )
    return Source.objects.current().filter(Exists(hops))


def with_claim_counts(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Each with `claim_count`: how many public claims it has a part in by name."""
    public = Claim.objects.public().values("pk")
    return sources.annotate(claim_count=Count("hops__claim", filter=Q(hops__claim__in=public), distinct=True))


def most_quoted(limit: int) -> QuerySet[Source]:
    """The named sources of most public claims. One query."""
    return (
        with_claim_counts(Source.objects.current()).filter(claim_count__gt=0).order_by("-claim_count", "name")[:limit]
    )


@dataclass(frozen=True, slots=True)
class Partners:
    """Who stands beside a source in chains, and in how many claims, most first."""

    passes_on: list[tuple[Source, int]]  # whose words it passes on
    passed_on_by: list[tuple[Source, int]]  # who passes on its own


def partners(source: Source, claims: Iterable[Claim]) -> Partners:
    """Read off claims whose chains are loaded (ClaimQuerySet.for_list); no query."""
    before: Counter[Source] = Counter()
    after: Counter[Source] = Counter()
    for claim in claims:
        chain = [hop.source for hop in claim.chain]  # type: ignore[attr-defined]
        if source not in chain:
            continue
        at = chain.index(source)
        before.update(other for other in chain[:at] if other and other != source)
        after.update(other for other in chain[at + 1 :] if other and other != source)
    return Partners(before.most_common(), after.most_common())
