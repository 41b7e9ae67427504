"""The desk inside Django's admin: articles, claims and their review, intake."""

from articles.admin import articles, claims, topics as filing, imports as intake, images as pictures, api_keys as tokens

__all__ = ["articles", "claims", "filing", "intake", "pictures", "tokens"]
