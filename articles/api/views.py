"""API views: read and search; with a key, propose, review and publish."""

from __future__ import annotations

import dataclasses
import logging
import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import generics
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.api import serializers
from articles.api.pagination import PARAMETERS
from articles.api.responses import BadRequest, Conflict, PublicMixin
from articles.claims import review
from articles.claims.build import build_from_drafts, names_in_claims, save_claims
from articles.exports.exchange import claim_json
from articles.filters import ArticleFilterSet, ClaimFilterSet, SourceFilterSet
from articles.models import Article, Claim
from articles.parsing.draft import DraftAnchor, DraftClaim, DraftHop, DraftQuantity
from articles.permissions import may_review, may_write, require_permission, require_user
from articles.publishing import actions
from articles.queries.ledgers import ledger_quantities, ledger_rows, public_ledgers
from articles.queries.sources import public_names, public_sources, with_claim_counts
from articles.search.search import search
from sources.models import Source
from sources.resolver import Resolver

logger = logging.getLogger("articles.api")

#: Results of each kind in a search.
MAX_FOUND = 10
#: A longer query is cut.
MAX_QUERY_CHARS = 400
QUERY = OpenApiParameter(
    "q", OpenApiTypes.STR, required=True, description=_("The search query, as on the search page.")
)


# --- Reading ---


@extend_schema_view(get=extend_schema(operation_id="articles"))
class Articles(PublicMixin, generics.ListAPIView[Article]):
    """List articles, newest first."""

    serializer_class = serializers.ArticleSummarySerializer
    filterset_class = ArticleFilterSet

    def get_queryset(self) -> Any:
        return Article.objects.public().for_list().newest_first()


@extend_schema_view(get=extend_schema(operation_id="article"))
class OneArticle(PublicMixin, generics.RetrieveAPIView[Article]):
    """Return an article in full, with its claims."""

    serializer_class = serializers.ArticleSerializer
    lookup_field = "slug"
    pagination_class = None

    def get_queryset(self) -> Any:
        return Article.objects.public().for_export()


@extend_schema_view(get=extend_schema(operation_id="claims"))
class Claims(PublicMixin, generics.ListAPIView[Claim]):
    """List claims of all articles, newest first."""

    serializer_class = serializers.ClaimWithArticleSerializer
    filterset_class = ClaimFilterSet

    def get_queryset(self) -> Any:
        return Claim.objects.public().for_api().newest_first()


@extend_schema_view(get=extend_schema(operation_id="claim"))
class OneClaim(PublicMixin, generics.RetrieveAPIView[Claim]):
    """Return a claim with its chain, its figures and its article."""

    serializer_class = serializers.ClaimWithArticleSerializer
    lookup_field = "public_id"
    pagination_class = None

    def get_queryset(self) -> Any:
        return Claim.objects.public().for_api()


@extend_schema_view(get=extend_schema(operation_id="sources"))
class Sources(PublicMixin, generics.ListAPIView[Source]):
    """List the public sources by name."""

    serializer_class = serializers.SourceSerializer
    filterset_class = SourceFilterSet

    def get_queryset(self) -> Any:
        return with_claim_counts(public_sources().order_by("name", "id"))


@extend_schema_view(get=extend_schema(operation_id="source"))
class OneSource(PublicMixin, generics.RetrieveAPIView[Source]):
    """Return a source with its aliases.

    Its claims are at `/api/claims/?anyone=<slug>`.
    """

    serializer_class = serializers.SourceDetailSerializer
    lookup_field = "slug"
    pagination_class = None

    def get_queryset(self) -> Any:
        return with_claim_counts(public_sources()).prefetch_related(Prefetch("names", public_names()))


class Ledgers(PublicMixin, generics.GenericAPIView[Any]):
    """List the ledgers, those with the newest figure first."""

    serializer_class = serializers.LedgerSerializer
    pagination_class = None

    def get_queryset(self) -> Any:
        return public_ledgers()

    @extend_schema(operation_id="ledgers", responses=serializers.LedgerListSerializer)
    def get(self, request: Request) -> Response:
        return Response({"results": self.get_serializer(self.get_queryset(), many=True).data})


class OneLedger(PublicMixin, generics.GenericAPIView[Any]):
    """Return a ledger with a page of its figures, by the day they were said."""

    serializer_class = serializers.LedgerSerializer
    lookup_field = "slug"

    def get_queryset(self) -> Any:
        return public_ledgers()

    @extend_schema(
        operation_id="ledger",
        responses=serializers.LedgerDetailSerializer,
        parameters=[
            OpenApiParameter(parameter["name"], parameter["schema"], description=parameter["description"])
            for parameter in PARAMETERS
        ],
    )
    def get(self, request: Request, slug: str) -> Response:
        ledger = self.get_object()
        rows, _origins = ledger_rows(self.paginate_queryset(ledger_quantities(ledger)) or [])
        page = self.get_paginated_response(serializers.FigureSerializer(rows, many=True).data)
        return Response({**self.get_serializer(ledger).data, **page.data})


class Search(PublicMixin, APIView):
    """Search articles, claims and sources, as the search page does.

    Phrases and exclusions are understood, and typing errors corrected.
    """

    query_parameters = (QUERY.name,)

    @extend_schema(operation_id="search", parameters=[QUERY], responses=serializers.SearchResultSerializer)
    def get(self, request: Request) -> Response:
        query = request.query_params.get(QUERY.name, "").replace("\0", "").strip()[:MAX_QUERY_CHARS]
        if not query:
            raise BadRequest(_("Enter a search query: ?q=…"), code="no-words")
        results = search(query, size=MAX_FOUND)
        slugs = [hit.slug for hit in results.sources]
        sources = {source.slug: source for source in Source.objects.filter(slug__in=slugs)}
        data = {
            "looked_for": str(results.query),
            "article_count": results.article_count,
            "claim_count": results.claim_count,
            "articles": _in_order(Article.objects.public().for_list(), [hit.article.pk for hit in results.articles]),
            "claims": _in_order(Claim.objects.public().for_api(), [hit.claim.pk for hit in results.claims]),
            "sources": [sources[slug] for slug in slugs if slug in sources],
        }
        return Response(serializers.SearchResultSerializer(data, context={"request": request}).data)


def _in_order(rows: Any, ids: list[int]) -> list[Any]:
    """Return rows in the order of their ids."""
    by_pk = {row.pk: row for row in rows.filter(pk__in=ids)}
    return [by_pk[pk] for pk in ids if pk in by_pk]


# --- With a key ---


class Proposals(PublicMixin, APIView):
    """Propose a claim in an article. Readers see it once an editor has accepted it."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="propose_claim",
        request=serializers.ProposedClaimSerializer,
        responses={201: serializers.ClaimSerializer},
    )
    @transaction.atomic
    def post(self, request: Request, slug: str) -> Response:
        article = get_object_or_404(Article.objects.select_related("latest"), slug=slug)
        require_permission(may_write(request.user, article), gettext("propose claims in this story"))
        revision = article.latest
        if revision is None:
            raise Conflict(_("The story has no text yet."), code="no-words")
        proposed = serializers.ProposedClaimSerializer(data=request.data, context={"revision": revision})
        proposed.is_valid(raise_exception=True)
        draft = _draft(proposed.validated_data)
        resolver = Resolver()
        resolver.load_names(names_in_claims([draft]))
        rows = build_from_drafts([draft], article, revision, resolver, timezone.now())
        save_claims(rows)
        claim = Claim.objects.for_api().get(pk=rows[0].claim.pk)
        logger.info("%s proposed claim %s in %s", request.user, claim.public_id, article.slug)
        return Response(claim_json(claim, list(claim.anchors.all()), revision.text.split("\n\n")), status=201)


class Review(PublicMixin, APIView):
    """Accept or reject a claim."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="review_claim",
        request=serializers.ReviewSerializer,
        responses=serializers.ReviewResultSerializer,
    )
    def post(self, request: Request, public_id: uuid.UUID) -> Response:
        require_permission(may_review(request.user), gettext("review claims"))
        serializer = serializers.ReviewSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        with transaction.atomic():
            claim = get_object_or_404(Claim.objects.select_for_update(of=("self",)), public_id=public_id)
            if claim.review != serializer.validated_data["seen"]:
                raise Conflict(
                    _("This claim is %(state)s now. Read it again.") % {"state": claim.get_review_display()},
                    code="judged-since",
                )
            review_claims = (
                review.accept_claims if serializer.validated_data["verdict"] == "accept" else review.reject_claims
            )
            review_claims([claim], by=require_user(request.user), how=Claim.ReviewMethod.DESK)
            claim.refresh_from_db()
        logger.info("%s reviewed claim %s: %s", request.user, claim.public_id, claim.review)
        return Response(serializers.ReviewResultSerializer(claim).data)


class Publish(PublicMixin, APIView):
    """Submit, send back, publish, schedule, embargo or retract an article."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="publish_article",
        request=serializers.PublishingStepSerializer,
        responses=serializers.PublishingResultSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        article = get_object_or_404(Article, slug=slug)
        require_permission(may_write(request.user, article), gettext("change this story"))
        serializer = serializers.PublishingStepSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data, user = serializer.validated_data, require_user(request.user)
        match data["step"]:
            case "submit":
                article = actions.submit(article, by=user)
            case "send-back":
                article = actions.send_back(article, by=user, note=data.get("note", ""))
            case "publish":
                article = actions.publish(article, by=user, at=data.get("at"), over=data.get("over", ()))
            case "schedule":
                article = actions.schedule(article, by=user, at=data["at"], over=data.get("over", ()))
            case "unschedule":
                article = actions.unschedule(article, by=user)
            case "embargo":
                article = actions.embargo(article, by=user, until=data["at"])
            case "lift-embargo":
                article = actions.lift_embargo(article, by=user)
            case _:
                article = actions.retract(article, by=user, note=data.get("note", ""))
        logger.info("%s took step %s of %s", request.user, data["step"], article.slug)
        return Response(serializers.PublishingResultSerializer(article).data)


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


# --- The API page and its schema ---


class Index(SpectacularSwaggerSplitView):
    """The page to try the API; for programs that ask for JSON, a list of URLs."""

    renderer_classes = [TemplateHTMLRenderer, JSONRenderer]
    template_name = "api/try.html"
    url_name = "api:schema"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if isinstance(request.accepted_renderer, JSONRenderer):
            names = ("articles", "claims", "sources", "ledgers", "search", "schema")
            return Response({name: request.build_absolute_uri(reverse(f"api:{name}")) for name in names})
        return super().get(request, *args, **kwargs)  # type: ignore[no-any-return,no-untyped-call]


class SchemaView(SpectacularAPIView):
    """The OpenAPI document with the URL of this site."""

    def _get_schema_response(self, request: Request) -> Response:
        response: Response = super()._get_schema_response(request)  # type: ignore[no-untyped-call]
        root = request.build_absolute_uri("/").removesuffix("/")
        response.data["servers"] = [{"url": root}]
        response.data["info"]["contact"] = {"url": request.build_absolute_uri(reverse("developers"))}
        return response


class NotFound(PublicMixin, APIView):
    """Answer any other path below /api/ with a problem."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        raise Http404
