"""The interface of a full-text search backend, and the indexes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from articles.fulltext.query import Query

#: Code points of a text that are indexed: about 35,000 words.
MAX_INDEXED_CHARS = 200_000


@dataclass(frozen=True, slots=True)
class Index:
    """A full-text index of one table, by the ids of its rows."""

    name: str
    source_table: str
    columns: tuple[str, ...]  # the most important first; if `is_mutable`, an update changes the entry
    is_mutable: bool = True

    @property
    def table(self) -> str:
        return f"articles_search_{self.name}"


#: Revisions never change, so each is indexed once. The articles say which revision readers see.
REVISION_INDEX = Index("revision", "articles_revision", ("headline", "summary", "text"), is_mutable=False)
CLAIM_INDEX = Index("claim", "articles_claim", ("statement",))
NAME_INDEX = Index("name", "sources_sourcename", ("name",))
INDEXES = (REVISION_INDEX, CLAIM_INDEX, NAME_INDEX)


class SearchBackend(Protocol):
    """Full-text search in one database.

    Match expressions are always parameters of the SQL, never parts of it.
    """

    def match_expression(self, query: Query, index: Index, *, heads: bool = False) -> str:
        """Return the match expression of a query with at least one group.

        `heads`: match only the first column.
        """
        ...

    def matching_ids_sql(self, index: Index) -> str:
        """Return SQL for the ids of matching rows. Parameter: the expression."""
        ...

    def ranked_sql(self, index: Index, joins: str, columns: str, condition: str) -> str:
        """Return SQL for `columns` and `score` of the latest matching rows.

        Parameters: the expression, those of `condition`, the limit. `joins` starts at the index; `{id}` in it is
        replaced by the id of the row in the index.
        """
        ...

    def exists_sql(self, index: Index, joins: str, condition: str, asked: str) -> str:
        """Return SQL that tells whether a row matches the expression in `asked`.

        `asked` is a column. Parameters: those of `condition`. `joins` as in `ranked_sql`.
        """
        ...

    def similar_words_sql(self, word: str, joins: str, condition: str, parameters: list[Any]) -> tuple[str, list[Any]]:
        """Return SQL and parameters for indexed words of similar spelling and length.

        The SQL returns one column. The words may come from hidden texts. `joins` (from the index of revisions) and
        `condition` are for a backend that also reads the words of the latest public texts.
        """
        ...

    def missing_indexes(self, using: str) -> list[Index]:
        """Return indexes that are missing, incomplete, or without triggers."""
        ...

    def install_indexes(self, using: str) -> None:
        """Create missing tables, functions and triggers."""
        ...

    def clear_index(self, using: str, index: Index) -> None:
        """Delete all entries of an index."""
        ...

    def fill_index(self, using: str, index: Index, first: int, last: int) -> None:
        """Index the rows with ids from `first` to `last`, which have no entries."""
        ...

    def mark_filled(self, using: str, index: Index) -> None:
        """Record that every row is indexed."""
        ...

    def optimize_indexes(self, using: str) -> None:
        """Optimize the indexes after many new entries."""
        ...

    def update_word_list(self, using: str) -> None:
        """Update the list of words for suggestions, if the backend has one."""
        ...
