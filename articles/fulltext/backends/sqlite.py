"""Full-text search with SQLite's FTS5.

The indexes are contentless tables (https://sqlite.org/fts5.html#contentless_tables), so no text is stored twice. Their
rows have the ids of the indexed rows. Triggers update them on every write, bulk loads included. To delete an entry,
FTS5 needs exactly the words that were indexed, so the triggers first check that there is an entry.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from articles.fulltext.backends.base import INDEXES, MAX_INDEXED_CHARS, Index
from articles.fulltext.normalize import LETTER_REPLACEMENTS
from articles.fulltext.query import Query, Term

#: Weights of headline, summary and text: the factors of bm25, for as many columns as an index has.
WEIGHTS = (10.0, 4.0, 1.0)
#: The vocabulary: every indexed word, with the number of its rows.
VOCABULARY_TABLE = "articles_search_words"
#: A misspelled word may be this many letters longer or shorter.
MAX_LENGTH_DIFFERENCE = 2


class SqliteBackend:
    """Implements `articles.fulltext.backends.base.SearchBackend` for SQLite."""

    def match_expression(self, query: Query, index: Index, *, heads: bool = False) -> str:
        included = " AND ".join(f"({' OR '.join(map(_term_sql, group))})" for group in query.groups)
        if heads:
            included = f"{{{index.columns[0]}}} : ({included})"
        excluded = " OR ".join(map(_term_sql, query.excluded))
        return f"({included}) NOT ({excluded})" if excluded else included

    def matching_ids_sql(self, index: Index) -> str:
        return f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH %s"

    def ranked_sql(self, index: Index, joins: str, columns: str, condition: str) -> str:
        weights = ", ".join(map(str, WEIGHTS[: len(index.columns)]))
        # CROSS JOIN keeps SQLite from searching the index once for each row of the other table.
        joined = joins.format(id=f"{index.table}.rowid").replace("JOIN", "CROSS JOIN", 1)
        return (
            f"SELECT * FROM (SELECT {columns}, -bm25({index.table}, {weights}) AS score FROM {index.table} {joined} "
            f"WHERE {index.table} MATCH %s AND {condition} ORDER BY {index.table}.rowid DESC LIMIT %s)"
        )

    def exists_sql(self, index: Index, joins: str, condition: str, asked: str) -> str:
        joined = joins.format(id=f"{index.table}.rowid").replace("JOIN", "CROSS JOIN", 1)
        return f"EXISTS (SELECT 1 FROM {index.table} {joined} WHERE {index.table} MATCH {asked} AND {condition})"

    def similar_words_sql(self, word: str, joins: str, condition: str, parameters: list[Any]) -> tuple[str, list[Any]]:
        # Words with the same first two letters, in either order. articles.search.spelling chooses the closest.
        prefixes = dict.fromkeys((word[:2], word[1::-1]))
        parts = [
            f"SELECT term FROM {VOCABULARY_TABLE} WHERE term >= %s AND term < %s AND length(term) BETWEEN %s AND %s"
        ] * len(prefixes)
        shortest, longest = len(word) - MAX_LENGTH_DIFFERENCE, len(word) + MAX_LENGTH_DIFFERENCE
        bounds = [bound for start in prefixes for bound in (start, start + "\U0010ffff", shortest, longest)]
        return " UNION ".join(parts), bounds

    def missing_indexes(self, using: str) -> list[Index]:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'articles_search_%'")
            existing = dict(cursor.fetchall())
        return [
            index
            for index in INDEXES
            if _filled_marker(index) not in existing
            or any(existing.get(name) != sql for name, sql in _definitions(index).items())
        ]

    def install_indexes(self, using: str) -> None:
        with connections[using].cursor() as cursor:
            for index in self.missing_indexes(using):
                cursor.execute(f"DROP TABLE IF EXISTS {index.table}")
                for name, sql in _definitions(index).items():
                    if name != index.table:
                        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                    cursor.execute(sql)
            cursor.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {VOCABULARY_TABLE} USING fts5vocab({INDEXES[0].table}, row)"
            )

    def clear_index(self, using: str, index: Index) -> None:
        with connections[using].cursor() as cursor:
            cursor.execute(f"DROP VIEW IF EXISTS {_filled_marker(index)}")
            cursor.execute(f"INSERT INTO {index.table}({index.table}) VALUES ('delete-all')")

    def fill_index(self, using: str, index: Index, first: int, last: int) -> None:
        columns, normalized = ", ".join(index.columns), ", ".join(map(_normalized_sql, index.columns))
        with connections[using].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {index.table}(rowid, {columns}) "
                f"SELECT id, {normalized} FROM {index.source_table} WHERE id BETWEEN %s AND %s",
                [first, last],
            )

    def mark_filled(self, using: str, index: Index) -> None:
        with connections[using].cursor() as cursor:
            cursor.execute(f"CREATE VIEW IF NOT EXISTS {_filled_marker(index)} AS SELECT 1 AS filled")

    def optimize_indexes(self, using: str) -> None:
        with connections[using].cursor() as cursor:
            for index in INDEXES:
                cursor.execute(f"INSERT INTO {index.table}({index.table}) VALUES ('optimize')")

    def update_word_list(self, using: str) -> None:
        """Do nothing: the vocabulary is a view of the index."""


def _filled_marker(index: Index) -> str:
    """Return the name of the view that marks a filled index.

    Without it, `missing_indexes` reports the index, so that an interrupted fill starts again.
    """
    return f"{index.table}_filled"


def _definitions(index: Index) -> dict[str, str]:
    """Return name -> SQL of table and triggers, exactly as in sqlite_master."""
    name, columns = index.table, ", ".join(index.columns)
    new = ", ".join(_normalized_sql(f"new.{column}") for column in index.columns)
    old = ", ".join(_normalized_sql(f"old.{column}") for column in index.columns)
    insert = f"INSERT INTO {name}(rowid, {columns}) VALUES (new.id, {new});"
    remove = f"INSERT INTO {name}({name}, rowid, {columns}) VALUES ('delete', old.id, {old});"
    indexed = f"EXISTS (SELECT 1 FROM {name}_docsize WHERE id = old.id)"
    made = {
        name: f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, content='', tokenize='unicode61 remove_diacritics 2')",
        f"{name}_insert": f"CREATE TRIGGER {name}_insert AFTER INSERT ON {index.source_table} BEGIN {insert} END",
        f"{name}_remove": f"CREATE TRIGGER {name}_remove AFTER DELETE ON {index.source_table} WHEN {indexed} BEGIN {remove} END",
    }
    if index.is_mutable:
        changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in index.columns)
        made[f"{name}_change"] = (
            f"CREATE TRIGGER {name}_change AFTER UPDATE OF {columns} ON {index.source_table} WHEN ({changed}) AND {indexed} "
            f"BEGIN {remove} {insert} END"
        )
    return made


def _normalized_sql(column: str) -> str:
    """Return SQL that replaces the letters that the tokenizer does not decompose.

    The tokenizer handles case and accents itself.
    """
    normalized = f"substr({column}, 1, {MAX_INDEXED_CHARS})"
    for letter, plain in LETTER_REPLACEMENTS.items():
        for form in dict.fromkeys((letter, letter.upper() if len(letter.upper()) == 1 else letter)):
            if form.isascii():  # the capital of "ı" is "I", which must stay
                continue
            normalized = f"replace({normalized}, '{form}', '{plain}')"
    return normalized


def _term_sql(term: Term) -> str:
    if alternatives := term.alternatives:
        return " OR ".join(f'"{word}"' for word in alternatives)
    return f'"{" ".join(term.words)}"' + (" *" if term.is_prefix else "")
