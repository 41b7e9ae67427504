"""Implement full-text search with PostgreSQL.

The texts are tsvectors with GIN indexes. Suggestions use pg_trgm. An SQL function normalizes and splits the text. No
language dictionary is used, so the stored words are the same as in SQLite. Triggers update the vectors on every write.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import DatabaseError, connections, transaction

from articles.fulltext.backends.base import INDEXES, MAX_INDEXED_CHARS, REVISION_INDEX, Index
from articles.fulltext.normalize import LETTER_REPLACEMENTS
from articles.fulltext.query import Query, Term

#: Weights of headline, summary and text, in the order {D, C, B, A}.
WEIGHTS = "'{0.1, 0.1, 0.4, 1.0}'"
WEIGHT_LABELS = "ABC"
#: Divide a rank by 1 + the logarithm of the text length
#: (https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-RANKING).
RANK_NORMALIZATION = 1
NORMALIZE_FUNCTION = "articles_search_fold"
#: The list of words for suggestions, and the last revision with its words in it.
WORD_TABLE, WORD_PROGRESS_TABLE = "articles_search_word", "articles_search_gathered"
#: Advisory lock of the process that updates the list of words.
WORD_LIST_LOCK_ID = 0x5EA2C4
#: The list of words is updated now and then. A suggestion also reads the words of this many latest public revisions.
MAX_LATEST_REVISIONS = 200
#: A misspelled word may be this many letters longer or shorter.
MAX_LENGTH_DIFFERENCE = 2
#: Collations that tell letters from other characters, the best first.
COLLATIONS = ("und-x-icu", "C.utf8", "C.UTF-8", "pg_c_utf8")


class PostgresBackend:
    """Implements `articles.fulltext.backends.base.SearchBackend` for PostgreSQL."""

    def match_expression(self, query: Query, index: Index, *, heads: bool = False) -> str:
        label = WEIGHT_LABELS[0] if heads else ""
        included = [f"({' | '.join(_term_sql(term, label) for term in group)})" for group in query.groups]
        return " & ".join([*included, *(f"!({_term_sql(term)})" for term in query.excluded)])

    def matching_ids_sql(self, index: Index) -> str:
        return f"SELECT id FROM {index.table} WHERE vector @@ %s::tsquery"

    def ranked_sql(self, index: Index, joins: str, columns: str, condition: str) -> str:
        return (
            f"SELECT {columns}, ts_rank({WEIGHTS}, vector, asked, {RANK_NORMALIZATION}) AS score "
            f"FROM (SELECT %s::tsquery AS asked) AS query "
            f"JOIN {index.table} ON vector @@ asked {joins.format(id=f'{index.table}.id')} "
            f"WHERE {condition} ORDER BY {index.table}.id DESC LIMIT %s"
        )

    def exists_sql(self, index: Index, joins: str, condition: str, asked: str) -> str:
        # OFFSET keeps the planner from turning this into a join, which may read the whole index.
        return (
            f"EXISTS (SELECT 1 FROM {index.table} {joins.format(id=f'{index.table}.id')} "
            f"WHERE vector @@ {asked}::tsquery AND {condition} OFFSET 0)"
        )

    def similar_words_sql(self, word: str, joins: str, condition: str, parameters: list[Any]) -> tuple[str, list[Any]]:
        latest = (
            f"SELECT DISTINCT unnest(tsvector_to_array(vector)) AS word FROM "
            f"(SELECT vector FROM {REVISION_INDEX.table} {joins.format(id=f'{REVISION_INDEX.table}.id')} WHERE {condition} "
            f"ORDER BY {REVISION_INDEX.table}.id DESC LIMIT {MAX_LATEST_REVISIONS}) AS latest"
        )
        # Also words with the same first two letters in either order: after a swap, too few trigrams match for pg_trgm.
        similar = "word LIKE %s OR word LIKE %s"
        like: list[Any] = [word[:2] + "%", word[1::-1] + "%"]
        if has_trigrams():
            similar, like = f"word %% %s OR {similar}", [word, *like]
        similar = f"({similar}) AND length(word) BETWEEN %s AND %s"
        like += [len(word) - MAX_LENGTH_DIFFERENCE, len(word) + MAX_LENGTH_DIFFERENCE]
        return (
            f"SELECT word FROM {WORD_TABLE} WHERE {similar} UNION SELECT word FROM ({latest}) AS recent WHERE {similar}",
            [*like, *parameters, *like],
        )

    def missing_indexes(self, using: str) -> list[Index]:
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT c.relname, obj_description(c.oid) FROM pg_class c WHERE c.relname LIKE 'articles_search_%' "
                "AND c.relkind = 'r' AND pg_table_is_visible(c.oid)"
            )
            comments = dict(cursor.fetchall())
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'articles_search_%'")
            triggers = {row[0] for row in cursor.fetchall()}
        return [
            index
            for index in INDEXES
            if comments.get(index.table) != _index_version(index)
            or not triggers.issuperset(f"{index.table}_{kind}" for kind in _trigger_kinds(index))
        ]

    def install_indexes(self, using: str) -> None:
        connection = connections[using]
        with connection.cursor() as cursor:
            cursor.execute("SELECT collname FROM pg_collation WHERE collname = ANY(%s)", [list(COLLATIONS)])
            available = {row[0] for row in cursor.fetchall()}
            collation = next((f'COLLATE "{name}"' for name in COLLATIONS if name in available), "")
            cursor.execute(_normalize_function_sql(collation))
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {WORD_TABLE} (word text PRIMARY KEY)")
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {WORD_PROGRESS_TABLE} (last bigint NOT NULL)")
            try:
                with transaction.atomic(using):
                    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                    cursor.execute(
                        f"CREATE INDEX IF NOT EXISTS {WORD_TABLE}_alike ON {WORD_TABLE} USING gin (word gin_trgm_ops)"
                    )
            except DatabaseError:
                pass  # not allowed or not installed: suggestions have the same first letters (check articles.W001)
            for index in self.missing_indexes(using):
                for sql in _definitions(index):
                    cursor.execute(sql)
        _trigram_support.pop(using, None)

    def clear_index(self, using: str, index: Index) -> None:
        with connections[using].cursor() as cursor:
            cursor.execute(f"COMMENT ON TABLE {index.table} IS 'being filled'; TRUNCATE {index.table}")
            if index is REVISION_INDEX:
                cursor.execute(f"TRUNCATE {WORD_PROGRESS_TABLE}")

    def fill_index(self, using: str, index: Index, first: int, last: int) -> None:
        with connections[using].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {index.table} SELECT id, {_vector_sql(index, index.source_table)} FROM {index.source_table} "
                # Existing entries are newer: a trigger wrote them.
                "WHERE id BETWEEN %s AND %s ON CONFLICT (id) DO NOTHING",
                [first, last],
            )

    def mark_filled(self, using: str, index: Index) -> None:
        with connections[using].cursor() as cursor:
            cursor.execute(f"COMMENT ON TABLE {index.table} IS '{_index_version(index)}'")

    def optimize_indexes(self, using: str) -> None:
        with connections[using].cursor() as cursor:
            for index in INDEXES:
                cursor.execute(f"ANALYZE {index.table}")
        self.update_word_list(using)

    def update_word_list(self, using: str) -> None:
        with transaction.atomic(using), connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [WORD_LIST_LOCK_ID])
            if not cursor.fetchone()[0]:
                return  # another process updates the list
            cursor.execute(f"SELECT coalesce(max(last), 0) FROM {WORD_PROGRESS_TABLE}")
            last = cursor.fetchone()[0]
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {REVISION_INDEX.table}")
            newest = cursor.fetchone()[0]
            if newest <= last:
                return
            vectors = f"SELECT vector FROM {REVISION_INDEX.table} WHERE id > {last} AND id <= {newest}"
            cursor.execute(
                f"INSERT INTO {WORD_TABLE} SELECT word FROM ts_stat('{vectors}') "
                "WHERE length(word) BETWEEN 3 AND 40 ON CONFLICT DO NOTHING"
            )
            cursor.execute(f"TRUNCATE {WORD_PROGRESS_TABLE}; INSERT INTO {WORD_PROGRESS_TABLE} VALUES ({newest})")


#: Results of `has_trigrams` by database.
_trigram_support: dict[str, bool] = {}


def has_trigrams(using: str = "default") -> bool:
    """Return whether pg_trgm is installed. One query for each process."""
    if using not in _trigram_support:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
            _trigram_support[using] = cursor.fetchone()[0] == 1
    return _trigram_support[using]


def _trigger_kinds(index: Index) -> tuple[str, ...]:
    return ("insert", "remove", "empty", *(("change",) if index.is_mutable else ()))


def _definitions(index: Index) -> list[str]:
    name, vector = index.table, _vector_sql(index, "changed")
    upsert = (
        f"INSERT INTO {name} SELECT id, {vector} FROM changed ON CONFLICT (id) DO UPDATE SET vector = excluded.vector"
    )
    events = {
        "insert": ("INSERT", "NEW TABLE AS changed", f"{upsert};"),
        "remove": ("DELETE", "OLD TABLE AS changed", f"DELETE FROM {name} WHERE id IN (SELECT id FROM changed);"),
        "change": ("UPDATE", "NEW TABLE AS changed", f"{upsert};"),
        "empty": ("TRUNCATE", "", f"TRUNCATE {name};"),
    }
    made = [
        f"CREATE TABLE IF NOT EXISTS {name} (id bigint PRIMARY KEY, vector tsvector NOT NULL)",
        f"CREATE INDEX IF NOT EXISTS {name}_words ON {name} USING gin (vector)",
    ]
    for kind in _trigger_kinds(index):
        event, rows, statement = events[kind]
        if kind == "change":
            statement = _changed_rows_upsert(index, upsert)
            rows = "OLD TABLE AS before NEW TABLE AS after"
        referencing = f"REFERENCING {rows} " if rows else ""
        made += [
            (
                f"CREATE OR REPLACE FUNCTION {name}_{kind}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {statement} RETURN NULL; END $$"
            ),
            f"DROP TRIGGER IF EXISTS {name}_{kind} ON {index.source_table}",
            (
                f"CREATE TRIGGER {name}_{kind} AFTER {event} ON {index.source_table} {referencing}"
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}_{kind}()"
            ),
        ]
    return made


def _changed_rows_upsert(index: Index, upsert: str) -> str:
    """Return an upsert of only the rows with changed text: a review writes no vector."""
    differ = " OR ".join(f"before.{column} IS DISTINCT FROM after.{column}" for column in index.columns)
    changed = f"(SELECT after.* FROM after JOIN before USING (id) WHERE {differ}) AS changed"
    return upsert.replace("FROM changed", f"FROM {changed}", 1) + ";"


def _index_version(index: Index) -> str:
    """Return a text that changes when the definition of the index changes."""
    form = f"{_vector_sql(index, '')} {_normalize_function_sql('')} {LETTER_REPLACEMENTS}"
    return f"words of {index.source_table}, form {hashlib.sha256(form.encode()).hexdigest()[:12]}"


def _vector_sql(index: Index, row: str) -> str:
    parts = [f"to_tsvector('simple', {NORMALIZE_FUNCTION}({row}.{column}))" for column in index.columns]
    if len(parts) == 1:
        return parts[0]
    return " || ".join(f"setweight({part}, '{WEIGHT_LABELS[number]}')" for number, part in enumerate(parts))


def _normalize_function_sql(collation: str) -> str:
    """Return SQL of the function that works like `normalize_word`.

    It also replaces everything but letters and digits by a space.
    """
    single = {letter: plain for letter, plain in LETTER_REPLACEMENTS.items() if len(plain) == 1}
    letters, plain = "".join(single), "".join(single.values())
    normalized = f"translate(lower(left(words, {MAX_INDEXED_CHARS}) {collation}), '{letters}', '{plain}')"
    for letter, plain_letters in LETTER_REPLACEMENTS.items():
        if len(plain_letters) > 1:
            normalized = f"replace({normalized}, '{letter}', '{plain_letters}')"
    normalized = f"regexp_replace(normalize({normalized}, NFD), '([a-z])[\\u0300-\\u036f]+', '\\1', 'g')"
    return (
        f"CREATE OR REPLACE FUNCTION {NORMALIZE_FUNCTION}(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE "
        f"AS $$ SELECT regexp_replace(normalize({normalized}, NFC) {collation}, '[^[:alnum:]]+', ' ', 'g') $$"
    )


def _term_sql(term: Term, label: str = "") -> str:
    if alternatives := term.alternatives:
        return " | ".join(_lexeme(word, label) for word in alternatives)
    *before, last = (_lexeme(word, label) for word in term.words)
    if term.is_prefix:
        last = f"'{term.words[-1]}':*{label}"
    return f"({' <-> '.join([*before, last])})"


def _lexeme(word: str, label: str) -> str:
    return f"'{word}':{label}" if label else f"'{word}'"
