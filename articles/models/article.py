"""Articles and their immutable revisions.

ArticleQuerySet.public() alone decides which articles readers may see.
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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.db.functions import json_rows
from articles.db.lookups import has_status, is_published_between, related_rows
from articles.fulltext.backends.base import REVISION_INDEX
from articles.fulltext.conditions import search_condition
from articles.models.topic import Topic
from articles.text.digests import text_digest
from record import verbs
from record.models import LogEntry
from sources.models import Source

#: How much of an article's text a list reads: enough for a first paragraph.
MAX_OPENING_CHARS = 800


class ArticleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def locked(self, pk: int) -> Article:
        """Lock an article until the transaction ends; return it as it is now.

        `latest` and `live` are loaded with it. PostgreSQL locks the article's row and no other table's
        (SELECT … FOR UPDATE OF), so a second caller waits here. SQLite locks no row: there the transaction
        itself holds the database's write lock from its start (`transaction_mode` in the settings).
        Raise Article.DoesNotExist, and on PostgreSQL TransactionManagementError outside a transaction.
        """
        article: Article = self.select_for_update(of=("self",)).select_related("latest", "live").get(pk=pk)
        return article

    def public(self) -> Self:
        """Return what readers may list: published with a live revision.

        A scheduled article counts once its time has come, so no worker is needed. A retracted one is in no list.
        """
        is_out = has_status("published", "scheduled", using=self.db)
        return self.filter(is_out, published_at__lte=timezone.now(), live__isnull=False)

    def readable(self) -> Self:
        """Return the articles with a page for readers: public or retracted ones."""
        return self.filter(
            has_status("published", "scheduled", "retracted", using=self.db),
            published_at__lte=timezone.now(),
            live__isnull=False,
        )

    def newest_first(self) -> Self:
        """Sort as every public list does. The index article_newest serves it."""
        return self.order_by("-published_at", "-id")

    def for_list(self) -> Self:
        """Load all that a list shows in one query.

        Only the first MAX_OPENING_CHARS of each text are read, as `opening`.
        """
        claims = related_rows(self, "claims").public().filter(article=OuterRef("pk")).order_by().values("article")
        return (
            self.select_related("live", "agency", "publisher")
            .defer("live__body", "live__text")
            .annotate(
                opening=Substr("live__text", 1, MAX_OPENING_CHARS),
                shown_bylines=json_rows(related_rows(self, "bylines"), "article", "order", "name"),
                shown_topics=self._topics_as_json(),
                shown_images=self._images_as_json(),
                claim_count=Coalesce(
                    Subquery(claims.annotate(count=Count("pk")).values("count")[:1], output_field=IntegerField()), 0
                ),
            )
        )

    def with_first_claim(self) -> Self:
        """Annotate `first_claim`: the key of the first public claim in the text.

        News begins with what matters most.
        """
        claims = related_rows(self, "claims").public().filter(article=OuterRef("pk"))
        return self.annotate(first_claim=Subquery(claims.order_by("order", "pk").values("pk")[:1]))

    def with_text(self, length: int) -> Self:
        """Annotate `shown_text`: the first `length` characters of the live text.

        A search looks in it for the passages to show.
        """
        return self.annotate(shown_text=Substr("live__text", 1, length))

    def for_page(self) -> Self:
        """Load all that an article's page shows, except claims, in one query."""
        readable = Exists(self.model._default_manager.readable().filter(pk=OuterRef("target")))
        links = related_rows(self, "related_links").annotate(target_slug=Case(When(readable, then=F("target__slug"))))
        return self.select_related("live", "agency", "publisher").annotate(
            shown_bylines=json_rows(related_rows(self, "bylines"), "article", "order", "name"),
            shown_topics=self._topics_as_json(),
            shown_images=self._images_as_json(),
            shown_links=json_rows(links, "article", "order", "title", "url", slug="target_slug"),
            shown_corrections=json_rows(related_rows(self, "corrections"), "article", "kind", "note", "created_at"),
        )

    def _topics_as_json(self) -> Subquery:
        return json_rows(self.model.topics.through.objects.all(), "article", name="topic__name", slug="topic__slug")

    def _images_as_json(self) -> Subquery:
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
        """Return a value that changes whenever the article's page does. One query.

        None if no article has this slug.
        """
        article_entries = LogEntry.objects.filter(article=OuterRef("pk")).order_by("-id").values("id")[:1]
        source_entries = LogEntry.objects.filter(kind="sources.source").order_by("-id").values("id")[:1]
        columns = ("pk", "status", "live", "edited_at", "published_at", "embargo_until")
        rows = self.filter(slug=slug).annotate(
            last_entry=Subquery(article_entries), last_source_entry=Subquery(source_entries)
        )
        return rows.values_list(*columns, "last_entry", "last_source_entry").first()  # type: ignore[no-any-return]

    def with_last_correction(self) -> Self:
        """Annotate `corrected_at`: the time of the last correction. No extra query."""
        notes = related_rows(self, "corrections").filter(article=OuterRef("pk")).order_by().values("article")
        return self.annotate(corrected_at=Subquery(notes.annotate(last=Max("created_at")).values("last")[:1]))

    def for_feed(self) -> Self:
        """Load all that a feed entry shows in one query."""
        return self.for_list().with_last_correction()

    def filed_under(self, topic: str) -> Self:
        """Return the articles with the topic of this slug."""
        filed = self.model.topics.through.objects.filter(topic__slug=topic)
        return self.filter(pk__in=filed.values("article"))

    def published_between(self, first: date | None = None, last: date | None = None) -> Self:
        """Return the articles published from `first` to `last`, both included.

        See articles.db.lookups.is_published_between.
        """
        return self.filter(is_published_between(first, last))

    def published_since(self, moment: datetime) -> Self:
        """Return the articles published at or after a time. Uses article_newest."""
        return self.filter(published_at__gte=moment)

    def distinct_topics(self) -> Any:
        """Return the topics of these articles, by name."""
        through = self.model.topics.through
        filed = through.objects.filter(topic=OuterRef("pk"), article__in=self.order_by().values("pk"))
        return related_rows(self, "topics").filter(Exists(filed)).order_by("name")

    def distinct_agencies(self) -> Any:
        """Return the agencies that supplied these articles, by name."""
        supplied = self.order_by().filter(agency=OuterRef("pk"))
        return related_rows(self, "agency").filter(Exists(supplied)).order_by("name")

    def topic_counts(self, ids: Any) -> Any:
        """Count the articles with these ids by topic (slug and name)."""
        filed = self.model.topics.through.objects.filter(article__in=ids)
        return filed.values(value=F("topic__slug"), label=F("topic__name")).annotate(count=Count("article"))

    def claim_topic_counts(self, ids: Any) -> Any:
        """Count the claims with these ids by their article's topics (slug and name)."""
        claims = related_rows(self, "claims").filter(pk__in=ids)
        return (
            claims.filter(article__topics__isnull=False)
            .order_by()
            .values(value=F("article__topics__slug"), label=F("article__topics__name"))
            .annotate(count=Count("pk"))
        )

    def agency_counts(self, ids: Any) -> Any:
        """Count the articles with these ids by agency (slug and name)."""
        supplied = self.filter(pk__in=ids, agency__isnull=False).order_by()
        return supplied.values(value=F("agency__slug"), label=F("agency__name")).annotate(count=Count("pk"))

    def quoting(self, source: Source) -> Self:
        """Return the articles with a public claim that has this source in its chain.

        A subquery: no article is returned twice.
        """
        claims = related_rows(self, "claims").public().involving(source)
        return self.filter(pk__in=claims.order_by().values("article"))

    def with_quantities(self) -> Self:
        """Return the articles with a public claim that has a figure."""
        claims = related_rows(self, "claims").public().with_quantities()
        return self.filter(pk__in=claims.order_by().values("article"))

    def matching_text(self, query: str) -> Self:
        """Return the articles with a headline, summary or text that matches a search.

        articles.fulltext.query has the query language.
        """
        return self.filter(search_condition(query, REVISION_INDEX, "live", using=self.db))

    # --- Lists of the newsroom's first page, oldest first ---

    def in_review(self) -> Self:
        return self.filter(status="in_review").order_by(F("edited_at").asc(nulls_first=True), "id")

    def sent_back(self) -> Self:
        """Return drafts that an editor sent back and nobody has submitted again."""
        steps = LogEntry.objects.filter(
            kind="articles.article", row=OuterRef("pk"), verb__in=(verbs.SENT_BACK, verbs.SUBMITTED)
        )
        last = Subquery(steps.order_by("-id").values("verb")[:1])
        drafts = self.filter(status="draft").annotate(last_step=last)
        return drafts.filter(last_step=verbs.SENT_BACK).order_by(F("edited_at").asc(nulls_first=True), "id")

    def with_proposed_claims(self) -> Self:
        """Return articles with claims to review. Retracted ones need no review."""
        proposed = related_rows(self, "claims").awaiting_review().order_by()
        return self.exclude(status="retracted").filter(pk__in=proposed.values("article")).order_by("id")

    def scheduled(self) -> Self:
        """Return articles with a publication time in the future, the next first."""
        return self.filter(status="scheduled", published_at__gt=timezone.now()).order_by("published_at", "id")

    def under_embargo(self) -> Self:
        """Return articles under embargo, the next to end first."""
        return self.filter(embargo_until__gt=timezone.now()).order_by("embargo_until", "id")

    def with_unpublished_changes(self) -> Self:
        """Return public articles with a draft that is newer than what readers see."""
        changed = self.public().exclude(live=F("latest"))
        return changed.order_by(F("edited_at").asc(nulls_first=True), "id")

    def for_export(self) -> Self:
        """Load all that the exchange format needs in a fixed number of queries.

        The number counts for each chunk of `iterator()`.
        """
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
    """A story: one URL, many revisions, one state that readers see."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        RETRACTED = "retracted", _("retracted")

    class Precision(models.TextChoices):
        DAY = "day", _("day")
        MINUTE = "minute", _("minute")

    public_id = models.UUIDField(_("public id"), unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the story's address: /articles/<slug>/."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_precision = models.CharField(
        _("precision of the date"),
        max_length=6,
        choices=Precision,
        default=Precision.MINUTE,
        help_text=_("“Day” if only the date is known. The time is then midnight UTC and is not shown."),
    )
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Readers cannot see the story before this time."),
    )
    language = models.CharField(
        _("language"), max_length=35, default="en", help_text=_("A BCP 47 tag, for example en, uk or pt-BR.")
    )
    publisher = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="published_articles",
        verbose_name=_("publisher"),
    )
    agency = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supplied_articles",
        verbose_name=_("agency"),
    )
    dateline = models.CharField(_("dateline"), max_length=200, blank=True)
    original_url = models.URLField(_("original URL"), max_length=2000, blank=True)
    original_url_hash = models.CharField(
        _("fingerprint of the original URL"),
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        # Made by articles.text.url_keys.url_key.
        help_text=_("SHA-256 of the original URL. An import recognises the story by it. Empty without a URL."),
    )
    live = models.ForeignKey(
        "Revision",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("live revision"),
        help_text=_("The revision that readers see."),
    )
    latest = models.ForeignKey(
        "Revision",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("latest revision"),
        help_text=_("The revision that editors work on."),
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles", verbose_name=_("topics"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    edited_at = models.DateTimeField(
        _("edited at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "When a person last changed the story or reviewed one of its claims. "
            "It is empty after an import: only then can the import be undone."
        ),
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        permissions = [
            ("publish_article", "Can publish, schedule, correct and send back stories"),
            ("retract_article", "Can retract stories"),
            ("overrule_warnings", "Can publish stories despite warnings"),
        ]
        indexes = [
            # Every public list reads it from its start: nearly all articles are public.
            models.Index(F("published_at").desc(), F("id").desc(), name="article_newest"),
            # The newsroom's lists by status
            models.Index("status", F("published_at").desc(), F("id").desc(), name="article_by_status"),
            models.Index("agency", F("published_at").desc(), name="article_by_agency"),  # ArticleFilterSet.agency
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["scheduled", "published", "retracted"]) | Q(published_at__isnull=False),
                name="public_article_has_a_date",
                violation_error_message=_("Give a publication date first."),
            ),
            # Readers see an article once `published_at` has come. This makes that rule keep embargoes too.
            models.CheckConstraint(
                condition=~Q(status__in=["scheduled", "published", "retracted"])
                | Q(embargo_until__isnull=True)
                | Q(published_at__gte=F("embargo_until")),
                name="public_article_keeps_its_embargo",
                violation_error_message=_("The publication date is before the end of the story's embargo."),
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


class RevisionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def build_next(
        self,
        article: Article,
        *,
        headline: str,
        summary: str,
        body: str,
        text: str,
        digest: str | None = None,
        author: Any = None,
        note: str = "",
        live_from: datetime | None = None,
    ) -> Revision:
        """Return the revision after `article.latest`, not saved.

        `body` is sanitised HTML and `text` its plain text. `digest` is computed from headline and text. An import
        gives its own: it is of the whole headline, which the column may not hold.
        """
        revision: Revision = self.model(
            article=article,
            number=article.latest.number + 1 if article.latest else 1,
            headline=headline,
            summary=summary,
            body=body,
            text=text,
            digest=digest if digest is not None else text_digest(headline, text),
            author=author,
            note=note,
            live_from=live_from,
        )
        return revision

    def create_next(self, article: Article, **fields: Any) -> Revision:
        """Save and return the next revision. Arguments as of `build_next`.

        Lock the article first (`Article.objects.locked`), or two callers may use the same number. The article
        itself is not changed: set its `latest`, and `live` if readers should see the revision.
        """
        revision = self.build_next(article, **fields)
        revision.save(force_insert=True)
        return revision


class Revision(models.Model):
    """One version of an article's headline, summary and text. It never changes.

    Triggers in the database refuse changes (articles.db.triggers).
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("story"))
    number = models.PositiveIntegerField(_("number"))
    headline = models.CharField(_("headline"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    # Made by articles.text.body.sanitise_html and plain_text. Anchors count code points in `text`.
    body = models.TextField(_("text as HTML"), help_text=_("Only a few HTML elements are allowed."))
    text = models.TextField(_("text"), help_text=_("The text without HTML. A blank line separates paragraphs."))
    digest = models.CharField(
        _("fingerprint"),
        max_length=64,
        editable=False,
        help_text=_("SHA-256 of headline and text. An import recognises the same text by it."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
        verbose_name=_("author"),
    )
    note = models.CharField(_("change note"), max_length=300, blank=True, help_text=_("What changed, in a few words."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    live_from = models.DateTimeField(
        _("public since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When readers first could see this revision. Empty if they never could."),
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("article", "-number")
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        indexes = [models.Index("digest", name="revision_by_digest")]  # an import looks for the same text
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_is_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revisions_count_from_one"),
            models.CheckConstraint(condition=~Q(headline=""), name="revision_has_a_headline"),
        ]

    def __str__(self) -> str:
        return gettext("%(headline)s (revision %(number)d)") % {"headline": self.headline, "number": self.number}
