"""Find the articles that are already stored: by id, by URL, by text."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from articles.models import Article, Revision
from articles.parsing import Draft
from articles.text.url_keys import url_key

#: The namespace of article ids that are made from the file itself. A random UUID that must never change.
ARTICLE_ID_NAMESPACE = uuid.UUID("6f0f6f0e-8f5c-4d7e-9d0a-3a5f0a9b7c11")


def article_id(draft: Draft, digest: str) -> uuid.UUID:
    """Return the public id of a draft: its own, or one made from URL or text.

    So the same file gets the same id wherever and however often it is imported. `digest` is that of the text.
    """
    if draft.id:
        return uuid.UUID(draft.id)
    return uuid.uuid5(ARTICLE_ID_NAMESPACE, url_key(draft.original_url) if draft.original_url else digest)


class ExistingArticles:
    """The stored articles that a batch of drafts may be.

    `digest` is always that of headline and text (PreparedArticle.digest).
    """

    def __init__(self) -> None:
        self._by_id: dict[uuid.UUID, Article] = {}
        self._by_url: dict[str, Article] = {}
        self._by_digest: dict[str, Article] = {}
        self._digests_by_article: dict[int, set[str]] = {}
        self._reserved: set[uuid.UUID | str] = set()  # ids, URL keys and digests of articles yet to be stored

    @classmethod
    def load(cls, drafts: Sequence[tuple[Draft, str]]) -> ExistingArticles:
        """Look up these drafts, each with its digest. Four queries."""
        existing = cls()
        ids = {article_id(draft, digest) for draft, digest in drafts}
        urls = {url_key(draft.original_url) for draft, _ in drafts if draft.original_url}
        digests = {digest for _, digest in drafts}
        articles = Article.objects.select_related("latest")
        for article in (*articles.filter(original_url_hash__in=urls), *articles.filter(public_id__in=ids)):
            existing._by_id[article.public_id] = article
            if article.original_url_hash:
                existing._by_url[article.original_url_hash] = article
        keys = [article.pk for article in existing._by_id.values()]
        for pk, digest in Revision.objects.filter(article__in=keys).values_list("article_id", "digest"):
            existing._digests_by_article.setdefault(pk, set()).add(digest)
        for revision in Revision.objects.filter(digest__in=digests).select_related("article").order_by("-id"):
            existing._by_digest[revision.digest] = revision.article  # the oldest comes last and wins
        return existing

    def find_by_id_or_url(self, draft: Draft, digest: str) -> Article | None:
        """Return the article with the draft's id or URL, whatever its text."""
        article = self._by_id.get(article_id(draft, digest))
        if article is None and draft.original_url:
            article = self._by_url.get(url_key(draft.original_url))
        return article

    def has_text(self, article: Article, digest: str) -> bool:
        """Return whether any revision of an article has this text.

        The article must come from `find_by_id_or_url`.
        """
        return digest in self._digests_by_article.get(article.pk, ())

    def find_by_text(self, digest: str) -> Article | None:
        """Return the oldest article with this text."""
        return self._by_digest.get(digest)

    def add(self, article: Article, digest: str) -> None:
        """Add an article that has just been stored."""
        self._by_id[article.public_id] = article
        if article.original_url_hash:
            self._by_url[article.original_url_hash] = article
        self._by_digest.setdefault(digest, article)
        self._digests_by_article.setdefault(article.pk, set()).add(digest)

    def reserve(self, draft: Draft, digest: str) -> None:
        """Add a draft that will be stored."""
        self._reserved |= identity_keys(draft, digest)

    def is_reserved(self, draft: Draft, digest: str) -> bool:
        """Return whether an article with this id, URL or text will be stored."""
        return not self._reserved.isdisjoint(identity_keys(draft, digest))

    def is_text_reserved(self, digest: str) -> bool:
        return digest in self._reserved


def identity_keys(draft: Draft, digest: str) -> set[uuid.UUID | str]:
    """Return what identifies a draft: digest, id and URL key."""
    keys: set[uuid.UUID | str] = {digest, article_id(draft, digest)}
    if draft.original_url:
        keys.add(url_key(draft.original_url))
    return keys
