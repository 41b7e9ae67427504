"""What the API sends and takes. The OpenAPI document is made from these.

Articles and claims are sent in the exchange form of `articles.exports.exchange`, as `export_articles` writes it.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
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

SOURCE_KINDS = Source.Kind.values
#: A hop is a source's, or of somebody unnamed.
HOP_KINDS = [*SOURCE_KINDS, "anonymous"]
CORRECTION_KINDS = Correction.Kind.values
REVIEWS = Claim.Review.values
STEPS = ["submit", "send-back", "publish", "schedule", "unschedule", "embargo", "lift-embargo", "retract"]
VERDICTS = ["accept", "reject"]
#: What the columns hold: Hop.unnamed, Anchor.start, Quantity.lower (24 digits before the point).
MAX_SMALL_INTEGER = 2**15 - 1
MAX_INTEGER = 2**31 - 1
MAX_FIGURE = 10**23
#: The most of each that a proposed claim has.
MAX_STATEMENT_CHARS = 10_000
MAX_HOPS, MAX_ANCHORS, MAX_QUANTITIES = 20, 100, 100
MAX_NOTE_CHARS = 5_000
MAX_WARNINGS = 100
MOMENT = "A day (2024-12-19) where only the day is known, else a time (2024-12-19T12:00:00+00:00)."

Serializer = serializers.Serializer[Any]


# --- Fields ---


@extend_schema_field(OpenApiTypes.NUMBER)
class NumberField(serializers.FloatField):
    """A finite number. Sent as it is: 40 stays 40."""

    def to_internal_value(self, data: Any) -> float:
        try:
            value = super().to_internal_value(data)
        except OverflowError:  # an integer beyond what a float holds
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
        super().__init__(source="*", read_only=True, help_text="The page for readers.", **kwargs)

    def to_representation(self, value: Any) -> str:
        return str(self.context["request"].build_absolute_uri(value.get_absolute_url()))


class PublishedField(serializers.CharField):
    """When an article was published, as exactly as it is known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, allow_null=True, help_text=MOMENT, **kwargs)

    def to_representation(self, value: Article) -> str | None:  # type: ignore[override]
        return published_json(value)


# --- Claims ---


class HopSerializer(Serializer):
    """One step of a chain. The first is the origin."""

    source = serializers.CharField(  # type: ignore[assignment]
        help_text="The name; of somebody unnamed, the mention."
    )
    kind = serializers.ChoiceField(HOP_KINDS)
    mention = serializers.CharField(help_text="The words of the text: “the lawmaker”.")
    verb = serializers.CharField(help_text="“told”; empty where the text has none.")
    explicit = serializers.BooleanField(help_text="True where the text says it, false where it was inferred.")
    organisation = serializers.CharField(allow_null=True, help_text="Whom somebody unnamed speaks for.")
    unnamed = serializers.IntegerField(
        required=False, help_text="Tells the unnamed speakers of one article apart. Missing where there is a name."
    )


class AnchorSerializer(Serializer):
    """A part of a claim in the article's text: code points of the paragraphs joined by a blank line, half-open."""

    part = serializers.ChoiceField(Anchor.Part.values)
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class QuantitySerializer(Serializer):
    """A figure: the words of the text, and the bounds that they mean. Null is open."""

    raw = serializers.CharField(help_text="The words of the text: “at least 100”.")
    counts = serializers.CharField(help_text="What is counted: “soldiers”.")
    unit = serializers.CharField(help_text="%, USD, km; empty for a plain count.")
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
    cue = serializers.CharField(help_text="The words that attribute: “said”.")
    review = serializers.ChoiceField(REVIEWS)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    reviewed_how = serializers.ChoiceField(
        [*Claim.ReviewMethod.values, ""],
        help_text="By an editor one by one (desk), in bulk, or on import; empty if not yet.",
    )
    confidence = NumberField(allow_null=True, help_text="The extractor's, from 0 to 1; null for an editor's own.")
    extractor = serializers.CharField(help_text="What proposed it, with its version; empty for an editor's own.")
    reporting = serializers.BooleanField(help_text="False for a thought, a plan, or what is left unsaid.")
    stated_on = serializers.DateField(allow_null=True, help_text="The day, where it is one day.")
    stated_from = serializers.DateField(allow_null=True)
    stated_to = serializers.DateField(allow_null=True)
    stated_words = serializers.CharField(help_text="The words of the text: “last week”.")
    paragraph = serializers.IntegerField(allow_null=True, help_text="The paragraph that it starts in, from 0.")
    quotes = serializers.ListField(child=serializers.CharField(), help_text="The words of its content anchors.")
    anchors = AnchorSerializer(many=True)
    hops = HopSerializer(many=True)
    quantities = QuantitySerializer(many=True)


class ArticleReferenceSerializer(Serializer):
    """The article that a claim is in."""

    slug = serializers.CharField()
    headline = serializers.CharField(source="live.headline")
    url = PageURLField()
    published_at = PublishedField()


class ClaimWithArticleSerializer(ClaimSerializer):
    """A claim with the article that it is in."""

    url = serializers.URLField(help_text="The page for readers.")
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
    url = serializers.CharField(allow_null=True, help_text="Where the original was found.")


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
    language = serializers.CharField(help_text="BCP 47: en, ko.")
    published_at = PublishedField()
    agency = serializers.CharField(source="agency.name", allow_null=True)
    publisher = serializers.CharField(source="publisher.name", allow_null=True)
    topics = serializers.SerializerMethodField()
    claims = serializers.IntegerField(source="claim_count", help_text="How many claims readers can see.")

    def get_topics(self, article: Any) -> list[str]:
        return sorted(topic["name"] for topic in article.shown_topics or [])


class ArticleSerializer(Serializer):
    """An article in full, in the exchange form."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    headline = serializers.CharField()
    summary = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47: en, ko.")
    status = serializers.ChoiceField(Article.Status.values)
    published_at = serializers.CharField(allow_null=True, help_text=MOMENT)
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
    warnings = ImportWarningSerializer(many=True, help_text="For editors; always empty here.")

    def to_representation(self, article: Article) -> dict[str, Any]:
        return article_json(article, public=True)


# --- Sources and ledgers ---


class SourceReferenceSerializer(Serializer):
    """A source as a search finds it."""

    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(SOURCE_KINDS)
    url = PageURLField()


class SourceSerializer(SourceReferenceSerializer):
    """Somebody on record."""

    claims = serializers.IntegerField(source="claim_count", help_text="How many claims it said or passed on by name.")


class SourceDetailSerializer(SourceSerializer):
    """Somebody on record, with other names."""

    aliases = serializers.SerializerMethodField()

    def get_aliases(self, source: Source) -> list[str]:
        return sorted(name.name for name in source.names.all() if name.name != source.name)


class LedgerSerializer(Serializer):
    """One measure, of which figures are compared."""

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    unit = serializers.CharField(help_text="%, USD, km; empty for a plain count.")
    url = PageURLField()
    figures = serializers.IntegerField()
    stories = serializers.IntegerField()


class LedgerListSerializer(Serializer):
    results = LedgerSerializer(many=True)


class FigureSerializer(QuantitySerializer):
    """A figure of a ledger."""

    said = serializers.DateField(allow_null=True, help_text="The day it was said, or else published.")
    origin = serializers.CharField(help_text="Who said it first.")
    teller = serializers.CharField(help_text="Who told the outlet; empty where that is the origin.")
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

    next = serializers.URLField(allow_null=True, help_text="The URL of the next page; null on the last.")
    previous = serializers.URLField(allow_null=True, help_text="The URL of the previous page; null on the first.")
    results = FigureSerializer(many=True)


# --- Search ---


class SearchResultSerializer(Serializer):
    """The best of each kind, best first."""

    looked_for = serializers.CharField(help_text="What was searched for; corrected where nothing else was found.")
    article_count = serializers.IntegerField()
    claim_count = serializers.IntegerField()
    articles = ArticleSummarySerializer(many=True)
    claims = ClaimWithArticleSerializer(many=True)
    sources = SourceReferenceSerializer(many=True)


# --- What is sent with a key ---


class NewHopSerializer(Serializer):
    """One step of a chain. The first is the origin."""

    source = serializers.CharField(  # type: ignore[assignment]
        max_length=200, help_text="The name; of somebody unnamed, the mention."
    )
    kind = serializers.ChoiceField(HOP_KINDS)
    mention = serializers.CharField(max_length=300, allow_blank=True, default="")
    verb = serializers.CharField(max_length=100, allow_blank=True, default="")
    explicit = serializers.BooleanField(default=True)
    organisation = serializers.CharField(max_length=200, allow_null=True, default=None)
    unnamed = serializers.IntegerField(min_value=1, max_value=MAX_SMALL_INTEGER, required=False)

    def validate_organisation(self, name: str | None) -> str | None:
        if name is not None and not normalize_name(name):
            raise serializers.ValidationError("A name needs a letter or a digit.")
        return name

    def validate(self, hop: dict[str, Any]) -> dict[str, Any]:
        if hop["kind"] != "anonymous" and not normalize_name(hop["source"]):
            raise serializers.ValidationError({"source": "A name needs a letter or a digit."})
        return hop


class NewAnchorSerializer(Serializer):
    """A part of a claim in the article's text: code points of the paragraphs joined by a blank line, half-open."""

    part = serializers.ChoiceField(Anchor.Part.values)
    start = serializers.IntegerField(min_value=0, max_value=MAX_INTEGER)
    end = serializers.IntegerField(min_value=1, max_value=MAX_INTEGER)


class NewQuantitySerializer(Serializer):
    """A figure: the words of the text, and the bounds that they mean. Null is open."""

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
            raise serializers.ValidationError({"upper": "The upper bound cannot be below the lower one."})
        return quantity


def _day(help_text: str) -> serializers.DateField:
    return serializers.DateField(
        allow_null=True,
        default=None,
        help_text=help_text,
        validators=[
            MinValueValidator(MIN_DATE, "That is too long ago."),
            MaxValueValidator(MAX_DATE, "That is too far ahead."),
        ],
    )


class ProposedClaimSerializer(Serializer):
    """A claim that a program proposes. Editors review it before readers see it."""

    statement = serializers.CharField(max_length=MAX_STATEMENT_CHARS, help_text="What was said, readable by itself.")
    form = serializers.ChoiceField(Claim.Form.values)
    modality = serializers.ChoiceField(Claim.Modality.values, default=Claim.Modality.ASSERTED.value)
    cue = serializers.CharField(max_length=200, allow_blank=True, default="")
    confidence = NumberField(min_value=0, max_value=1, allow_null=True, default=None)
    extractor = serializers.CharField(max_length=60, help_text="What proposes it: a name and a version.")
    stated_from = _day("The first day on which it may have been said. Give both days or neither.")
    stated_to = _day("The last day on which it may have been said.")
    stated_words = serializers.CharField(max_length=100, allow_blank=True, default="")
    hops = NewHopSerializer(many=True, allow_empty=False, max_length=MAX_HOPS)  # type: ignore[call-arg]
    anchors = NewAnchorSerializer(many=True, allow_empty=False, max_length=MAX_ANCHORS)  # type: ignore[call-arg]
    quantities = NewQuantitySerializer(many=True, default=list, max_length=MAX_QUANTITIES)  # type: ignore[call-arg]
    revision = serializers.IntegerField(
        min_value=1, max_value=MAX_INTEGER, help_text="The number of the revision whose text the anchors count in."
    )

    def validate(self, claim: dict[str, Any]) -> dict[str, Any]:
        first, last = claim["stated_from"], claim["stated_to"]
        if (first is None) != (last is None) or (first is not None and first > last):
            raise serializers.ValidationError({"stated_to": "Give both days, the first not after the last."})
        revision: Revision = self.context["revision"]  # the one that the anchors must count in
        if claim["revision"] != revision.number:
            raise Conflict("The story has another text by now: read it again.", code="other-revision")
        if any(not anchor["start"] < anchor["end"] <= len(revision.text) for anchor in claim["anchors"]):
            raise BadRequest({"anchors": ["An anchor must lie in the text, its end after its start."]})
        if not any(anchor["part"] == Anchor.Part.CONTENT for anchor in claim["anchors"]):
            raise BadRequest({"anchors": ["At least one anchor must be of the content: where the words stand."]})
        return claim


class ReviewSerializer(Serializer):
    verdict = serializers.ChoiceField(VERDICTS)
    seen = serializers.ChoiceField(
        REVIEWS, help_text="The state that you saw. If the claim has another by now, nothing is done."
    )


class ReviewResultSerializer(Serializer):
    id = serializers.UUIDField(source="public_id")
    review = serializers.ChoiceField(REVIEWS)


class PublishingStepSerializer(Serializer):
    step = serializers.ChoiceField(STEPS)
    at = serializers.DateTimeField(
        required=False,
        help_text="For publish and schedule: from when on readers see it. For embargo: until when.",
    )
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MAX_NOTE_CHARS,
        help_text="For retract: what readers are told. For send-back: what its writer is to do.",
    )
    over = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        max_length=MAX_WARNINGS,
        help_text="For publish and schedule: the codes of the warnings that a chief publishes over.",
    )

    def validate_at(self, at: datetime) -> datetime:
        if not MIN_DATE <= at.date() <= MAX_DATE:
            raise serializers.ValidationError(
                "That is too long ago." if at.date() < MIN_DATE else "That is too far ahead."
            )
        return at

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["step"] in ("schedule", "embargo") and given.get("at") is None:
            raise serializers.ValidationError({"at": "This step needs a time."})
        return given


class PublishingResultSerializer(Serializer):
    slug = serializers.CharField()
    status = serializers.ChoiceField(Article.Status.values)


# --- Errors ---


class ProblemSerializer(Serializer):
    """What went wrong (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField(help_text="The phrase of the status.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For programs: unknown-parameter, judged-since.")
    detail = serializers.CharField(help_text="For people: what was wrong, and what to do.")
    errors = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="What was wrong with each field or parameter."
    )
