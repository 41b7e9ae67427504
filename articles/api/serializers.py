"""The shapes of what the API says and hears, for its OpenAPI description and for checking what comes in.

What goes out is made by articles.exporting: the exchange form, the same that `export_articles` writes.
"""

from __future__ import annotations

from rest_framework import serializers

from articles.models import Claim
from sources.models import Source

KINDS = [*Source.Kind.values, "anonymous"]


class HopShape(serializers.Serializer):  # type: ignore[type-arg]
    """One step of a chain; the first is the origin."""

    source = serializers.CharField(  # type: ignore[assignment]
        max_length=200, help_text="The name; of somebody unnamed, the mention."
    )
    kind = serializers.ChoiceField(KINDS)
    mention = serializers.CharField(max_length=300, allow_blank=True, default="")
    verb = serializers.CharField(max_length=100, allow_blank=True, default="")
    explicit = serializers.BooleanField(default=True)
    organisation = serializers.CharField(max_length=200, allow_null=True, default=None)
    unnamed = serializers.IntegerField(min_value=1, required=False)


class AnchorShape(serializers.Serializer):  # type: ignore[type-arg]
    """A part of a claim in the story's text: code points in the paragraphs joined by a blank line, half-open."""

    part = serializers.ChoiceField(["content", "cue", "source"])
    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=1)


class QuantityShape(serializers.Serializer):  # type: ignore[type-arg]
    """A figure in the copy's words, and its bounds; null is open."""

    raw = serializers.CharField(max_length=200)
    counts = serializers.CharField(max_length=200, allow_blank=True, default="")
    unit = serializers.CharField(max_length=40, allow_blank=True, default="")
    lower = serializers.FloatField(allow_null=True, default=None)
    upper = serializers.FloatField(allow_null=True, default=None)
    lower_inclusive = serializers.BooleanField(default=True)
    upper_inclusive = serializers.BooleanField(default=True)
    approximate = serializers.BooleanField(default=False)


class ClaimShape(serializers.Serializer):  # type: ignore[type-arg]
    """One attributed statement."""

    id = serializers.UUIDField()
    statement = serializers.CharField()
    form = serializers.ChoiceField(Claim.Form.values)
    modality = serializers.ChoiceField(Claim.Modality.values)
    cue = serializers.CharField(allow_blank=True)
    review = serializers.ChoiceField(Claim.Review.values)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    reviewed_how = serializers.CharField(allow_blank=True)
    confidence = serializers.FloatField(allow_null=True)
    extractor = serializers.CharField(allow_blank=True)
    reporting = serializers.BooleanField(required=False)
    stated_on = serializers.DateField(allow_null=True)
    stated_from = serializers.DateField(allow_null=True)
    stated_to = serializers.DateField(allow_null=True)
    stated_words = serializers.CharField(allow_blank=True)
    paragraph = serializers.IntegerField(allow_null=True)
    quotes = serializers.ListField(child=serializers.CharField())
    anchors = AnchorShape(many=True)
    hops = HopShape(many=True)
    quantities = QuantityShape(many=True)


class StandingClaimShape(ClaimShape):
    """A claim with the story it stands in."""

    url = serializers.URLField()
    article = serializers.DictField(child=serializers.CharField(allow_null=True))


class ImageShape(serializers.Serializer):  # type: ignore[type-arg]
    credit = serializers.CharField(allow_blank=True)
    caption = serializers.CharField(allow_blank=True)
    alt = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_null=True)


class LinkShape(serializers.Serializer):  # type: ignore[type-arg]
    title = serializers.CharField()
    url = serializers.CharField(allow_null=True)


class CorrectionShape(serializers.Serializer):  # type: ignore[type-arg]
    kind = serializers.CharField()
    note = serializers.CharField()


class StoryShape(serializers.Serializer):  # type: ignore[type-arg]
    """A story as a list has it."""

    id = serializers.UUIDField()
    slug = serializers.SlugField()
    url = serializers.URLField()
    headline = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    published_at = serializers.CharField(allow_null=True)
    agency = serializers.CharField(allow_null=True)
    publisher = serializers.CharField(allow_null=True)
    topics = serializers.ListField(child=serializers.CharField())
    claims = serializers.IntegerField()


class ArticleShape(serializers.Serializer):  # type: ignore[type-arg]
    """A story whole: the exchange form."""

    id = serializers.UUIDField()
    slug = serializers.SlugField()
    headline = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    status = serializers.CharField()
    published_at = serializers.CharField(allow_null=True)
    dateline = serializers.CharField(allow_null=True)
    bylines = serializers.ListField(child=serializers.CharField())
    agency = serializers.CharField(allow_null=True)
    publisher = serializers.CharField(allow_null=True)
    images = ImageShape(many=True)
    paragraphs = serializers.ListField(child=serializers.CharField())
    related = LinkShape(many=True)
    original_url = serializers.CharField(allow_null=True)
    topics = serializers.ListField(child=serializers.CharField())
    corrections = CorrectionShape(many=True)
    claims = ClaimShape(many=True)
    warnings = serializers.ListField(child=serializers.DictField())


class SourceShape(serializers.Serializer):  # type: ignore[type-arg]
    """Somebody on record."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Source.Kind.values)
    url = serializers.URLField()
    claims = serializers.IntegerField(required=False)
    aliases = serializers.ListField(child=serializers.CharField(), required=False)


class LedgerShape(serializers.Serializer):  # type: ignore[type-arg]
    """One measure and its figures."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    url = serializers.URLField()
    figures = serializers.IntegerField()
    stories = serializers.IntegerField()


class FigureShape(QuantityShape):
    """A figure of a ledger: who said it first, who told the outlet, when, and in which claim."""

    said = serializers.DateField(allow_null=True)
    origin = serializers.CharField(allow_blank=True)
    teller = serializers.CharField(allow_blank=True)
    claim = serializers.UUIDField()


# --- What comes in ---


class ProposedClaim(serializers.Serializer):  # type: ignore[type-arg]
    """A claim proposed by a program: editors judge it before readers see it."""

    statement = serializers.CharField()
    form = serializers.ChoiceField(Claim.Form.values)
    modality = serializers.ChoiceField(Claim.Modality.values, default="asserted")
    cue = serializers.CharField(max_length=200, allow_blank=True, default="")
    confidence = serializers.FloatField(min_value=0, max_value=1, allow_null=True, default=None)
    extractor = serializers.CharField(max_length=60, help_text="What proposes it: a name and a version.")
    stated_from = serializers.DateField(allow_null=True, default=None)
    stated_to = serializers.DateField(allow_null=True, default=None)
    stated_words = serializers.CharField(max_length=100, allow_blank=True, default="")
    hops = HopShape(many=True, allow_empty=False)
    anchors = AnchorShape(many=True, allow_empty=False)
    quantities = QuantityShape(many=True, default=list)
    revision = serializers.IntegerField(help_text="The number of the revision whose text the anchors count in.")


class Verdict(serializers.Serializer):  # type: ignore[type-arg]
    verdict = serializers.ChoiceField(["accept", "reject"])
    seen = serializers.ChoiceField(Claim.Review.values, help_text="The state you judge from; another is refused.")


class Step(serializers.Serializer):  # type: ignore[type-arg]
    step = serializers.ChoiceField(
        ["submit", "send-back", "publish", "schedule", "unschedule", "embargo", "lift-embargo", "retract"]
    )
    at = serializers.DateTimeField(
        required=False, help_text="Of publish and schedule: from when on readers see it. Of embargo: until when."
    )
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="Of retract: what readers are told. Of send-back: what its writer is to do.",
    )
    over = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Of publish and schedule: keys of the warnings that a chief publishes over.",
    )


class Problem(serializers.Serializer):  # type: ignore[type-arg]
    """What went wrong (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]
