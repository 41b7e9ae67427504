"""Serializers of the API. The OpenAPI document is made from them.

Articles and claims have the exchange format of `articles.exports.exchange`.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.api.responses import BadRequest, Conflict
from articles.exports.exchange import article_json, claim_json, published_json, quantity_json
from articles.filters import MAX_DATE, MIN_DATE
from articles.models import Anchor, Article, Claim, Correction, Revision
from articles.queries.ledgers import LedgerRow
from sources.models import Source
from sources.names import normalize_name

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SOURCE_KINDS = Source.Kind.values
#: A hop has a source, or an unnamed speaker.
HOP_KINDS = [*SOURCE_KINDS, "anonymous"]
CORRECTION_KINDS = Correction.Kind.values
REVIEWS = Claim.Review.values
STEPS = ["submit", "send-back", "publish", "schedule", "unschedule", "embargo", "lift-embargo", "retract"]
VERDICTS = ["accept", "reject"]
#: Limits of the columns Hop.unnamed, Anchor.start and Quantity.lower (24 digits before the point).
MAX_SMALL_INTEGER = 2**15 - 1
MAX_INTEGER = 2**31 - 1
MAX_FIGURE = 10**23
#: Limits of a proposed claim.
MAX_STATEMENT_CHARS = 10_000
MAX_HOPS, MAX_ANCHORS, MAX_QUANTITIES = 20, 100, 100
MAX_NOTE_CHARS = 5_000
MAX_WARNINGS = 100
TIME_HELP = _("A time (2024-12-19T12:00:00+00:00), or a date (2024-12-19) if only the day is known.")

Serializer = serializers.Serializer[Any]


# --- Fields ---


@extend_schema_field(OpenApiTypes.NUMBER)
class NumberField(serializers.FloatField):
    """A finite number. An integer stays one: 40, not 40.0."""

    def to_internal_value(self, data: Any) -> float:
        try:
            value = super().to_internal_value(data)
        except OverflowError:  # an integer too large for a float
            self.fail("invalid")
        if not math.isfinite(value):
            self.fail("invalid")
        return value

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(OpenApiTypes.URI)
class PageURLField(serializers.Field[Any, Any, str, Any]):
    """The absolute URL of an object's page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, help_text=_("The page for readers."), **kwargs)

    def to_representation(self, value: Any) -> str:
        return str(self.context["request"].build_absolute_uri(value.get_absolute_url()))


class PublishedField(serializers.CharField):
    """The time of publication, or the day if only that is known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, allow_null=True, help_text=TIME_HELP, **kwargs)

    def to_representation(self, value: Article) -> str | None:  # type: ignore[override]
        return published_json(value)


# --- Claims ---


class HopSerializer(Serializer):
    """One step of a chain. The first is the origin."""

    source = serializers.CharField(  # type: ignore[assignment]
        help_text=_("The name; for an unnamed speaker, the mention.")
    )
    kind = serializers.ChoiceField(HOP_KINDS)
    mention = serializers.CharField(help_text=_("The words of the article: “the lawmaker”."))
    verb = serializers.CharField(help_text=_("The verb of the article, such as “told”, or empty."))
    explicit = serializers.BooleanField(help_text=_("True if the article says it, false if it was inferred."))
    organisation = serializers.CharField(allow_null=True, help_text=_("For whom an unnamed speaker speaks."))
    unnamed = serializers.IntegerField(
        required=False, help_text=_("The number of an unnamed speaker in the article. Missing for named sources.")
    )


class AnchorSerializer(Serializer):
    """A part of a claim in the article's text.

    Offsets count code points of the paragraphs joined by a blank line, half-open.
    """

    part = serializers.ChoiceField(Anchor.Part.values)
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class QuantitySerializer(Serializer):
    """A figure: the words of the article, and the bounds that they mean. Null is open."""

    raw = serializers.CharField(help_text=_("The words of the article: “at least 100”."))
    counts = serializers.CharField(help_text=_("What is counted: “soldiers”."))
    unit = serializers.CharField(help_text=_("%, USD, km; empty for a plain count."))
    lower = NumberField(allow_null=True)
    upper = NumberField(allow_null=True)
    lower_inclusive = serializers.BooleanField()
    upper_inclusive = serializers.BooleanField()
    approximate = serializers.BooleanField()


class ClaimSerializer(Serializer):
    """One attributed statement, its chain, its anchors and its figures."""

    id = serializers.UUIDField()
    statement = serializers.CharField()
    form = serializers.ChoiceField(Claim.Form.values)
    modality = serializers.ChoiceField(Claim.Modality.values)
    cue = serializers.CharField(help_text=_("The words that attribute the claim, such as “said”."))
    review = serializers.ChoiceField(REVIEWS)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    reviewed_how = serializers.ChoiceField(
        [*Claim.ReviewMethod.values, ""],
        help_text=_("One by one by an editor (desk), in bulk, or by the import; empty if not reviewed."),
    )
    confidence = NumberField(
        allow_null=True, help_text=_("That of the extractor, from 0 to 1; null if an editor made the claim.")
    )
    extractor = serializers.CharField(help_text=_("The extractor and its version; empty if an editor made the claim."))
    reporting = serializers.BooleanField(help_text=_("False for a thought, a plan, or a refusal to comment."))
    stated_on = serializers.DateField(allow_null=True, help_text=_("The day, if it is a single day."))
    stated_from = serializers.DateField(allow_null=True)
    stated_to = serializers.DateField(allow_null=True)
    stated_words = serializers.CharField(help_text=_("The words of the article: “last week”."))
    paragraph = serializers.IntegerField(
        allow_null=True, help_text=_("The number of the paragraph in which it starts, from 0.")
    )
    quotes = serializers.ListField(child=serializers.CharField(), help_text=_("The words of its content anchors."))
    anchors = AnchorSerializer(many=True)
    hops = HopSerializer(many=True)
    quantities = QuantitySerializer(many=True)


class ArticleReferenceSerializer(Serializer):
    """The article of a claim."""

    slug = serializers.CharField()
    headline = serializers.CharField(source="live.headline")
    url = PageURLField()
    published_at = PublishedField()


class ClaimWithArticleSerializer(ClaimSerializer):
    """A claim with its article."""

    url = serializers.URLField(help_text=_("The page for readers."))
    article = ArticleReferenceSerializer()

    def to_representation(self, claim: Any) -> dict[str, Any]:
        article = claim.article
        anchors = [a for a in claim.anchors.all() if a.revision_id == article.live_id and a.state != Anchor.State.LOST]
        return {
            **claim_json(claim, anchors, article.live.text.split("\n\n")),
            "url": self.context["request"].build_absolute_uri(claim.get_absolute_url()),
            "article": self.fields["article"].to_representation(article),
        }


# --- Articles ---


class ImageSerializer(Serializer):
    credit = serializers.CharField()
    caption = serializers.CharField()
    alt = serializers.CharField()
    url = serializers.CharField(allow_null=True, help_text=_("The URL of the original image."))


class RelatedLinkSerializer(Serializer):
    title = serializers.CharField()
    url = serializers.CharField(allow_null=True)


class CorrectionSerializer(Serializer):
    kind = serializers.ChoiceField(CORRECTION_KINDS)
    note = serializers.CharField()


class ImportWarningSerializer(Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class ArticleSummarySerializer(Serializer):
    """An article in a list."""

    id = serializers.UUIDField(source="public_id")
    slug = serializers.CharField()
    url = PageURLField()
    headline = serializers.CharField(source="live.headline")
    summary = serializers.CharField(source="live.summary")
    language = serializers.CharField(help_text=_("BCP 47: en, ko."))
    published_at = PublishedField()
    agency = serializers.CharField(source="agency.name", allow_null=True)
    publisher = serializers.CharField(source="publisher.name", allow_null=True)
    topics = serializers.SerializerMethodField()
    claims = serializers.IntegerField(source="claim_count", help_text=_("Number of public claims."))

    def get_topics(self, article: Any) -> list[str]:
        return sorted(topic["name"] for topic in article.shown_topics or [])


class ArticleSerializer(Serializer):
    """An article in full, in the exchange format."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    headline = serializers.CharField()
    summary = serializers.CharField()
    language = serializers.CharField(help_text=_("BCP 47: en, ko."))
    status = serializers.ChoiceField(Article.Status.values)
    published_at = serializers.CharField(allow_null=True, help_text=TIME_HELP)
    dateline = serializers.CharField(allow_null=True)
    bylines = serializers.ListField(child=serializers.CharField())
    agency = serializers.CharField(allow_null=True)
    publisher = serializers.CharField(allow_null=True)
    images = ImageSerializer(many=True)
    paragraphs = serializers.ListField(child=serializers.CharField())
    related = RelatedLinkSerializer(many=True)
    original_url = serializers.CharField(allow_null=True)
    topics = serializers.ListField(child=serializers.CharField())
    corrections = CorrectionSerializer(many=True)
    claims = ClaimSerializer(many=True)
    warnings = ImportWarningSerializer(many=True, help_text=_("For editors; always empty here."))

    def to_representation(self, article: Article) -> dict[str, Any]:
        return article_json(article, public=True)


# --- Sources and ledgers ---


class SourceReferenceSerializer(Serializer):
    """A source in search results."""

    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(SOURCE_KINDS)
    url = PageURLField()


class SourceSerializer(SourceReferenceSerializer):
    """A public source."""

    claims = serializers.IntegerField(source="claim_count", help_text=_("Number of public claims that name it."))


class SourceDetailSerializer(SourceSerializer):
    """A public source with its aliases."""

    aliases = serializers.SerializerMethodField()

    def get_aliases(self, source: Source) -> list[str]:
        return sorted(name.name for name in source.names.all() if name.name != source.name)


class LedgerSerializer(Serializer):
    """A list of comparable figures."""

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    unit = serializers.CharField(help_text=_("%, USD, km; empty for a plain count."))
    url = PageURLField()
    figures = serializers.IntegerField()
    stories = serializers.IntegerField(source="article_count")


class LedgerListSerializer(Serializer):
    results = LedgerSerializer(many=True)


class FigureSerializer(QuantitySerializer):
    """A figure of a ledger."""

    said = serializers.DateField(allow_null=True, help_text=_("The day on which it was said, or else published."))
    origin = serializers.CharField(help_text=_("The origin: who said it first."))
    teller = serializers.CharField(help_text=_("The speaker: the last in the chain; empty if that is the origin."))
    claim = serializers.UUIDField()

    def to_representation(self, row: LedgerRow) -> dict[str, Any]:
        return {
            **quantity_json(row.quantity),
            "said": row.said_on.isoformat() if row.said_on else None,
            "origin": row.origin,
            "teller": row.speaker,
            "claim": str(row.claim.public_id),
        }


class LedgerDetailSerializer(LedgerSerializer):
    """A ledger with a page of its figures."""

    next = serializers.URLField(allow_null=True, help_text=_("The URL of the next page; null on the last."))
    previous = serializers.URLField(allow_null=True, help_text=_("The URL of the previous page; null on the first."))
    results = FigureSerializer(many=True)


# --- Search ---


class SearchResultSerializer(Serializer):
    """The best results of each kind, best first."""

    looked_for = serializers.CharField(help_text=_("The query; a corrected one if the original has no results."))
    article_count = serializers.IntegerField()
    claim_count = serializers.IntegerField()
    articles = ArticleSummarySerializer(many=True)
    claims = ClaimWithArticleSerializer(many=True)
    sources = SourceReferenceSerializer(many=True)


# --- Requests with a key ---


class NewHopSerializer(Serializer):
    """One step of a chain. The first is the origin."""

    source = serializers.CharField(  # type: ignore[assignment]
        max_length=200, help_text=_("The name; for an unnamed speaker, the mention.")
    )
    kind = serializers.ChoiceField(HOP_KINDS)
    mention = serializers.CharField(max_length=300, allow_blank=True, default="")
    verb = serializers.CharField(max_length=100, allow_blank=True, default="")
    explicit = serializers.BooleanField(default=True)
    organisation = serializers.CharField(max_length=200, allow_null=True, default=None)
    unnamed = serializers.IntegerField(min_value=1, max_value=MAX_SMALL_INTEGER, required=False)

    def validate_organisation(self, name: str | None) -> str | None:
        if name is not None and not normalize_name(name):
            raise serializers.ValidationError(_("A name needs a letter or a digit."))
        return name

    def validate(self, hop: dict[str, Any]) -> dict[str, Any]:
        if hop["kind"] != "anonymous" and not normalize_name(hop["source"]):
            raise serializers.ValidationError({"source": _("A name needs a letter or a digit.")})
        return hop


class NewAnchorSerializer(Serializer):
    """A part of a claim in the article's text.

    Offsets count code points of the paragraphs joined by a blank line, half-open.
    """

    part = serializers.ChoiceField(Anchor.Part.values)
    start = serializers.IntegerField(min_value=0, max_value=MAX_INTEGER)
    end = serializers.IntegerField(min_value=1, max_value=MAX_INTEGER)


class NewQuantitySerializer(Serializer):
    """A figure: the words of the article, and the bounds that they mean. Null is open."""

    raw = serializers.CharField(max_length=200)
    counts = serializers.CharField(max_length=200, allow_blank=True, default="")
    unit = serializers.CharField(max_length=40, allow_blank=True, default="")
    lower = NumberField(min_value=-MAX_FIGURE, max_value=MAX_FIGURE, allow_null=True, default=None)
    upper = NumberField(min_value=-MAX_FIGURE, max_value=MAX_FIGURE, allow_null=True, default=None)
    lower_inclusive = serializers.BooleanField(default=True)
    upper_inclusive = serializers.BooleanField(default=True)
    approximate = serializers.BooleanField(default=False)

    def validate(self, quantity: dict[str, Any]) -> dict[str, Any]:
        lower, upper = quantity["lower"], quantity["upper"]
        if lower is not None and upper is not None and lower > upper:
            raise serializers.ValidationError({"upper": _("The upper bound cannot be below the lower bound.")})
        return quantity


def _day(help_text: StrPromise) -> serializers.DateField:
    return serializers.DateField(
        allow_null=True,
        default=None,
        help_text=help_text,
        validators=[
            MinValueValidator(MIN_DATE, _("This is too long ago.")),
            MaxValueValidator(MAX_DATE, _("This is too far in the future.")),
        ],
    )


class ProposedClaimSerializer(Serializer):
    """A claim that a program proposes. Editors review it before it is public."""

    statement = serializers.CharField(
        max_length=MAX_STATEMENT_CHARS, help_text=_("What was said, understandable without the article.")
    )
    form = serializers.ChoiceField(Claim.Form.values)
    modality = serializers.ChoiceField(Claim.Modality.values, default=Claim.Modality.ASSERTED.value)
    cue = serializers.CharField(max_length=200, allow_blank=True, default="")
    confidence = NumberField(min_value=0, max_value=1, allow_null=True, default=None)
    extractor = serializers.CharField(
        max_length=60, help_text=_("The name and version of the program that proposes it.")
    )
    stated_from = _day(_("The first day on which it may have been said. Give both days or neither."))
    stated_to = _day(_("The last day on which it may have been said."))
    stated_words = serializers.CharField(max_length=100, allow_blank=True, default="")
    hops = NewHopSerializer(many=True, allow_empty=False, max_length=MAX_HOPS)  # type: ignore[call-arg]
    anchors = NewAnchorSerializer(many=True, allow_empty=False, max_length=MAX_ANCHORS)  # type: ignore[call-arg]
    quantities = NewQuantitySerializer(many=True, default=list, max_length=MAX_QUANTITIES)  # type: ignore[call-arg]
    revision = serializers.IntegerField(
        min_value=1, max_value=MAX_INTEGER, help_text=_("The number of the revision. The anchors count in its text.")
    )

    def validate(self, claim: dict[str, Any]) -> dict[str, Any]:
        first, last = claim["stated_from"], claim["stated_to"]
        if (first is None) != (last is None) or (first is not None and first > last):
            raise serializers.ValidationError({"stated_to": _("Give both days. The first cannot be after the last.")})
        revision: Revision = self.context["revision"]
        if claim["revision"] != revision.number:
            raise Conflict(_("The text of the story has changed. Read it again."), code="other-revision")
        if any(not anchor["start"] < anchor["end"] <= len(revision.text) for anchor in claim["anchors"]):
            raise BadRequest({"anchors": [_("An anchor must be inside the text and end after its start.")]})
        if not any(anchor["part"] == Anchor.Part.CONTENT for anchor in claim["anchors"]):
            raise BadRequest({"anchors": [_("At least one anchor must have the part “content”.")]})
        return claim


class ReviewSerializer(Serializer):
    verdict = serializers.ChoiceField(VERDICTS)
    seen = serializers.ChoiceField(
        REVIEWS, help_text=_("The state that you read. If it has changed since, nothing is done.")
    )


class ReviewResultSerializer(Serializer):
    id = serializers.UUIDField(source="public_id")
    review = serializers.ChoiceField(REVIEWS)


class PublishingStepSerializer(Serializer):
    step = serializers.ChoiceField(STEPS)
    at = serializers.DateTimeField(
        required=False,
        help_text=_("For publish and schedule: when it is published. For embargo: when the embargo ends."),
    )
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MAX_NOTE_CHARS,
        help_text=_("For retract: the note for readers. For send-back: the note for the writer."),
    )
    over = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        max_length=MAX_WARNINGS,
        help_text=_("For publish and schedule: the codes of the warnings that a chief editor overrides."),
    )

    def validate_at(self, at: datetime) -> datetime:
        if not MIN_DATE <= at.date() <= MAX_DATE:
            raise serializers.ValidationError(
                _("This is too long ago.") if at.date() < MIN_DATE else _("This is too far in the future.")
            )
        return at

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["step"] in ("schedule", "embargo") and data.get("at") is None:
            raise serializers.ValidationError({"at": _("This step needs a time.")})
        return data


class PublishingResultSerializer(Serializer):
    slug = serializers.CharField()
    status = serializers.ChoiceField(Article.Status.values)


# --- Errors ---


class ProblemSerializer(Serializer):
    """An error (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField(help_text=_("The phrase of the status."))
    status = serializers.IntegerField()
    code = serializers.CharField(help_text=_("For programs: unknown-parameter, judged-since."))
    detail = serializers.CharField(help_text=_("For people: what is wrong, and what to do."))
    errors = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text=_("The errors of each field or parameter.")
    )
