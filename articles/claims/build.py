"""Build unsaved rows from proposed or imported claims, and save them in bulk."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import chain

from articles.extraction import EXTRACTOR_VERSION, Extraction, Proposal
from articles.extraction.proposal import ProposedHop, ProposedQuantity, Speaker
from articles.models import Anchor, Article, Claim, ClaimName, ClaimRole, Hop, Quantity, Revision
from articles.parsing.draft import DraftClaim, DraftHop, DraftQuantity
from record.users import User
from sources.models import Source
from sources.resolver import MAX_NAME_CHARS, NamedSource, Resolver, add_possible_duplicate

#: Quantity.lower and .upper have 24 digits before the point and six after it.
MAX_QUANTITY_VALUE = Decimal(10) ** 24
QUANTITY_STEP = Decimal("0.000001")
#: Mentions that say nothing by themselves. An unnamed speaker then gets the first mention in the text.
DEFINITE_MENTION = re.compile(r"(?:the|that|this|these|those)\s", re.IGNORECASE)
#: Words that have a capital only at the beginning of a sentence.
LEADING_DETERMINER = re.compile(r"^(?:An?|The|One|Two|Three|Some|Several|Many|Another|Other|His|Her|Its|Their)(?=\s)")
PRONOUNS = frozenset("he she it they who which him her them".split())


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How an import accepts claims: who, when, and from which confidence on."""

    min_confidence: float
    by: User | None
    at: datetime


@dataclass(slots=True)
class ClaimRows:
    """One claim and its rows, all unsaved. They refer to each other as objects."""

    claim: Claim
    hops: list[Hop] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    names: list[ClaimName] = field(default_factory=list)
    roles: list[ClaimRole] = field(default_factory=list)


def names_in_extraction(extraction: Extraction) -> Iterator[str]:
    """Yield all names that `build_from_extraction` looks up, for Resolver.load_names."""
    for proposal in extraction.proposals:
        for hop in proposal.hops:
            yield from _speaker_names(hop.speaker)
    for pair in extraction.same_speakers:
        yield from chain(_speaker_names(pair.first), _speaker_names(pair.second))


def names_in_claims(claims: Sequence[DraftClaim]) -> Iterator[str]:
    """Yield all names that `build_from_drafts` looks up, for Resolver.load_names."""
    for claim in claims:
        for hop in claim.hops:
            if hop.kind != "anonymous":
                yield hop.source
            if hop.organisation:
                yield hop.organisation


def build_from_extraction(
    extraction: Extraction,
    article: Article,
    revision: Revision,
    resolver: Resolver,
    acceptance: Acceptance | None,
) -> list[ClaimRows]:
    """Build rows for every proposal, in order.

    Sources are found or created, and possible duplicates are recorded. A hop of the article's own publisher or agency,
    under any of its names, is left out unless it is the origin. The publisher often follows from the host of the URL,
    which the extractor does not know.
    """
    rows = [
        _build_from_proposal(proposal, number, article, revision, resolver, acceptance)
        for number, proposal in enumerate(extraction.proposals)
    ]
    for pair in extraction.same_speakers:
        if pair.first.anonymous_number is None and pair.second.anonymous_number is None:
            add_possible_duplicate(
                _resolve_source(pair.first, resolver), _resolve_source(pair.second, resolver), pair.evidence
            )
    return rows


def build_from_drafts(
    claims: Sequence[DraftClaim],
    article: Article,
    revision: Revision,
    resolver: Resolver,
    now: datetime,
    *,
    by: User | None = None,
) -> list[ClaimRows]:
    """Build rows for the claims of an exchange file, reviewed as the drafts say.

    `by` is stored as their reviewer.
    """
    unnamed: dict[tuple[str, str], int] = {}
    return [_build_from_draft(claim, article, revision, resolver, unnamed, now, by) for claim in claims]


def save_claims(rows: Sequence[ClaimRows]) -> None:
    """Save claims in bulk: one statement per table, or a few for many rows.

    Their article and revision must be saved.
    """
    Claim.objects.bulk_create([row.claim for row in rows])
    Hop.objects.bulk_create(list(chain.from_iterable(row.hops for row in rows)))
    Anchor.objects.bulk_create(list(chain.from_iterable(row.anchors for row in rows)))
    Quantity.objects.bulk_create(list(chain.from_iterable(row.quantities for row in rows)))
    ClaimName.objects.bulk_create(list(chain.from_iterable(row.names for row in rows)))
    ClaimRole.objects.bulk_create(list(chain.from_iterable(row.roles for row in rows)))


def claim_id(article: Article, number: int, content: str) -> uuid.UUID:
    """Return the public id of a new claim, from article, revision number and content.

    So an import that was killed and started again gives the same ids.
    """
    return uuid.uuid5(article.public_id, f"{number}:{content}")


def _build_from_proposal(
    proposal: Proposal,
    number: int,
    article: Article,
    revision: Revision,
    resolver: Resolver,
    acceptance: Acceptance | None,
) -> ClaimRows:
    text = revision.text
    claim = Claim(
        public_id=claim_id(article, revision.number, f"{number}:{proposal.content}"),
        article=article,
        order=proposal.content[0].start,
        statement=proposal.statement,
        form=proposal.form.value,
        modality=proposal.modality.value,
        cue=" … ".join(text[start:end] for start, end in proposal.cue)[:200],
        extractor=EXTRACTOR_VERSION,
        confidence=proposal.confidence,
        reporting=proposal.reporting,
    )
    if proposal.stated_on:
        claim.stated_from, claim.stated_to = proposal.stated_on.start, proposal.stated_on.end
        claim.stated_words = proposal.stated_on.words[:100]
    if acceptance and proposal.reporting and proposal.hops and proposal.confidence >= acceptance.min_confidence:
        claim.review, claim.reviewed_how = Claim.Review.ACCEPTED, Claim.ReviewMethod.IMPORT
        claim.reviewed_by, claim.reviewed_at = acceptance.by, acceptance.at
    facts = _FactCollector(claim, revision, resolver)
    return ClaimRows(
        claim,
        hops=[
            _build_hop(claim, position, hop, resolver, facts)
            for position, hop in enumerate(_hops_without_outlets(article, proposal.hops, resolver), start=1)
        ],
        anchors=[
            Anchor(claim=claim, revision=revision, part=part, start=span.start, end=span.end)
            for part, spans in (("content", proposal.content), ("cue", proposal.cue), ("source", proposal.source))
            for span in spans
        ],
        quantities=[
            row
            for order, quantity in enumerate(proposal.quantities)
            if (row := _build_quantity(claim, order, quantity, quantity.lower, quantity.upper))
        ],
        names=facts.names,
        roles=facts.roles,
    )


def _hops_without_outlets(article: Article, hops: Sequence[ProposedHop], resolver: Resolver) -> list[ProposedHop]:
    """Return a claim's hops without later hops of the article's own outlets."""
    outlets = {pk for pk in (article.publisher_id, article.agency_id) if pk is not None}

    def is_outlet(speaker: Speaker) -> bool:
        if not outlets or speaker.anonymous_number is not None:
            return False
        sources = (resolver.find(name, speaker.kind.value) for name in (speaker.name, *speaker.aliases))
        return any(source is not None and source.pk in outlets for source in sources)

    return [hop for position, hop in enumerate(hops) if position == 0 or not is_outlet(hop.speaker)]


class _FactCollector:
    """Collect the names and roles that the text gives a claim's sources, each once."""

    def __init__(self, claim: Claim, revision: Revision, resolver: Resolver) -> None:
        self.names: list[ClaimName] = []
        self.roles: list[ClaimRole] = []
        self._claim, self._revision, self._resolver = claim, revision, resolver

    def add_names(self, source: Source, named: NamedSource) -> None:
        collected = {row.folded for row in self.names if row.source_id == source.pk}
        self.names += [
            ClaimName(claim=self._claim, revision=self._revision, source=source, folded=folded)
            for folded in sorted(self._resolver.matching_names(source, named) - collected)
        ]

    def add_role(self, source: Source, role: str, organisation: Source | None) -> None:
        if self._resolver.add_affiliation(source, role=role, organisation=organisation):
            self.roles.append(
                ClaimRole(
                    claim=self._claim,
                    revision=self._revision,
                    source=source,
                    role=role[:MAX_NAME_CHARS],
                    organisation=organisation,
                )
            )


def _build_hop(claim: Claim, position: int, hop: ProposedHop, resolver: Resolver, facts: _FactCollector) -> Hop:
    row = Hop(
        claim=claim,
        position=position,
        mention=(hop.mention or hop.speaker.name)[:300],
        verb=hop.verb[:100],
        explicit=hop.explicit,
    )
    speaker = hop.speaker
    if speaker.anonymous_number is not None:
        row.mention = _describe_unnamed(hop.mention, speaker.name)[:300]
    organisation = _resolve_organisation(speaker.organisation, resolver)
    if speaker.anonymous_number is None:
        row.source = _resolve_source(speaker, resolver)
        facts.add_names(row.source, _to_named(speaker))
        facts.add_role(row.source, speaker.role, organisation)
    else:
        row.unnamed, row.organisation = speaker.anonymous_number, organisation
    return row


def _describe_unnamed(mention: str, name: str) -> str:
    """Return a mention of an unnamed speaker that makes sense outside the text.

    "it" and "the official" do not; `name`, the first mention in the text, does: "a senior U.S. military official".
    """
    description = name if mention.casefold() in PRONOUNS or DEFINITE_MENTION.match(mention) else mention
    return LEADING_DETERMINER.sub(lambda match: match[0].lower(), description or mention or name)


def _build_from_draft(
    claim: DraftClaim,
    article: Article,
    revision: Revision,
    resolver: Resolver,
    unnamed: dict[tuple[str, str], int],
    now: datetime,
    by: User | None,
) -> ClaimRows:
    row = Claim(
        public_id=uuid.UUID(claim.id),
        article=article,
        order=min((anchor.start for anchor in claim.anchors if anchor.part == "content"), default=0),
        statement=claim.statement,
        form=claim.form,
        modality=claim.modality,
        cue=claim.cue[:200],
        review=_review_state(claim),
        extractor=claim.extractor[:60],
        confidence=claim.confidence,
        reporting=claim.reporting,
        stated_from=claim.stated_from,
        stated_to=claim.stated_to,
        stated_words=claim.stated_words[:100],
    )
    if row.review != Claim.Review.PROPOSED:
        row.reviewed_at = claim.reviewed_at or now
        row.reviewed_how = claim.reviewed_how or Claim.ReviewMethod.IMPORT
        row.reviewed_by = by
    facts = _FactCollector(row, revision, resolver)
    return ClaimRows(
        row,
        hops=[
            _build_draft_hop(row, position, hop, resolver, unnamed, facts)
            for position, hop in enumerate(claim.hops, start=1)
        ],
        anchors=[
            Anchor(claim=row, revision=revision, part=anchor.part, start=anchor.start, end=anchor.end)
            for anchor in claim.anchors
        ],
        quantities=[
            built
            for order, quantity in enumerate(claim.quantities)
            if (
                built := _build_quantity(
                    row, order, quantity, _parse_decimal(quantity.lower), _parse_decimal(quantity.upper)
                )
            )
        ],
        names=facts.names,
    )


def _review_state(claim: DraftClaim) -> str:
    """Return the review state of a draft. A shown claim without a speaker is proposed."""
    return Claim.Review.PROPOSED if claim.review in Claim.SHOWN_REVIEWS and not claim.hops else claim.review


def _build_draft_hop(
    claim: Claim,
    position: int,
    hop: DraftHop,
    resolver: Resolver,
    unnamed: dict[tuple[str, str], int],
    facts: _FactCollector,
) -> Hop:
    row = Hop(
        claim=claim,
        position=position,
        mention=(hop.mention or hop.source)[:300],
        verb=hop.verb[:100],
        explicit=hop.explicit,
    )
    if hop.kind == "anonymous":
        # An exchange file tells unnamed speakers apart by number, or else by mention.
        row.unnamed = hop.unnamed or unnamed.setdefault((hop.source, hop.organisation or ""), len(unnamed) + 1)
        row.organisation = _resolve_organisation(hop.organisation or "", resolver)
    else:
        named = NamedSource(hop.source, hop.kind)
        row.source = resolver.find_or_create(named)
        facts.add_names(row.source, named)
    return row


def _resolve_source(speaker: Speaker, resolver: Resolver) -> Source:
    return resolver.find_or_create(_to_named(speaker))


def _to_named(speaker: Speaker) -> NamedSource:
    return NamedSource(speaker.name, speaker.kind.value, speaker.aliases)


def _resolve_organisation(name: str, resolver: Resolver) -> Source | None:
    return resolver.find_or_create(NamedSource(name, Source.Kind.ORGANISATION)) if name else None


def _speaker_names(speaker: Speaker) -> Iterator[str]:
    if speaker.anonymous_number is None:
        yield speaker.name
        yield from speaker.aliases
    if speaker.organisation:
        yield speaker.organisation


def _build_quantity(
    claim: Claim,
    order: int,
    quantity: ProposedQuantity | DraftQuantity,
    lower: Decimal | None,
    upper: Decimal | None,
) -> Quantity | None:
    """Return a row, or None for a figure without a bound or too large for the column."""
    bounds = [bound for bound in (lower, upper) if bound is not None]
    if not bounds or any(not bound.is_finite() or abs(bound) >= MAX_QUANTITY_VALUE for bound in bounds):
        return None
    return Quantity(
        claim=claim,
        order=order,
        raw=quantity.raw[:200],
        counts=quantity.counts[:200],
        unit=quantity.unit[:40],
        lower=lower if lower is None else lower.quantize(QUANTITY_STEP),
        upper=upper if upper is None else upper.quantize(QUANTITY_STEP),
        lower_inclusive=quantity.lower_inclusive,
        upper_inclusive=quantity.upper_inclusive,
        approximate=quantity.approximate,
    )


def _parse_decimal(value: str | None) -> Decimal | None:
    try:
        return None if value is None else Decimal(value)
    except InvalidOperation:
        return None
