"""Admin pages of articles and claims."""

from articles.admin import api_keys, articles, claim_links, claims, images, imports, ledgers, topics

__all__ = ["api_keys", "articles", "claim_links", "claims", "images", "imports", "ledgers", "topics"]
