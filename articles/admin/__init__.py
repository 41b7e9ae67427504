"""The desk inside Django's admin: articles, claims and their review, intake."""

from articles.admin import articles, claims, filing, intake, pictures, tokens

__all__ = ["articles", "claims", "filing", "intake", "pictures", "tokens"]
