"""Queries that join sources and what they said: who is on record, who speaks most, whom somebody passes on."""

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
    """Who is on record for readers: sources with a part in a public claim, or whose unnamed people have one."""
    return Source.objects.current().filter(_has_public_claim("pk"))


def readable_sources() -> QuerySet[Source]:
    """Who has a page for readers: whoever is on record, and the agencies and publishers of public stories."""
    return Source.objects.current().filter(_is_readable("pk"))


def find_readable_source(words: str) -> Source | None:
    """The source on record that this is the slug, the name or any alias of; the one a merge left. One query.

    A slug wins, then a name of its own, then the older of two. Who is in no public story is not known
    here, so that nobody learns of a draft by asking.
    """
    folded = normalize_name(words)[:200]
    slug = words.strip().lower()[:120]
    if "\x00" in words or not (folded or slug):
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


def similar_sources(words: str, limit: int = 3) -> list[Source]:
    """A few on record whose names have these words in them, for who was mistyped. One query."""
    found = filter_by_public_name(Source.objects.all(), words)
    return list(found.filter(pk__in=public_sources().values("pk")).by_name()[:limit])


def filter_by_public_name(sources: SourceQuerySet, words: str) -> SourceQuerySet:
    """Return those with these words in a name that readers may know."""
    return sources.with_name_containing(words, public_names())


def public_names() -> QuerySet[SourceName]:
    """Return the names that readers may know: the preferred ones, an editor's, and those that public claims use."""
    used = ClaimName.objects.public().filter(source=OuterRef("source"), folded=OuterRef("folded"))
    return SourceName.objects.filter(Q(preferred=True) | Q(learned=False) | Exists(used))


def public_roles() -> QuerySet[Affiliation]:
    """Return the affiliations that readers may know: an editor's, and those that public claims give."""
    given = ClaimRole.objects.public().filter(source=OuterRef("person"), role=OuterRef("role"))
    same = given.alias(body=Coalesce("organisation", 0)).filter(body=Coalesce(OuterRef("organisation"), 0))
    return Affiliation.objects.filter(Q(learned=False) | Exists(same))


def find_readable_merge_target(source: Source) -> Source | None:
    """Return the source that a merged one became, if readers may see it; a query a merge, and one."""
    left = source
    while left.merged_into is not None:
        left = left.merged_into
    return readable_sources().filter(pk=left.pk).first()


#: On a list a source's claims are counted so far; an agency has a part in half of all there are.
MAX_COUNTED_CLAIMS = 1_000


class _RowCount(Subquery):
    """How many rows a subquery gives."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS numbered)"
    output_field = IntegerField()


def with_capped_claim_counts(sources: QuerySet[Source], limit: int = MAX_COUNTED_CLAIMS) -> QuerySet[Source]:
    """Each with `claim_count`, the public claims it has a part in by name, one more than `limit` at most."""
    claims = Hop.objects.public().filter(source=OuterRef("pk")).order_by().values("claim").distinct()
    return sources.annotate(claim_count=_RowCount(claims[: limit + 1]))


def with_claim_counts(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Each with `claim_count`: how many public claims it has a part in by name."""
    hops = Hop.objects.public().filter(source=OuterRef("pk")).order_by().values("source")
    counted = hops.annotate(count=Count("claim", distinct=True)).values("count")[:1]
    return sources.annotate(claim_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


@dataclass(frozen=True, slots=True)
class CountedSource:
    """A named source and in how many claims it has the part that is asked about."""

    name: str
    slug: str
    claims: int


#: "Lately" is the newest so many stories: what is counted over all of them would cost more with every story.
MAX_RECENT_ARTICLES = 300


def _recent_hops() -> Any:
    """Hops in public claims of the newest stories."""
    newest = Article.objects.public().newest_first().values("pk")[:MAX_RECENT_ARTICLES]
    return Hop.objects.public().filter(
        claim__article__in=Article.objects.filter(pk__in=newest).order_by().values("pk")
    )


def most_quoted_sources(limit: int, claims: QuerySet[Claim] | None = None) -> list[CountedSource]:
    """The named sources of most public claims lately, or of most of those given. One query."""
    hops = _recent_hops() if claims is None else Hop.objects.filter(claim__in=claims.order_by().values("pk"))
    hops = hops.filter(source__isnull=False, source__merged_into__isnull=True)
    counted = hops.order_by().values("source__name", "source__slug").annotate(claims=Count("claim", distinct=True))
    return [
        CountedSource(row["source__name"], row["source__slug"], row["claims"])
        for row in counted.order_by("-claims", "source__name", "source__slug")[:limit]
    ]


def suggested_source_names(words: str, limit: int) -> list[str]:
    """Names with these words, those on record most often first; without words, those on record most often lately."""
    if words := words.strip():
        hops = Hop.objects.public().filter(
            source__in=filter_by_public_name(Source.objects.current(), words).values("pk")
        )
    else:
        hops = _recent_hops().filter(source__isnull=False, source__merged_into__isnull=True)
    counted = hops.order_by().values("source__name").annotate(claims=Count("claim", distinct=True))
    return [row["source__name"] for row in counted.order_by("-claims", "source__name")[:limit]]


def count_by_kind(ids: Any) -> Any:
    """How many of these sources are of each kind."""
    return Source.objects.filter(pk__in=ids).order_by().values(value=F("kind")).annotate(count=Count("pk"))


def source_initials() -> list[str]:
    """The first letters that sources on record have, in order. One query."""
    letters = public_sources().annotate(letter=INITIAL).order_by("letter")
    return list(letters.values_list("letter", flat=True).distinct())


def count_by_initial(ids: Any) -> Any:
    """How many of these sources begin with each letter."""
    rows = Source.objects.filter(pk__in=ids).order_by().values(value=INITIAL)
    return rows.annotate(label=INITIAL, count=Count("pk"))


INITIAL = Upper(Substr("name", 1, 1))


def sources_for_page() -> Any:
    """Sources with everything a page says of one but its claims: one query.

    Each with `shown_names`, `shown_roles`, and how many public stories it `supplied` and `published`.
    """
    has_page = Case(When(_is_readable("organisation"), then=F("organisation__slug")))
    roles = public_roles().annotate(page=has_page)
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
    """How much of the public record a source has a part in, and how it is quoted."""

    claims: int
    first_said: int
    passed_on: int
    direct: int
    indirect: int
    mixed: int
    unnamed: int  # said by its people whom copy leaves without a name


def count_claims(source: Source) -> ClaimCounts:
    """Count a source's public claims. One query; a claim it both began and passed on counts as begun."""
    first = Q(pk__in=Hop.objects.by_source(source).filter(position=1).values("claim"))
    counts = (
        Claim.objects.public()
        .involving(source)
        .order_by()
        .aggregate(
            claims=Count("pk"),
            first_said=Count("pk", filter=first),
            unnamed=Count("pk", filter=~Q(pk__in=Hop.objects.filter(source=source).values("claim"))),
            **{form: Count("pk", filter=Q(form=form)) for form in Claim.Form.values},
        )
    )
    return ClaimCounts(passed_on=counts["claims"] - counts["first_said"], **counts)


def claim_counts_by_month(source: Source) -> dict[tuple[date, str], int]:
    """How many public claims a source has a part in, by the month in which it was said and by form. One query."""
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
    """Whom a source passes on, and who passes it on: most claims first."""

    passes_on: list[CountedSource]
    passed_on_by: list[CountedSource]


#: Of each kind of partner.
MAX_PARTNERS = 12


def source_partners(source: Source) -> Partners:
    """Everybody named before and after a source in the chains of public claims. One query."""
    own = Hop.objects.by_source(source).filter(claim=OuterRef("claim")).order_by("position").values("position")[:1]
    rows = (
        Hop.objects.public()
        .filter(claim__in=Hop.objects.by_source(source).values("claim"), source__isnull=False)
        .exclude(source=source)
        .annotate(own=Subquery(own))
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
    """Has the source at this path of the outer row a part in a public claim, itself or by unnamed people?"""
    by_name, by_people = Q(source=OuterRef(path)), Q(source__isnull=True, organisation=OuterRef(path))
    return Exists(Hop.objects.public().filter(by_name | by_people))


def _is_readable(path: str) -> Q:
    stories = Article.objects.public().filter(Q(agency=OuterRef(path)) | Q(publisher=OuterRef(path)))
    return Q(_has_public_claim(path)) | Q(Exists(stories))


def _article_count(role: str) -> Coalesce:
    """How many public stories a source has that part in: agency or publisher."""
    stories = Article.objects.public().filter(**{role: OuterRef("pk")}).order_by().values(role)
    counted = stories.annotate(count=Count("pk")).values("count")[:1]
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
