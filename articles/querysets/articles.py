"""Stories: what readers may see of them, in which order, and with how much."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Subquery, When
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from articles.db.functions import json_rows
from articles.fulltext.backends.base import REVISIONS
from articles.fulltext.lookups import matching
from record import verbs
from record.models import Act

if TYPE_CHECKING:
    from sources.models import Source
from articles.querysets.days import published_in
from articles.querysets.relations import related
from articles.querysets.standing import has_status

#: How much of a story's text a list reads: enough for a first paragraph.
OPENING = 800


class ArticleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def public(self) -> Self:
        """What readers may list: published, or scheduled for a time that has come, with a live revision.

        A scheduled story so appears at its time without a worker. A retracted one leaves every list.
        """
        out = has_status("published", "scheduled", using=self.db)
        return self.filter(out, published_at__lte=timezone.now(), live__isnull=False)

    def readable(self) -> Self:
        """What has a page of its own for readers: what is public, and what was retracted (its page says so)."""
        return self.filter(
            has_status("published", "scheduled", "retracted", using=self.db),
            published_at__lte=timezone.now(),
            live__isnull=False,
        )

    def newest_first(self) -> Self:
        """The order of every public list; served by the index article_newest."""
        return self.order_by("-published_at", "-id")

    def for_list(self) -> Self:
        """Everything a list of stories touches, in one query, and of each text only its opening."""
        claims = related(self, "claims").public().filter(article=OuterRef("pk")).order_by().values("article")
        return (
            self.select_related("live", "agency", "publisher")
            .defer("live__body", "live__text")
            .annotate(
                opening=Substr("live__text", 1, OPENING),
                shown_bylines=json_rows(related(self, "bylines"), "article", "order", "name"),
                shown_topics=self._topics_in_json(),
                shown_images=self._images_in_json(),
                claim_count=Coalesce(
                    Subquery(claims.annotate(count=Count("pk")).values("count")[:1], output_field=IntegerField()), 0
                ),
            )
        )

    def with_first_claim(self) -> Self:
        """Each with `first_claim`, the key of its first public claim: news begins with what matters most."""
        claims = related(self, "claims").public().filter(article=OuterRef("pk"))
        return self.annotate(first_claim=Subquery(claims.order_by("order", "pk").values("pk")[:1]))

    def with_text(self, length: int) -> Self:
        """Each with `shown_text`, so much of the text readers see: what a search looks for words to show in."""
        return self.annotate(shown_text=Substr("live__text", 1, length))

    def for_page(self) -> Self:
        """Everything an article's page touches but its claims, in one query."""
        readable = Exists(self.model._default_manager.readable().filter(pk=OuterRef("target")))
        links = related(self, "related_links").annotate(target_slug=Case(When(readable, then=F("target__slug"))))
        return self.select_related("live", "agency", "publisher").annotate(
            shown_bylines=json_rows(related(self, "bylines"), "article", "order", "name"),
            shown_topics=self._topics_in_json(),
            shown_images=self._images_in_json(),
            shown_links=json_rows(links, "article", "order", "title", "url", slug="target_slug"),
            shown_corrections=json_rows(related(self, "corrections"), "article", "kind", "note", "created_at"),
        )

    def _topics_in_json(self) -> Subquery:
        return json_rows(self.model.topics.through.objects.all(), "article", name="topic__name", slug="topic__slug")

    def _images_in_json(self) -> Subquery:
        return json_rows(
            related(self, "images"),
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
        """Each with `corrected_at`, when its last correction was made: articles.display.last_changed reads it. No query more."""
        notes = related(self, "corrections").filter(article=OuterRef("pk")).order_by().values("article")
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
        return related(self, "topics").filter(Exists(filed)).order_by("name")

    def agencies_of_these(self) -> Any:
        """The agencies that supplied any of these, by name."""
        supplied = self.order_by().filter(agency=OuterRef("pk"))
        return related(self, "agency").filter(Exists(supplied)).order_by("name")

    def topics_counted(self, ids: Any) -> Any:
        """How many of these stories each topic has, by slug and name."""
        filed = self.model.topics.through.objects.filter(article__in=ids)
        return filed.values(value=F("topic__slug"), label=F("topic__name")).annotate(count=Count("article"))

    def topics_of_claims(self, ids: Any) -> Any:
        """How many of these claims stand in stories of each topic, by slug and name."""
        claims = related(self, "claims").filter(pk__in=ids)
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
        claims = related(self, "claims").public().involving(source)
        return self.filter(pk__in=claims.order_by().values("article"))

    def with_figures(self) -> Self:
        """Those with a public claim that has a figure."""
        claims = related(self, "claims").public().with_figures()
        return self.filter(pk__in=claims.order_by().values("article"))

    def saying(self, words: str) -> Self:
        """Those whose headline, summary or text says that, as articles.fulltext.query reads it."""
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
        proposed = related(self, "claims").waiting().order_by()
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
        """Everything articles.exports.exchange touches, in a fixed number of queries a chunk."""
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
