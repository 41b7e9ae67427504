"""Queries of sources with their claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Substr, TruncDate, TruncMonth, Upper

from articles.db.functions import json_rows
from articles.models import Article, Claim, ClaimName, ClaimRole, Hop
from sources.models import Affiliation, Source, SourceName, SourceQuerySet
from sources.names import normalize_name


def public_sources() -> QuerySet[Source]:
    """Return sources of public claims, by name or through their unnamed people."""
    return Source.objects.current().filter(_has_public_claim("pk"))


def readable_sources() -> QuerySet[Source]:
    """Return sources with a public page: public sources, agencies and publishers."""
    return Source.objects.current().filter(_is_readable("pk"))


def find_readable_source(text: str) -> Source | None:
    """Return the readable source with this slug, name or alias. One query.

    For a merged source, return the one that was kept. A slug comes first, then an unmerged source, then the older one.
    Sources of drafts only are not found, so that nobody learns of a draft.
    """
    folded = normalize_name(text)[:200]
    slug = text.strip().lower()[:120]
    if "\x00" in text or not (folded or slug):
        return None
    names = public_names().filter(folded=folded).values("source")
    return next(
        (
            source.merged_into or source
            for source in Source.objects.select_related("merged_into")
            .filter(Q(slug=slug) | Q(pk__in=names))
            .annotate(stands_for=Coalesce("merged_into", "pk"))
            .filter(_is_readable("stands_for"))
            .order_by(Case(When(slug=slug, then=0), default=1), F("merged_into").asc(nulls_first=True), "pk")[:1]
        ),
        None,
    )


def similar_sources(text: str, limit: int = 3) -> list[Source]:
    """Return a few public sources with names that contain a text. One query."""
    sources = filter_by_public_name(Source.objects.all(), text)
    return list(sources.filter(pk__in=public_sources().values("pk")).by_name()[:limit])


def filter_by_public_name(sources: SourceQuerySet, text: str) -> SourceQuerySet:
    """Return the sources with a text in a name that readers may know."""
    return sources.with_name_containing(text, public_names())


def public_names() -> QuerySet[SourceName]:
    """Return preferred names, names by editors, and names in public claims."""
    used = ClaimName.objects.public().filter(source=OuterRef("source"), folded=OuterRef("folded"))
    return SourceName.objects.filter(Q(preferred=True) | Q(learned=False) | Exists(used))


def public_roles() -> QuerySet[Affiliation]:
    """Return affiliations by editors, and affiliations in public claims."""
    in_claims = ClaimRole.objects.public().filter(source=OuterRef("person"), role=OuterRef("role"))
    same = in_claims.alias(body=Coalesce("organisation", 0)).filter(body=Coalesce(OuterRef("organisation"), 0))
    return Affiliation.objects.filter(Q(learned=False) | Exists(same))


def find_readable_merge_target(source: Source) -> Source | None:
    """Return the source into which another was merged, if readable.

    One query for each merge, and one more.
    """
    target = source
    while target.merged_into is not None:
        target = target.merged_into
    return readable_sources().filter(pk=target.pk).first()


#: Lists count the claims of a source up to this: an agency may have half of all claims.
MAX_COUNTED_CLAIMS = 1_000


class _RowCount(Subquery):
    """The number of rows of a subquery."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS numbered)"
    output_field = IntegerField()


def with_capped_claim_counts(sources: QuerySet[Source], limit: int = MAX_COUNTED_CLAIMS) -> QuerySet[Source]:
    """Annotate `claim_count`: public claims that name the source, at most `limit` + 1."""
    claims = Hop.objects.public().filter(source=OuterRef("pk")).order_by().values("claim").distinct()
    return sources.annotate(claim_count=_RowCount(claims[: limit + 1]))


def with_claim_counts(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Annotate `claim_count`: public claims that name the source."""
    hops = Hop.objects.public().filter(source=OuterRef("pk")).order_by().values("source")
    counted = hops.annotate(count=Count("claim", distinct=True)).values("count")[:1]
    return sources.annotate(claim_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


@dataclass(frozen=True, slots=True)
class CountedSource:
    """A source and a number of claims."""

    name: str
    slug: str
    claims: int


#: "Recently" means in so many of the newest articles. Counting all would take longer with every article.
MAX_RECENT_ARTICLES = 300


def _recent_hops() -> Any:
    """Return hops of public claims in the newest articles."""
    newest = Article.objects.public().newest_first().values("pk")[:MAX_RECENT_ARTICLES]
    return Hop.objects.public().filter(
        claim__article__in=Article.objects.filter(pk__in=newest).order_by().values("pk")
    )


def most_quoted_sources(limit: int, claims: QuerySet[Claim] | None = None) -> list[CountedSource]:
    """Return the sources of most recent public claims, or most `claims`. One query."""
    hops = _recent_hops() if claims is None else Hop.objects.filter(claim__in=claims.order_by().values("pk"))
    hops = hops.filter(source__isnull=False, source__merged_into__isnull=True)
    counted = hops.order_by().values("source__name", "source__slug").annotate(claims=Count("claim", distinct=True))
    return [
        CountedSource(row["source__name"], row["source__slug"], row["claims"])
        for row in counted.order_by("-claims", "source__name", "source__slug")[:limit]
    ]


def suggested_source_names(text: str, limit: int) -> list[str]:
    """Return names of sources that contain a text, most claims first.

    Without a text, return the sources with most recent claims.
    """
    if text := text.strip():
        hops = Hop.objects.public().filter(
            source__in=filter_by_public_name(Source.objects.current(), text).values("pk")
        )
    else:
        hops = _recent_hops().filter(source__isnull=False, source__merged_into__isnull=True)
    counted = hops.order_by().values("source__name").annotate(claims=Count("claim", distinct=True))
    return [row["source__name"] for row in counted.order_by("-claims", "source__name")[:limit]]


def count_by_kind(ids: Any) -> Any:
    """Count sources by kind."""
    return Source.objects.filter(pk__in=ids).order_by().values(value=F("kind")).annotate(count=Count("pk"))


def source_initials() -> list[str]:
    """Return the first letters of public sources, sorted. One query."""
    sources = public_sources().annotate(letter=INITIAL).order_by("letter")
    return list(sources.values_list("letter", flat=True).distinct())


def count_by_initial(ids: Any) -> Any:
    """Count sources by first letter."""
    rows = Source.objects.filter(pk__in=ids).order_by().values(value=INITIAL)
    return rows.annotate(label=INITIAL, count=Count("pk"))


INITIAL = Upper(Substr("name", 1, 1))


def sources_for_page() -> Any:
    """Return sources with all that their pages show except the claims. One query.

    Each has `shown_names`, `shown_roles`, and `supplied` and `published`: how many public articles it has as agency and
    as publisher.
    """
    readable_slug = Case(When(_is_readable("organisation"), then=F("organisation__slug")))
    roles = public_roles().annotate(page=readable_slug)
    return Source.objects.select_related("merged_into").annotate(
        shown_names=json_rows(public_names(), "source", "name", "preferred"),
        shown_roles=json_rows(
            roles, "person", "role", "since", "until", organisation="organisation__name", slug="page"
        ),
        supplied=_article_count("agency"),
        published=_article_count("publisher"),
    )


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """Numbers of public claims of a source."""

    claims: int
    first_said: int
    passed_on: int
    direct: int
    indirect: int
    mixed: int
    unnamed: int  # by its unnamed people only


def count_claims(source: Source) -> ClaimCounts:
    """Count a source's public claims. One query.

    A claim that it both originated and passed on counts as originated.
    """
    is_origin = Q(pk__in=Hop.objects.by_source(source).filter(position=1).values("claim"))
    counts = (
        Claim.objects.public()
        .involving(source)
        .order_by()
        .aggregate(
            claims=Count("pk"),
            first_said=Count("pk", filter=is_origin),
            unnamed=Count("pk", filter=~Q(pk__in=Hop.objects.filter(source=source).values("claim"))),
            **{form: Count("pk", filter=Q(form=form)) for form in Claim.Form.values},
        )
    )
    return ClaimCounts(passed_on=counts["claims"] - counts["first_said"], **counts)


def claim_counts_by_month(source: Source) -> dict[tuple[date, str], int]:
    """Count a source's public claims by (first day of the month, form). One query."""
    said = Coalesce("stated_from", TruncDate("article__published_at"))
    rows = (
        Claim.objects.public()
        .involving(source)
        .order_by()
        .annotate(month=TruncMonth(said))
        .values("month", "form")
        .annotate(count=Count("pk"))
        .values_list("month", "form", "count")
    )
    return {(month, form): count for month, form, count in rows if month is not None}


@dataclass(frozen=True, slots=True)
class Partners:
    """Whom a source passes on, and who passes it on; most claims first."""

    passes_on: list[CountedSource]
    passed_on_by: list[CountedSource]


#: Partners on each side.
MAX_PARTNERS = 12


def source_partners(source: Source) -> Partners:
    """Return the sources before and after a source in public chains. One query."""
    own_position = (
        Hop.objects.by_source(source).filter(claim=OuterRef("claim")).order_by("position").values("position")[:1]
    )
    rows = (
        Hop.objects.public()
        .filter(claim__in=Hop.objects.by_source(source).values("claim"), source__isnull=False)
        .exclude(source=source)
        .annotate(own=Subquery(own_position))
        .annotate(before=ExpressionWrapper(Q(position__lt=F("own")), output_field=BooleanField()))
        .order_by()
        .values("before", "source__name", "source__slug")
        .annotate(claims=Count("claim", distinct=True))
        .order_by("-claims", "source__name")
    )
    sides: dict[bool, list[CountedSource]] = {True: [], False: []}
    for row in rows[: MAX_PARTNERS * 10]:
        sides[row["before"]].append(CountedSource(row["source__name"], row["source__slug"], row["claims"]))
    return Partners(sides[True][:MAX_PARTNERS], sides[False][:MAX_PARTNERS])


def _has_public_claim(path: str) -> Exists:
    """Return whether the source at `path` of the outer row has a public claim.

    Claims by its unnamed people count.
    """
    by_name, by_people = Q(source=OuterRef(path)), Q(source__isnull=True, organisation=OuterRef(path))
    return Exists(Hop.objects.public().filter(by_name | by_people))


def _is_readable(path: str) -> Q:
    articles = Article.objects.public().filter(Q(agency=OuterRef(path)) | Q(publisher=OuterRef(path)))
    return Q(_has_public_claim(path)) | Q(Exists(articles))


def _article_count(role: str) -> Coalesce:
    """Count the public articles of a source as agency or publisher."""
    articles = Article.objects.public().filter(**{role: OuterRef("pk")}).order_by().values(role)
    counted = articles.annotate(count=Count("pk")).values("count")[:1]
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
