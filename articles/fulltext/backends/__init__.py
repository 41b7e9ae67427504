"""Full-text search backends, one per database."""

from django.db import connections

from articles.fulltext.backends.base import Engine
from articles.fulltext.backends.postgresql import PostgreSQL
from articles.fulltext.backends.sqlite import SQLite


def engine(using: str = "default") -> Engine:
    """The backend of a database."""
    return PostgreSQL() if connections[using].vendor == "postgresql" else SQLite()
