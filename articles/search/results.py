"""Results and filters of a search."""

from __future__ import annotations

from dataclasses import dataclass, field

from articles.fulltext.query import Query
from articles.fulltext.snippets import SnippetPiece
from articles.models import Article, Claim
from sources.models import Source


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Limit a search to a topic (by slug), a source in the chain, or a year.

    The year is that of the publication.
    """

    topic: str = ""
    source: Source | None = None
    year: int | None = None

    def __bool__(self) -> bool:
        return bool(self.topic or self.source or self.year)


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An article, with its headline and a snippet in pieces."""

    article: Article
    headline: list[SnippetPiece]
    snippet: list[SnippetPiece]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A hop of a claim: the name of a source, or the text for an unnamed one.

    An unnamed source has no slug.
    """

    name: list[SnippetPiece]
    slug: str


@dataclass(frozen=True, slots=True)
class ClaimHit:
    """A claim, with its statement in pieces, and its chain, origin first."""

    claim: Claim
    statement: list[SnippetPiece]
    speakers: list[Speaker]


@dataclass(frozen=True, slots=True)
class SourceHit:
    """A source with a matching name."""

    name: str
    slug: str
    kind: str  # label for readers


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A value to refine by, its label, and the number of ranked hits that have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of hits, best first, with totals and facets."""

    query: Query  # what was searched for in the end
    typed_query: Query  # what was typed
    articles: list[ArticleHit] = field(default_factory=list)
    claims: list[ClaimHit] = field(default_factory=list)
    sources: list[SourceHit] = field(default_factory=list)
    article_count: int = 0
    claim_count: int = 0
    has_more_articles: bool = False  # more than article_count
    has_more_claims: bool = False
    topics: list[FacetChoice] = field(default_factory=list)
    speakers: list[FacetChoice] = field(default_factory=list)
    years: list[FacetChoice] = field(default_factory=list)
    page_count: int = 1

    def __bool__(self) -> bool:
        return bool(self.article_count or self.claim_count or self.sources)

    @property
    def is_corrected(self) -> bool:
        """Return whether a corrected query was used, because the typed one found nothing."""
        return self.query != self.typed_query
