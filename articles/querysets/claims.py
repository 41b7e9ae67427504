"""Claims, the steps of their chains, and where their words stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from articles.db.functions import json_rows
from articles.fulltext.backends.base import CLAIMS
from articles.fulltext.lookups import matching

if TYPE_CHECKING:
    from articles.models import Article, Claim, Revision
    from sources.models import Source
from articles.querysets.days import published_in
from articles.querysets.relations import related
from articles.querysets.standing import has_status


class ClaimQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def shown(self) -> Self:
        """Accepted or edited: fit for readers, if the article is."""
        return self.filter(review__in=["accepted", "edited"])

    def with_speaker(self) -> Self:
        """Those that name somebody who said them: a source, or somebody unnamed. Served by the hops' unique index."""
        return self.filter(Exists(related(self, "hops").filter(claim=OuterRef("pk"))))

    def public(self) -> Self:
        """What readers may see: shown claims of public articles whose words stand, all of them, in the live revision.

        So neither a claim found in the draft of a published story, nor one of whose words a
        correction changed any, nor one that nobody is named for, is shown.
        """
        content = related(self, "anchors").filter(
            claim=OuterRef("pk"), revision=OuterRef("article__live"), part="content"
        )
        return (
            self.shown()
            .filter(
                Exists(content.exclude(state="lost")),
                ~Exists(content.filter(state="lost")),
                has_status("published", "scheduled", using=self.db, of="article__status"),
                article__published_at__lte=timezone.now(),
            )
            .with_speaker()
        )

    def in_live(self, article: Article) -> Self:
        """What readers see marked in a story, in the order of the text: four queries with all it touches."""
        return self.public()._marked_in(article, article.live_id)

    def in_preview(self, article: Article, revision: int) -> Self:
        """What readers would see marked if a revision of a story were live: as many queries."""
        content = related(self, "anchors").filter(claim=OuterRef("pk"), revision=revision, part="content")
        stands = (
            self.shown()
            .with_speaker()
            .filter(Exists(content.exclude(state="lost")), ~Exists(content.filter(state="lost")))
        )
        return stands._marked_in(article, revision)

    def _marked_in(self, article: Article, revision: int | None) -> Self:
        anchors = related(self, "anchors").filter(revision=revision).exclude(state="lost").order_by("start")
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
        hops = related(self, "hops")
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
            related(self, "anchors")
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
        hops = related(self, "hops").by(source)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def originating_with(self, source: Source) -> Self:
        """First said by this source, or by its unnamed people."""
        hops = related(self, "hops").by(source).filter(position=1)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def spoken_by(self, source: Source) -> Self:
        """Told to the outlet by this source: it is the last hop."""
        later = related(self, "hops").filter(claim=OuterRef("claim"), position__gt=OuterRef("position"))
        hops = related(self, "hops").by(source).filter(~Exists(later))
        return self.filter(pk__in=hops.order_by().values("claim"))

    def passed_on_by(self, source: Source) -> Self:
        """In whose chain this source stands after the origin."""
        hops = related(self, "hops").by(source).filter(position__gt=1)
        return self.filter(pk__in=hops.order_by().values("claim"))

    def from_kind(self, kind: str) -> Self:
        """First said by this kind of source; "unnamed" is a kind here."""
        origins = related(self, "hops").filter(position=1)
        wanted = origins.filter(source__isnull=True) if kind == "unnamed" else origins.filter(source__kind=kind)
        return self.filter(pk__in=wanted.order_by().values("claim"))

    def with_figures(self) -> Self:
        return self.filter(pk__in=related(self, "quantities").order_by().values("claim"))

    def with_figure_between(self, low: object = None, high: object = None) -> Self:
        """With a figure whose bounds overlap [low, high]; an end that is None is open."""
        figures = related(self, "quantities").all()
        if low is not None:
            figures = figures.filter(Q(upper__isnull=True) | Q(upper__gte=low))
        if high is not None:
            figures = figures.filter(Q(lower__isnull=True) | Q(lower__lte=high))
        return self.filter(pk__in=figures.order_by().values("claim"))

    def saying(self, words: str) -> Self:
        """Whose statement says that, as articles.fulltext.query reads it."""
        return self.filter(matching(words, CLAIMS, "pk", using=self.db))

    def same_elsewhere(self, claim: Claim) -> Self:
        """The other claims of its cluster of repeats, as far as editors confirmed that they say the same."""
        repeat = getattr(claim, "repeat", None)
        if repeat is None or repeat.state != "confirmed":
            return self.none()
        return self.filter(repeat__cluster=repeat.cluster_id, repeat__state="confirmed").exclude(pk=claim.pk)

    def on(self, topic: str) -> Self:
        """Those of stories filed under the topic with this slug."""
        filed = related(self, "article").model.topics.through.objects.filter(topic__slug=topic)
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
        standing = related(self, "anchors").filter(revision=F("claim__article__live")).order_by("start", "end")
        return self.select_related("article", "article__live").prefetch_related(
            "hops__source", "hops__organisation", "quantities", Prefetch("anchors", standing)
        )

    def _said_by(self) -> tuple[Prefetch, ...]:  # type: ignore[type-arg]
        hops = related(self, "hops").select_related("source", "organisation").order_by("position")
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
        lost = related(self, "anchors").lost().filter(part="content", claim=OuterRef("pk"))
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
        return self.filter(Exists(related(self, "claim").public().filter(pk=OuterRef("claim")).order_by()))


class GivenQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Names and roles that copy gives the sources of a claim."""

    def public(self) -> Self:
        """Return those that readers can find in a public claim: in its live revision, and still of one of its hops."""
        claims = related(self, "claim")
        hops = related(claims, "hops").filter(claim=OuterRef("claim"), source=OuterRef("source"))
        return self.filter(
            Exists(claims.public().filter(pk=OuterRef("claim"), article__live=OuterRef("revision")).order_by()),
            Exists(hops.order_by()),
        )


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
