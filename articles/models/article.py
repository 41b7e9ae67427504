"""An article, its immutable revisions, and what stands around its text.

Who may see an article is decided in one place: ArticleQuerySet.public().
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.querysets import ArticleQuerySet, CorrectionQuerySet, ImageQuerySet, TopicQuerySet
from sources.models import Source


class Topic(models.Model):
    """A subject that articles are filed under."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="topic_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:topic", args=[self.slug])


class PublisherHost(models.Model):
    """Which publisher a web host belongs to; an import takes the publisher from the URL by it."""

    host = models.CharField(
        max_length=253,
        unique=True,
        help_text="Without “www.”, in lower case: themoscowtimes.com. Its subdomains count too.",
    )
    name = models.CharField("publisher's name", max_length=200)
    publisher = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosts",
        help_text="Left empty, it is found or made by the name at the first story from this host.",
    )

    class Meta:
        ordering = ("host",)
        constraints = [
            models.CheckConstraint(condition=~Q(host=""), name="publisher_host_is_named"),
            models.CheckConstraint(condition=~Q(name=""), name="publisher_host_names_its_publisher"),
        ]

    def __str__(self) -> str:
        return f"{self.host}: {self.name}"


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


class Byline(models.Model):
    """A name above the story, in order, and the source it is known to be."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="bylines")

    class Meta:
        ordering = ("order", "id")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="byline_has_a_name")]

    def __str__(self) -> str:
        return self.name


class Image(models.Model):
    """A picture file, kept once however often it is used."""

    name = models.CharField(
        max_length=200, blank=True, db_default="", help_text="By which editors find it again. Readers do not see it."
    )
    file = models.ImageField(upload_to="images/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, null=True)
    height = models.PositiveIntegerField(editable=False, null=True)
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    added_at = models.DateTimeField(auto_now_add=True)
    # Since when `collect_pictures` has found it in no story; it goes when that is long ago.
    unused_since = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at", "-id")
        verbose_name = "picture"

    def __str__(self) -> str:
        return self.name or self.file.name or "(no file)"


class ArticleImage(models.Model):
    """One use of a picture in a story. Without a file it still keeps the credit that came with the copy."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="images")
    image = models.ForeignKey(Image, on_delete=models.PROTECT, null=True, blank=True, related_name="uses")
    order = models.PositiveSmallIntegerField(default=0)
    caption = models.TextField(blank=True)
    alt = models.TextField(
        "alternative text", blank=True, help_text="What somebody who cannot see the picture here should know."
    )
    credit = models.CharField(max_length=200, blank=True)
    credit_source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="credited_images"
    )
    original_url = models.URLField(max_length=2000, blank=True, help_text="Where the copy says the picture is.")
    focal_x = models.FloatField(
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="0 is left, 1 is right.",
    )
    focal_y = models.FloatField(
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="0 is top, 1 is bottom.",
    )

    class Meta:
        ordering = ("order", "id")
        verbose_name = "image"
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                name="image_focal_point_is_inside",
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.credit or str(self.image or "image")


class RelatedLink(models.Model):
    """A related story: a title, and an address, one of our articles, or neither where copy gives none."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_links")
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=2000, blank=True)
    target = models.ForeignKey(Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="linked_from")

    class Meta:
        ordering = ("order", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="related_link_has_a_title"),
            models.CheckConstraint(
                condition=Q(url="") | Q(target__isnull=True),
                name="related_link_leads_to_one_place",
                violation_error_message="Give an address or an article, not both.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Correction(models.Model):
    """A public note that says what was wrong, tied to the revisions before and after."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CLARIFICATION = "clarification", _("clarification")
        UPDATE = "update", _("update")
        RETRACTION = "retraction", _("retraction")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.CORRECTION)
    note = models.TextField(help_text="For readers: what was wrong, and what is right.")
    before = models.ForeignKey(Revision, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    after = models.ForeignKey(Revision, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    claims: models.ManyToManyField[models.Model, models.Model] = models.ManyToManyField(
        "Claim", blank=True, related_name="corrections", verbose_name="affected claims"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [models.Index(F("created_at").desc(), F("id").desc(), name="corrections_newest_first")]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="correction_has_a_note")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note[:60]}"
