"""What a search gives, and what it can be narrowed by."""

from __future__ import annotations

from dataclasses import dataclass, field

from articles.fulltext.query import Query
from articles.fulltext.snippets import SnippetPiece
from articles.models import Article, Claim
from sources.models import Source


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Only some of what matches: under a topic (its slug), with a source's part in it, of a year."""

    topic: str = ""
    source: Source | None = None
    year: int | None = None

    def __bool__(self) -> bool:
        return bool(self.topic or self.source or self.year)


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """A story, and its headline and some of its words, in pieces."""

    article: Article
    headline: list[SnippetPiece]
    snippet: list[SnippetPiece]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A hop of a claim found: a source's name, or the words for somebody unnamed, who has no slug."""

    name: list[SnippetPiece]
    slug: str


@dataclass(frozen=True, slots=True)
class ClaimHit:
    """A claim, its statement in pieces, and its chain, origin first."""

    claim: Claim
    statement: list[SnippetPiece]
    speakers: list[Speaker]


@dataclass(frozen=True, slots=True)
class SourceHit:
    """A source whose name matches."""

    name: str
    slug: str
    kind: str  # its name for readers


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A value to narrow by, its name for readers, and how many of the ranked it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search found: a page of hits, best first, and how many there are."""

    query: Query  # what was looked for in the end
    typed_query: Query  # what was typed
    articles: list[ArticleHit] = field(default_factory=list)
    claims: list[ClaimHit] = field(default_factory=list)
    sources: list[SourceHit] = field(default_factory=list)
    article_count: int = 0
    claim_count: int = 0
    has_more_articles: bool = False  # there are more than are counted
    has_more_claims: bool = False
    topics: list[FacetChoice] = field(default_factory=list)
    speakers: list[FacetChoice] = field(default_factory=list)
    years: list[FacetChoice] = field(default_factory=list)
    page_count: int = 1

    def __bool__(self) -> bool:
        return bool(self.article_count or self.claim_count or self.sources)

    @property
    def is_corrected(self) -> bool:
        """Was something else looked for than what was typed, which found nothing?"""
        return self.query != self.typed_query
