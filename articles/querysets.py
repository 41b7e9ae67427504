"""Every query the pages use, named. A view, feed or API never builds one of its own.

What readers may see is said here once: ArticleQuerySet.public() and ClaimQuerySet.public().
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from articles.jsonrows import json_rows
from articles.searching.engine import CLAIMS, REVISIONS
from articles.searching.matching import matching
from record import verbs
from record.models import Act

if TYPE_CHECKING:
    from articles.models import Article, Claim, Revision
    from sources.models import Source


#: How much of a story's text a list reads: enough for a first paragraph.
OPENING = 800


class ArticleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """What readers may list: published, or scheduled for a time that has come, with a live revision.

        A scheduled story so appears at its time without a worker. A retracted one leaves every list.
        """
        return self.filter(status__in=["published", "scheduled"], published_at__lte=timezone.now(), live__isnull=False)

    def readable(self) -> Self:
        """What has a page of its own for readers: what is public, and what was retracted (its page says so)."""
        return self.filter(
            status__in=["published", "scheduled", "retracted"],
            published_at__lte=timezone.now(),
            live__isnull=False,
        )

    def newest_first(self) -> Self:
        """The order of every public list; served by the index article_newest."""
        return self.order_by("-published_at", "-id")

    def for_list(self) -> Self:
        """Everything a list of stories touches, in one query, and of each text only its opening."""
        claims = _of(self, "claims").public().filter(article=OuterRef("pk")).order_by().values("article")
        return (
            self.select_related("live", "agency", "publisher")
            .defer("live__body", "live__text")
            .annotate(
                opening=Substr("live__text", 1, OPENING),
                shown_bylines=json_rows(_of(self, "bylines"), "article", "order", "name"),
                shown_topics=self._topics_in_json(),
                shown_images=self._images_in_json(),
                claim_count=Coalesce(
                    Subquery(claims.annotate(count=Count("pk")).values("count")[:1], output_field=IntegerField()), 0
                ),
            )
        )

    def with_first_claim(self) -> Self:
        """Each with `first_claim`, the key of its first public claim: news begins with what matters most."""
        claims = _of(self, "claims").public().filter(article=OuterRef("pk"))
        return self.annotate(first_claim=Subquery(claims.order_by("order", "pk").values("pk")[:1]))

    def with_text(self, length: int) -> Self:
        """Each with `shown_text`, so much of the text readers see: what a search looks for words to show in."""
        return self.annotate(shown_text=Substr("live__text", 1, length))

    def for_page(self) -> Self:
        """Everything an article's page touches but its claims, in one query."""
        readable = Exists(self.model._default_manager.readable().filter(pk=OuterRef("target")))
        links = _of(self, "related_links").annotate(target_slug=Case(When(readable, then=F("target__slug"))))
        return self.select_related("live", "agency", "publisher").annotate(
            shown_bylines=json_rows(_of(self, "bylines"), "article", "order", "name"),
            shown_topics=self._topics_in_json(),
            shown_images=self._images_in_json(),
            shown_links=json_rows(links, "article", "order", "title", "url", slug="target_slug"),
            shown_corrections=json_rows(_of(self, "corrections"), "article", "kind", "note", "created_at"),
        )

    def _topics_in_json(self) -> Subquery:
        return json_rows(self.model.topics.through.objects.all(), "article", name="topic__name", slug="topic__slug")

    def _images_in_json(self) -> Subquery:
        return json_rows(
            _of(self, "images"),
            "article",
            "order",
            "caption",
            "alt",
            "credit",
            "focal_x",
            "focal_y",
            file="image__file",
            width="image__width",
            height="image__height",
        )

    def state_of(self, slug: str) -> tuple[Any, ...] | None:
        """What differs as soon as the page of the story with this slug does; None without one. One query."""
        acts = Act.objects.filter(story=OuterRef("pk")).order_by("-id").values("id")[:1]
        about_sources = Act.objects.filter(kind="sources.source").order_by("-id").values("id")[:1]
        columns = ("pk", "status", "live", "edited_at", "published_at", "embargo_until")
        rows = self.filter(slug=slug).annotate(act=Subquery(acts), source_act=Subquery(about_sources))
        return rows.values_list(*columns, "act", "source_act").first()  # type: ignore[no-any-return]

    def with_last_correction(self) -> Self:
        """Each with `corrected_at`, when its last correction was made: articles.updated reads it. No query more."""
        notes = _of(self, "corrections").filter(article=OuterRef("pk")).order_by().values("article")
        return self.annotate(corrected_at=Subquery(notes.annotate(last=Max("created_at")).values("last")[:1]))

    def for_feed(self) -> Self:
        """Everything an entry of a feed touches, in one query."""
        return self.for_list().with_last_correction()

    def on(self, topic: str) -> Self:
        """Those filed under the topic with this slug."""
        filed = self.model.topics.through.objects.filter(topic__slug=topic)
        return self.filter(pk__in=filed.values("article"))

    def published_between(self, first: date | None = None, last: date | None = None) -> Self:
        """Published on these days or between them, as published_in says."""
        return self.filter(published_in(first, last))

    def published_since(self, moment: datetime) -> Self:
        """Published at that moment or later; served by the index article_newest."""
        return self.filter(published_at__gte=moment)

    def topics_of_these(self) -> Any:
        """The topics that any of these are filed under, by name."""
        through = self.model.topics.through
        filed = through.objects.filter(topic=OuterRef("pk"), article__in=self.order_by().values("pk"))
        return _of(self, "topics").filter(Exists(filed)).order_by("name")

    def agencies_of_these(self) -> Any:
        """The agencies that supplied any of these, by name."""
        supplied = self.order_by().filter(agency=OuterRef("pk"))
        return _of(self, "agency").filter(Exists(supplied)).order_by("name")

    def topics_counted(self, ids: Any) -> Any:
        """How many of these stories each topic has, by slug and name."""
        filed = self.model.topics.through.objects.filter(article__in=ids)
        return filed.values(value=F("topic__slug"), label=F("topic__name")).annotate(count=Count("article"))

    def topics_of_claims(self, ids: Any) -> Any:
        """How many of these claims stand in stories of each topic, by slug and name."""
        claims = _of(self, "claims").filter(pk__in=ids)
        return (
            claims.filter(article__topics__isnull=False)
            .order_by()
            .values(value=F("article__topics__slug"), label=F("article__topics__name"))
            .annotate(count=Count("pk"))
        )

    def agencies_counted(self, ids: Any) -> Any:
        """How many of these stories each agency supplied, by slug and name."""
        supplied = self.filter(pk__in=ids, agency__isnull=False).order_by()
        return supplied.values(value=F("agency__slug"), label=F("agency__name")).annotate(count=Count("pk"))

    def quoting(self, source: Source) -> Self:
        """Those with a public claim that this source has a part in. A subquery, so that no row repeats."""
        claims = _of(self, "claims").public().involving(source)
        return self.filter(pk__in=claims.order_by().values("article"))

    def with_figures(self) -> Self:
        """Those with a public claim that has a figure."""
        claims = _of(self, "claims").public().with_figures()
        return self.filter(pk__in=claims.order_by().values("article"))

    def saying(self, words: str) -> Self:
        """Those whose headline, summary or text says that, as articles.searching.query reads it."""
        return self.filter(matching(words, REVISIONS, "live", using=self.db))

    # --- What waits in the newsroom, oldest first ---

    def in_review(self) -> Self:
        """Sent for review, and neither published nor sent back yet."""
        return self.filter(status="in_review").order_by(F("edited_at").asc(nulls_first=True), "id")

    def sent_back(self) -> Self:
        """Drafts whose last step was that an editor sent them back."""
        steps = Act.objects.filter(
            kind="articles.article", row=OuterRef("pk"), verb__in=(verbs.SENT_BACK, verbs.SUBMITTED)
        )
        last = Subquery(steps.order_by("-id").values("verb")[:1])
        drafts = self.filter(status="draft").annotate(last_step=last)
        return drafts.filter(last_step=verbs.SENT_BACK).order_by(F("edited_at").asc(nulls_first=True), "id")

    def with_proposed_claims(self) -> Self:
        """With claims that nobody has judged; nobody has to for a story that was retracted."""
        proposed = _of(self, "claims").waiting().order_by()
        return self.exclude(status="retracted").filter(pk__in=proposed.values("article")).order_by("id")

    def to_come(self) -> Self:
        """Waiting for their time, the next first."""
        return self.filter(status="scheduled", published_at__gt=timezone.now()).order_by("published_at", "id")

    def under_embargo(self) -> Self:
        """Whose embargo has not ended, the next to end first."""
        return self.filter(embargo_until__gt=timezone.now()).order_by("embargo_until", "id")

    def being_corrected(self) -> Self:
        """Out, with a draft beside what readers see."""
        ahead = self.public().exclude(live=F("latest"))
        return ahead.order_by(F("edited_at").asc(nulls_first=True), "id")

    def for_export(self) -> Self:
        """Everything articles.exporting touches, in a fixed number of queries a chunk."""
        return self.select_related("publisher", "agency", "latest", "live").prefetch_related(
            "bylines",
            "images",
            "related_links",
            "topics",
            "corrections",
            "import_items",
            "claims__anchors",
            "claims__quantities",
            "claims__hops__source",
            "claims__hops__organisation",
        )


class ClaimQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def shown(self) -> Self:
        """Accepted or edited: fit for readers, if the article is."""
        return self.filter(review__in=["accepted", "edited"])

    def public(self) -> Self:
        """What readers may see: shown claims of public articles whose words stand, all of them, in the live revision.

        So neither a claim found in the draft of a published story, nor one of whose words a
        correction changed any, is shown.
        """
        content = _of(self, "anchors").filter(claim=OuterRef("pk"), revision=OuterRef("article__live"), part="content")
        return self.shown().filter(
            Exists(content.exclude(state="lost")),
            ~Exists(content.filter(state="lost")),
            article__status__in=["published", "scheduled"],
            article__published_at__lte=timezone.now(),
        )

    def in_live(self, article: Article) -> Self:
        """What readers see marked in a story, in the order of the text: four queries with all it touches."""
        return self.public()._marked_in(article, article.live_id)

    def in_preview(self, article: Article, revision: int) -> Self:
        """What readers would see marked if a revision of a story were live: as many queries."""
        content = _of(self, "anchors").filter(claim=OuterRef("pk"), revision=revision, part="content")
        stands = self.shown().filter(Exists(content.exclude(state="lost")), ~Exists(content.filter(state="lost")))
        return stands._marked_in(article, revision)

    def _marked_in(self, article: Article, revision: int | None) -> Self:
        anchors = _of(self, "anchors").filter(revision=revision).exclude(state="lost").order_by("start")
        corrected = self.model._meta.get_field("corrections").through.objects.all()
        return (
            self.filter(article=article)
            .order_by("order", "id")
            .annotate(
                shown_corrections=json_rows(
                    corrected,
                    "claim",
                    kind="correction__kind",
                    note="correction__note",
                    created_at="correction__created_at",
                )
            )
            .prefetch_related(Prefetch("anchors", anchors, to_attr="standing"), *self._said_by())
        )

    def for_list(self) -> Self:
        """Everything a list of claims touches, their stories' texts left unread: three queries."""
        return (
            self.select_related("article__live", "article__agency", "article__publisher")
            .defer("article__live__body", "article__live__text")
            .prefetch_related(*self._said_by())
        )

    def for_hits(self) -> Self:
        """Everything a claim found by a search touches, in one query: `shown_hops` are its hops as JSON."""
        hops = _of(self, "hops")
        return (
            self.select_related("article__live", "article__publisher", "article__agency")
            .defer("article__live__body", "article__live__text")
            .annotate(
                shown_hops=json_rows(hops, "claim", "position", "mention", name="source__name", slug="source__slug")
            )
        )

    def for_page(self) -> Self:
        """Everything a claim's page touches, its story's text and its cluster of repeats too: three queries."""
        return self.select_related(
            "article__live", "article__agency", "article__publisher", "repeat"
        ).prefetch_related(*self._said_by())

    def with_words(self) -> Self:
        """Each with `words`: its anchors of all parts in the live revision, and on each `quoted`, what stands there.

        The words are cut out by the database, so that no story's whole text is read. One query more.
        """
        anchors = (
            _of(self, "anchors")
            .filter(revision=F("claim__article__live"))
            .exclude(state="lost")
            .annotate(quoted=Substr("revision__text", F("start") + 1, F("end") - F("start")))
            .order_by("start", "end")
        )
        return self.prefetch_related(Prefetch("anchors", anchors, to_attr="words"))

    def newest_first(self) -> Self:
        """By their stories' publication, newest first, then in the order of the text."""
        return self.order_by("-article__published_at", "-article_id", "order", "id")

    def oldest_first(self) -> Self:
        return self.order_by("article__published_at", "article_id", "order", "id")

    def involving(self, source: Source) -> Self:
        """Said by this source or passed on by it; what its unnamed people said too. No row repeats."""
        hops = _of(self, "hops").by(source)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def originating_with(self, source: Source) -> Self:
        """First said by this source, or by its unnamed people."""
        hops = _of(self, "hops").by(source).filter(position=1)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def spoken_by(self, source: Source) -> Self:
        """Told to the outlet by this source: it is the last hop."""
        later = _of(self, "hops").filter(claim=OuterRef("claim"), position__gt=OuterRef("position"))
        hops = _of(self, "hops").by(source).filter(~Exists(later))
        return self.filter(pk__in=hops.order_by().values("claim"))

    def passed_on_by(self, source: Source) -> Self:
        """In whose chain this source stands after the origin."""
        hops = _of(self, "hops").by(source).filter(position__gt=1)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def from_kind(self, kind: str) -> Self:
        """First said by this kind of source; "unnamed" is a kind here."""
        origins = _of(self, "hops").filter(position=1)
        wanted = origins.filter(source__isnull=True) if kind == "unnamed" else origins.filter(source__kind=kind)
        return self.filter(pk__in=wanted.order_by().values("claim"))

    def with_figures(self) -> Self:
        return self.filter(pk__in=_of(self, "quantities").order_by().values("claim"))

    def with_figure_between(self, low: object = None, high: object = None) -> Self:
        """With a figure whose bounds overlap [low, high]; an end that is None is open."""
        figures = _of(self, "quantities").all()
        if low is not None:
            figures = figures.filter(Q(upper__isnull=True) | Q(upper__gte=low))
        if high is not None:
            figures = figures.filter(Q(lower__isnull=True) | Q(lower__lte=high))
        return self.filter(pk__in=figures.order_by().values("claim"))

    def saying(self, words: str) -> Self:
        """Whose statement says that, as articles.searching.query reads it."""
        return self.filter(matching(words, CLAIMS, "pk", using=self.db))

    def same_elsewhere(self, claim: Claim) -> Self:
        """The other claims of its cluster of repeats, as far as editors confirmed that they say the same."""
        repeat = getattr(claim, "repeat", None)
        if repeat is None or repeat.state != "confirmed":
            return self.none()
        return self.filter(repeat__cluster=repeat.cluster_id, repeat__state="confirmed").exclude(pk=claim.pk)

    def on(self, topic: str) -> Self:
        """Those of stories filed under the topic with this slug."""
        filed = _of(self, "article").model.topics.through.objects.filter(topic__slug=topic)
        return self.filter(article__in=filed.values("article"))

    def published_between(self, first: date | None = None, last: date | None = None) -> Self:
        """Of stories published on these days or between them, as published_in says."""
        return self.filter(published_in(first, last, prefix="article__"))

    def stated_between(self, first: date | None = None, last: date | None = None) -> Self:
        """Said on these days or between them, where the days it may have been said on overlap them."""
        found = self
        if first is not None:
            found = found.filter(stated_to__gte=first)
        if last is not None:
            found = found.filter(stated_from__lte=last)
        return found

    def for_api(self) -> Self:
        """Everything the exchange form of a claim and its story's name touch: five queries a page."""
        standing = _of(self, "anchors").filter(revision=F("claim__article__live")).order_by("start", "end")
        return self.select_related("article", "article__live").prefetch_related(
            "hops__source", "hops__organisation", "quantities", Prefetch("anchors", standing)
        )

    def _said_by(self) -> tuple[Prefetch, ...]:  # type: ignore[type-arg]
        hops = _of(self, "hops").select_related("source", "organisation").order_by("position")
        return Prefetch("hops", hops, to_attr="chain"), Prefetch("quantities", to_attr="figures")

    def counted_by_form(self, ids: Any) -> Any:
        """How many of these claims are direct, indirect and mixed."""
        return self._counted("form", ids)

    def counted_by_modality(self, ids: Any) -> Any:
        """How many of these claims are asserted, expected, …"""
        return self._counted("modality", ids)

    def _counted(self, field: str, ids: Any) -> Any:
        return self.filter(pk__in=ids).order_by().values(value=F(field)).annotate(count=Count("pk"))

    def waiting(self) -> Self:
        """The review queue, oldest first; served by the index claim_review_queue.

        Thoughts and plans that nobody told are shown on demand and wait for nobody.
        """
        return self.filter(review="proposed", reporting=True).order_by("id")

    def with_lost_words(self) -> Self:
        """Those of which a passage is not found in the latest revision, rejected ones left out.

        Served by the index anchor_lost_queue.
        """
        lost = _of(self, "anchors").lost().filter(part="content", claim=OuterRef("pk"))
        return self.filter(Exists(lost))


class HopQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def kinds_of_origin(self, ids: Any) -> Any:
        """How many of these claims were first said by each kind of source, or by somebody "unnamed"."""
        origins = self.filter(position=1, claim__in=ids).order_by()
        kind = Coalesce("source__kind", Value("unnamed"))
        return origins.annotate(value=kind).values("value").annotate(count=Count("pk"))

    def by(self, source: Source) -> Self:
        """Those of this source, and of its people whom copy leaves unnamed."""
        return self.filter(Q(source=source) | Q(source__isnull=True, organisation=source))

    def public(self) -> Self:
        """Those of claims that readers may see."""
        return self.filter(Exists(_of(self, "claim").public().filter(pk=OuterRef("claim")).order_by()))


class ImportItemQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def unsettled(self) -> Self:
        """Files that came in with something odd and that nobody has dealt with; served by import_items_unsettled."""
        odd = self.filter(settled_at__isnull=True, outcome__in=["warned", "changed", "rejected"])
        return odd.exclude(run__state="undone").order_by("id")


class AnchorQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def lost(self) -> Self:
        """Those in a story's latest revision whose words are not found there, of claims that nobody rejected."""
        return self.filter(state="lost", revision=F("claim__article__latest")).exclude(claim__review="rejected")

    def lost_queue(self) -> Self:
        """What waits for a new place: each lost passage of what was said, oldest first, with all its page touches."""
        return self.lost().filter(part="content").select_related("claim__article", "revision").order_by("id")

    def content_in(self, revision: Revision | None) -> Self:
        """Where the words of claims stand in a revision, in the order of its text."""
        return self.filter(revision=revision, part="content").exclude(state="lost").order_by("start", "end")


class TopicQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """Those with a public story, each with `story_count` and of the newest story `newest`, when it came out,
        `headline`, `language` and `story`, its slug.
        """
        articles = _of(self, "articles")
        newest = articles.public().filter(topics=OuterRef("pk")).newest_first()
        filed = (
            articles.model.topics.through.objects.filter(topic=OuterRef("pk"))
            .filter(article__in=articles.public().order_by().values("pk"))
            .order_by()
            .values("topic")
        )
        return self.annotate(
            story_count=Subquery(filed.annotate(count=Count("pk")).values("count")[:1], output_field=IntegerField()),
            newest=Subquery(newest.values("published_at")[:1]),
            headline=Subquery(newest.values("live__headline")[:1]),
            language=Subquery(newest.values("language")[:1]),
            story=Subquery(newest.values("slug")[:1]),
        ).filter(story_count__gt=0)

    def by_name(self) -> Self:
        return self.order_by("name", "id")


class CorrectionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """Those of stories that have a page for readers; that of a retraction is the story's last word."""
        return self.filter(article__in=_of(self, "article").readable().order_by().values("pk"))

    def for_list(self) -> Self:
        """Everything a list of corrections touches, their stories' texts left unread: one query."""
        return self.select_related("article__live").defer("article__live__body", "article__live__text")

    def newest_first(self) -> Self:
        """The order of the corrections page; served by the index corrections_newest_first."""
        return self.order_by("-created_at", "-id")


class ImageQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def unused(self) -> Self:
        """Those in no story, of whatever status."""
        return self.filter(~Exists(_of(self, "uses").filter(image=OuterRef("pk"))))

    def in_use(self) -> Self:
        """Those in any story."""
        return self.filter(Exists(_of(self, "uses").filter(image=OuterRef("pk"))))


def _of(queryset: models.QuerySet, relation: str) -> Any:  # type: ignore[type-arg]
    """The rows on the other side of a relation, all of them, without importing their model here.

    They come with that model's own named queries, which no type can say without the import.
    """
    return queryset.model._meta.get_field(relation).related_model._default_manager.all()


def published_in(first: date | None, last: date | None, *, prefix: str = "") -> Q:
    """Published on these days or between them; an end that is None is open.

    Days are those of the newsroom's clock. Where only the date of publication is known it is kept
    as midnight UTC, so such a story is compared by its date alone.
    """
    by_clock = _span(f"{prefix}published_at", first, last, timezone.get_default_timezone())
    by_date = _span(f"{prefix}published_at", first, last, UTC)
    if by_clock == by_date:
        return by_clock  # one range for the index
    precision = f"{prefix}published_precision"
    return by_clock & Q(**{precision: "minute"}) | by_date & Q(**{precision: "day"})


def _span(field: str, first: date | None, last: date | None, zone: tzinfo) -> Q:
    span = Q()
    if first is not None:
        span &= Q(**{f"{field}__gte": datetime.combine(first, time.min, zone)})
    if last is not None:
        span &= Q(**{f"{field}__lt": datetime.combine(last + timedelta(days=1), time.min, zone)})
    return span
