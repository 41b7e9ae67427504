"""What an engine of full-text search must do, and which one the database brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from articles.fulltext.query import Query

#: Of longer texts only so much is searched, in code points: about 35,000 words.
MAX_INDEXED_CHARS = 200_000


@dataclass(frozen=True, slots=True)
class Index:
    """An index of the words of one table's rows, by their ids."""

    name: str
    source_table: str
    columns: tuple[str, ...]  # the weightiest first; of `changing` ones an update changes the entry
    is_mutable: bool = True

    @property
    def table(self) -> str:
        return f"articles_search_{self.name}"


#: A revision's words never change, so its entry is made once; which revision readers see is asked of the articles.
REVISION_INDEX = Index("revision", "articles_revision", ("headline", "summary", "text"), is_mutable=False)
CLAIM_INDEX = Index("claim", "articles_claim", ("statement",))
NAME_INDEX = Index("name", "sources_sourcename", ("name",))
INDEXES = (REVISION_INDEX, CLAIM_INDEX, NAME_INDEX)


class SearchBackend(Protocol):
    """One database's way of full-text search. Expressions are parameters of its queries, never parts of their SQL."""

    def match_expression(self, query: Query, index: Index, *, heads: bool = False) -> str:
        """A query with at least one group, as the engine puts it; with `heads`, found in the first column only."""
        ...

    def matching_ids_sql(self, index: Index) -> str:
        """SQL, one parameter (an expression): the ids of the rows that match."""
        ...

    def ranked_sql(self, index: Index, joins: str, columns: str, condition: str) -> str:
        """SQL, parameters expression, those of `condition`, limit: `columns` and a `score` of the latest that match.

        `joins` begins at the index: `{id}` in it stands for the id of the index's row.
        """
        ...

    def exists_sql(self, index: Index, joins: str, condition: str, asked: str) -> str:
        """SQL, parameters those of `condition`: does a row match the expression in the column `asked`?

        `joins` as for `ranked`.
        """
        ...

    def similar_words_sql(self, word: str, joins: str, condition: str, parameters: list[Any]) -> tuple[str, list[Any]]:
        """SQL and its parameters: indexed words that look like this one and are about as long, one column.

        They may come from texts that are not public. `joins`, from the index of revisions, and `condition` are for
        an engine that reads the words of the latest public texts directly.
        """
        ...

    def missing_indexes(self, using: str) -> list[Index]:
        """The indexes that are not there, or whose triggers are not: their entries cannot be relied on."""
        ...

    def install_indexes(self, using: str) -> None:
        """Make tables, functions and triggers that are not there."""
        ...

    def clear_index(self, using: str, index: Index) -> None:
        """Take every entry out."""
        ...

    def fill_index(self, using: str, index: Index, first: int, last: int) -> None:
        """Make the entries of the rows with ids from `first` to `last`, which have none."""
        ...

    def mark_filled(self, using: str, index: Index) -> None:
        """Note that every row has its entry."""
        ...

    def optimize_indexes(self, using: str) -> None:
        """What pays after many entries were made: merge, analyse, gather."""
        ...

    def update_word_list(self, using: str) -> None:
        """Bring the words that suggestions are looked for among up to date, where the engine keeps them apart."""
        ...
