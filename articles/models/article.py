"""An article, its immutable revisions, and what stands around its text.

Who may see an article is decided in one place: ArticleQuerySet.public().
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.db.functions import json_rows
from articles.db.lookups import has_status, is_published_between, related_rows
from articles.fulltext.backends.base import REVISION_INDEX
from articles.fulltext.lookups import search_condition
from articles.models.topic import Topic
from record import verbs
from record.models import LogEntry
from sources.models import Source

#: How much of a story's text a list reads: enough for a first paragraph.
MAX_OPENING_CHARS = 800


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
        claims = related_rows(self, "claims").public().filter(article=OuterRef("pk")).order_by().values("article")
        return (
            self.select_related("live", "agency", "publisher")
            .defer("live__body", "live__text")
            .annotate(
                opening=Substr("live__text", 1, MAX_OPENING_CHARS),
                shown_bylines=json_rows(related_rows(self, "bylines"), "article", "order", "name"),
                shown_topics=self._topics_in_json(),
                shown_images=self._images_in_json(),
                claim_count=Coalesce(
                    Subquery(claims.annotate(count=Count("pk")).values("count")[:1], output_field=IntegerField()), 0
                ),
            )
        )

    def with_first_claim(self) -> Self:
        """Each with `first_claim`, the key of its first public claim: news begins with what matters most."""
        claims = related_rows(self, "claims").public().filter(article=OuterRef("pk"))
        return self.annotate(first_claim=Subquery(claims.order_by("order", "pk").values("pk")[:1]))

    def with_text(self, length: int) -> Self:
        """Each with `shown_text`, so much of the text readers see: what a search looks for words to show in."""
        return self.annotate(shown_text=Substr("live__text", 1, length))

    def for_page(self) -> Self:
        """Everything an article's page touches but its claims, in one query."""
        readable = Exists(self.model._default_manager.readable().filter(pk=OuterRef("target")))
        links = related_rows(self, "related_links").annotate(target_slug=Case(When(readable, then=F("target__slug"))))
        return self.select_related("live", "agency", "publisher").annotate(
            shown_bylines=json_rows(related_rows(self, "bylines"), "article", "order", "name"),
            shown_topics=self._topics_in_json(),
            shown_images=self._images_in_json(),
            shown_links=json_rows(links, "article", "order", "title", "url", slug="target_slug"),
            shown_corrections=json_rows(related_rows(self, "corrections"), "article", "kind", "note", "created_at"),
        )

    def _topics_in_json(self) -> Subquery:
        return json_rows(self.model.topics.through.objects.all(), "article", name="topic__name", slug="topic__slug")

    def _images_in_json(self) -> Subquery:
        return json_rows(
            related_rows(self, "images"),
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

    def page_state(self, slug: str) -> tuple[Any, ...] | None:
        """What differs as soon as the page of the story with this slug does; None without one. One query."""
        acts = LogEntry.objects.filter(story=OuterRef("pk")).order_by("-id").values("id")[:1]
        about_sources = LogEntry.objects.filter(kind="sources.source").order_by("-id").values("id")[:1]
        columns = ("pk", "status", "live", "edited_at", "published_at", "embargo_until")
        rows = self.filter(slug=slug).annotate(act=Subquery(acts), source_act=Subquery(about_sources))
        return rows.values_list(*columns, "act", "source_act").first()  # type: ignore[no-any-return]

    def with_last_correction(self) -> Self:
        """Each with `corrected_at`, when its last correction was made: articles.display.last_changed reads it. No query more."""
        notes = related_rows(self, "corrections").filter(article=OuterRef("pk")).order_by().values("article")
        return self.annotate(corrected_at=Subquery(notes.annotate(last=Max("created_at")).values("last")[:1]))

    def for_feed(self) -> Self:
        """Everything an entry of a feed touches, in one query."""
        return self.for_list().with_last_correction()

    def filed_under(self, topic: str) -> Self:
        """Those filed under the topic with this slug."""
        filed = self.model.topics.through.objects.filter(topic__slug=topic)
        return self.filter(pk__in=filed.values("article"))

    def published_between(self, first: date | None = None, last: date | None = None) -> Self:
        """Published on these days or between them, as published_in says."""
        return self.filter(is_published_between(first, last))

    def published_since(self, moment: datetime) -> Self:
        """Published at that moment or later; served by the index article_newest."""
        return self.filter(published_at__gte=moment)

    def distinct_topics(self) -> Any:
        """The topics that any of these are filed under, by name."""
        through = self.model.topics.through
        filed = through.objects.filter(topic=OuterRef("pk"), article__in=self.order_by().values("pk"))
        return related_rows(self, "topics").filter(Exists(filed)).order_by("name")

    def distinct_agencies(self) -> Any:
        """The agencies that supplied any of these, by name."""
        supplied = self.order_by().filter(agency=OuterRef("pk"))
        return related_rows(self, "agency").filter(Exists(supplied)).order_by("name")

    def topic_counts(self, ids: Any) -> Any:
        """How many of these stories each topic has, by slug and name."""
        filed = self.model.topics.through.objects.filter(article__in=ids)
        return filed.values(value=F("topic__slug"), label=F("topic__name")).annotate(count=Count("article"))

    def claim_topic_counts(self, ids: Any) -> Any:
        """How many of these claims stand in stories of each topic, by slug and name."""
        claims = related_rows(self, "claims").filter(pk__in=ids)
        return (
            claims.filter(article__topics__isnull=False)
            .order_by()
            .values(value=F("article__topics__slug"), label=F("article__topics__name"))
            .annotate(count=Count("pk"))
        )

    def agency_counts(self, ids: Any) -> Any:
        """How many of these stories each agency supplied, by slug and name."""
        supplied = self.filter(pk__in=ids, agency__isnull=False).order_by()
        return supplied.values(value=F("agency__slug"), label=F("agency__name")).annotate(count=Count("pk"))

    def quoting(self, source: Source) -> Self:
        """Those with a public claim that this source has a part in. A subquery, so that no row repeats."""
        claims = related_rows(self, "claims").public().involving(source)
        return self.filter(pk__in=claims.order_by().values("article"))

    def with_quantities(self) -> Self:
        """Those with a public claim that has a figure."""
        claims = related_rows(self, "claims").public().with_quantities()
        return self.filter(pk__in=claims.order_by().values("article"))

    def matching_text(self, words: str) -> Self:
        """Those whose headline, summary or text says that, as articles.fulltext.query reads it."""
        return self.filter(search_condition(words, REVISION_INDEX, "live", using=self.db))

    # --- What waits in the newsroom, oldest first ---

    def in_review(self) -> Self:
        """Sent for review, and neither published nor sent back yet."""
        return self.filter(status="in_review").order_by(F("edited_at").asc(nulls_first=True), "id")

    def sent_back(self) -> Self:
        """Drafts whose last step was that an editor sent them back."""
        steps = LogEntry.objects.filter(
            kind="articles.article", row=OuterRef("pk"), verb__in=(verbs.SENT_BACK, verbs.SUBMITTED)
        )
        last = Subquery(steps.order_by("-id").values("verb")[:1])
        drafts = self.filter(status="draft").annotate(last_step=last)
        return drafts.filter(last_step=verbs.SENT_BACK).order_by(F("edited_at").asc(nulls_first=True), "id")

    def with_proposed_claims(self) -> Self:
        """With claims that nobody has judged; nobody has to for a story that was retracted."""
        proposed = related_rows(self, "claims").awaiting_review().order_by()
        return self.exclude(status="retracted").filter(pk__in=proposed.values("article")).order_by("id")

    def scheduled(self) -> Self:
        """Waiting for their time, the next first."""
        return self.filter(status="scheduled", published_at__gt=timezone.now()).order_by("published_at", "id")

    def under_embargo(self) -> Self:
        """Whose embargo has not ended, the next to end first."""
        return self.filter(embargo_until__gt=timezone.now()).order_by("embargo_until", "id")

    def with_unpublished_changes(self) -> Self:
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


class Article(models.Model):
    """A story: one address, many revisions, one state that readers see."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        RETRACTED = "retracted", _("retracted")

    class Precision(models.TextChoices):
        DAY = "day", _("day")
        MINUTE = "minute", _("minute")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=120, unique=True, help_text="The address: /articles/<slug>/.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    published_precision = models.CharField(
        max_length=6,
        choices=Precision,
        default=Precision.MINUTE,
        help_text="“Day” when only the date is known: the time is then midnight UTC and never shown.",
    )
    embargo_until = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Before this moment readers see nothing of it, whatever is done.",
    )
    language = models.CharField(max_length=35, default="en", help_text="A BCP 47 tag: en, uk, pt-BR.")
    publisher = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="published_articles"
    )
    agency = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="supplied_articles"
    )
    dateline = models.CharField(max_length=200, blank=True)
    original_url = models.URLField(max_length=2000, blank=True)
    original_url_hash = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        # Made by articles.importing.store.url_key.
        help_text="Fingerprint (SHA-256) of the original URL. It finds the same story again. Empty without a URL.",
    )
    live = models.ForeignKey(
        "Revision",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="What readers see.",
    )
    latest = models.ForeignKey(
        "Revision",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="What editors work on.",
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When a person last changed the story or judged a claim of it. An import leaves it empty, "
        "and can be undone as long as it is.",
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")
        permissions = [
            ("publish_article", "Can publish, schedule, correct and send back articles"),
            ("retract_article", "Can retract articles"),
            ("overrule_warnings", "Can publish articles over warnings"),
        ]
        indexes = [
            # ArticleQuerySet.newest_first(): every public list.
            # Every list of readers', which the planner then reads from its top: nearly all stories are public.
            models.Index(F("published_at").desc(), F("id").desc(), name="article_newest"),
            models.Index("status", F("published_at").desc(), F("id").desc(), name="article_by_status"),  # what waits
            models.Index("agency", F("published_at").desc(), name="article_by_agency"),  # ArticleFilter.agency
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["scheduled", "published", "retracted"]) | Q(published_at__isnull=False),
                name="public_article_has_a_date",
                violation_error_message="Give a publication date first.",
            ),
            # With it the one rule of visibility, that the time of publication has come, keeps embargoes too.
            models.CheckConstraint(
                condition=~Q(status__in=["scheduled", "published", "retracted"])
                | Q(embargo_until__isnull=True)
                | Q(published_at__gte=F("embargo_until")),
                name="public_article_keeps_its_embargo",
                violation_error_message="The story is under embargo until after that time.",
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="article_has_a_slug"),
            models.CheckConstraint(
                condition=Q(original_url="", original_url_hash__isnull=True)
                | (~Q(original_url="") & Q(original_url_hash__isnull=False)),
                name="article_url_and_its_hash_go_together",
            ),
        ]

    def __str__(self) -> str:
        return self.latest.headline if self.latest else self.slug

    def get_absolute_url(self) -> str:
        return reverse("articles:article", args=[self.slug])


class Revision(models.Model):
    """One immutable version of an article's words. A change makes a new one.

    The database refuses to change one too (articles.db.triggers).
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    headline = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    # Made by articles.text.body.sanitise and articles.text.body.plain. Anchors count code points in `text`.
    body = models.TextField(help_text="The text as HTML, with the few elements that are allowed.")
    text = models.TextField(help_text="The text without markup. A blank line separates paragraphs.")
    digest = models.CharField(
        max_length=64,
        editable=False,
        help_text="SHA-256 of headline and text: finds a story that is already here.",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    note = models.CharField(max_length=300, blank=True, help_text="What changed, in a few words.")
    created_at = models.DateTimeField(auto_now_add=True)
    live_from = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when readers could see it; empty: they never could."
    )

    class Meta:
        ordering = ("article", "-number")
        indexes = [models.Index("digest", name="revision_by_digest")]  # intake: is this text already here?
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_is_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revisions_count_from_one"),
            models.CheckConstraint(condition=~Q(headline=""), name="revision_has_a_headline"),
        ]

    def __str__(self) -> str:
        return f"{self.headline} (revision {self.number})"
