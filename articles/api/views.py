"""The API's addresses: stories, claims, sources, ledgers, search; and what a key may change."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles import publishing, reviewing
from articles.api import serializers as shapes
from articles.api.responses import BadRequest, Conflict, Open, paged
from articles.claim_rows import names_in_claims, rows_of_claims, save
from articles.exporting import article_json, claim_json
from articles.filters import ArticleFilter, ClaimFilter, Filters, SourceFilterSet
from articles.importing.draft import DraftAnchor, DraftClaim, DraftHop, DraftQuantity
from articles.ledgers import figures_of, lines, public_ledgers
from articles.models import Anchor, Article, Claim, Ledger
from articles.permissions import logged_in, may_review, may_write, require
from articles.searching.finding import search
from articles.speaking import public_sources, with_claim_counts
from sources.models import Source
from sources.resolving import Resolver

#: Of each kind, what a search gives.
FOUND = 10
#: Characters of a question that are read.
LONGEST = 400
PAGE = OpenApiParameter("page", OpenApiTypes.STR, description="The cursor of a page, from `next` or `previous`.")
SIZE = OpenApiParameter("size", OpenApiTypes.INT, description="Rows on a page, 100 at most.")


def parameters(filters: type[Filters]) -> list[OpenApiParameter]:
    """A list's filters, as they are on the site."""
    kinds = {"NumberFilter": OpenApiTypes.NUMBER, "BooleanFilter": OpenApiTypes.BOOL, "DateFilter": OpenApiTypes.DATE}
    return [
        *(
            OpenApiParameter(name, kinds.get(type(one).__name__, OpenApiTypes.STR), description=str(one.label))
            for name, one in filters.base_filters.items()
        ),
        PAGE,
        SIZE,
    ]


def filtered(request: Request, filters: type[Filters], rows: Any) -> Any:
    """Rows through the site's own filters; 400 with what is wrong of each."""
    found = filters(request.query_params, queryset=rows, request=request)
    if not found.is_valid():
        raise BadRequest({name: list(map(str, errors)) for name, errors in found.form.errors.items()})
    return found.qs


class Articles(Open, APIView):
    """Stories, newest first."""

    @extend_schema(
        parameters=parameters(ArticleFilter), responses=shapes.StoryShape(many=True), operation_id="articles"
    )
    def get(self, request: Request) -> Response:
        rows = filtered(request, ArticleFilter, Article.objects.public().for_list().newest_first())
        return paged(request, rows, lambda story: _story(request, story))


class OneArticle(Open, APIView):
    """A story whole, with its claims."""

    @extend_schema(responses=shapes.ArticleShape, operation_id="article")
    def get(self, request: Request, slug: str) -> Response:
        return Response(article_json(get_object_or_404(Article.objects.public().for_export(), slug=slug), public=True))


class Claims(Open, APIView):
    """Claims of all stories."""

    @extend_schema(
        parameters=parameters(ClaimFilter), responses=shapes.StandingClaimShape(many=True), operation_id="claims"
    )
    def get(self, request: Request) -> Response:
        rows = filtered(request, ClaimFilter, Claim.objects.public().for_api().newest_first())
        return paged(request, rows, lambda claim: _claim(request, claim))


class OneClaim(Open, APIView):
    """A claim, its chain, its figures, and where it stands."""

    @extend_schema(responses=shapes.StandingClaimShape, operation_id="claim")
    def get(self, request: Request, public_id: uuid.UUID) -> Response:
        return Response(_claim(request, get_object_or_404(Claim.objects.public().for_api(), public_id=public_id)))


class Sources(Open, APIView):
    """Who is on record, by name."""

    @extend_schema(
        parameters=parameters(SourceFilterSet), responses=shapes.SourceShape(many=True), operation_id="sources"
    )
    def get(self, request: Request) -> Response:
        rows = filtered(request, SourceFilterSet, with_claim_counts(public_sources().order_by("name", "id")))
        return paged(request, rows, lambda source: _source(request, source))


class OneSource(Open, APIView):
    """Somebody on record, with other names. Their claims: `/api/claims/?anyone=<slug>`."""

    @extend_schema(responses=shapes.SourceShape, operation_id="source")
    def get(self, request: Request, slug: str) -> Response:
        source = get_object_or_404(with_claim_counts(public_sources()).prefetch_related("names"), slug=slug)
        names = sorted(name.name for name in source.names.all() if name.name != source.name)
        return Response({**_source(request, source), "aliases": names})


class Ledgers(Open, APIView):
    """One measure each, those that moved last first."""

    @extend_schema(responses=shapes.LedgerShape(many=True), operation_id="ledgers")
    def get(self, request: Request) -> Response:
        return Response({"results": [_ledger(request, ledger) for ledger in public_ledgers()]})


class OneLedger(Open, APIView):
    """A ledger's figures, in the order in which they were said."""

    @extend_schema(parameters=[PAGE, SIZE], responses=shapes.FigureShape(many=True), operation_id="ledger")
    def get(self, request: Request, slug: str) -> Response:
        ledger = get_object_or_404(public_ledgers(), slug=slug)
        answer = paged(request, figures_of(ledger), lambda quantity: quantity)
        figures, _origins = lines(answer.data["results"])
        answer.data = {**_ledger(request, ledger), **answer.data, "results": list(map(_figure, figures))}
        return answer


class Search(Open, APIView):
    """Stories, claims and sources, as the site's own search finds them: phrases, exclusions, slips forgiven."""

    @extend_schema(
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, required=True)],
        responses=OpenApiTypes.OBJECT,
        operation_id="search",
    )
    def get(self, request: Request) -> Response:
        words = request.query_params.get("q", "").replace("\0", "").strip()[:LONGEST]
        if not words:
            raise BadRequest("Say what to look for: ?q=…", code="no-words")
        found = search(words, size=FOUND)
        stories = _in_order(Article.objects.public().for_list(), [hit.article.pk for hit in found.stories])
        claims = _in_order(Claim.objects.public().for_api(), [hit.claim.pk for hit in found.claims])
        slugs = [hit.slug for hit in found.sources]
        sources = {source.slug: source for source in Source.objects.filter(slug__in=slugs)}
        return Response(
            {
                "looked_for": str(found.query),
                "article_count": found.story_count,
                "claim_count": found.claim_count,
                "articles": [_story(request, story) for story in stories],
                "claims": [_claim(request, claim) for claim in claims],
                "sources": [_source(request, sources[slug]) for slug in slugs if slug in sources],
            }
        )


def _in_order(rows: Any, ids: list[int]) -> list[Any]:
    """Rows in the order in which a search found them."""
    by_pk = {row.pk: row for row in rows.filter(pk__in=ids)}
    return [by_pk[pk] for pk in ids if pk in by_pk]


# --- With a key ---


class Proposals(Open, APIView):
    """Propose a claim in a story; an editor judges it before readers see it."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=shapes.ProposedClaim, responses={201: shapes.ClaimShape}, operation_id="propose_claim")
    @transaction.atomic
    def post(self, request: Request, slug: str) -> Response:
        article = get_object_or_404(Article.objects.select_related("latest"), slug=slug)
        require(may_write(request.user, article), "propose claims in this story")
        given = shapes.ProposedClaim(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        revision = article.latest
        if revision is None or data["revision"] != revision.number:
            raise Conflict("The story has another text by now: read it again.", code="other-revision")
        if any(not anchor["start"] < anchor["end"] <= len(revision.text) for anchor in data["anchors"]):
            raise BadRequest({"anchors": ["An anchor must lie in the text, its end after its start."]})
        if not any(anchor["part"] == "content" for anchor in data["anchors"]):
            raise BadRequest({"anchors": ["At least one anchor must be of the content: where the words stand."]})
        draft = _draft(data)
        resolver = Resolver()
        resolver.prepare(names_in_claims([draft]))
        rows = rows_of_claims([draft], article, revision, resolver, timezone.now())
        save(rows)
        claim = Claim.objects.for_api().get(pk=rows[0].claim.pk)
        anchors = list(claim.anchors.all())
        return Response(claim_json(claim, anchors, revision.text.split("\n\n")), status=201)


class Review(Open, APIView):
    """Accept or reject a claim."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=shapes.Verdict, responses={200: OpenApiTypes.OBJECT}, operation_id="review_claim")
    def post(self, request: Request, public_id: uuid.UUID) -> Response:
        require(may_review(request.user), "review claims")
        given = shapes.Verdict(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():
            claim = get_object_or_404(Claim.objects.select_for_update(of=("self",)), public_id=public_id)
            if claim.review != given.validated_data["seen"]:
                raise Conflict(f"This claim is {claim.get_review_display()} by now: look again.", code="judged-since")
            judge = reviewing.accept if given.validated_data["verdict"] == "accept" else reviewing.reject
            judge([claim], by=_user(request), how=Claim.How.DESK)
            claim.refresh_from_db()
        return Response({"id": str(claim.public_id), "review": claim.review})


class Publish(Open, APIView):
    """Take a step of a story's public life: submit, send back, publish, schedule, embargo, retract."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=shapes.Step, responses={200: OpenApiTypes.OBJECT}, operation_id="publish_article")
    def post(self, request: Request, slug: str) -> Response:
        article = get_object_or_404(Article, slug=slug)
        require(may_write(request.user, article), "change this story")
        given = shapes.Step(data=request.data)
        given.is_valid(raise_exception=True)
        data, by = given.validated_data, _user(request)
        match data["step"]:
            case "submit":
                article = publishing.submit(article, by=by)
            case "send-back":
                article = publishing.send_back(article, by=by, note=data.get("note", ""))
            case "publish":
                article = publishing.publish(article, by=by, at=data.get("at"), over=data.get("over", ()))
            case "schedule" | "embargo" if data.get("at") is None:
                raise ValidationError({"at": ["This step needs a time."]})
            case "schedule":
                article = publishing.schedule(article, by=by, at=data["at"], over=data.get("over", ()))
            case "unschedule":
                article = publishing.unschedule(article, by=by)
            case "embargo":
                article = publishing.embargo(article, by=by, until=data["at"])
            case "lift-embargo":
                article = publishing.lift_embargo(article, by=by)
            case _:
                article = publishing.retract(article, by=by, note=data.get("note", ""))
        return Response({"slug": article.slug, "status": article.status})


def _user(request: Request) -> User:
    return logged_in(request.user)


def _draft(data: dict[str, Any]) -> DraftClaim:
    def decimal(value: float | None) -> str | None:
        return None if value is None else str(Decimal(str(value)))

    return DraftClaim(
        id=str(uuid.uuid4()),
        review="proposed",
        hops=tuple(DraftHop(**hop) for hop in data["hops"]),
        anchors=tuple(DraftAnchor(**anchor) for anchor in data["anchors"]),
        quantities=tuple(
            DraftQuantity(**{**figure, "lower": decimal(figure["lower"]), "upper": decimal(figure["upper"])})
            for figure in data["quantities"]
        ),
        **{
            field.name: data[field.name]
            for field in dataclasses.fields(DraftClaim)
            if field.name in data and field.name not in ("hops", "anchors", "quantities")
        },
    )


# --- As JSON ---


def _story(request: Request, story: Any) -> dict[str, Any]:
    return {
        "id": str(story.public_id),
        "slug": story.slug,
        "url": request.build_absolute_uri(story.get_absolute_url()),
        "headline": story.live.headline,
        "summary": story.live.summary,
        "language": story.language,
        "published_at": _moment(story.published_at, story.published_precision),
        "agency": story.agency.name if story.agency else None,
        "publisher": story.publisher.name if story.publisher else None,
        "topics": sorted(topic["name"] for topic in story.shown_topics or []),
        "claims": story.claim_count,
    }


def _claim(request: Request, claim: Any) -> dict[str, Any]:
    article = claim.article
    standing = [a for a in claim.anchors.all() if a.revision_id == article.live_id and a.state != Anchor.State.LOST]
    return {
        **claim_json(claim, standing, article.live.text.split("\n\n")),
        "url": request.build_absolute_uri(claim.get_absolute_url()),
        "article": {
            "slug": article.slug,
            "headline": article.live.headline,
            "url": request.build_absolute_uri(article.get_absolute_url()),
            "published_at": _moment(article.published_at, article.published_precision),
        },
    }


def _source(request: Request, source: Any) -> dict[str, Any]:
    shown = {
        "slug": source.slug,
        "name": source.name,
        "kind": source.kind,
        "url": request.build_absolute_uri(source.get_absolute_url()),
    }
    return {**shown, "claims": source.claim_count} if hasattr(source, "claim_count") else shown


def _ledger(request: Request, ledger: Ledger) -> dict[str, Any]:
    return {
        "slug": ledger.slug,
        "name": ledger.name,
        "description": ledger.description,
        "unit": ledger.unit,
        "url": request.build_absolute_uri(reverse("articles:ledger", args=[ledger.slug])),
        "figures": ledger.figures,  # type: ignore[attr-defined]
        "stories": ledger.stories,  # type: ignore[attr-defined]
    }


def _figure(line: Any) -> dict[str, Any]:
    quantity = line.quantity

    def plain(bound: Decimal | None) -> int | float | None:
        if bound is None:
            return None
        return int(bound) if bound == bound.to_integral_value() else float(bound)

    return {
        "raw": quantity.raw,
        "counts": quantity.counts,
        "unit": quantity.unit,
        "lower": plain(quantity.lower),
        "upper": plain(quantity.upper),
        "lower_inclusive": quantity.lower_inclusive,
        "upper_inclusive": quantity.upper_inclusive,
        "approximate": quantity.approximate,
        "said": line.said.isoformat() if isinstance(line.said, date) else None,
        "origin": line.origin,
        "teller": line.teller,
        "claim": str(line.claim.public_id),
    }


def _moment(moment: datetime | None, precision: str) -> str | None:
    if moment is None:
        return None
    return moment.date().isoformat() if precision == Article.Precision.DAY else moment.isoformat()
