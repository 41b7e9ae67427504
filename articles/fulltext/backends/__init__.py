"""Full-text search backends, one per database."""

from django.db import connections

from articles.fulltext.backends.base import SearchBackend
from articles.fulltext.backends.postgresql import PostgresBackend
from articles.fulltext.backends.sqlite import SqliteBackend


def get_backend(using: str = "default") -> SearchBackend:
    """Return the search backend of a database."""
    return PostgresBackend() if connections[using].vendor == "postgresql" else SqliteBackend()
