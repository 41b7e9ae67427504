"""Which stories are here already: by id, by URL, by their exact words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from articles.models import Article, Revision
from articles.parsing import Draft
from articles.text.urls import url_key

#: The namespace of article ids made from the copy itself; a random UUID, never to change.
ARTICLE_ID_NAMESPACE = uuid.UUID("6f0f6f0e-8f5c-4d7e-9d0a-3a5f0a9b7c11")


def article_id(draft: Draft, words: str) -> uuid.UUID:
    """The public id of a story: its own in an exchange file, else from its URL, else from its words.

    So the same copy has the same id wherever and however often it is imported.
    """
    if draft.id:
        return uuid.UUID(draft.id)
    return uuid.uuid5(ARTICLE_ID_NAMESPACE, url_key(draft.original_url) if draft.original_url else words)


class ExistingArticles:
    """What is known of a batch. `words` throughout is the digest of headline and text (Prepared.digest)."""

    def __init__(self) -> None:
        self._by_id: dict[uuid.UUID, Article] = {}
        self._by_url: dict[str, Article] = {}
        self._by_text: dict[str, Article] = {}
        self._texts_by_article: dict[int, set[str]] = {}
        self._reserved: set[uuid.UUID | str] = set()  # ids, URL keys and words of stories yet to be stored

    @classmethod
    def load(cls, drafts: Sequence[tuple[Draft, str]]) -> ExistingArticles:
        """What the database knows of these drafts and their words. Four queries."""
        known = cls()
        ids = {article_id(draft, words) for draft, words in drafts}
        urls = {url_key(draft.original_url) for draft, _ in drafts if draft.original_url}
        words = {words for _, words in drafts}
        articles = Article.objects.select_related("latest")
        for article in (*articles.filter(original_url_hash__in=urls), *articles.filter(public_id__in=ids)):
            known._by_id[article.public_id] = article
            if article.original_url_hash:
                known._by_url[article.original_url_hash] = article
        ours = [article.pk for article in known._by_id.values()]
        for pk, digest in Revision.objects.filter(article__in=ours).values_list("article_id", "digest"):
            known._texts_by_article.setdefault(pk, set()).add(digest)
        for revision in Revision.objects.filter(digest__in=words).select_related("article").order_by("-id"):
            known._by_text[revision.digest] = revision.article  # the oldest comes last, and stays
        return known

    def find_by_id_or_url(self, draft: Draft, words: str) -> Article | None:
        """The article of this id or URL, whatever its words."""
        found = self._by_id.get(article_id(draft, words))
        if found is None and draft.original_url:
            found = self._by_url.get(url_key(draft.original_url))
        return found

    def has_text(self, article: Article, words: str) -> bool:
        """Has any revision of a story found by `same_story` these very words?"""
        return words in self._texts_by_article.get(article.pk, ())

    def find_by_text(self, words: str) -> Article | None:
        """The oldest article with these very words."""
        return self._by_text.get(words)

    def add(self, article: Article, words: str) -> None:
        """This article is stored now."""
        self._by_id[article.public_id] = article
        if article.original_url_hash:
            self._by_url[article.original_url_hash] = article
        self._by_text.setdefault(words, article)
        self._texts_by_article.setdefault(article.pk, set()).add(words)

    def reserve(self, draft: Draft, words: str) -> None:
        """This draft is about to be stored."""
        self._reserved |= identity_keys(draft, words)

    def is_reserved(self, draft: Draft, words: str) -> bool:
        """Is a story of this id, URL or words about to be stored?"""
        return not self._reserved.isdisjoint(identity_keys(draft, words))

    def is_text_reserved(self, words: str) -> bool:
        return words in self._reserved


def identity_keys(draft: Draft, words: str) -> set[uuid.UUID | str]:
    """Return what a story is recognised by: its words, its id and its URL."""
    marks: set[uuid.UUID | str] = {words, article_id(draft, words)}
    if draft.original_url:
        marks.add(url_key(draft.original_url))
    return marks
