"""What an engine of full-text search must do, and which one the database brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from articles.fulltext.query import Query

#: Of longer texts only so much is searched, in code points: about 35,000 words.
SEARCHED = 200_000


@dataclass(frozen=True, slots=True)
class Index:
    """An index of the words of one table's rows, by their ids."""

    name: str
    of: str
    columns: tuple[str, ...]  # the weightiest first; of `changing` ones an update changes the entry
    changing: bool = True

    @property
    def table(self) -> str:
        return f"articles_search_{self.name}"


#: A revision's words never change, so its entry is made once; which revision readers see is asked of the articles.
REVISIONS = Index("revision", "articles_revision", ("headline", "summary", "text"), changing=False)
CLAIMS = Index("claim", "articles_claim", ("statement",))
NAMES = Index("name", "sources_sourcename", ("name",))
INDEXES = (REVISIONS, CLAIMS, NAMES)


class Engine(Protocol):
    """One database's way of full-text search. Expressions are parameters of its queries, never parts of their SQL."""

    def expression(self, query: Query, index: Index, *, heads: bool = False) -> str:
        """A query with at least one group, as the engine puts it; with `heads`, found in the first column only."""
        ...

    def matching(self, index: Index) -> str:
        """SQL, one parameter (an expression): the ids of the rows that match."""
        ...

    def ranked(self, index: Index, joins: str, columns: str, condition: str) -> str:
        """SQL, parameters expression, those of `condition`, limit: `columns` and a `score` of the latest that match.

        `joins` begins at the index: `{id}` in it stands for the id of the index's row.
        """
        ...

    def has(self, index: Index, joins: str, condition: str, asked: str) -> str:
        """SQL, parameters those of `condition`: does a row match the expression in the column `asked`?

        `joins` as for `ranked`.
        """
        ...

    def near(self, word: str, joins: str, condition: str, parameters: list[Any]) -> tuple[str, list[Any]]:
        """SQL and its parameters: indexed words that look like this one and are about as long, one column.

        They may come from texts that are not public. `joins`, from the index of revisions, and `condition` are for
        an engine that reads the words of the latest public texts directly.
        """
        ...

    def missing(self, using: str) -> list[Index]:
        """The indexes that are not there, or whose triggers are not: their entries cannot be relied on."""
        ...

    def install(self, using: str) -> None:
        """Make tables, functions and triggers that are not there."""
        ...

    def empty(self, using: str, index: Index) -> None:
        """Take every entry out."""
        ...

    def fill(self, using: str, index: Index, first: int, last: int) -> None:
        """Make the entries of the rows with ids from `first` to `last`, which have none."""
        ...

    def finish(self, using: str, index: Index) -> None:
        """Note that every row has its entry."""
        ...

    def settle(self, using: str) -> None:
        """What pays after many entries were made: merge, analyse, gather."""
        ...

    def gather(self, using: str) -> None:
        """Bring the words that suggestions are looked for among up to date, where the engine keeps them apart."""
        ...
